// How many lines of which kind each object holds: exact for the run, and in each object within one of its part.

import { FlowrigError } from '../core/errors.ts';

/** A share of the lines: one for all objects, or one for each where the mix changes over time. */
export type Share = number | readonly number[];

/** Shares of kinds of lines, each of 0 to 1. `nodata` and `skipdata` are of all lines, the others of the lines with status OK. */
export interface ObjectMix {
  readonly reject: Share;
  readonly nodata: Share;
  readonly skipdata: Share;
  /** Absent where the shares of IPv6 and ICMP are left to the traffic. */
  readonly families?: { readonly ipv6: number; readonly icmp: number };
}

/** Lines of one object by kind; what is left of `lines` is accepted traffic. */
export interface KindCounts {
  readonly lines: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly reject: number;
  /** Rejected, then accepted records of the four parts: IPv4, ICMP, IPv6, ICMPv6. Absent where they are left to the traffic. */
  readonly families?: readonly number[];
}

function shareOf(share: Share, index: number): number {
  return typeof share === 'number' ? share : share[index]!;
}

/** What the first objects hold, for each of them and all before it. */
function runningTotals(share: Share, sizes: readonly number[]): number[] {
  let before = 0;
  let changing = 0;
  return sizes.map((size, i) => {
    before += size;
    if (typeof share === 'number') return share * before;
    changing += shareOf(share, i) * size;
    return changing;
  });
}

/** `round(share x lines)`, at least 1 where something is asked for and there is a line to hold it. */
export function exactCount(share: Share, sizes: readonly number[]): number {
  const total = runningTotals(share, sizes).at(-1) ?? 0;
  return total > 0 ? Math.max(1, Math.round(total)) : 0;
}

/**
 * Splits `total` lines over objects: each gets its own share rounded down or up. What an object has no room for goes to the
 * next ones; what is left at the end (a share so small that it rounds to nothing) to the last with room.
 */
export function apportion(total: number, share: Share, sizes: readonly number[], free: readonly number[]): number[] {
  const counts: number[] = [];
  let given = 0;
  for (const [i, running] of runningTotals(share, sizes).entries()) {
    const count = Math.min(Math.max(0, Math.round(running) - given), free[i]!);
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
export function mixObjects(mix: ObjectMix, objectLines: readonly number[]): readonly KindCounts[] {
  const lines = objectLines.reduce((sum, count) => sum + count, 0);
  const nodataTotal = exactCount(mix.nodata, objectLines);
  const isOverfull = objectLines.some((_, i) => shareOf(mix.nodata, i) + shareOf(mix.skipdata, i) > 1);
  // Where the shares fill all lines, rounding may ask for one too many: then SKIPDATA, the rarer kind, does without it.
  const skipdataTotal = Math.min(
    exactCount(mix.skipdata, objectLines),
    isOverfull ? lines : Math.max(1, lines - nodataTotal),
  );
  if (nodataTotal + skipdataTotal > lines) {
    throw new FlowrigError(
      'bad-usage',
      `nodata ${shown(mix.nodata)} and skipdata ${shown(mix.skipdata)} ask for ${nodataTotal} and ${skipdataTotal} lines, but there are ` +
        `only ${lines} records. Ask for more records or smaller shares.`,
    );
  }
  const nodata = apportion(nodataTotal, mix.nodata, objectLines, objectLines);
  const free = objectLines.map((count, i) => count - nodata[i]!);
  const skipdata = apportion(skipdataTotal, mix.skipdata, objectLines, free);
  const ok = free.map((count, i) => count - skipdata[i]!);
  const reject = apportion(exactCount(mix.reject, ok), mix.reject, ok, ok);
  const families = mix.families && splitFamilies(mix.families, ok, reject);
  return objectLines.map((count, i) => ({
    lines: count,
    nodata: nodata[i]!,
    skipdata: skipdata[i]!,
    reject: reject[i]!,
    ...(families && { families: families[i]! }),
  }));
}

function shown(share: Share): string {
  return typeof share === 'number' ? String(share) : `${Math.min(...share)} to ${Math.max(...share)}`;
}

/** Rejected and accepted lines of each object by family and kind: shares of both are alike, as far as whole lines allow. */
function splitFamilies(
  { ipv6, icmp }: { ipv6: number; icmp: number },
  ok: readonly number[],
  reject: readonly number[],
): number[][] {
  const ipv6Counts = apportion(exactCount(ipv6, ok), ipv6, ok, ok);
  const icmpCounts = apportion(exactCount(icmp, ok), icmp, ok, ok);
  return ok.map((count, i) => {
    const [rejected6, accepted6] = spread(ipv6Counts[i]!, [reject[i]!, count - reject[i]!]) as [number, number];
    const cells = [reject[i]! - rejected6, rejected6, count - reject[i]! - accepted6, accepted6];
    const icmps = spread(icmpCounts[i]!, cells);
    return [0, 1, 2, 3].flatMap((cell) => [cells[cell]! - icmps[cell]!, icmps[cell]!]);
  });
}

/** Spreads a count over cells in proportion to their sizes; none gets more than it holds. */
function spread(count: number, sizes: readonly number[]): number[] {
  let left = count;
  let room = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => {
    const given = room === 0 ? 0 : Math.min(size, Math.round((left * size) / room));
    room -= size;
    const taken = Math.max(given, left - room);
    left -= taken;
    return taken;
  });
}

/** The lines of an object by category, in the order in which a batch numbers them. */
export function categoriesOf(counts: KindCounts): Float64Array {
  const { lines, nodata, skipdata, reject, families } = counts;
  const measured = families ?? [reject, lines - nodata - skipdata - reject];
  return Float64Array.of(nodata, skipdata, ...measured);
}

/** How many lines of each category lie in the first `upTo` lines of an object: counts that fit within each other at every point. */
export function categoriesUpTo(categories: Float64Array, lines: number, upTo: number): Float64Array {
  const counts = new Float64Array(categories.length);
  let left = upTo;
  let all = lines;
  for (let i = 0; i < categories.length; i++) {
    counts[i] = all === 0 ? 0 : Math.floor((categories[i]! * left) / all);
    left -= counts[i]!;
    all -= categories[i]!;
  }
  return counts;
}
