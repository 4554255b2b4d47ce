// A generated corpus as rows that know their fields by name, read from its bytes.

import type { TrafficPlan } from '../../src/flowlogs/corpus.ts';
import { openCorpus } from './read-lines.ts';

/** One record: the value of each field by its name. */
export type Row = Readonly<Record<string, string>>;

export interface Table {
  readonly rows: readonly Row[];
  /** The rows of each object. */
  readonly objects: readonly (readonly Row[])[];
}

export function tableOf(plan: Partial<TrafficPlan>): Table {
  const corpus = openCorpus({ maxRecords: 10_000, ...plan });
  const objects = corpus.objects.map((object) =>
    Buffer.from(corpus.text(object)).toString('latin1').trimEnd().split('\n').slice(1).map(rowOf(object.fields)),
  );
  return { rows: objects.flat(), objects };
}

function rowOf(fields: readonly string[]): (line: string) => Row {
  return (line) => {
    const values = line.split(' ');
    return Object.fromEntries(fields.map((name, i) => [name, values[i]!]));
  };
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

export function share<T>(items: readonly T[], isMeant: (item: T) => boolean): number {
  return items.filter(isMeant).length / items.length;
}
