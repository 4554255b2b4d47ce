// Asks every check that the scenario expects, adds what makes the run itself doubtful, and takes the worst.

import { FlowrigError } from '../core/errors.ts';
import type { Finding, Validity, Verdict } from '../core/model/result.ts';
import { noEgress, reachedForTheInternet } from './checks/no-egress.ts';
import type { Evidence } from './explanation/evidence.ts';
import type { Promises } from './promises.ts';
import { expandExpectations, parseExpectation, type Expectation } from './expectation.ts';
import { undecodableRequests } from './explanation/undecodable.ts';

export interface VerdictInput {
  readonly expectations: readonly Expectation[];
  readonly faultsConfigured: readonly string[];
  readonly faultsFired: Readonly<Record<string, number>>;
}

export function reachVerdict(evidence: Evidence, input: VerdictInput): Verdict {
  const { expectations } = input;
  const judged = new Set(expectations.map((expectation) => expectation.check));
  const findings = expectations.flatMap((expectation) => expectation.judge?.({ ...evidence, judged }) ?? []);
  if (!judged.has(noEgress.name)) findings.push(...reachedForTheInternet(evidence, 'pass'));
  findings.push(...undecodableRequests(evidence.deliveries));
  for (const doubt of evidence.doubts) findings.push({ ...doubt, check: 'run', validity: 'unknown' });
  findings.push(...silentFaults(input));
  // Two checks may find the same thing in the same words; people read it once.
  const seen = new Set<string>();
  const distinct = findings.filter((finding) => {
    const key = `${finding.id}\n${finding.summary}`;
    return !seen.has(key) && seen.add(key);
  });
  return { validity: worst(distinct), findings: distinct };
}

/** Checks to ask, from the entries of the scenario's `expect`, which were validated before. */
export function readExpectations(expect: readonly string[], promises: Promises): Expectation[] {
  return expandExpectations(expect, promises).map((text) => {
    const parsed = parseExpectation(text);
    if ('problem' in parsed) throw new FlowrigError('bad-scenario', `expect: ${parsed.problem}`);
    return parsed;
  });
}

/** A scenario whose fault never struck has not tested what it is for. */
function silentFaults(input: VerdictInput): Finding[] {
  const silent = [...new Set(input.faultsConfigured)].filter((kind) => (input.faultsFired[kind] ?? 0) === 0);
  return silent.map((kind) => ({
    id: 'fault-never-fired',
    check: 'run',
    validity: 'unknown',
    summary: `the fault ${kind} never fired, so the run says nothing about it`,
    witnesses: [],
  }));
}

function worst(findings: readonly Finding[]): Validity {
  if (findings.some((finding) => finding.validity === 'fail')) return 'fail';
  return findings.some((finding) => finding.validity === 'unknown') ? 'unknown' : 'pass';
}
