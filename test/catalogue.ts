// The catalogue of field bugs: what went wrong with real forwarders, where that is told, and the shipped scenario that shows it.

import { lambdaBugs } from './catalogue/lambda.ts';
import { objectBugs } from './catalogue/objects.ts';
import { sinkBugs } from './catalogue/sink.ts';
import { triggerBugs } from './catalogue/triggers.ts';
import { valueBugs } from './catalogue/values.ts';

export interface FieldBug {
  /** Stable words. */
  readonly id: string;
  readonly group: 'sink' | 'triggers' | 'lambda' | 'values' | 'objects';
  /** What a user sees. */
  readonly symptom: string;
  /** Public pages, issues or source files that tell of it. */
  readonly sources: readonly string[];
  /** A shipped scenario of the group; or, where no scenario can show it yet, why. */
  readonly scenario: string | { readonly missing: string };
  /** What the verdict on our own forwarder is; where it cannot be a pass, why. */
  readonly builtin: 'pass' | { readonly fails: string; readonly because: string };
  /** A forwarder of test/zoo that has the bug, and the finding that convicts it; absent where our own is the convict. */
  readonly wrong?: { readonly forwarder: string; readonly finding: string };
}

export const catalogue: readonly FieldBug[] = [...sinkBugs, ...triggerBugs, ...lambdaBugs, ...valueBugs, ...objectBugs];

/** Those that a scenario shows. */
export const shownBugs = catalogue.flatMap((bug) =>
  typeof bug.scenario === 'string' ? [{ ...bug, scenario: bug.scenario }] : [],
);
