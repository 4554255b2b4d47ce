// `retries-bounded < 10`: one invocation does not send the same request again and again. A forwarder that never gives up holds its
// sandbox until Lambda's time limit, and its sink down: retries need a cap, and what is left is the trigger's to bring again.

import type { Finding } from '../../core/model/result.ts';
import { formatCount, parseCount } from '../../core/units.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { convict, plural, type Evidence } from '../explanation/evidence.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import { readLimit, type Check, type ObservingJudge } from './check.ts';

const usualLimit = 20;

export const retriesBounded: Check = {
  name: 'retries-bounded',
  form: 'retries-bounded [< COUNT]',
  summary: `an invocation sends the same request fewer times than this, ${usualLimit} unless told: retries-bounded < 10`,
  read(rest) {
    const limit = rest === '' ? usualLimit : readLimit(rest, (text) => parseCount(text) ?? undefined);
    return limit === undefined ? undefined : openJudge(limit, `retries-bounded ${rest}`.trim());
  },
};

function openJudge(limit: number, check: string): ObservingJudge {
  /** Sequences of the requests that begin with a record, in order. */
  const requests = new Map<string, number[]>();
  let named = 0;
  return {
    onRecord({ delivery, kind, fingerprint }) {
      if (delivery.sequence === named || kind === arrivalKinds.header || kind === arrivalKinds.blank) return;
      named = delivery.sequence;
      const key = fingerprint();
      const sequences = requests.get(key);
      if (sequences) sequences.push(named);
      else requests.set(key, [named]);
    },
    judge(evidence): Finding[] {
      const begun = restartsOf(evidence);
      const runs = [...requests.values()]
        .map((sequences) => longestRun(sequences, evidence, begun))
        .filter((run) => run.length >= limit)
        .toSorted((a, b) => b.length - a.length);
      const most = runs[0];
      if (!most) return [];
      const summary =
        `${formatCount(runs.length)} ${plural(runs.length, 'request')} ${runs.length === 1 ? 'was' : 'were'} sent ${limit} times or more ` +
        `within one invocation, the most often ${formatCount(most.length)} times (request ${most[0]} was the first)`;
      const witnesses = runs
        .slice(0, witnessLimit)
        .map((run) => ({ deliveries: run.slice(0, witnessLimit), note: `sent ${formatCount(run.length)} times` }));
      return [convict({ id: 'retries-unbounded', check, summary, witnesses })];
    },
  };
}

/** When the trigger brought something again, ascending: requests on both sides are those of different invocations. */
function restartsOf({ invocations }: Evidence): number[] {
  return invocations
    .filter(
      ({ attempt, eventDelivery, deliveries }) => attempt > 1 || eventDelivery > 1 || deliveries?.some((n) => n > 1),
    )
    .map(({ startedMs }) => startedMs)
    .toSorted((a, b) => a - b);
}

function longestRun(sequences: readonly number[], { timeline }: Evidence, begun: readonly number[]): number[] {
  let longest: number[] = [];
  let run: number[] = [];
  let next = 0;
  for (const sequence of sequences) {
    const atMs = timeline.receivedMs[sequence]!;
    const from = next;
    while (next < begun.length && begun[next]! <= atMs) next++;
    run = next > from ? [sequence] : [...run, sequence];
    if (run.length > longest.length) longest = run;
  }
  return longest;
}
