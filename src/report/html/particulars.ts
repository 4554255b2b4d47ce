// The foot of the page: everything counted and measured, what was asked, and the commands that show it again.

import { stringify } from 'yaml';

import type { RunResult } from '../../core/model/result.ts';
import { measureLines } from '../measures.ts';
import { repetitions } from '../repeat.ts';
import { commandBlock } from './findings.ts';
import { cut, markup, type Markup } from './markup.ts';

/** Sections of a scenario that say what happened. Keys and variables, which may be secret, are in none of them. */
const shownSections = ['traffic', 'objects', 'trigger', 'limits', 'faults', 'promises', 'waits', 'drain', 'expect'];
const shownOfTarget = ['kind', 'runtime', 'handler', 'memory', 'timeout', 'concurrency', 'cpu', 'image', 'function'];
const askedLimit = 20_000;
const notesShown = 20;

export function detailsSection(result: RunResult): Markup {
  const notes = [...(result.warnings ?? []), ...(result.target.notes ?? [])].slice(0, notesShown);
  return markup`<section id="measures">
    <h2>Counts and measures</h2>
    <dl class="measures">
      ${[...measureLines(result), ...particulars(result)].map(
        ([label, text]) =>
          markup`<dt>${label}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>
    ${
      notes.length > 0 &&
      markup`<h3>Notes</h3>
        <ul>
          ${notes.map((note) => markup`<li>${cut(note, 600)}</li>`)}
        </ul>`
    }
    <details class="asked">
      <summary>What was asked</summary>
      <pre>${cut(askedOf(result), askedLimit)}</pre>
    </details>
  </section>`;
}

export function repeatSection(result: RunResult): Markup {
  const commands = repetitions(result);
  if (commands.length === 0) return markup``;
  return markup`<section id="repeat">
    <h2>Repeat it</h2>
    ${commands.map(
      ([purpose, command]) =>
        markup`<p>${purpose}:</p>
          ${commandBlock(command)}`,
    )}
  </section>`;
}

function particulars({ seed, corpus, target, environment }: RunResult): [string, string][] {
  const machine = Object.entries(environment).map(([name, value]) => `${name} ${value}`);
  const code = target.codeSha256 === undefined ? [] : [`code SHA-256 ${target.codeSha256.slice(0, 16)}`];
  return [
    ['corpus', `seed ${seed}, fingerprint ${corpus.fingerprint.slice(0, 16)}, version ${corpus.version}`],
    ['target', [target.kind, target.runtime, target.interpreter, ...code].filter(Boolean).join(', ')],
    ...(machine.length > 0 ? [['machine', machine.join(', ')] as [string, string]] : []),
  ];
}

function askedOf({ scenario }: RunResult): string {
  const target = scenario['target'];
  const picked = (from: Readonly<Record<string, unknown>>, names: readonly string[]): object =>
    Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
  const isMapping = typeof target === 'object' && target !== null;
  return stringify({
    ...picked(scenario, shownSections),
    target: isMapping ? picked(target as Record<string, unknown>, shownOfTarget) : target,
  });
}
