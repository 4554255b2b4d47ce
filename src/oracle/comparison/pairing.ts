// Altered records: an arrival that stands nowhere in the corpus is paired, one to one, with the missing record that equals it in
// interface-id and start, or in all fields but two. Rows of field hashes go through partitions on disk, so that a million of
// them needs no more memory than a hundred; and what is paired depends on them alone, not on the order in which they came.

import { join } from 'node:path';

import type { Corpus } from '../../core/model/corpus.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import type { Comparison } from './comparison.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import type { FieldSchema } from '../reading/field-schema.ts';
import { Fingerprinter } from '../reading/fingerprint.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import { objectsWith, visitLines } from '../ledger/line-access.ts';
import type { LineWriter } from '../reading/line-writer.ts';
import { keyer, matchRows, type MatchRule } from './matching.ts';
import { openPairs, type Pair } from './pairs.ts';
import { openSpill, partitionCount, type Spill } from '../ledger/spill.ts';
import { visitArrivals, type ReadRecords } from '../ledger/arrival-access.ts';

export interface Pairing {
  /** How many lines were altered. */
  readonly count: number;
  /** Altered lines and the arrivals that they became; some spread over all where there are very many. */
  readonly pairs: readonly Pair[];
  /** How often each field was among those that differ. */
  readonly fields: ReadonlyMap<string, number>;
}

export interface PairingInput {
  readonly corpus: Corpus;
  readonly ledger: Ledger;
  readonly readRecords: ReadRecords;
  /** The fields by which lines are compared: what is masked there counts nowhere. */
  readonly schema: FieldSchema;
  readonly lines: CorpusLines;
  readonly comparison: Comparison;
}

interface Side {
  readonly arrivals: Spill;
  readonly missing: Spill;
  /** Lines that arrived intact, of objects that lack some: what a changed copy may be a copy of. */
  readonly originals: Spill;
}

/** Fields that tell records apart best, so that each block of fields has some of them. */
const selectiveFields = [
  'srcport',
  'dstport',
  'bytes',
  'packets',
  'srcaddr',
  'dstaddr',
  'start',
  'end',
  'interface-id',
];

/** Moves altered records from `missing` and `unmatched` to `altered` in the comparison. */
export async function pairAltered(input: PairingInput): Promise<Pairing> {
  const { schema, comparison, ledger, corpus } = input;
  const unmatched = comparison.unmatched[arrivalKinds.record];
  if (comparison.missing.count === 0 || unmatched.count === 0) return { count: 0, pairs: [], fields: new Map() };
  const compared = schema.fields.map((_, field) => field).filter((field) => schema.leftOut[field] === 0);
  const rules = rulesOf(compared.map((field) => schema.fields[field]!));
  const pairs = openPairs();
  const paired = new Bitmap(unmatched.length);
  const differing = new Float64Array(compared.length);
  const sideOf = (i: number): Side => openSide(join(ledger.options.folder, `pairing-${i}`), compared.length + 1);
  let side = sideOf(0);
  try {
    await fillArrivals(input, compared, { spill: side.arrivals, rule: rules[0]!, unmatched });
    await fillMissing(input, compared, { spill: side.missing, rule: rules[0]! });
    for (const [i, rule] of rules.entries()) {
      if (side.arrivals.rowCount === 0 || side.missing.rowCount === 0) break;
      if (!rule.anyOneOf && rules[i - 1]?.anyOneOf) {
        if (!mayPair(side, rules.slice(i))) break;
        await fillOriginals(input, compared, side, rules.slice(i));
      }
      const rest = sideOf(i + 1);
      matchSide(side, rule, { rest, next: rules[i + 1] }, (arrival, missing) => {
        pairs.add(missing[0]!, arrival[0]!);
        comparison.altered.add(missing[0]!);
        paired.add(arrival[0]!);
        for (let f = 0; f < compared.length; f++) if (arrival[f + 1] !== missing[f + 1]) differing[f]! += 1;
      });
      closeSide(side);
      side = rest;
    }
  } finally {
    closeSide(side);
  }
  const objectOf = objectFinder(corpus);
  for (const line of comparison.altered) {
    comparison.missing.delete(line);
    comparison.balances.missing[objectOf(line)]! -= 1;
    comparison.balances.altered[objectOf(line)]! += 1;
  }
  for (const arrival of paired) unmatched.delete(arrival);
  const named = compared.map((field, f) => [schema.fields[field]!, differing[f]!] as const);
  return {
    count: comparison.altered.count,
    pairs: pairs.all(),
    fields: new Map(named.filter(([, count]) => count > 0)),
  };
}

