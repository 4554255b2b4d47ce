// Pairs changed records with missing ones inside one partition of rows. A row is a reference and one hash per field. Mass
// alterations (every record changed in the same fields) are learned from a sample and matched by hash on the other fields;
// the rest is compared one by one, within a budget.

/** Most comparisons of two rows in one partition before the rest is taken as it comes or left. */
const comparisonBudget = 4_000_000;
const sampleSize = 32;
const learningRounds = 4;

export interface Rows {
  /** `width` words a row: the reference, then a hash for each field. */
  readonly words: Uint32Array;
  readonly width: number;
}

export interface MatchRule {
  /** Fields that must be equal for rows to be compared at all. */
  readonly keyFields: readonly number[];
  /** Where it is given, records are paired only if all fields but one of these are equal. */
  readonly anyOneOf?: readonly number[];
  /** Fewest equal fields of a pair. */
  readonly minEqual: number;
}

/** One pair: offsets of the rows. */
export type OnPair = (arrival: number, missing: number) => void;

/** Rows of the three sides of a partition. */
export interface MatchRows {
  readonly arrivals: Rows;
  readonly missing: Rows;
  /** Records that arrived intact: an arrival nearer to one of them than to any missing record is a changed copy of it. */
  readonly originals: Rows;
}

/** Pairs one to one; returns the offsets of rows that stayed alone. */
export function matchRows(
  rule: MatchRule,
  rows: MatchRows,
  onPair: OnPair,
): { arrivals: ReadonlySet<number>; missing: ReadonlySet<number> } {
  const matcher = new Matcher(rule, rows, onPair);
  if (matcher.openArrivals.size > 0 && matcher.openMissing.size > 0) {
    if (rule.anyOneOf) matcher.matchNear(rule.anyOneOf);
    else {
      matcher.matchAlike();
      matcher.matchRest();
    }
  }
  return { arrivals: matcher.openArrivals, missing: matcher.openMissing };
}

class Matcher {
  readonly openArrivals: Set<number>;
  readonly openMissing: Set<number>;
  readonly #rule: MatchRule;
  readonly #rows: MatchRows;
  readonly #onPair: OnPair;
  readonly #keyOf: KeyOf;
  readonly #originals: Map<number, number[]>;
  #budget = comparisonBudget;

  constructor(rule: MatchRule, rows: MatchRows, onPair: OnPair) {
    this.#rule = rule;
    this.#rows = rows;
    this.#onPair = onPair;
    this.#keyOf = keyer(rule.keyFields);
    this.openArrivals = new Set(byContent(rows.arrivals));
    this.openMissing = new Set(offsets(rows.missing));
    this.#originals = groupBy(rows.originals, offsets(rows.originals), this.#keyOf);
  }

  /** By a table of all fields but one, for each that it may be. */
  matchNear(fields: readonly number[]): void {
    for (const field of fields) {
      if (this.openArrivals.size === 0 || this.openMissing.size === 0) return;
      this.#matchByMask([field]);
    }
  }

