// Books what became of a line, or of lines that are equal: delivered, missing, come again, or told as done before it was.

import type { Bitmap } from '../ledger/bitmap.ts';
import { obligations } from '../promises.ts';
import type { Comparison } from './comparison.ts';
import { copyClassOf, type Timeline } from './timeline.ts';

export interface Settlement {
  /** Books a line that no other equals (by the offset of its row), and the delivery that brought it, or -1. */
  one(rows: Uint32Array, line: number, sequence: number): void;
  /** Books equal lines and the sequences of the deliveries that brought them. */
  group(rows: Uint32Array, lines: Group, sequences: Group): void;
}

/** Numbers of one group, in the same memory for each: with every record doubled there is a group for each line. */
export class Group {
  count = 0;
  values = new Int32Array(64);

  push(value: number): void {
    if (this.count === this.values.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count++] = value;
  }

  sort(compareValues: (a: number, b: number) => number): void {
    const { values, count } = this;
    for (let i = 1; i < count; i++) {
      if (compareValues(values[i - 1]!, values[i]!) <= 0) continue;
      values.subarray(0, count).sort(compareValues);
      return;
    }
  }
}

const obligationOf = (rows: Uint32Array, line: number): number => rows[line + 3]! >>> 30;
const objectOf = (rows: Uint32Array, line: number): number => rows[line + 3]! & 0x3fff_ffff;

export function openSettlement(comparison: Comparison, timeline: Timeline): Settlement {
  const { balances, missing, unwanted, latency, elapsed } = comparison;
  const promptness = openPromptness(comparison.late, timeline);

  function arrive(rows: Uint32Array, line: number, sequence: number): void {
    const object = objectOf(rows, line);
    const ordinal = rows[line + 2]!;
    const obligation = obligationOf(rows, line);
    if (obligation !== obligations.owed) {
      if (obligation === obligations.unwanted) {
        unwanted.add(ordinal);
        comparison.unwantedArrivals += 1;
      } else comparison.optional.add(ordinal);
      return;
    }
    balances.delivered[object]! += 1;
    const elapsedMs = timeline.receivedMs[sequence]! - timeline.dueMs[object]!;
    if (!Number.isNaN(elapsedMs)) {
      latency.record(elapsedMs);
      elapsed.sumMs[sequence]! += elapsedMs;
      elapsed.count[sequence]! += 1;
    }
  }

  function bookCopies(rows: Uint32Array, lines: Group, sequences: Group): void {
    let lostReplies = 0;
    for (let i = 0; i < sequences.count; i++) {
      const sequence = sequences.values[i]!;
      if (i >= lines.count) {
        const line = lines.values[i % lines.count]!;
        if (obligationOf(rows, line) === obligations.unwanted) comparison.unwantedArrivals += 1;
        else {
          const name = copyClassOf(timeline, objectOf(rows, line), timeline.receivedMs[sequence]!, lostReplies);
          if (name === 'afterLostReply') lostReplies -= 1;
          comparison.copies[name] += 1;
          comparison.doubled[name].add(rows[line + 2]!);
        }
      }
      if (timeline.lostReply[sequence] === 1) lostReplies += 1;
    }
  }

  function miss(rows: Uint32Array, line: number): void {
    if (obligationOf(rows, line) !== obligations.owed) return;
    missing.add(rows[line + 2]!);
    balances.missing[objectOf(rows, line)]! += 1;
  }

  return {
    one(rows, line, sequence) {
      if (sequence < 0) miss(rows, line);
      else {
        arrive(rows, line, sequence);
        promptness.one(rows, line, timeline.endedMs[sequence]!);
      }
    },
    group(rows, lines, sequences) {
      if (lines.count > 1) {
        if (sequences.count !== lines.count) comparison.equalLines += 1;
        lines.sort((a, b) => obligationOf(rows, a) - obligationOf(rows, b) || rows[a + 2]! - rows[b + 2]!);
      }
      sequences.sort(ascending);
      for (let i = 0; i < lines.count; i++) {
        const line = lines.values[i]!;
        if (i >= sequences.count) miss(rows, line);
        else arrive(rows, line, sequences.values[i]!);
      }
      // Of one record's copies any may be the accepted request.
      if (lines.count > 1) promptness.all(rows, lines, sequences);
      else promptness.one(rows, lines.values[0]!, earliest(timeline.endedMs, sequences));
      if (sequences.count > lines.count) bookCopies(rows, lines, sequences);
    },
  };
}

/** Notes owed lines that were accepted only after success had been reported for them. */
function openPromptness(late: Bitmap, { endedMs, firstSuccessMs }: Timeline) {
  const successOf = (rows: Uint32Array, line: number): number => firstSuccessMs[objectOf(rows, line)]!;

  function one(rows: Uint32Array, line: number, acceptedMs: number): void {
    if (obligationOf(rows, line) === obligations.owed && acceptedMs > successOf(rows, line)) late.add(rows[line + 2]!);
  }

  return {
    one,
    /** Of equal lines so many were accepted as copies had ended, and those first of which success was reported first. */
    all(rows: Uint32Array, lines: Group, sequences: Group): void {
      const { values, count } = sequences;
      const endings = Float64Array.from(values.subarray(0, count), (sequence) => endedMs[sequence]!).sort();
      const arrived = lines.values.slice(0, Math.min(lines.count, count));
      const owed = arrived.filter((line) => obligationOf(rows, line) === obligations.owed);
      const inOrder = owed.toSorted((a, b) => ascendingTimes(successOf(rows, a), successOf(rows, b)));
      inOrder.forEach((line, i) => one(rows, line, endings[i]!));
    },
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** Infinity, of which success was never reported, comes last. */
function ascendingTimes(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** NaN where no time is known. */
function earliest(times: Float64Array, { values, count }: Group): number {
  let best = NaN;
  for (let i = 0; i < count; i++) if (!(times[values[i]!]! >= best)) best = times[values[i]!]!;
  return best;
}