/**
 * First records that differ in one field: it is in one half of the fields or in the other, and all others are equal, so a table
 * finds them. No record that arrived intact is nearer to such an arrival, so none has to be looked at. Then records with equal
 * interface-id and start. Then those that differ in two fields at most: with the fields in three blocks, one block is equal, so three
 * passes by block find every such pair.
 */
function rulesOf(names: readonly string[]): MatchRule[] {
  const minEqual = Math.max(names.length - 2, Math.floor(names.length / 2) + 1);
  const ordered = names.map((_, i) => i).toSorted((a, b) => rankOf(names[a]!) - rankOf(names[b]!) || a - b);
  const part = (count: number, own: number): number[] => ordered.filter((_, i) => i % count === own);
  const halves = names.length < 3 ? [] : [0, 1].map((half) => part(2, half));
  const near = halves.map((keyFields, half) => ({
    keyFields,
    anyOneOf: halves[1 - half]!,
    minEqual: names.length - 1,
  }));
  const blocks = [0, 1, 2].map((block) => ({ keyFields: part(3, block), minEqual }));
  const pair = [names.indexOf('interface-id'), names.indexOf('start')];
  return [...near, ...(pair.includes(-1) ? [] : [{ keyFields: pair, minEqual: 2 }]), ...blocks];
}

function rankOf(name: string): number {
  const rank = selectiveFields.indexOf(name);
  return rank < 0 ? selectiveFields.length : rank;
}

function openSide(folder: string, width: number): Side {
  const open = (name: string): Spill => openSpill(join(folder, name), width);
  return { arrivals: open('arrivals'), missing: open('missing'), originals: open('originals') };
}

function closeSide(side: Side): void {
  for (const spill of [side.arrivals, side.missing, side.originals]) spill[Symbol.dispose]();
}

async function fillArrivals(
  input: PairingInput,
  compared: readonly number[],
  into: { spill: Spill; rule: MatchRule; unmatched: Bitmap },
): Promise<void> {
  const { ledger, comparison } = input;
  const reader = readerOf(ledger);
  const write = openRowWriter(compared, into.rule);
  await visitArrivals(into.unmatched, comparison.arrivalBase, input.readRecords, (view, arrival) => {
    reader.readValues(view);
    write(into.spill, arrival, reader.writer);
  });
}

async function fillMissing(
  { corpus, lines, comparison }: PairingInput,
  compared: readonly number[],
  into: { spill: Spill; rule: MatchRule },
): Promise<void> {
  const write = openRowWriter(compared, into.rule);
  await visitLines(comparison.missing, corpus, {
    onObject: (object) => lines.open(object),
    visit(bytes, start, end, { ordinal }) {
      lines.readValues(bytes, start, end);
      write(into.spill, ordinal, lines.writer);
    },
  });
}

/** More arrivals, or pairs of rows, than these are not asked about. */
const askedArrivals = 1000;
const askedPairs = 4_000_000;

/**
 * Whether some rule could pair some arrival if nothing had arrived intact. Mostly none can where a few strangers came beside losses, and
 * then the corpus need not be gone through for what they may be copies of.
 */
function mayPair({ arrivals, missing }: Side, rules: readonly MatchRule[]): boolean {
  const count = arrivals.rowCount;
  if (count > askedArrivals || count * missing.rowCount > askedPairs) return true;
  const { width } = arrivals;
  const own = new Uint32Array(count * width);
  let at = 0;
  for (let partition = 0; partition < partitionCount; partition++) {
    const words = arrivals.read(partition);
    own.set(words, at);
    at += words.length;
  }
  for (let partition = 0; partition < partitionCount; partition++) {
    const lines = missing.read(partition);
    for (let line = 0; line < lines.length; line += width) {
      for (let row = 0; row < own.length; row += width) {
        const isEqual = (field: number): boolean => own[row + 1 + field] === lines[line + 1 + field];
        let equal = 0;
        for (let field = 0; field < width - 1; field++) if (isEqual(field)) equal++;
        if (rules.some(({ minEqual, keyFields }) => equal >= minEqual && keyFields.every(isEqual))) return true;
      }
    }
  }
  return false;
}

