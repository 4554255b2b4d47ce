// How many lines of which kind each object holds: exact for the run, and in each object within one of its part.

import { FlowrigError } from '../core/errors.ts';
import type { PortShare } from './port-shares.ts';

/** A share of the lines: one for all objects, or one for each where the mix changes over time. */
export type Share = number | Float64Array;

/** Shares of kinds of lines, each of 0 to 1. `nodata` and `skipdata` are of all lines, the others of the lines with status OK. */
export interface ObjectMix {
  readonly reject: Share;
  readonly nodata: Share;
  readonly skipdata: Share;
  /** Of the rejected lines, for one port each; none where absent. */
  readonly ports?: readonly PortShare[];
  /** Absent where the shares of IPv6 and ICMP are left to the traffic. */
  readonly families?: { readonly ipv6: number; readonly icmp: number };
}

/** Lines of one object by kind; what is left of `lines` is accepted traffic. */
export interface KindCounts {
  readonly lines: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly reject: number;
  /** Of the rejected ones, for each port that the mix names. */
  readonly ports?: Sizes;
  /** Rejected, then accepted records of the four parts: IPv4, ICMP, IPv6, ICMPv6. Absent where they are left to the traffic. */
  readonly families?: Sizes;
}

type Kind = 'nodata' | 'skipdata' | 'reject';

/**
 * Whole numbers by object, in typed arrays: `flowrig generate` of `guide`'s 50 M records, 357,146 objects, stays below 250 MB
 * with these (and objects that are asked), where it took 664 MB with values of their own and a large young generation.
 */
export type Sizes = Uint32Array;

/** Lines of all objects by kind, in columns. */
export class ObjectCounts {
  readonly lines: Sizes;
  readonly nodata: Sizes;
  readonly skipdata: Sizes;
  readonly reject: Sizes;
  readonly #families: Sizes | undefined;
  readonly #ports: Sizes | undefined;

  constructor(
    { lines, nodata, skipdata, reject }: Record<Kind | 'lines', Sizes>,
    { families, ports }: { readonly families?: Sizes | undefined; readonly ports?: Sizes | undefined },
  ) {
    this.lines = lines;
    this.nodata = nodata;
    this.skipdata = skipdata;
    this.reject = reject;
    this.#families = families;
    this.#ports = ports;
  }

