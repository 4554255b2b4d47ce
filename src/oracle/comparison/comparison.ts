// Compares the corpus with the ledger, partition by partition: which owed lines arrived, how often, and which arrivals stand
// nowhere in the corpus. Equal lines are a multiset, attributed in object order, owed lines first.

import { join } from 'node:path';

import { invariant } from '../../core/errors.ts';
import { newHistogram, type Histogram } from '../../core/histogram.ts';
import type { Corpus, CorpusObject, LineCounts } from '../../core/model/corpus.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import { readCorpusBook } from '../ledger/corpus-book.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import type { Elapsed } from './latency-over-time.ts';
import { arrivalWords, type Ledger } from '../ledger/ledger.ts';
import { obligations } from '../promises.ts';
import { openSpill, partitionCount, type Spill } from '../ledger/spill.ts';
import { copyClasses, copyClassOf, type CopyClass, type Timeline } from './timeline.ts';

/** Counts by object index: `lines = header + blank + delivered + altered + missing + deadLettered + notOwed`. */
export interface Balances {
  /** Lines of the file, all of them. */
  readonly lines: Uint32Array;
  readonly header: Uint32Array;
  readonly blank: Uint32Array;
  readonly delivered: Uint32Array;
  readonly altered: Uint32Array;
  readonly missing: Uint32Array;
  readonly deadLettered: Uint32Array;
  readonly notOwed: Uint32Array;
}

/** Sets of lines are by their ordinal in the corpus; sets of arrivals by `arrivalBase[sequence] + place`. */
export interface Comparison {
  readonly balances: Balances;
  readonly missing: Bitmap;
  /** Lines of which something arrived that was changed: what the pairing takes from `missing`. */
  readonly altered: Bitmap;
  /** Owed records that their object's first success had promised before the sink had accepted them. */
  readonly late: Bitmap;
  readonly unwanted: Bitmap;
  /** Lines that arrived though they were not owed, and are welcome. */
  readonly optional: Bitmap;
  unwantedArrivals: number;
  /** Lines of the corpus that the promises say to leave out. */
  unwantedLines: number;
  readonly doubled: Readonly<Record<CopyClass, Bitmap>>;
  readonly copies: Record<CopyClass, number>;
  /** Arrivals that stand nowhere in the corpus, by `arrivalKinds`. */
  readonly unmatched: readonly [Bitmap, Bitmap, Bitmap, Bitmap];
  readonly arrivalBase: Float64Array;
  /** Groups of equal lines with more lines than one, of which not all arrived once. */
  equalLines: number;
  readonly latency: Histogram;
  /** The same by request. */
  readonly elapsed: Elapsed;
  /** Bytes of log text, headers and line ends included. */
  corpusBytes: number;
}

export interface ComparisonInput {
  readonly corpus: Corpus;
  readonly lines: CorpusLines;
  readonly ledger: Ledger;
  readonly timeline: Timeline;
  /** A folder that has lines of the corpus by the identity that `lines` gives them. */
  readonly bookFolder: string | undefined;
}

/**
 * Of 10 million lines that were booked the whole verdict takes 5.1 s of CPU on a busy 2-core machine; a line that has to be made again takes
 * 1.4 us more.
 */
export async function compare(input: ComparisonInput): Promise<Comparison> {
  const { corpus, ledger } = input;
  const comparison = emptyComparison(corpus, ledger);
  using spill = openSpill(join(ledger.options.folder, 'corpus'), 4);
  comparison.corpusBytes = await gatherLines(input, comparison, spill);
  const merge = openMerge(comparison, input.timeline);
  for (let partition = 0; partition < partitionCount; partition++) {
    merge(spill.read(partition), ledger.rows(partition));
  }
  return comparison;
}

function emptyComparison(corpus: Corpus, ledger: Ledger): Comparison {
  const count = (): Uint32Array => new Uint32Array(corpus.objects.length);
  const lines = (): Bitmap => new Bitmap(corpus.lineCount);
  const places = ledger.places();
  const arrivalBase = new Float64Array(places.length + 1);
  for (let sequence = 0; sequence < places.length; sequence++) {
    arrivalBase[sequence + 1] = arrivalBase[sequence]! + places[sequence]!;
  }
  const arrivals = (): Bitmap => new Bitmap(arrivalBase[places.length]!);
  return {
    balances: {
      lines: count(),
      header: count(),
      blank: count(),
      delivered: count(),
      altered: count(),
      missing: count(),
      deadLettered: count(),
      notOwed: count(),
    },
    missing: lines(),
    altered: lines(),
    late: lines(),
    unwanted: lines(),
    optional: lines(),
    unwantedArrivals: 0,
    unwantedLines: 0,
    doubled: Object.fromEntries(copyClasses.map((name) => [name, lines()])) as Record<CopyClass, Bitmap>,
    copies: Object.fromEntries(copyClasses.map((name) => [name, 0])) as Record<CopyClass, number>,
    unmatched: [arrivals(), arrivals(), arrivals(), arrivals()],
    arrivalBase,
    equalLines: 0,
    latency: newHistogram(),
    elapsed: { sumMs: new Float64Array(places.length), count: new Uint32Array(places.length) },
    corpusBytes: 0,
  };
}

