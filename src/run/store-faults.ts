// The faults of the store that a plan asks for, and what of them concerns the rest of a run: each strike is a fact about an object of
// the corpus, and an object that was overwritten has another event.

import type { Corpus } from '../core/model/corpus.ts';
import type { Report, StoredObject } from '../core/model/trigger.ts';
import type { Plan } from '../scenario/plan.ts';
import type { StoreFaultOptions } from '../stores/embedded/options.ts';
import type { StoreFaultConfig } from '../stores/faults/index.ts';

export interface StoreFaultsOfRun {
  /** Undefined where the plan asks for none. */
  readonly options: StoreFaultOptions | undefined;
  /** Names the objects: call it before anybody reads one. */
  know(corpus: Corpus): void;
  /** Called with each object that a fault has overwritten. */
  onOverwrite: (stored: StoredObject) => void;
}

export function planStoreFaults(
  plan: Plan,
  { startedMs, report }: { readonly startedMs: number; readonly report: Report },
): StoreFaultsOfRun {
  const indexes = new Map<string, number>();
  const configs = plan.faults.filter(({ kind }) => kind.startsWith('store.')) as readonly StoreFaultConfig[];
  const run: StoreFaultsOfRun = {
    options:
      configs.length === 0
        ? undefined
        : {
            configs,
            startedMs,
            onStrike({ kind, key, atMs, withholds }) {
              const object = indexes.get(key);
              const about = object === undefined ? {} : { object, ...(withholds ? { withholds: true as const } : {}) };
              report({ type: 'fault', kind, atMs, ...about });
            },
            onOverwrite(stored) {
              const index = indexes.get(stored.key);
              if (index !== undefined) run.onOverwrite({ ...stored, index });
            },
          },
    know(corpus) {
      for (const { key, index } of corpus.objects) indexes.set(key, index);
    },
    onOverwrite: () => undefined,
  };
  return run;
}
