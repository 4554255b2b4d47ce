// What was left to do at each time: objects that were stored and not yet done with, and invocations that ran.

import type { InvocationFact, RunFact, StoredFact } from '../core/model/invocation.ts';

export interface Buckets {
  readonly bucketCount: number;
  readonly bucketMs: number;
  /** Where a time lies on the axis, in ms. */
  readonly positionOf: (ms: number) => number;
}

export interface Backlog {
  add(fact: RunFact): void;
  /** At each bucket's end. */
  waitingObjects(): Float64Array;
  /** On average over each bucket. */
  running(): Float64Array;
}

export function openBacklog({ bucketCount, bucketMs, positionOf }: Buckets): Backlog {
  const changes = new Float64Array(bucketCount);
  const busyMs = new Float64Array(bucketCount);
  const bucketAt = (position: number): number => Math.min(bucketCount - 1, Math.floor(position / bucketMs));
  /** Of each object, whether it is done with: one that is handled twice is done with once. */
  let done = new Uint8Array(1024);
  let last: Pick<StoredFact, 'key' | 'object'> | undefined;

  function finish(objects: readonly number[], atMs: number): void {
    for (const object of objects) {
      if (object >= done.length) {
        const grown = new Uint8Array(2 ** Math.ceil(Math.log2(object + 1)));
        grown.set(done);
        done = grown;
      }
      if (done[object] === 1) continue;
      done[object] = 1;
      changes[bucketAt(positionOf(atMs))]! -= 1;
    }
  }

  /** An object that another one overwrites at once is never announced. */
  function store({ object, key, storedMs }: StoredFact): void {
    if (last?.key === key) finish([last.object], storedMs);
    last = { key, object };
    changes[bucketAt(positionOf(storedMs))]! += 1;
  }

  function run({ startedMs, endedMs }: InvocationFact): void {
    const [from, to] = [positionOf(startedMs), positionOf(endedMs)];
    for (let bucket = bucketAt(from); bucket <= bucketAt(to); bucket++) {
      busyMs[bucket]! += Math.max(0, Math.min(to, (bucket + 1) * bucketMs) - Math.max(from, bucket * bucketMs));
    }
  }

  return {
    add(fact) {
      if (fact.type === 'stored') store(fact);
      else if (fact.type === 'acknowledged' || fact.type === 'dead-lettered' || fact.type === 'discarded') {
        finish(fact.objects, fact.atMs);
      } else if (fact.type === 'invocation') {
        run(fact);
        if (fact.status === 'succeeded') {
          finish(
            fact.objects.filter((object) => fact.failedObjects?.includes(object) !== true),
            fact.endedMs,
          );
        }
      }
    },
    waitingObjects() {
      let waiting = 0;
      return changes.map((change) => (waiting += change));
    },
    running: () => busyMs.map((busy) => busy / bucketMs),
  };
}
