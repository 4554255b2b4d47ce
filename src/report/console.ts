// One screen for people: verdict, what was lost with the first witnesses, how fast, and where the rest lies.

import { styleText } from 'node:util';

import type { Finding, RunResult, Witness } from '../core/model/result.ts';
import { measureLines } from './measures.ts';

/** Witnesses shown of one finding; result.json has more. */
const witnessesShown = 3;
const labelWidth = 12;

type Style = Parameters<typeof styleText>[0];

/** `color` is for terminals only. */
export function renderConsole(result: RunResult, options: { color?: boolean } = {}): string {
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
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, paint: (style: Style, text: string) => string): string[] {
  const mark = finding.validity === 'fail' ? paint('red', '✗') : paint('yellow', '?');
  const rest = finding.witnesses.length - witnessesShown;
  return [
    `  ${mark} ${visible(finding.summary)}  ${paint('dim', `(${finding.id})`)}`,
    ...finding.witnesses
      .slice(0, witnessesShown)
      .flatMap(witnessLines)
      .map((line) => `      ${paint('dim', line)}`),
    ...(rest > 0 ? [`      ${paint('dim', `... and ${rest} more in result.json`)}`] : []),
    '',
  ];
}

function witnessLines(witness: Witness): string[] {
  const place =
    witness.key === undefined
      ? []
      : [`s3://${witness.bucket}/${witness.key}${witness.line === undefined ? '' : ` line ${witness.line}`}`];
  const deliveries = witness.deliveries?.length ? `  (delivery ${witness.deliveries.join(', ')})` : '';
  return [
    ...place.map((text) => `${text}${deliveries}`),
    ...(witness.text === undefined ? [] : [`  ${clip(witness.text)}`]),
    ...(witness.arrived === undefined ? [] : [`  arrived: ${clip(witness.arrived)}`]),
    ...(witness.note === undefined
      ? []
      : witness.note
          .split('\n')
          .slice(-6)
          .map((line) => `  ${clip(line)}`)),
  ];
}

function clip(text: string): string {
  const shown = visible(text);
  return shown.length > 160 ? `${shown.slice(0, 157)}...` : shown;
}

/** Text from files, requests and forwarders must not steer a terminal: control characters are shown, not sent. */
export function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
