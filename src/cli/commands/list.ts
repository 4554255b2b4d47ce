// `flowrig list`: what scenarios can name, each with its sentence.

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { presets } from '../../flowlogs/presets/index.ts';
import { checks } from '../../oracle/checks/index.ts';
import { reporters } from '../../report/index.ts';
import { kinds } from '../../scenario/kinds.ts';
import { unknownWord } from '../../scenario/validate.ts';
import { switchNames, switches } from '../../sink/editions/switches.ts';
import { shippedScenarios } from '../scenarios.ts';

type Row = readonly [name: string, summary: string];

const lists: Readonly<Record<string, () => Row[]>> = {
  stores: () => kinds.stores.map(({ kind, summary }) => [kind, summary]),
  triggers: () => kinds.triggers.map(({ kind, summary }) => [kind, summary]),
  targets: () => kinds.targets.map(({ kind, summary }) => [kind, summary]),
  faults: () => kinds.faults.map(({ kind, summary }) => [kind, summary]),
  switches: () => switchNames.map((name) => [`sink.${name}`, switchSentence(name)]),
  checks: () => checks.map(({ form, summary }) => [form, summary]),
  presets: () => presets.map(({ name, summary }) => [name, summary]),
  reports: () => reporters.map(({ format, summary, file }) => [format, file ? `${summary} (${file})` : summary]),
  scenarios: () => shippedScenarios().map(({ name, group, summary }) => [group ? `${name} (${group})` : name, summary]),
};

export function list(host: Host, what: string | undefined): number {
  const names = Object.keys(lists);
  if (what !== undefined && !Object.hasOwn(lists, what))
    throw new FlowrigError('bad-usage', unknownWord('list', what, names));
  for (const name of what === undefined ? names : [what]) {
    const rows = lists[name]!();
    const width = Math.max(...rows.map(([word]) => word.length)) + 2;
    if (what === undefined) host.write('stdout', `${name}\n`);
    for (const [word, summary] of rows) host.write('stdout', `  ${word.padEnd(width)}${summary}\n`);
  }
  return exitCodes.pass;
}

function switchSentence(name: (typeof switchNames)[number]): string {
  const { summary, values, default: initial, edition } = switches[name];
  const where = edition === 'both' ? '' : `, ${edition}`;
  return `${summary} (${values.join(' | ')}; ${initial} by default${where})`;
}