/** Of the lines that arrived intact only those are written that some arrival would be compared with. */
async function fillOriginals(
  { corpus, lines, comparison }: PairingInput,
  compared: readonly number[],
  side: Side,
  rules: readonly MatchRule[],
): Promise<void> {
  const keys = rules.map((rule) => ({ keyOf: keyer(rule.keyFields), known: new Bitmap(keyBits) }));
  for (let partition = 0; partition < partitionCount; partition++) {
    const words = side.arrivals.read(partition);
    for (let row = 0; row < words.length; row += side.arrivals.width) {
      for (const { keyOf, known } of keys) known.add(keyOf(words, row) % keyBits);
    }
  }
  const isWanted = (row: Uint32Array): boolean => keys.some(({ keyOf, known }) => known.has(keyOf(row, 0) % keyBits));
  const write = openRowWriter(compared, rules[0]!, isWanted);
  for (const object of objectsWith(comparison.missing, corpus)) {
    lines.open(object);
    let ordinal = object.lineFirst;
    await corpus.scan(object, (bytes, start, end) => {
      if (!comparison.missing.has(ordinal)) {
        lines.readValues(bytes, start, end);
        write(side.originals, ordinal, lines.writer);
      }
      ordinal += 1;
    });
  }
}

/** A bitmap of so many keys is told apart by its remainder: some strangers more are written, and harm nothing. */
const keyBits = 2 ** 22;

/** Writes a row: the reference and a hash of each compared field, into the partition of the rule's key. */
function openRowWriter(
  compared: readonly number[],
  rule: MatchRule,
  isWanted: (row: Uint32Array) => boolean = () => true,
): (spill: Spill, reference: number, writer: LineWriter) => void {
  const fingerprinter = new Fingerprinter(0);
  const keyOf = keyer(rule.keyFields);
  const row = new Uint32Array(compared.length + 1);
  return (spill, reference, writer) => {
    row[0] = reference;
    compared.forEach((field, f) => {
      fingerprinter.read(writer.bytes, writer.starts[field]!, writer.ends[field]!);
      row[f + 1] = fingerprinter.low;
    });
    if (!isWanted(row)) return;
    const at = spill.reserve(partitionOf(keyOf(row, 0)));
    spill.words.set(row, at);
  };
}

function partitionOf(key: number): number {
  return key % partitionCount;
}

/** Matches every partition; what stays open goes on to the next rule's partitions. */
function matchSide(
  side: Side,
  rule: MatchRule,
  onward: { rest: Side; next: MatchRule | undefined },
  onPair: (arrival: Uint32Array, missing: Uint32Array) => void,
): void {
  const width = side.missing.width;
  const nextKey = onward.next ? keyer(onward.next.keyFields) : undefined;
  for (let partition = 0; partition < partitionCount; partition++) {
    const read = (spill: Spill): { words: Uint32Array; width: number } => ({ words: spill.read(partition), width });
    const rows = { arrivals: read(side.arrivals), missing: read(side.missing), originals: read(side.originals) };
    if (rows.arrivals.words.length === 0 && rows.missing.words.length === 0 && rows.originals.words.length === 0)
      continue;
    const open = matchRows(rule, rows, (arrival, missing) => {
      const { arrivals, missing: lines } = rows;
      onPair(arrivals.words.subarray(arrival, arrival + width), lines.words.subarray(missing, missing + width));
    });
    if (!nextKey) continue;
    const pass = (words: Uint32Array, row: number, to: Spill): void => {
      const at = to.reserve(partitionOf(nextKey(words, row)));
      to.words.set(words.subarray(row, row + width), at);
    };
    for (const row of open.arrivals) pass(rows.arrivals.words, row, onward.rest.arrivals);
    for (const row of open.missing) pass(rows.missing.words, row, onward.rest.missing);
    for (let row = 0; row < rows.originals.words.length; row += width) {
      pass(rows.originals.words, row, onward.rest.originals);
    }
  }
}

/** The index of the object that holds a line, by its ordinal. */
export function objectFinder(corpus: Corpus): (ordinal: number) => number {
  const firsts = Float64Array.from(corpus.objects, (object) => object.lineFirst);
  return (ordinal) => {
    let low = 0;
    let high = firsts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firsts[middle]! <= ordinal) low = middle;
      else high = middle;
    }
    return low;
  };
}
