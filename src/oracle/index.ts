// The room's table of contents: the ledger that books what arrives, and the judge who compares it with what was written.

export { checks } from './checks/index.ts';
export { parseCondition } from './condition.ts';
export type { Difference } from './explanation/differences.ts';
export { expandExpectations, parseExpectation } from './expectation.ts';
export { judge, type JudgeInput, type Judgement } from './judge.ts';
export { identifyRequest, openLedger, type Ledger, type LedgerProgress } from './ledger/ledger.ts';
export { builtinPromises, layoutOf, leftOutOf, type Promises } from './promises.ts';
export { problemsOfLayout, type Layout } from './reading/layout.ts';
export { matchRecords } from './record-matching.ts';
