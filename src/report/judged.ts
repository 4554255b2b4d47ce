// What was judged, check by check: each expectation with its findings, and the run itself.

import type { Finding, RunResult, Validity } from '../core/model/result.ts';

export interface JudgedCheck {
  /** As `expect` writes it, like `latency p99 < 5s`; `run` is the run itself. */
  readonly name: string;
  readonly validity: Validity;
  /** What it found; notes that do not decide are among them. */
  readonly findings: readonly Finding[];
}

/** The check of findings that doubt the run itself. */
export const ofRun = 'run';

/** In the order of the scenario's `expect`. Results from before `checks` were told hold only those that found something. */
export function judgedChecks({ checks = [], verdict }: RunResult): JudgedCheck[] {
  const names = [...checks, ...verdict.findings.map((finding) => finding.check), ofRun].map(spaced);
  return [...new Set(names)].map((name) => {
    const findings = verdict.findings.filter((finding) => spaced(finding.check) === name);
    return { name, validity: worstOf(findings), findings };
  });
}

/** A check is known by its words, however they were spaced. */
function spaced(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function worstOf(findings: readonly Finding[]): Validity {
  const worst = (['fail', 'unknown'] as const).find((validity) => findings.some((each) => each.validity === validity));
  return worst ?? 'pass';
}
