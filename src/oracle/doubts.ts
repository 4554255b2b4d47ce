// When a missing record proves nothing: the run was cut short, the archive has holes, or what arrived could not be read.

import type { Delivery } from '../core/model/delivery.ts';
import type { RunFact } from '../core/model/invocation.ts';
import type { Tally, Witness } from '../core/model/result.ts';
import { formatCount } from '../core/units.ts';
import { arrivalKinds } from './reading/arrival-reader.ts';
import type { Comparison } from './comparison/comparison.ts';
import type { Doubt, Examples } from './explanation/evidence.ts';
import type { Ledger } from './ledger/ledger.ts';

/** An inferred layout that explains fewer arrivals than this share cannot convict. */
const explainedShare = 0.99;

export interface DoubtInput {
  readonly facts: readonly RunFact[];
  readonly deliveries: readonly Delivery[];
  readonly archiveComplete: boolean;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly comparison: Comparison;
  readonly examples: Pick<Examples, 'unexplained'>;
}

export function doubtsOf(input: DoubtInput): Doubt[] {
  const { facts, deliveries, ledger, tally, comparison } = input;
  const doubts: Doubt[] = [];
  const doubt = (id: Doubt['id'], summary: string, witnesses: readonly Witness[] = []): void =>
    void doubts.push({ id, summary, witnesses });
  const ended = facts.findLast((fact) => fact.type === 'ended');
  if (ended?.how === 'drain-limit')
    doubt('drain-limit-reached', 'the run stood still until its drain limit was reached');
  else if (ended?.how !== 'complete') doubt('run-interrupted', 'the run was interrupted before it was over');
  if (!input.archiveComplete) doubt('archive-incomplete', 'the archive lacks bodies that the sink received');
  const unexplained = comparison.unmatched[arrivalKinds.unexplained].count;
  // A layout that somebody declared is a promise: what does not fit breaks it.
  if (!ledger.options.layout && unexplained > ledger.arrivals * (1 - explainedShare)) {
    doubt(
      'layout-unexplained',
      `${formatCount(unexplained)} of ${formatCount(ledger.arrivals)} arrivals hold fewer than three fields under any name known`,
      input.examples.unexplained,
    );
  }
  const nothingHappened =
    deliveries.length === 0 && !facts.some(({ type }) => type === 'invocation' || type === 'acknowledged');
  if (nothingHappened && tally.expected > 0) {
    doubt('nothing-observed', 'no invocation ended and no request came, so nothing is known about the forwarder');
  }
  return doubts;
}
