// Splits the lines of the objects into parts that are generated apart: those of interfaces with a mix of their own, those of accepted
// records for one port, and all others. Counts are exact for each part and for the whole, as far as the whole's shares are given.

import { FlowrigError } from '../core/errors.ts';
import type { InterfaceMix } from './interface-mixes.ts';
import { apportion, exactCount, mixObjects, ObjectCounts, type ObjectMix, type Share, type Sizes } from './mix.ts';
import type { PortShare } from './port-shares.ts';
import type { TrafficOptions } from './preset.ts';

/** Lines that one traffic tells. */
export interface Part {
  readonly counts: ObjectCounts;
  /** Whose lines they are; everybody's where absent. */
  readonly among?: TrafficOptions['among'];
  readonly ports?: TrafficOptions['ports'];
}

type Kind = 'nodata' | 'skipdata' | 'reject';

export interface PartsPlan {
  readonly mix: ObjectMix;
  readonly interfaceMixes?: readonly InterfaceMix[] | undefined;
  readonly acceptedPorts?: readonly PortShare[] | undefined;
  /** Kinds whose shares are of the whole, mixes of interfaces included: those that the plan itself gives. */
  readonly ofWhole: readonly Kind[];
}

/** One part, unless the plan asks for more. The others come first, where there are any. */
export function splitLines(plan: PartsPlan, lines: Sizes): readonly Part[] {
  const { mix, interfaceMixes, acceptedPorts } = plan;
  if (interfaceMixes) return splitByInterface(plan, interfaceMixes, lines);
  const counts = mixObjects(mix, lines);
  return acceptedPorts ? splitByPort(counts, acceptedPorts) : [{ counts }];
}

function splitByPort(whole: ObjectCounts, shares: readonly PortShare[]): readonly Part[] {
  const accepted = minus(minus(minus(whole.lines, whole.nodata), whole.skipdata), whole.reject);
  const free = accepted.slice();
  const none = new Uint32Array(accepted.length);
  const parts = shares.map(({ port, share }): Part => {
    const total = exactCount(share, accepted);
    const lines = apportion(total, share, accepted, free);
    if (sumOf(lines) < total) {
      const message = `acceptedPorts ask for ${total} records for port ${port}, but of the ${sumOf(accepted)} that are accepted the others leave fewer.`;
      throw new FlowrigError('bad-usage', `${message} Ask for more records or smaller shares.`);
    }
    for (const [i, count] of lines.entries()) free[i]! -= count;
    const counts = new ObjectCounts({ lines, nodata: none, skipdata: none, reject: none }, {});
    return { counts, ports: { only: port } };
  });
  const left = whole.lines.map((count, i) => count - accepted[i]! + free[i]!);
  return [{ counts: whole.withLines(left), ports: { noneOf: shares.map(({ port }) => port) } }, ...parts];
}

function splitByInterface(plan: PartsPlan, mixes: readonly InterfaceMix[], lines: Sizes): readonly Part[] {
  const left = lines.slice();
  const isAll = mixes.reduce((sum, mix) => sum + mix.lines, 0) > 1 - 1e-9;
  const named = mixes.map((own, i): Part => {
    const isLast = isAll && i === mixes.length - 1;
    const ownLines = isLast ? left.slice() : apportion(exactCount(own.lines, lines), own.lines, lines, left);
    for (const [object, count] of ownLines.entries()) left[object]! -= count;
    const { nodata = 0, skipdata = 0, reject = 0 } = own;
    return {
      counts: mixObjects({ nodata, skipdata, reject }, ownLines),
      among: { names: [own.name], isOthers: false },
    };
  });
  const others = { names: mixes.map(({ name }) => name), isOthers: true };
  const counts = countOthers(plan, { whole: lines, left, named: named.map((part) => part.counts) });
  return isAll ? named : [{ counts, among: others }, ...named];
}

interface Split {
  readonly whole: Sizes;
  readonly left: Sizes;
  readonly named: readonly ObjectCounts[];
}

/** What the named interfaces leave of each kind: of the whole's share where the plan gives it, else the share of the lines that are left. */
function countOthers({ mix, ofWhole }: PartsPlan, { whole, left, named }: Split): ObjectCounts {
  const count = (kind: Kind, all: Room, others: Room): { all: Sizes; own: Sizes } => {
    const share: Share = mix[kind];
    const taken = whole.map((_, i) => named.reduce((sum, counts) => sum + counts[kind][i]!, 0));
    if (!ofWhole.includes(kind)) {
      const own = apportion(exactCount(share, others.lines), share, others.lines, others.free);
      return { all: own.map((lines, i) => lines + taken[i]!), own };
    }
    const wanted = apportion(exactCount(share, all.lines), share, all.lines, all.free);
    return { all: wanted, own: remainder({ kind, all: wanted, taken, room: others.free }) };
  };
  const nodata = count('nodata', { lines: whole, free: whole }, { lines: left, free: left });
  const seen = minus(whole, nodata.all);
  const room = minus(left, nodata.own);
  const skipdata = count('skipdata', { lines: whole, free: seen }, { lines: left, free: room });
  const wholeOk = minus(seen, skipdata.all);
  const ok = minus(room, skipdata.own);
  const reject = count('reject', { lines: wholeOk, free: wholeOk }, { lines: ok, free: ok });
  return new ObjectCounts({ lines: left, nodata: nodata.own, skipdata: skipdata.own, reject: reject.own }, {});
}

/** Lines that a share is of, and how many are free for it. */
interface Room {
  readonly lines: Sizes;
  readonly free: Sizes;
}

function minus(sizes: Sizes, others: Sizes): Sizes {
  return sizes.map((size, i) => size - others[i]!);
}

/** What is left in each object of `all` behind `taken`. What one has too little or no room for goes to others; the total is exact. */
function remainder(asked: { kind: Kind; all: Sizes; taken: Sizes; room: Sizes }): Sizes {
  const { kind, all, taken, room } = asked;
  const [total, used, most] = [sumOf(all), sumOf(taken), sumOf(room)];
  if (used > total || total - used > most) {
    const reason =
      used > total
        ? `interfaceMixes alone ask for ${used} of that kind`
        : `interfaceMixes leave no more than ${used + most} lines for that kind`;
    throw new FlowrigError(
      'bad-usage',
      `traffic.${kind} asks for ${total} records of all interfaces together, but ${reason}. Leave it out, or change one of them.`,
    );
  }
  const own = all.map((count, i) => Math.min(room[i]!, Math.max(0, count - taken[i]!)));
  let missing = total - used - sumOf(own);
  for (let i = own.length - 1; missing !== 0 && i >= 0; i--) {
    const step = missing > 0 ? Math.min(missing, room[i]! - own[i]!) : -Math.min(-missing, own[i]!);
    own[i]! += step;
    missing -= step;
  }
  return own;
}

function sumOf(sizes: Sizes): number {
  return sizes.reduce((sum, count) => sum + count, 0);
}
