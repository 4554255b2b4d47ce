// What was found: each finding folded, its witnesses folded within, the first of them open. A witness shows the line, where it
// stands, what arrived in its place, the way of its object, and the command that shows the line itself.

import type { Finding, RunResult, Witness } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { placeOf } from '../text.ts';
import { quote } from '../repeat.ts';
import { cut, markup, type Markup } from './markup.ts';
import { causesTable, storyList } from './story.ts';
import { marks } from './marks.ts';

/** Characters of all witnesses together, so that the page stays below 2 MB. */
const pageLimit = 500_000;

export function findingsSection(result: RunResult): Markup {
  const { findings } = result.verdict;
  if (findings.length === 0) return markup``;
  const budget = { left: pageLimit };
  const firstWrong = findings.findIndex((finding) => finding.validity !== 'pass');
  return markup`<section id="findings">
    <h2>What was found</h2>
    ${findings.map((finding, i) => findingBlock(finding, { id: `finding-${i}`, isOpen: i === firstWrong, result, budget }))}
    ${causesTable(result)}
    ${
      hasDifferences(result) &&
      markup`<p class="hint">These are examples. <code>differences.ndjson</code> in the run's folder lists every such record, up to 100,000 of a kind.</p>`
    }
  </section>`;
}

function hasDifferences({ tally }: RunResult): boolean {
  const copies = Object.values(tally.duplicated).reduce((sum, count) => sum + count, 0);
  return tally.missing + tally.altered + tally.unexpected + copies > 0;
}

interface Place {
  readonly id: string;
  readonly isOpen: boolean;
  readonly result: RunResult;
  readonly budget: { left: number };
}

function findingBlock({ id, check, validity, summary, witnesses }: Finding, place: Place): Markup {
  const blocks: Markup[] = [];
  for (const witness of witnesses) {
    const block = witnessBlock(witness, blocks.length === 0, place.result);
    place.budget.left -= block.text.length;
    if (place.budget.left < 0) break;
    blocks.push(block);
  }
  const rest = witnesses.length - blocks.length;
  return markup`<details class="finding ${validity}" id="${place.id}" ${place.isOpen && markup` open`}>
    <summary><span class="mark" aria-hidden="true">${marks[validity]}</span><span>${cut(shortSummary({ summary, witnesses }), 600)}</span></summary>
    <p class="ids">
      <code>${id}</code> found by the check <code>${check}</code>${validity === 'pass' && markup`; it decides nothing`}
    </p>
    ${blocks} ${rest > 0 && markup`<p class="rest">${rest} more in result.json.</p>`}
  </details>`;
}

function witnessBlock(witness: Witness, isOpen: boolean, result: RunResult): Markup {
  const { key, line, byteOffset, text, arrived, note, deliveries, story } = witness;
  const title = key === undefined ? `A record of request ${deliveries?.[0] ?? 'unknown'}` : nameOf(key);
  const place = placeOf(witness);
  return markup`<details class="witness" ${isOpen && markup` open`}>
    <summary>
      <span class="file">${title}</span>${line !== undefined && markup` <span class="line">line ${line}</span>`}<code
        class="preview"
        >${cut(text ?? arrived ?? '', 160)}</code
      >
    </summary>
    <dl>
      ${
        place !== undefined &&
        markup`<dt>Object</dt>
          <dd><code class="place">${place}</code>${byteOffset !== undefined && `, byte ${formatCount(byteOffset)} of its text`}</dd>`
      }
      ${
        text !== undefined &&
        markup`<dt>Line</dt>
          <dd><pre class="record">${tokens(text, arrived)}</pre></dd>`
      }
      ${
        arrived !== undefined &&
        markup`<dt>Arrived</dt>
          <dd><pre class="record">${tokens(arrived, text)}</pre></dd>`
      }
      ${
        deliveries !== undefined &&
        deliveries.length > 0 &&
        markup`<dt>Requests</dt>
          <dd>${deliveries.join(', ')} of the archive</dd>`
      }
      ${
        note !== undefined &&
        markup`<dt>Note</dt>
          <dd><pre class="note">${cut(note)}</pre></dd>`
      }
      ${lookCommand(witness, result)}
      ${
        story !== undefined &&
        story.length > 0 &&
        markup`<dt>Its way</dt>
          <dd>${storyList(story)}</dd>`
      }
    </dl>
  </details>`;
}

/** The command that shows the line in the file itself. */
function lookCommand({ key, line }: Witness, { folder, scenario }: RunResult): Markup | undefined {
  const isGenerated = Object.hasOwn((scenario['traffic'] ?? {}) as object, 'preset');
  if (folder === undefined || key === undefined || line === undefined || !isGenerated) return undefined;
  const file = quote(`corpus/${key.replace(/\.gz$/, '')}`);
  const command = `npx flowrig generate --scenario ${quote(`${folder}/scenario.yaml`)} --plain --force --out corpus\nsed -n ${line}p ${file}`;
  return markup`<dt>See it</dt>
    <dd>${commandBlock(command)}</dd>`;
}

/** A command to copy. */
export function commandBlock(command: string): Markup {
  return markup`<div class="command">
    <pre>${command}</pre>
    <button type="button" class="copy">Copy</button>
  </div>`;
}

/** A line's words; those that differ from the other line's are marked where both are there. */
function tokens(line: string, other: string | undefined): Markup | string {
  const shown = cut(line);
  if (other === undefined) return shown;
  const others = other.split(' ');
  const words = shown
    .split(' ')
    .map((word, i) => (word === others[i] ? markup`${word}` : markup`<mark>${word}</mark>`));
  return markup`${words.map((word, i) => (i === 0 ? word : markup` ${word}`))}`;
}

/** The summary with the long key of its first witness cut to the file's name: the witness itself shows all of it. */
export function shortSummary({ summary, witnesses }: Pick<Finding, 'summary' | 'witnesses'>): string {
  const key = witnesses.find((witness) => witness.key !== undefined)?.key;
  return key === undefined || !key.includes('/') ? summary : summary.replace(key, () => `.../${nameOf(key)}`);
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1) || key;
}
