// What the sink did with the requests that brought a missing record: for a witness it matters whether it was never sent, refused, or
// acknowledged by a fault that kept nothing.

import type { Corpus } from '../core/model/corpus.ts';
import { keptCount, type Delivery } from '../core/model/delivery.ts';
import type { CorpusLines } from './corpus-lines.ts';
import { readerOf, type Ledger } from './ledger.ts';
import { objectFinder } from './pairing.ts';
import type { ReadRecords } from './witnesses.ts';

/** Requests that are looked through, the last ones first: each is read from the archive. */
const lookedThrough = 500;

export interface LastRequestsInput {
  readonly corpus: Corpus;
  readonly deliveries: readonly Delivery[];
  readonly ledger: Ledger;
  readonly lines: CorpusLines;
  readonly readRecords: ReadRecords;
}

/** By ordinal of the line: a sentence about the last request that brought it and did not leave it. */
export async function lastRequests(
  ordinals: readonly number[],
  input: LastRequestsInput,
): Promise<ReadonlyMap<number, string>> {
  const notes = new Map<number, string>();
  if (ordinals.length === 0) return notes;
  const wanted = await keysOf(ordinals, input, (bytes, start, end) => {
    input.lines.read(bytes, start, end);
    return input.lines.fingerprinter.key;
  });
  const reader = readerOf(input.ledger);
  const left = input.deliveries.filter((delivery) => keptCount(delivery) < delivery.recordCount);
  for (const delivery of left.slice(-lookedThrough).toReversed()) {
    if (wanted.size === 0) break;
    const kept = keptCount(delivery);
    await input.readRecords(delivery.sequence, (view, index) => {
      if (index < kept) return;
      reader.read(view);
      const { key } = reader.fingerprinter;
      for (const ordinal of wanted.get(key) ?? []) notes.set(ordinal, storyOf(delivery));
      wanted.delete(key);
    });
  }
  return notes;
}

async function keysOf(
  ordinals: readonly number[],
  { corpus, lines }: LastRequestsInput,
  keyOf: (bytes: Uint8Array, start: number, end: number) => number,
): Promise<Map<number, number[]>> {
  const chosen = new Set(ordinals);
  const objectOf = objectFinder(corpus);
  const keys = new Map<number, number[]>();
  for (const index of new Set(ordinals.map((ordinal) => objectOf(ordinal)))) {
    const object = corpus.objects[index]!;
    lines.open(object);
    let ordinal = object.lineFirst;
    await corpus.scan(object, (bytes, start, end) => {
      if (chosen.has(ordinal)) {
        const key = keyOf(bytes, start, end);
        keys.set(key, [...(keys.get(key) ?? []), ordinal]);
      }
      ordinal += 1;
    });
  }
  return keys;
}

function storyOf({ sequence, acknowledgement, statusCode, fault, kept }: Delivery): string {
  const by = fault ?? 'the sink';
  if (kept) return `request ${sequence} brought it, and ${by} rejected it by a partial success`;
  if (acknowledgement === 'acknowledged')
    return `request ${sequence} brought it: acknowledged by ${by}, which kept nothing`;
  if (statusCode === 0) return `request ${sequence} brought it, and ${by} reset the connection`;
  return `request ${sequence} brought it, and ${by} answered ${statusCode}`;
}
