// How many lines of which kind each object holds: exact for the run, and in each object within one of its part.

import { FlowrigError } from '../core/errors.ts';
import type { Mix } from './preset.ts';

/** Lines of one object by kind; what is left of `lines` is accepted traffic. */
export interface KindCounts {
  readonly lines: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly reject: number;
}

/** `round(share x lines)`, at least 1 where something is asked for and there is a line to hold it. */
function exactCount(share: number, lines: number): number {
  return share > 0 && lines > 0 ? Math.max(1, Math.round(share * lines)) : 0;
}

/**
 * Splits `total` lines over objects: each gets its own share rounded down or up. What an object has no room for goes to the
 * next ones; what is left at the end (a share so small that it rounds to nothing) to the last with room.
 */
function apportion(total: number, share: number, sizes: readonly number[], free: readonly number[]): number[] {
  const counts: number[] = [];
  let before = 0;
  let given = 0;
  for (const [i, size] of sizes.entries()) {
    before += size;
    const count = Math.min(Math.round(share * before) - given, free[i]!);
    counts.push(count);
    given += count;
  }
  for (let i = counts.length - 1; given < total && i >= 0; i--) {
    const count = Math.min(total - given, free[i]! - counts[i]!);
    counts[i]! += count;
    given += count;
  }
  return counts;
}

/** The counts of each object. Throws where NODATA and SKIPDATA together do not fit into the lines. */
export function mixObjects(mix: Mix, objectLines: readonly number[]): readonly KindCounts[] {
  const lines = objectLines.reduce((sum, count) => sum + count, 0);
  const nodataTotal = exactCount(mix.nodata, lines);
  // Where the shares fill all lines, rounding may ask for one too many: then SKIPDATA, the rarer kind, does without it.
  const skipdataTotal = Math.min(
    exactCount(mix.skipdata, lines),
    mix.nodata + mix.skipdata <= 1 ? Math.max(1, lines - nodataTotal) : lines,
  );
  if (nodataTotal + skipdataTotal > lines) {
    throw new FlowrigError(
      'bad-usage',
      `nodata ${mix.nodata} and skipdata ${mix.skipdata} ask for ${nodataTotal} and ${skipdataTotal} lines, but there are ` +
        `only ${lines} records. Ask for more records or smaller shares.`,
    );
  }
  const nodata = apportion(nodataTotal, mix.nodata, objectLines, objectLines);
  const free = objectLines.map((count, i) => count - nodata[i]!);
  const skipdata = apportion(skipdataTotal, mix.skipdata, objectLines, free);
  const ok = free.map((count, i) => count - skipdata[i]!);
  const okTotal = lines - nodataTotal - skipdataTotal;
  const reject = apportion(exactCount(mix.reject, okTotal), mix.reject, ok, ok);
  return objectLines.map((count, i) => ({
    lines: count,
    nodata: nodata[i]!,
    skipdata: skipdata[i]!,
    reject: reject[i]!,
  }));
}

/** How many lines of each kind lie in the first `upTo` lines of an object: counts that fit within each other at every point. */
export function countsUpTo(counts: KindCounts, upTo: number): KindCounts {
  const nodata = part(counts.nodata, upTo, counts.lines);
  const skipdata = part(counts.skipdata, upTo - nodata, counts.lines - counts.nodata);
  const ok = counts.lines - counts.nodata - counts.skipdata;
  const reject = part(counts.reject, upTo - nodata - skipdata, ok);
  return { lines: upTo, nodata, skipdata, reject };
}

function part(count: number, upTo: number, all: number): number {
  return all === 0 ? 0 : Math.floor((count * upTo) / all);
}