  /** The same but for accepted lines, of which some are elsewhere. */
  withLines(lines: Sizes): ObjectCounts {
    const { nodata, skipdata, reject } = this;
    return new ObjectCounts({ lines, nodata, skipdata, reject }, { ports: this.#ports });
  }

  at(index: number): KindCounts {
    return {
      lines: this.lines[index]!,
      nodata: this.nodata[index]!,
      skipdata: this.skipdata[index]!,
      reject: this.reject[index]!,
      ...(this.#families && { families: rowOf(this.#families, this.lines, index) }),
      ...(this.#ports && { ports: rowOf(this.#ports, this.lines, index) }),
    };
  }
}

/** What a table with a row for each object holds of one. */
function rowOf(table: Sizes, objects: Sizes, index: number): Sizes {
  const width = table.length / objects.length;
  return table.subarray(index * width, (index + 1) * width);
}

function shareOf(share: Share, index: number): number {
  return typeof share === 'number' ? share : share[index]!;
}

/** What the first objects hold together, asked for one object after the other. */
function runningTotal(share: Share, sizes: Sizes): (index: number) => number {
  let before = 0;
  let changing = 0;
  return (index) => {
    const size = sizes[index]!;
    before += size;
    if (typeof share === 'number') return share * before;
    changing += share[index]! * size;
    return changing;
  };
}

/** `round(share x lines)`, at least 1 where something is asked for and there is a line to hold it. */
export function exactCount(share: Share, sizes: Sizes): number {
  const running = runningTotal(share, sizes);
  const total = sizes.reduce((_, __, i) => running(i), 0);
  return total > 0 ? Math.max(1, Math.round(total)) : 0;
}

/**
 * Splits `total` lines over objects: each gets its own share rounded down or up. What an object has no room for goes to the
 * next ones; what is left at the end (a share so small that it rounds to nothing) to the last with room.
 */
export function apportion(total: number, share: Share, sizes: Sizes, free: Sizes): Sizes {
  const running = runningTotal(share, sizes);
  let given = 0;
  const counts = sizes.map((_, i) => {
    const count = Math.min(Math.max(0, Math.round(running(i)) - given), free[i]!);
    given += count;
    return count;
  });
  for (let i = counts.length - 1; given < total && i >= 0; i--) {
    const count = Math.min(total - given, free[i]! - counts[i]!);
    counts[i]! += count;
    given += count;
  }
  return counts;
}

/** The counts of each object. Throws where NODATA and SKIPDATA together do not fit into the lines. */
export function mixObjects(mix: ObjectMix, lines: Sizes): ObjectCounts {
  const lineCount = lines.reduce((sum, count) => sum + count, 0);
  const nodataTotal = exactCount(mix.nodata, lines);
  const isOverfull = lines.some((_, i) => shareOf(mix.nodata, i) + shareOf(mix.skipdata, i) > 1);
  // Where the shares fill all lines, rounding may ask for one too many: then SKIPDATA, the rarer kind, does without it.
  const skipdataTotal = Math.min(
    exactCount(mix.skipdata, lines),
    isOverfull ? lineCount : Math.max(1, lineCount - nodataTotal),
  );
  if (nodataTotal + skipdataTotal > lineCount) {
    throw new FlowrigError(
      'bad-usage',
      `nodata ${shown(mix.nodata)} and skipdata ${shown(mix.skipdata)} ask for ${nodataTotal} and ${skipdataTotal} lines, but there are ` +
        `only ${lineCount} records. Ask for more records or smaller shares.`,
    );
  }
  const nodata = apportion(nodataTotal, mix.nodata, lines, lines);
  const ok = lines.map((count, i) => count - nodata[i]!);
  const skipdata = apportion(skipdataTotal, mix.skipdata, lines, ok);
  for (const [i, count] of skipdata.entries()) ok[i]! -= count;
  const reject = apportion(exactCount(mix.reject, ok), mix.reject, ok, ok);
  const families = mix.families && splitFamilies(mix.families, ok, reject);
  const ports = mix.ports && splitPorts(mix.ports, reject);
  return new ObjectCounts({ lines, nodata, skipdata, reject }, { families, ports });
}

function shown(share: Share): string {
  return typeof share === 'number'
    ? String(share)
    : `${share.reduce((a, b) => Math.min(a, b))} to ${share.reduce((a, b) => Math.max(a, b))}`;
}

/** Rejected lines of each object for each of the ports. */
function splitPorts(shares: readonly PortShare[], reject: Sizes): Sizes {
  const free = reject.slice();
  const table = new Uint32Array(reject.length * shares.length);
  for (const [column, { port, share }] of shares.entries()) {
    const total = exactCount(share, reject);
    const counts = apportion(total, share, reject, free);
    for (const [i, count] of counts.entries()) {
      table[i * shares.length + column] = count;
      free[i]! -= count;
    }
    if (counts.reduce((sum, count) => sum + count, 0) === total) continue;
    const all = reject.reduce((sum, count) => sum + count, 0);
    const message = `rejectedPorts ask for ${total} records for port ${port}, but of the ${all} that are rejected the others leave fewer.`;
    throw new FlowrigError('bad-usage', `${message} Ask for more records or smaller shares.`);
  }
  return table;
}

/** Rejected and accepted, of two families, ICMP or not. */
const familyCells = 8;

/** Rejected and accepted lines of each object by family and kind: shares of both are alike, as far as whole lines allow. */
function splitFamilies({ ipv6, icmp }: { ipv6: number; icmp: number }, ok: Sizes, reject: Sizes): Sizes {
  const ipv6Counts = apportion(exactCount(ipv6, ok), ipv6, ok, ok);
  const icmpCounts = apportion(exactCount(icmp, ok), icmp, ok, ok);
  const families = new Uint32Array(ok.length * familyCells);
  for (const [i, count] of ok.entries()) {
    const [rejected6, accepted6] = spread(ipv6Counts[i]!, [reject[i]!, count - reject[i]!]) as [number, number];
    const cells = [reject[i]! - rejected6, rejected6, count - reject[i]! - accepted6, accepted6];
    const icmps = spread(icmpCounts[i]!, cells);
    families.set(
      icmps.flatMap((icmpLines, cell) => [cells[cell]! - icmpLines, icmpLines]),
      i * familyCells,
    );
  }
  return families;
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

const noPorts: Sizes = new Uint32Array(0);

/** The lines of an object by category, in the order in which a batch numbers them. */
export function categoriesOf(counts: KindCounts): Float64Array {
  const { lines, nodata, skipdata, reject, families, ports = noPorts } = counts;
  const aimed = ports.reduce((sum, count) => sum + count, 0);
  const measured = families ?? [reject - aimed, lines - nodata - skipdata - reject];
  return Float64Array.of(nodata, skipdata, ...ports, ...measured);
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