  /** Learns in which fields a sample of arrivals differs from its nearest records, and matches by all the others. */
  matchAlike(): void {
    for (let round = 0; round < learningRounds; round++) {
      if (Math.min(this.openArrivals.size, this.openMissing.size) <= sampleSize) return;
      const before = this.openArrivals.size;
      for (const mask of this.#learn()) this.#matchByMask(mask);
      if (this.openArrivals.size === before) return;
    }
  }

  /** Compares each arrival left with the records of its group: near pairs first, so that no stranger takes their record. */
  matchRest(): void {
    const fields = this.#rows.missing.width - 1;
    const steps = [fields - 2, Math.ceil(fields / 2), 0].map((step) => Math.max(step, this.#rule.minEqual));
    for (const minEqual of new Set(steps)) this.#matchOneByOne(minEqual);
  }

  #matchOneByOne(minEqual: number): void {
    this.#budget = comparisonBudget;
    const groups = groupBy(this.#rows.missing, this.openMissing, this.#keyOf);
    for (const arrival of this.openArrivals) {
      const group = groups.get(this.#keyOf(this.#rows.arrivals.words, arrival));
      if (!group) continue;
      // Where the key alone makes a pair, any record left will do when time is up: the counts stay exact.
      const inOrder = this.#budget <= 0 && minEqual <= this.#rule.keyFields.length;
      const { missing, equal } = inOrder ? nextOpen(group, this.openMissing) : this.#nearest(arrival, group, minEqual);
      if (missing >= 0 && !this.#isCopy(arrival, equal)) this.#pair(arrival, missing);
    }
  }

  #learn(): number[][] {
    this.#budget = comparisonBudget;
    const { arrivals, missing: lines } = this.#rows;
    const groups = groupBy(lines, this.openMissing, this.#keyOf);
    // Rows that differ in most fields teach nothing.
    const minEqual = Math.max(this.#rule.minEqual, Math.ceil((lines.width - 1) / 2));
    const masks = new Map<string, number[]>();
    const step = Math.max(1, Math.floor(this.openArrivals.size / sampleSize));
    let i = 0;
    for (const arrival of this.openArrivals) {
      if (i++ % step !== 0) continue;
      const { missing } = this.#nearest(arrival, groups.get(this.#keyOf(arrivals.words, arrival)) ?? [], minEqual);
      if (missing < 0) continue;
      const mask: number[] = [];
      for (let field = 1; field < lines.width; field++) {
        if (arrivals.words[arrival + field] !== lines.words[missing + field]) mask.push(field - 1);
      }
      masks.set(mask.join(), mask);
    }
    return [...masks.values()].toSorted((a, b) => a.length - b.length);
  }

  #matchByMask(mask: readonly number[]): void {
    const { arrivals, missing: lines } = this.#rows;
    const others = Array.from({ length: lines.width - 1 }, (_, field) => field).filter(
      (field) => !mask.includes(field),
    );
    const keyOf = keyer(others);
    const waiting = groupBy(lines, this.openMissing, keyOf);
    for (const arrival of this.openArrivals) {
      const candidates = waiting.get(keyOf(arrivals.words, arrival));
      const missing = candidates?.at(-1);
      if (missing === undefined || this.#isCopy(arrival, others.length)) continue;
      candidates!.pop();
      this.#pair(arrival, missing);
    }
  }

  #nearest(arrival: number, candidates: readonly number[], minEqual: number): { missing: number; equal: number } {
    let nearest = { missing: -1, equal: minEqual - 1 };
    for (const missing of candidates) {
      if (this.#budget <= 0) break;
      if (!this.openMissing.has(missing)) continue;
      const equal = this.#equalFields(arrival, this.#rows.missing.words, missing);
      if (equal > nearest.equal) nearest = { missing, equal };
    }
    return nearest;
  }

  #isCopy(arrival: number, equal: number): boolean {
    const { arrivals, originals } = this.#rows;
    for (const original of this.#originals.get(this.#keyOf(arrivals.words, arrival)) ?? []) {
      if (this.#budget <= 0) return false;
      if (this.#equalFields(arrival, originals.words, original) > equal) return true;
    }
    return false;
  }

  #equalFields(arrival: number, words: Uint32Array, row: number): number {
    this.#budget -= 1;
    const { words: own, width } = this.#rows.arrivals;
    let equal = 0;
    for (let i = 1; i < width; i++) if (own[arrival + i] === words[row + i]) equal++;
    return equal;
  }

  #pair(arrival: number, missing: number): void {
    this.openArrivals.delete(arrival);
    this.openMissing.delete(missing);
    this.#onPair(arrival, missing);
  }
}

/** Takes the last row of a group that is still open; rows paired meanwhile are dropped from the group. */
function nextOpen(group: number[], open: ReadonlySet<number>): { missing: number; equal: number } {
  while (group.length > 0) {
    const missing = group.pop()!;
    if (open.has(missing)) return { missing, equal: Infinity };
  }
  return { missing: -1, equal: 0 };
}

function offsets(rows: Rows): number[] {
  return Array.from({ length: rows.words.length / rows.width }, (_, row) => row * rows.width);
}

/** Arrivals come in any order; which of them is paired must not depend on it. Lines come in the order of the corpus. */
function byContent({ words, width }: Rows): number[] {
  return offsets({ words, width }).toSorted((a, b) => {
    for (let i = 1; i < width; i++) if (words[a + i] !== words[b + i]) return words[a + i]! - words[b + i]!;
    return words[a]! - words[b]!;
  });
}

type KeyOf = (words: Uint32Array, row: number) => number;

/** A 53-bit key over the hashes of some fields (counted from 0). */
export function keyer(fields: readonly number[]): KeyOf {
  return (words, row) => {
    let a = 0x811c9dc5;
    let b = 0x2545f491;
    for (const field of fields) {
      const word = words[row + 1 + field]!;
      a = Math.imul(a ^ word, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b + word, 0x85ebca6b);
      b ^= b >>> 13;
    }
    return (a >>> 0) * 0x20_0000 + (b >>> 11);
  };
}

function groupBy(rows: Rows, members: Iterable<number>, keyOf: KeyOf): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const row of members) {
    const key = keyOf(rows.words, row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
