// What one invocation came to, for people: the answer or the error, the log, and what reached the sink.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { visible } from '../../report/text.ts';
import type { InvocationResult } from '../../core/model/trigger.ts';
import { formatBytes, formatCount, formatMs } from '../../core/units.ts';
import { decodeEntry, type ArchiveEntry } from '../../sink/archive.ts';

/** A delivery as `--json` tells it, with what the receiver handed on as OTLP JSON. */
export interface ShownDelivery {
  readonly sequence: number;
  readonly acknowledgement: string;
  readonly statusCode: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly recordCount: number;
  readonly decodeError?: string;
  readonly resourceLogs: readonly object[];
}

/** Lines of the log, and records, that a screen shows. */
const logLinesShown = 40;
const recordsShown = 3;

export function shownDelivery(folder: string, entry: ArchiveEntry, recordLimit?: number): ShownDelivery {
  const { sequence, acknowledgement, statusCode, method, path, headers, sizeBytes, recordCount, decodeError } = entry;
  return {
    sequence,
    acknowledgement,
    statusCode,
    method,
    path,
    headers,
    sizeBytes,
    recordCount,
    ...(decodeError === undefined ? {} : { decodeError }),
    resourceLogs: decodeEntry(join(folder, 'archive'), entry).decoded?.resourceLogs(recordLimit) ?? [],
  };
}

export function readLog(folder: string): string {
  const file = join(folder, 'target.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

export function invocationText(
  { outcome, startedMs, endedMs, cold, usage }: InvocationResult,
  { folder, entries }: { readonly folder: string; readonly entries: readonly ArchiveEntry[] },
): string {
  const answer =
    outcome.status === 'succeeded'
      ? `answer    ${JSON.stringify(outcome.payload) ?? 'nothing'}`
      : `error     ${outcome.status === 'failed' ? `${outcome.errorType}: ` : ''}${outcome.message}`;
  const memory = usage ? `, ${formatBytes(usage.rssPeakBytes)} of memory at most, billed ${usage.billedMs} ms` : '';
  const lines = [
    answer,
    `took      ${formatMs(endedMs - startedMs)}${cold ? ' in a new sandbox' : ''}${memory}`,
    ...section('log', lastOf(readLog(folder).split('\n').filter(Boolean), logLinesShown)),
    ...section('sink', sinkLines(folder, entries)),
    `more      ${folder}`,
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function section(name: string, lines: readonly string[]): string[] {
  const [first = 'nothing', ...rest] = lines;
  return [`${name.padEnd(10)}${first}`, ...rest.map((line) => `${' '.repeat(10)}${line}`)];
}

function lastOf(lines: readonly string[], count: number): string[] {
  const left = lines.length - count;
  return left > 0 ? [`... ${left} lines before`, ...lines.slice(-count)] : [...lines];
}

function sinkLines(folder: string, entries: readonly ArchiveEntry[]): string[] {
  if (entries.length === 0) return ['nothing came'];
  const requests = entries.map(
    ({ method, path, statusCode, acknowledgement, recordCount, sizeBytes }) =>
      `${method} ${path} -> ${statusCode} (${acknowledgement}), ${formatCount(recordCount)} records in ${formatBytes(sizeBytes)}`,
  );
  const first = entries.find(({ recordCount }) => recordCount > 0);
  if (!first) return requests;
  const records = shownDelivery(folder, first, recordsShown).resourceLogs.map((logs) => JSON.stringify(logs));
  return [...requests, `the first ${Math.min(recordsShown, first.recordCount)} records, as handed on:`, ...records];
}
