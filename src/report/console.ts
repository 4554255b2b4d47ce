// One screen for people: verdict, what was lost with the first witnesses, how fast, and where the rest lies.

import { styleText } from 'node:util';

import type { Finding, RunResult, Validity } from '../core/model/result.ts';
import { measureLines } from './measures.ts';
import { evidenceLines, storyLines, visible } from './text.ts';

/** Witnesses shown of one finding; result.json has more. */
const witnessesShown = 3;
const labelWidth = 12;

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export interface ConsoleOptions {
  /** For terminals only. */
  readonly color?: boolean;
  /** Paths of the reports that were written. */
  readonly files?: readonly string[];
}

const colors: Readonly<Record<Validity, 'green' | 'red' | 'yellow'>> = {
  pass: 'green',
  fail: 'red',
  unknown: 'yellow',
};

/** Counts of what should not have happened. */
const wrongCount =
  /[\d,]+ (?:missing|altered|unexpected|dead-lettered|failed|timed out|out of memory|refused|replies lost)\b/g;

export function renderConsole(result: RunResult, options: ConsoleOptions = {}): string {
  const paint: Paint = (style, text) => (options.color ? styleText(style, text, { validateStream: false }) : text);
  const { verdict } = result;
  const word = verdict.validity.toUpperCase();
  const badge = options.color ? paint(['bold', 'inverse', colors[verdict.validity]], ` ${word} `) : word;
  const labelled = (label: string, text: string): string => `  ${paint('dim', label.padEnd(labelWidth))}${text}`;
  const shown = verdict.findings.filter((finding) => finding.validity !== 'pass');
  const notes = verdict.findings.filter((finding) => finding.validity === 'pass');
  const lines = [
    `${badge}  ${paint('bold', result.scenario.name)}  ${paint('dim', String(result.scenario['summary'] ?? ''))}`.trimEnd(),
    '',
    ...shown.flatMap((finding) => findingLines(finding, paint)),
    ...measureLines(result).map(([label, text]) =>
      labelled(
        label,
        text.replaceAll(wrongCount, (count) => paint('yellow', count)),
      ),
    ),
    ...notes.map((finding) => labelled('note', `${visible(finding.summary)}  ${paint('dim', `(${finding.id})`)}`)),
    ...[...(result.warnings ?? []), ...(result.target.notes ?? [])].map((note) => labelled('note', visible(note))),
    ...(result.folder ? [labelled('more', result.folder)] : []),
    ...(options.files ?? []).map((file) => labelled('report', paint('underline', file))),
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, paint: Paint): string[] {
  const mark = finding.validity === 'fail' ? paint('red', '✗') : paint('yellow', '?');
  return [
    `  ${mark} ${paint('bold', visible(finding.summary))}  ${paint('dim', `(${finding.id})`)}`,
    ...evidenceLines(finding, { witnesses: witnessesShown, limit: 160 }).map((line) => `      ${paint('dim', line)}`),
    ...storyLines(finding, 120).map((line) => `      ${paint('dim', line)}`),
    '',
  ];
}
