// Notes each time that a client reads an object, as a fact: a witness's story tells whether its object was read at all.

import type { Clock } from '../core/clock.ts';
import type { CorpusObject } from '../core/model/corpus.ts';
import type { Report, StoreRequest } from '../core/model/trigger.ts';

const reading = new Set(['GetObject', 'HeadObject']);

export interface ReadNotes {
  /** The object is about to be stored: from now on it can be read. */
  expect(object: CorpusObject): void;
  note(request: StoreRequest): void;
}

export function openReadNotes(bucket: string, clock: Clock, report: Report): ReadNotes {
  const indexOf = new Map<string, number>();
  return {
    expect: ({ key, index }) => void indexOf.set(key, index),
    note({ operation, bucket: of, key, statusCode }) {
      const object = of === bucket ? indexOf.get(key) : undefined;
      if (object === undefined || operation === undefined || !reading.has(operation)) return;
      report({ type: 'read', object, atMs: clock.nowMs(), operation, statusCode });
    },
  };
}
