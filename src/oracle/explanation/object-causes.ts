// What became of an object whose records no request brought: never stored, never announced, never read, every invocation failed, or
// nothing at all went wrong.

import type { Corpus } from '../../core/model/corpus.ts';
import type { Delivery } from '../../core/model/delivery.ts';
import type { FaultFact, InvocationFact, RunFact } from '../../core/model/invocation.ts';
import type { Cause } from '../../core/model/result.ts';
import type { Timeline } from '../comparison/timeline.ts';

export type FoundCause = Pick<Cause, 'id' | 'faults' | 'text'>;

export interface ObjectCauses {
  ofObject(object: number): FoundCause;
  /** Kinds of the faults that struck the object, its event, or an invocation of it that failed. */
  readonly faultsOf: (object: number) => readonly string[];
}

export function openObjectCauses(input: {
  corpus: Corpus;
  facts: readonly RunFact[];
  deliveries: readonly Delivery[];
  timeline: Timeline;
}): ObjectCauses {
  const { timeline } = input;
  const notified = new Set<number>();
  const discarded = new Map<number, string>();
  const read = new Set<number>();
  const struck = new Map<number, Set<string>>();
  const atLarge: FaultFact[] = [];
  for (const fact of input.facts) {
    if (fact.type === 'notified') for (const object of fact.objects) notified.add(object);
    else if (fact.type === 'discarded') for (const object of fact.objects) discarded.set(object, fact.condition);
    else if (fact.type === 'read' && fact.statusCode < 300) read.add(fact.object);
    else if (fact.type === 'fault') {
      const objects = fact.objects ?? (fact.object === undefined ? [] : [fact.object]);
      for (const object of objects) struck.set(object, (struck.get(object) ?? new Set()).add(fact.kind));
      if (objects.length === 0) atLarge.push(fact);
    }
  }
  const untold = withoutDelivery(atLarge, input.deliveries);
  const known = new Map<number, FoundCause>();

  function faultsOf(object: number): string[] {
    const own = [...(struck.get(object) ?? []), ...(input.corpus.objects[object]!.faults ?? [])];
    // A fault at a connection knows no object: it counts for whatever invocation ran when it struck, and failed.
    return [...new Set([...own, ...kindsDuring(timeline.failures.get(object), atLarge)])].toSorted();
  }

  function find(object: number): FoundCause {
    const faults = faultsOf(object);
    const by = faults.length === 0 ? '' : `, struck by ${faults.join(' and ')}`;
    const told = (id: string, text: string): FoundCause => ({ id, faults, text: `${text}${by}` });
    const failures = timeline.failures.get(object) ?? [];
    const hasSucceeded = timeline.firstSuccessMs[object]! < Infinity;
    if (Number.isNaN(timeline.dueMs[object]!)) return told('not-stored', 'whose object was never stored');
    if (failures.length > 0) {
      const how = failures.at(-1)!.errorType ?? failures.at(-1)!.status;
      if (!hasSucceeded) return told('invocation-failed', `after every invocation of their object failed (${how})`);
      return told('invocation-retried', `after an invocation of their object failed (${how}), and another succeeded`);
    }
    if (!hasSucceeded) {
      const condition = discarded.get(object);
      if (condition !== undefined) return told('event-discarded', `whose event was given up on (${condition})`);
      if (!notified.has(object)) return told('not-notified', 'whose object was never announced');
      return told('not-invoked', 'no invocation of whose object ended');
    }
    if (faults.length > 0) return told('fault-survived', 'whose object was acknowledged');
    // Stores that are not the rig's own tell nothing of reads.
    if (read.size > 0 && !read.has(object)) return told('not-read', 'whose object was acknowledged and never read');
    const meanwhile = kindsDuring(timeline.invocations.get(object), untold);
    if (meanwhile.length > 0) {
      const text = `whose object was acknowledged, while ${meanwhile.join(' and ')} struck a request`;
      return { id: 'fault-survived', faults: meanwhile, text };
    }
    return told('forwarder', 'though nothing went wrong before');
  }

  return {
    faultsOf,
    ofObject(object) {
      let cause = known.get(object);
      if (!cause) known.set(object, (cause = find(object)));
      return cause;
    },
  };
}

/** Kinds of the faults that struck while one of these ran. */
function kindsDuring(invocations: readonly InvocationFact[] | undefined, faults: readonly FaultFact[]): string[] {
  const during = (invocations ?? []).flatMap(({ startedMs, endedMs }) =>
    faults.filter(({ atMs }) => atMs >= startedMs && atMs <= endedMs),
  );
  return [...new Set(during.map(({ kind }) => kind))].toSorted();
}

/** Faults whose request left no delivery that tells of them, since its body never ended: nobody knows what it carried. */
function withoutDelivery(faults: readonly FaultFact[], deliveries: readonly Delivery[]): FaultFact[] {
  const steps: { atMs: number; kind: string; fact?: FaultFact }[] = [
    ...faults.map((fact) => ({ atMs: fact.atMs, kind: fact.kind, fact })),
    ...deliveries.flatMap(({ fault, endedMs }) => (fault === undefined ? [] : [{ atMs: endedMs, kind: fault }])),
  ];
  const open = new Map<string, FaultFact[]>();
  for (const { kind, fact } of steps.toSorted((a, b) => a.atMs - b.atMs)) {
    const facts = open.get(kind) ?? [];
    if (fact) facts.push(fact);
    else facts.pop();
    open.set(kind, facts);
  }
  return [...open.values()].flat();
}
