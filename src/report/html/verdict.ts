// The top of the page: the verdict, what it rests on in one sentence each, the counts that matter, and every check.

import type { RunResult, Validity } from '../../core/model/result.ts';
import { formatCount, formatMs, formatRate } from '../../core/units.ts';
import { judgedChecks, ofRun } from '../judged.ts';
import { marks } from './marks.ts';
import { shortSummary } from './findings.ts';
import { cut, markup, type Markup } from './markup.ts';

const words: Readonly<Record<Validity, string>> = {
  pass: 'The forwarder kept its promises.',
  fail: 'The forwarder broke its promises.',
  unknown: 'Nothing could be proved.',
};

export function verdictSection(result: RunResult): Markup {
  const { verdict, scenario } = result;
  const reasons = verdict.findings.flatMap((finding, i) =>
    finding.validity === 'pass'
      ? []
      : [markup`<li><a href="#finding-${i}">${cut(shortSummary(finding), 400)}</a></li>`],
  );
  return markup`<header class="verdict ${verdict.validity}">
      <p class="word">
        <span class="mark" aria-hidden="true">${marks[verdict.validity]}</span> ${verdict.validity.toUpperCase()}
      </p>
      <div>
        <h1>${cut(scenario.name)}</h1>
        <p class="summary">${cut(String(scenario['summary'] ?? ''))}</p>
        <p class="sentence">${words[verdict.validity]}</p>
        ${
          reasons.length > 0 &&
          markup`<ul class="reasons">
            ${reasons}
          </ul>`
        }
      </div>
    </header>
    <section class="tiles" aria-label="Counts">${tiles(result)}</section>
    <section class="checks" aria-label="Checks">
      <h2>What was checked</h2>
      <ul>
        ${judgedChecks(result).map(
          ({ name, validity }) =>
            markup`<li class="${validity}">
              <span class="mark" aria-hidden="true">${marks[validity]}</span> ${name === ofRun ? 'the run itself' : name}<span class="said">
                ${validity}</span
              >
            </li>`,
        )}
      </ul>
    </section>`;
}

type Tile = readonly [value: string, label: string, state?: Validity];

function tiles({ tally, throughput, latencyMs, durationMs, skippedMs, invocations }: RunResult): Markup[] {
  const copies = Object.values(tally.duplicated).reduce((sum, count) => sum + count, 0);
  const wrong = (count: number, label: string): Tile[] => (count > 0 ? [[formatCount(count), label, 'fail']] : []);
  const failed = invocations.started - invocations.succeeded;
  const shown: Tile[] = [
    [formatCount(tally.delivered), `of ${formatCount(tally.expected)} owed records delivered`],
    ...wrong(tally.missing, 'missing'),
    ...wrong(tally.altered, 'altered'),
    ...wrong(tally.unexpected, 'unexpected'),
    ...wrong(tally.deadLettered, 'dead-lettered'),
    ...(copies > 0 ? [[formatCount(copies), 'surplus copies'] as const] : []),
    ...(throughput?.recordsPerS === undefined ? [] : [[formatRate(throughput.recordsPerS), 'records/s'] as const]),
    ...(latencyMs ? [[formatMs(latencyMs.delivery.p99), 'latency p99'] as const] : []),
    ...(invocations.started > 0
      ? [
          [
            formatCount(invocations.started),
            failed > 0 ? `invocations, ${formatCount(failed)} failed` : 'invocations',
          ] as const,
        ]
      : []),
    [formatMs(durationMs - skippedMs), skippedMs > 0 ? `taken, ${formatMs(skippedMs)} of waiting skipped` : 'taken'],
  ];
  return shown.map(
    ([value, label, state]) => markup`<div class="tile ${state ?? ''}"><b>${value}</b><span>${label}</span></div>`,
  );
}