/**
 * Rows of the spill: two words of fingerprint, the line's ordinal, its object with the obligation in the two top bits. Objects that were
 * booked while they were written are read from there; the others are gone through. Returns the bytes of all.
 */
async function gatherLines(input: ComparisonInput, comparison: Comparison, spill: Spill): Promise<number> {
  const { corpus, lines, bookFolder } = input;
  const { fingerprinter } = lines;
  const { balances } = comparison;
  let bytesTotal = 0;

  function add(high: number, low: number, ordinal: number, place: number): void {
    const at = spill.reserve(high >>> 24);
    const { words } = spill;
    words[at] = high;
    words[at + 1] = low;
    words[at + 2] = ordinal;
    words[at + 3] = place;
    const obligation = place >>> 30;
    if (obligation === obligations.owed) return;
    balances.notOwed[place & 0x3fff_ffff]! += 1;
    if (obligation === obligations.unwanted) comparison.unwantedLines += 1;
  }

  function end(object: CorpusObject, seen: number, { data, header, blank }: LineCounts, sizeBytes: number): void {
    const { index, key, lineCount } = object;
    invariant(
      seen === lineCount && seen === data,
      `${key} was written with ${lineCount} records; reading it again shows ${seen} and counts ${data}`,
    );
    balances.lines[index] = seen + header + blank;
    balances.header[index] = header;
    balances.blank[index] = blank;
    bytesTotal += sizeBytes + header * (object.fields.join(' ').length + 1) + blank;
  }

  if (bookFolder !== undefined) {
    const isOptional = Uint8Array.from(corpus.objects, (object) => (lines.owesNothing(object) ? 1 : 0));
    const lineFirst = Float64Array.from(corpus.objects, (object) => object.lineFirst);
    readCorpusBook(bookFolder, {
      line(high, low, { sequence: object, place, kind }) {
        const obligation = isOptional[object] === 1 ? obligations.optional : kind;
        add(high, low, lineFirst[object]! + place, object | (obligation << 30));
      },
      end: (object, data, sizeBytes) => end(corpus.objects[object]!, data, { data, header: 1, blank: 0 }, sizeBytes),
    });
  }
  for (const object of corpus.objects) {
    if (balances.lines[object.index]! > 0) continue;
    lines.open(object);
    let ordinal = object.lineFirst;
    let sizeBytes = 0;
    const counts = await corpus.scan(object, (bytes, start, end) => {
      const obligation = lines.read(bytes, start, end);
      add(fingerprinter.high, fingerprinter.low, ordinal++, object.index | (obligation << 30));
      sizeBytes += end - start + 1;
    });
    end(object, ordinal - object.lineFirst, counts, sizeBytes);
  }
  return bytesTotal;
}

/** Merges one partition's rows of both sides: a hash table of lines, and chains of equal lines and of their arrivals. */
function openMerge(comparison: Comparison, timeline: Timeline): (lines: Uint32Array, arrivals: Uint32Array) => void {
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

interface Settlement {
  /** Books a line that no other equals (by the offset of its row), and the delivery that brought it, or -1. */
  one(rows: Uint32Array, line: number, sequence: number): void;
  /** Books equal lines and the sequences of the deliveries that brought them. */
  group(rows: Uint32Array, lines: Group, sequences: Group): void;
}

/** Numbers of one group, in the same memory for each: with every record doubled there is a group for each line. */
class Group {
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

function openSettlement(comparison: Comparison, timeline: Timeline): Settlement {
  const { balances, missing, unwanted, late, latency, elapsed } = comparison;
  const obligationOf = (rows: Uint32Array, line: number): number => rows[line + 3]! >>> 30;
  const objectOf = (rows: Uint32Array, line: number): number => rows[line + 3]! & 0x3fff_ffff;

  function arrive(rows: Uint32Array, line: number, sequence: number, endedMs: number): void {
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
    if (endedMs > timeline.firstSuccessMs[object]!) late.add(ordinal);
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
      else arrive(rows, line, sequence, timeline.endedMs[sequence]!);
    },
    group(rows, lines, sequences) {
      if (lines.count > 1) {
        if (sequences.count !== lines.count) comparison.equalLines += 1;
        lines.sort((a, b) => obligationOf(rows, a) - obligationOf(rows, b) || rows[a + 2]! - rows[b + 2]!);
      }
      sequences.sort(ascending);
      // Of one record's copies any may be the accepted request; and of equal lines so many were accepted as copies had ended.
      const endings = lines.count > 1 ? endingsOf(timeline, sequences) : undefined;
      for (let i = 0; i < lines.count; i++) {
        const line = lines.values[i]!;
        if (i >= sequences.count) miss(rows, line);
        else arrive(rows, line, sequences.values[i]!, endings ? endings[i]! : earliest(timeline.endedMs, sequences));
      }
      if (sequences.count > lines.count) bookCopies(rows, lines, sequences);
    },
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** In the order of time; those without one last. */
function endingsOf({ endedMs }: Timeline, { values, count }: Group): Float64Array {
  return Float64Array.from(values.subarray(0, count), (sequence) => endedMs[sequence]!).sort();
}

/** NaN where no time is known. */
function earliest(times: Float64Array, { values, count }: Group): number {
  let best = NaN;
  for (let i = 0; i < count; i++) if (!(times[values[i]!]! >= best)) best = times[values[i]!]!;
  return best;
}
