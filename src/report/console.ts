// One screen for people: verdict, what was lost with the first witnesses, how fast, and where the rest lies.

import { styleText } from 'node:util';

import type { Finding, RunResult } from '../core/model/result.ts';
import { measureLines } from './measures.ts';
import { evidenceLines, visible } from './text.ts';

/** Witnesses shown of one finding; result.json has more. */
const witnessesShown = 3;
const labelWidth = 12;

type Style = Parameters<typeof styleText>[0];

export interface ConsoleOptions {
  /** For terminals only. */
  readonly color?: boolean;
  /** Paths of the reports that were written. */
  readonly files?: readonly string[];
}

export function renderConsole(result: RunResult, options: ConsoleOptions = {}): string {
  const paint = (style: Style, text: string): string =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  const { verdict } = result;
  const color: Record<string, Style> = { pass: ['bold', 'green'], fail: ['bold', 'red'], unknown: ['bold', 'yellow'] };
  const shown = verdict.findings.filter((finding) => finding.validity !== 'pass');
  const notes = verdict.findings.filter((finding) => finding.validity === 'pass');
  const lines = [
    `${paint(color[verdict.validity]!, verdict.validity.toUpperCase())}  ${result.scenario.name}  ${paint('dim', String(result.scenario['summary'] ?? ''))}`.trimEnd(),
    '',
    ...shown.flatMap((finding) => findingLines(finding, paint)),
    ...measureLines(result).map(([label, text]) => `  ${label.padEnd(labelWidth)}${text}`),
    ...notes.map(
      (finding) => `  ${'note'.padEnd(labelWidth)}${visible(finding.summary)}  ${paint('dim', `(${finding.id})`)}`,
    ),
    ...[...(result.warnings ?? []), ...(result.target.notes ?? [])].map(
      (warning) => `  ${'note'.padEnd(labelWidth)}${warning}`,
    ),
    ...(result.folder ? [`  ${'more'.padEnd(labelWidth)}${result.folder}`] : []),
    ...(options.files ?? []).map((file) => `  ${'report'.padEnd(labelWidth)}${file}`),
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, paint: (style: Style, text: string) => string): string[] {
  const mark = finding.validity === 'fail' ? paint('red', '✗') : paint('yellow', '?');
  return [
    `  ${mark} ${visible(finding.summary)}  ${paint('dim', `(${finding.id})`)}`,
    ...evidenceLines(finding, { witnesses: witnessesShown, limit: 160 }).map((line) => `      ${paint('dim', line)}`),
    '',
  ];
}
