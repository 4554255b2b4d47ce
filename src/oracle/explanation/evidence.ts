// All that a check may judge by.

import type { Histogram } from '../../core/histogram.ts';
import type { Corpus } from '../../core/model/corpus.ts';
import type { Delivery } from '../../core/model/delivery.ts';
import type { EgressRefusedFact, InvocationFact } from '../../core/model/invocation.ts';
import type { Cause, FieldReport, Finding, RunResult, Tally, Validity, Witness } from '../../core/model/result.ts';
import type { TargetResources } from '../../core/model/trigger.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { Promises } from '../promises.ts';
import type { CopyClass, Timeline } from '../comparison/timeline.ts';
import type { TooOld } from './too-old.ts';

/** Why the absence of a record, or a difference, proves nothing. Each is a finding of its own beside those it weakens. */
export interface Doubt {
  readonly id:
    | 'run-interrupted'
    | 'drain-limit-reached'
    | 'archive-incomplete'
    | 'layout-unexplained'
    | 'nothing-observed';
  readonly summary: string;
  readonly witnesses: readonly Witness[];
}

/** Examples by what they witness, at most 20 each. */
export interface Examples {
  readonly missing: readonly Witness[];
  readonly deadLettered: readonly Witness[];
  readonly altered: readonly Witness[];
  readonly unexpected: readonly Witness[];
  /** Records in which too few fields were found. */
  readonly unexplained: readonly Witness[];
  readonly header: readonly Witness[];
  readonly late: readonly Witness[];
  readonly doubled: Readonly<Record<CopyClass, readonly Witness[]>>;
}

export interface Evidence {
  readonly corpus: Corpus;
  readonly bucket: string;
  readonly promises: Promises;
  /** Names of all checks that judge this run: a general one leaves to a special one what that finds. */
  readonly judged: ReadonlySet<string>;
  readonly tally: Tally;
  readonly comparison: Comparison;
  readonly timeline: Timeline;
  readonly doubts: readonly Doubt[];
  /** Records that SigNoz would not have stored for their age. */
  readonly tooOld: TooOld;
  readonly examples: Examples;
  /** Header lines that arrived and stand nowhere in the corpus as data. */
  readonly headerCount: number;
  readonly blankCount: number;
  /** How often each field was among those that differ in an altered record. */
  readonly alteredFields: ReadonlyMap<string, number>;
  /** Fields with a value somewhere in the corpus that no arrival carried, though no promise names them. */
  readonly fieldsMissing: readonly string[];
  /** What preceded each difference. */
  readonly causes: readonly Cause[];
  /** The mapping table. */
  readonly fields: readonly FieldReport[];
  readonly latency: Histogram;
  readonly throughput: NonNullable<RunResult['throughput']>;
  /** What the target took, where that was measured. */
  readonly resources?: TargetResources;
  readonly deliveries: readonly Delivery[];
  /** Invocations that ended, of all objects. */
  readonly invocations: readonly InvocationFact[];
  /** Each time that the target wanted to leave for another host. */
  readonly egressRefused: readonly EgressRefusedFact[];
}

/** A finding about records that are absent, changed or strange: `unknown` where nothing can be proved. */
export function recordFinding(evidence: Evidence, finding: Omit<Finding, 'validity'>): Finding {
  const validity: Validity = evidence.doubts.length === 0 ? 'fail' : 'unknown';
  return { ...finding, validity };
}

/** A finding that no doubt weakens. */
export function convict(finding: Omit<Finding, 'validity'>): Finding {
  return { ...finding, validity: 'fail' };
}

/** What a timed check says where nothing that was owed was delivered: no number, so no pass. */
export function unmeasured(evidence: Evidence, check: string): Finding[] {
  if (evidence.tally.expected === 0) return [];
  return notMeasured(check, 'no owed record was delivered at a known time');
}

/** What a check says that has nothing to judge by: no number, so no pass. */
export function notMeasured(check: string, reason: string): Finding[] {
  const summary = `${check} could not be judged: ${reason}`;
  return [{ id: 'nothing-measured', check, validity: 'unknown', summary, witnesses: [] }];
}

/** `the first at KEY line 812`, or nothing where no witness has a place. */
export function firstPlace(witnesses: readonly Witness[]): string {
  const first = witnesses.find((witness) => witness.key !== undefined);
  return first ? `, the first at ${first.key} line ${first.line}` : '';
}

/** `1 record` and `2 records`. */
export function plural(count: number, singular: string): string {
  return count === 1 ? singular : `${singular}s`;
}
