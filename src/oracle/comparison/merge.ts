// Merges one partition's rows of both sides: a hash table of lines, and chains of equal lines and of their arrivals.

import { arrivalWords } from '../ledger/ledger.ts';
import type { Comparison } from './comparison.ts';
import { Group, openSettlement } from './settlement.ts';
import type { Timeline } from './timeline.ts';

export function openMerge(
  comparison: Comparison,
  timeline: Timeline,
): (lines: Uint32Array, arrivals: Uint32Array) => void {
  const settle = openSettlement(comparison, timeline);
  const lineRowsOf = new Group();
  const sequences = new Group();
  const pages: Int32Array[] = [];

  /** An array of -1, the same memory for each partition. */
  function scratch(page: number, length: number): Int32Array {
    if ((pages[page]?.length ?? -1) < length) pages[page] = new Int32Array(Math.ceil(length * 1.2));
    return pages[page]!.fill(-1, 0, length);
  }

  return (lines, arrivals) => {
    if (lines.length === 0 && arrivals.length === 0) return;
    const lineRows = lines.length / 4;
    const arrivalRows = arrivals.length / arrivalWords.width;
    const mask = 2 ** Math.ceil(Math.log2(Math.max(2, lineRows * 2))) - 1;
    const table = scratch(0, mask + 1);
    const nextLine = scratch(1, lineRows);
    const lastLine = scratch(2, lineRows);
    const firstArrival = scratch(3, lineRows);
    const nextArrival = scratch(4, arrivalRows);

    /** The table's slot of the fingerprint: the group's first line, or an empty slot. */
    function find(high: number, low: number): number {
      let slot = (low ^ (high << 8)) & mask;
      for (; table[slot]! >= 0; slot = (slot + 1) & mask) {
        const row = table[slot]! * 4;
        if (lines[row + 1] === low && lines[row] === high) break;
      }
      return slot;
    }

    for (let row = 0; row < lineRows; row++) {
      const slot = find(lines[row * 4]!, lines[row * 4 + 1]!);
      const head = table[slot]!;
      if (head < 0) {
        table[slot] = row;
        lastLine[row] = row;
      } else {
        nextLine[lastLine[head]!] = row;
        lastLine[head] = row;
      }
    }
    // Backwards, so that each chain of arrivals ends up in the order of booking.
    for (let row = arrivalRows - 1; row >= 0; row--) {
      const at = row * arrivalWords.width;
      const head = table[find(arrivals[at]!, arrivals[at + 1]!)]!;
      if (head < 0) {
        const place = arrivals[at + arrivalWords.place]!;
        const arrival = comparison.arrivalBase[arrivals[at + arrivalWords.sequence]!]! + (place >>> 2);
        comparison.unmatched[(place & 3) as 0 | 1 | 2 | 3].add(arrival);
      } else {
        nextArrival[row] = firstArrival[head]!;
        firstArrival[head] = row;
      }
    }
    for (let head = 0; head < lineRows; head++) {
      // Only the first of equal lines knows the last one.
      if (lastLine[head]! < 0) continue;
      const first = firstArrival[head]!;
      if (nextLine[head]! < 0 && (first < 0 || nextArrival[first]! < 0)) {
        settle.one(lines, head * 4, first < 0 ? -1 : arrivals[first * arrivalWords.width + arrivalWords.sequence]!);
        continue;
      }
      lineRowsOf.count = sequences.count = 0;
      for (let row = head; row >= 0; row = nextLine[row]!) lineRowsOf.push(row * 4);
      for (let row = firstArrival[head]!; row >= 0; row = nextArrival[row]!) {
        sequences.push(arrivals[row * arrivalWords.width + arrivalWords.sequence]!);
      }
      settle.group(lines, lineRowsOf, sequences);
    }
  };
}
