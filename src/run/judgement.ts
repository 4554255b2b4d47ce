// From what a run left behind to a verdict: the same way right after a run and for `flowrig judge` years later.

import type { Corpus } from '../core/model/corpus.ts';
import { keptCount } from '../core/model/delivery.ts';
import type { RunFact } from '../core/model/invocation.ts';
import type { TargetResources } from '../core/model/trigger.ts';
import { judge, type Judgement, type Ledger } from '../oracle/index.ts';
import type { ResolvedFault } from '../scenario/faults.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Archive } from '../sink/archive.ts';
import { openDifferences } from './differences-file.ts';

export interface JudgementInput {
  readonly plan: Plan;
  readonly corpus: Corpus;
  readonly archive: Archive;
  readonly ledger: Ledger;
  /** The corpus was booked into the ledger's folder while it was written. */
  readonly isCorpusBooked?: boolean;
  readonly facts: readonly RunFact[];
  readonly faultsFired: Readonly<Record<string, number>>;
  readonly resources?: TargetResources;
  /** The run's folder, where what differs is listed anew. */
  readonly folder: string;
}

export async function judgeArchive({ plan, archive, folder, ...input }: JudgementInput): Promise<Judgement> {
  using differences = openDifferences(folder);
  return await judge({
    ...input,
    onDifference: (difference) => differences.add(difference),
    bucket: plan.store.bucket,
    deliveries: archive.deliveries,
    archiveComplete: archive.complete,
    readRecords: (sequence, visit) => archive.visit(sequence, visit),
    promises: plan.promises,
    expect: plan.expect,
    faultsConfigured: plan.faults.map((fault) => fault.kind),
  });
}

/** Books every kept delivery of an archive: what the sink does while a run goes on. False where some records cannot be read. */
export async function bookArchive(archive: Archive, ledger: Ledger): Promise<boolean> {
  let isWhole = true;
  for (const delivery of archive.deliveries) {
    const kept = keptCount(delivery);
    if (kept === 0) continue;
    const { recordCount } = await archive.visit(delivery.sequence, (view, index) => {
      if (index < kept) ledger.arrive(delivery.sequence, view, index);
    });
    if (recordCount < kept) isWhole = false;
  }
  return isWhole;
}

/** Whether a fault strikes on the conductor's thread, and not on the sink's, which counts its own. */
export function isConductorsFault({ kind }: ResolvedFault): boolean {
  return /^(object|store|event|lambda)\./.test(kind);
}

/** How often each of these faults fired, by the facts. One that the scenario asks for and that never fired counts 0. */
export function countFaults(faults: Plan['faults'], facts: readonly RunFact[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(faults.map(({ kind }) => [kind, 0]));
  for (const fact of facts) {
    if (fact.type === 'fault' && counts[fact.kind] !== undefined) counts[fact.kind]! += 1;
  }
  return counts;
}
