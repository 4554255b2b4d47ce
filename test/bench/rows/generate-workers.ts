// Objects as complete .gz on two threads beside one: objects are made from their indexes alone, so any number of threads may share them.
// Only where the machine has two idle cores does it tell anything, so it has no goal.

import { openThread, type Thread } from '../../../src/core/thread.ts';
import { openCorpus } from '../../../src/run/corpus.ts';
import type { WriterCalls, WriterData } from '../../../src/run/writer-thread.ts';
import { documentOf } from '../../../src/scenario/document.ts';
import { mergeScenario } from '../../../src/scenario/load.ts';
import { planScenario } from '../../../src/scenario/plan.ts';
import type { Round, Row } from '../row.ts';

const recordCount = 400_000;
const document = documentOf({ version: 1, name: 'workers', traffic: { records: recordCount } }, 'bench');
const { traffic, seed } = planScenario(mergeScenario(document, undefined, {}, '.'));

export const row: Row = {
  name: 'generate-workers',
  unit: 'records/s',
  baseline: 'one thread',
  goal: {},
  run: round,
};

function openWriter(): Thread<WriterCalls> {
  const besideUrl = new URL('../../../src/run/', import.meta.url);
  return openThread<WriterCalls>(`${besideUrl.href}harness.ts`, './writer-thread', {
    data: { traffic, seed } satisfies WriterData,
  });
}

async function round(): Promise<Round> {
  await using first = openWriter();
  await using second = openWriter();
  const { objects } = await openCorpus(traffic, seed);
  const indexes = objects.map(({ index }) => index);
  const bodies = async (thread: Thread<WriterCalls>, of: readonly number[]): Promise<void> => {
    for (const index of of) await thread.call('body', index);
  };
  const both = (of: readonly number[]): Promise<unknown> =>
    Promise.all(
      [first, second].map((thread, i) =>
        bodies(
          thread,
          of.filter((index) => index % 2 === i),
        ),
      ),
    );
  await Promise.all([bodies(first, indexes.slice(0, 10)), bodies(second, indexes.slice(0, 10))]);
  const begin = performance.now();
  await both(indexes);
  const middle = performance.now();
  await bodies(first, indexes);
  const end = performance.now();
  return { ours: (recordCount / (middle - begin)) * 1000, baseline: (recordCount / (end - middle)) * 1000 };
}
