// What was counted and measured, a labelled line each; lines without a measure are left out.

import type { RunResult } from '../core/model/result.ts';
import { formatBytes, formatCount, formatMs, formatRate } from '../core/units.ts';

/** Altered fields that are named on the line. */
const fieldsTold = 4;

type Line = (result: RunResult) => string | undefined;

const lines: readonly (readonly [label: string, line: Line])[] = [
  ['records', records],
  ['fields', fields],
  ['invocations', invocations],
  ['requests', requests],
  ['speed', speed],
  ['headroom', headroom],
  ['latency', latency],
  ['resources', resources],
  ['limits', limits],
  ['time', time],
  ['egress', egress],
];

export function measureLines(result: RunResult): [label: string, text: string][] {
  return lines.flatMap(([label, line]) => {
    const text = line(result);
    return text ? [[label, text] as [string, string]] : [];
  });
}

function records({ tally, notOwed }: RunResult): string {
  const copies = tally.duplicated;
  const surplus =
    copies.afterLostReply + copies.afterDuplicateEvent + copies.afterFailedInvocation + copies.afterAcknowledgement;
  return join(`${formatCount(tally.delivered)} of ${formatCount(tally.expected)} delivered`, [
    counted(tally.missing, 'missing'),
    counted(tally.altered, 'altered'),
    counted(surplus, 'surplus copies'),
    counted(tally.unexpected, 'unexpected'),
    counted(tally.deadLettered, 'dead-lettered'),
    ...(notOwed ? leftOut(notOwed) : [counted(tally.notOwed, 'not owed')]),
  ]);
}

/** A forwarder that filters left these out rightly; what came all the same is unexpected. */
function leftOut({ unwanted, optional }: NonNullable<RunResult['notOwed']>): (string | false)[] {
  return [
    counted(unwanted.lines - unwanted.arrived, 'rightly left out'),
    counted(optional.lines, `optional (${formatCount(optional.arrived)} came)`),
  ];
}

/** How many fields were found, and each one that arrived altered with its row of confusion; nothing where all is as usual. */
function fields({ layout }: RunResult): string | undefined {
  if (!layout || layout.arrivals === 0) return undefined;
  const carried = layout.fields.filter(({ names }) => names.length > 0).length;
  const altered = layout.fields.filter((row) => row.altered > 0).toSorted((a, b) => b.altered - a.altered);
  if (altered.length === 0 && carried === layout.fields.length && layout.source === 'inferred') return undefined;
  const told = altered.slice(0, fieldsTold).map(({ field, altered: count, kinds, confusedWith }) => {
    const ways = Object.entries(kinds).map(([kind, times]) => `${kind} ${formatCount(times)}`);
    const others = Object.keys(confusedWith);
    const instead = others.length === 0 ? '' : `, for it ${others.slice(0, 3).join(', ')}`;
    return `${field} altered ${formatCount(count)}x${ways.length === 0 ? '' : ` (${ways.join(', ')}${instead})`}`;
  });
  const rest = altered.length - told.length;
  const source = layout.source === 'declared' ? 'as declared' : 'by their names';
  return join(`${carried} of ${layout.fields.length} found ${source}`, [...told, rest > 0 && `${rest} more altered`]);
}

function invocations({ invocations: counts, objects }: RunResult): string {
  return join(`${formatCount(counts.started)} on ${formatCount(objects.written)} objects`, [
    counted(counts.failed, 'failed'),
    counted(counts.timedOut, 'timed out'),
    counted(counts.outOfMemory, 'out of memory'),
    counted(counts.retried, 'retries'),
    counted(counts.coldStarts, 'cold starts'),
  ]);
}

function requests({ sink, faultsFired }: RunResult): string {
  const faults = Object.entries(faultsFired).map(([kind, count]) => `${kind} ${formatCount(count)}x`);
  return join(`${formatCount(sink.requests)} with ${formatBytes(sink.bytesReceived)}`, [
    counted(sink.refused, 'refused'),
    counted(sink.replyLost, 'replies lost'),
    faults.length > 0 && `faults: ${faults.join(', ')}`,
  ]);
}

function speed({ throughput }: RunResult): string | undefined {
  if (throughput?.recordsPerS === undefined) return undefined;
  const { recordsPerS, recordsPerCpuS, bytesPerS } = throughput;
  return join(`${formatRate(recordsPerS)} records/s`, [
    recordsPerCpuS !== undefined && `${formatRate(recordsPerCpuS)} records per CPU-second of the target`,
    bytesPerS !== undefined && `${formatBytes(bytesPerS)}/s of log text`,
  ]);
}

function headroom({ headroom: measured, startedAt }: RunResult): string | undefined {
  if (!measured) return undefined;
  const { ceilingRecordsPerS, share, measuredAt } = measured;
  // A ceiling from before the run was found by an earlier one.
  const when = measuredAt < startedAt ? ` (measured ${measuredAt.slice(0, 16)}Z)` : '';
  const percent = share < 0.01 ? 'less than 1' : String(Math.round(share * 100));
  return `the sink's ceiling here is ${formatRate(ceilingRecordsPerS)} records/s${when}; this run used ${percent} %`;
}

function latency({ latencyMs }: RunResult): string | undefined {
  if (!latencyMs) return undefined;
  const { p50, p99, max } = latencyMs.delivery;
  return `p50 ${formatMs(p50)}, p99 ${formatMs(p99)}, max ${formatMs(max)}`;
}

function resources({ resources: { target, rig } }: RunResult): string {
  const used = (name: string, of: { cpuS: number; rssPeakBytes: number } | undefined): string | false =>
    of !== undefined && `${name} ${of.cpuS.toFixed(1)} CPU-s, ${formatBytes(of.rssPeakBytes)} peak`;
  const billed = target?.gbSeconds !== undefined && `${target.gbSeconds.toFixed(2)} GB-s billed`;
  const logged = target?.logBytes !== undefined && `${formatBytes(target.logBytes)} of log`;
  return [[used('target', target), billed, logged].filter(Boolean).join(', '), used('rig', rig)]
    .filter(Boolean)
    .join('; ');
}

/** Which of Lambda's limits held here, and by whom. */
function limits({ target }: RunResult): string | undefined {
  if (!target.limits) return undefined;
  const by = (name: string, holder: string): string =>
    holder === 'none' ? `${name} not limited` : `${name} by ${holder}`;
  const { memory, cpu, processes, code } = target.limits;
  return join(by('memory', memory), [by('CPU', cpu), by('processes', processes), code !== undefined && `code ${code}`]);
}

function time({ durationMs, skippedMs }: RunResult): string {
  return join(formatMs(durationMs - skippedMs), [skippedMs > 0 && `${formatMs(skippedMs)} of waiting skipped`]);
}

/** No more is claimed than holds. */
function egress({ egress: how }: RunResult): string | undefined {
  return how && `${how}: by the target's variables; a client that ignores them is not stopped`;
}

function counted(count: number, noun: string): string | false {
  return count > 0 && `${formatCount(count)} ${noun}`;
}

function join(first: string, rest: readonly (string | false)[]): string {
  return [first, ...rest].filter(Boolean).join(', ');
}
