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
  /** Fewest equal fields of a pair. */
  readonly minEqual: number;
}

/** One pair: offsets of the rows. */
export type OnPair = (arrival: number, missing: number) => void;

/**
 * Pairs one to one. `originals` are records that arrived intact: an arrival nearer to one of them than to any missing record
 * is a changed copy of it, and pairs with nothing.
 */
export function matchRows(
  rule: MatchRule,
  rows: { arrivals: Rows; missing: Rows; originals: Rows },
  onPair: OnPair,
): { arrivals: Set<number>; missing: Set<number> } {
  const width = rows.missing.width;
  const open = { arrivals: offsets(rows.arrivals), missing: offsets(rows.missing) };
  if (open.arrivals.size === 0 || open.missing.size === 0) return open;
  const originals = groupBy(rows.originals, offsets(rows.originals), keyer(rule.keyFields));
  const keyOf = keyer(rule.keyFields);
  let budget = comparisonBudget;

  const equalFields = (a: number, words: Uint32Array, b: number): number => {
    budget -= 1;
    let equal = 0;
    for (let i = 1; i < width; i++) if (rows.arrivals.words[a + i] === words[b + i]) equal++;
    return equal;
  };

  function isCopy(arrival: number, equal: number): boolean {
    for (const original of originals.get(keyOf(rows.arrivals.words, arrival)) ?? []) {
      if (budget <= 0) return false;
      if (equalFields(arrival, rows.originals.words, original) > equal) return true;
    }
    return false;
  }

  function pair(arrival: number, missing: number): void {
    open.arrivals.delete(arrival);
    open.missing.delete(missing);
    onPair(arrival, missing);
  }

  function best(arrival: number, candidates: Iterable<number>): { missing: number; equal: number } {
    let found = { missing: -1, equal: rule.minEqual - 1 };
    for (const missing of candidates) {
      if (budget <= 0) break;
      if (!open.missing.has(missing)) continue;
      const equal = equalFields(arrival, rows.missing.words, missing);
      if (equal > found.equal) found = { missing, equal };
      if (equal === width - 1) break;
    }
    return found;
  }

  function learn(groups: Map<number, number[]>): number[][] {
    const masks = new Map<string, number[]>();
    const step = Math.max(1, Math.floor(open.arrivals.size / sampleSize));
    let i = 0;
    for (const arrival of open.arrivals) {
      if (i++ % step !== 0) continue;
      const { missing } = best(arrival, groups.get(keyOf(rows.arrivals.words, arrival)) ?? []);
      if (missing < 0) continue;
      const mask: number[] = [];
      for (let field = 1; field < width; field++) {
        if (rows.arrivals.words[arrival + field] !== rows.missing.words[missing + field]) mask.push(field);
      }
      masks.set(mask.join(), mask);
    }
    return [...masks.values()].toSorted((a, b) => a.length - b.length);
  }

  function matchByMask(mask: readonly number[]): void {
    const others = Array.from({ length: width - 1 }, (_, i) => i + 1).filter((field) => !mask.includes(field));
    const hash = keyer(others.map((field) => field - 1));
    const waiting = groupBy(rows.missing, open.missing, hash);
    for (const arrival of [...open.arrivals]) {
      const candidates = waiting.get(hash(rows.arrivals.words, arrival));
      const missing = candidates?.at(-1);
      if (missing === undefined || isCopy(arrival, others.length)) continue;
      candidates!.pop();
      pair(arrival, missing);
    }
  }

  for (
    let round = 0;
    round < learningRounds && open.arrivals.size > sampleSize && open.missing.size > sampleSize;
    round++
  ) {
    budget = comparisonBudget;
    const before = open.arrivals.size;
    for (const mask of learn(groupBy(rows.missing, open.missing, keyOf))) matchByMask(mask);
    if (open.arrivals.size === before) break;
  }
  budget = comparisonBudget;
  const groups = groupBy(rows.missing, open.missing, keyOf);
  for (const arrival of [...open.arrivals]) {
    const group = groups.get(keyOf(rows.arrivals.words, arrival));
    if (!group) continue;
    // Where the key alone makes a pair, any record left will do when time is up: the counts stay exact.
    const inOrder = budget <= 0 && rule.minEqual <= rule.keyFields.length;
    const { missing, equal } = inOrder ? nextOpen(group, open.missing) : best(arrival, group);
    if (missing >= 0 && !isCopy(arrival, equal)) pair(arrival, missing);
  }
  return open;
}

/** Takes the last row of a group that is still open; rows paired meanwhile are dropped from the group. */
function nextOpen(group: number[], open: ReadonlySet<number>): { missing: number; equal: number } {
  while (group.length > 0) {
    const missing = group.pop()!;
    if (open.has(missing)) return { missing, equal: Infinity };
  }
  return { missing: -1, equal: 0 };
}

function offsets(rows: Rows): Set<number> {
  const all = new Set<number>();
  for (let at = 0; at < rows.words.length; at += rows.width) all.add(at);
  return all;
}

/** A 53-bit key over the hashes of some fields (counted from 0). */
export function keyer(fields: readonly number[]): (words: Uint32Array, row: number) => number {
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

function groupBy(
  rows: Rows,
  members: Iterable<number>,
  keyOf: (words: Uint32Array, row: number) => number,
): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const row of members) {
    const key = keyOf(rows.words, row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
