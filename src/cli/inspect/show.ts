// What an inspection found, for people.

import { formatBytes, formatCount, formatInstant } from '../../core/units.ts';
import type { Violation } from '../../flowlogs/inspect/violations.ts';
import type { InspectedFile } from './read-file.ts';

const shownPlaces = 5;

const encodings = { text: 'text', gzip: 'gzipped text', parquet: 'Parquet' } as const;

/** Lines about one file, without an end. */
export function showFile(file: InspectedFile): string {
  const { records, interfaces, windows, topPorts, topRejectedPorts, violations } = file;
  const lines = [
    file.file,
    `  ${encodings[file.encoding]}, ${formatBytes(file.sizeBytes)}, ${formatOf(file)}`,
    `  ${formatCount(records)} ${one(records, 'record')}, ${formatCount(interfaces)} ${one(interfaces, 'interface')}, ` +
      `${formatCount(windows)} ${one(windows, 'window')}${spanOf(file)}`,
    ...sharesOf('status', file.byStatus),
    ...sharesOf('action', file.byAction),
    ...portsOf('ports', topPorts),
    ...portsOf('rejected ports', topRejectedPorts),
    ...violations.flatMap(showViolation),
  ];
  return lines.map(printable).join('\n');
}

const lineMax = 2000;

/** Broken files say anything: nothing of it may steer a terminal, or fill it. */
function printable(line: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const shown = line.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, '\ufffd');
  return shown.length > lineMax ? `${shown.slice(0, lineMax)}…` : shown;
}

/** The last line. */
export function showTotal(files: readonly InspectedFile[]): string {
  const records = files.reduce((sum, file) => sum + file.records, 0);
  const broken = files.filter(({ violations }) => violations.length > 0);
  const all = `${formatCount(files.length)} ${one(files.length, 'file')}, ${formatCount(records)} ${one(records, 'record')}`;
  if (broken.length === 0) return `${all}: nothing in it breaks AWS’s format`;
  const rules = new Set(broken.flatMap(({ violations }) => violations.map(({ rule }) => rule)));
  return `${all}: ${formatCount(rules.size)} ${one(rules.size, 'rule')} of AWS’s format ${rules.size === 1 ? 'is' : 'are'} broken, in ${formatCount(broken.length)} ${one(broken.length, 'file')}`;
}

function showViolation({ rule, statement, count, places }: Violation): string[] {
  const shown = places.slice(0, shownPlaces);
  const more = count - shown.length;
  return [
    `  ✗ ${rule}: ${statement}`,
    ...shown.map(({ line, message }) => `      ${line === undefined ? '' : `line ${line}: `}${message}`),
    ...(more > 0 ? [`      and ${formatCount(more)} more`] : []),
  ];
}

function formatOf({ format, hasHeader, records }: InspectedFile): string {
  if (records === 0 && !hasHeader) return 'no lines';
  const name =
    format.join(' ').startsWith('version account-id interface-id srcaddr') && format.length === 14
      ? 'default format'
      : `${format.length} fields: ${format.join(' ')}`;
  return hasHeader ? name : `no header line, read as the ${name}`;
}

function spanOf({ firstStartS, lastEndS }: InspectedFile): string {
  if (firstStartS === undefined || lastEndS === undefined) return '';
  return ` from ${instant(firstStartS)} to ${instant(lastEndS)}`;
}

/** The year 9999: what is later is no time in seconds. */
const latestS = 253_402_300_799;

function instant(seconds: number): string {
  return seconds > latestS ? String(seconds) : formatInstant(seconds * 1000);
}

function sharesOf(name: string, counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  if (entries.length === 0) return [];
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const shares = entries.map(
    ([word, count]) => `${word} ${formatCount(count)} (${((count / total) * 100).toFixed(1)} %)`,
  );
  return [`  ${name}: ${shares.join(', ')}`];
}

function portsOf(name: string, ports: InspectedFile['topPorts']): string[] {
  if (ports.length === 0) return [];
  return [`  ${name}: ${ports.map(({ port, records }) => `${port} (${formatCount(records)})`).join(', ')}`];
}

function one(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
