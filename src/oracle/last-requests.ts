// What the sink did with the requests that brought a missing record: for a witness it matters whether it was never sent, refused, or
// acknowledged by a fault that kept nothing.

import type { Corpus } from '../core/model/corpus.ts';
import { keptCount, type Delivery } from '../core/model/delivery.ts';
import { ArrivalReader } from './arrival-reader.ts';
import type { CorpusLines } from './corpus-lines.ts';
import { Fingerprinter } from './fingerprint.ts';
import type { Ledger } from './ledger.ts';
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
  const fingerprinter = new Fingerprinter(input.ledger.options.seed);
  const key = (): number => (fingerprinter.high >>> 0) * 0x20_0000 + (fingerprinter.low >>> 11);
  const wanted = await keysOf(ordinals, input, (bytes, start, end) => {
    input.lines.read(bytes, start, end);
    fingerprinter.read(input.lines.bytes, input.lines.start, input.lines.end);
    return key();
  });
  const reader = new ArrivalReader(input.ledger.schema, input.ledger.options.timestampMeaning ?? 'end');
  const left = input.deliveries.filter((delivery) => keptCount(delivery) < delivery.recordCount);
  for (const delivery of left.slice(-lookedThrough).toReversed()) {
    if (wanted.size === 0) break;
    const kept = keptCount(delivery);
    await input.readRecords(delivery.sequence, (view, index) => {
      if (index < kept) return;
      reader.read(view);
      fingerprinter.read(reader.bytes, reader.start, reader.end);
      for (const ordinal of wanted.get(key()) ?? []) notes.set(ordinal, storyOf(delivery));
      wanted.delete(key());
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
