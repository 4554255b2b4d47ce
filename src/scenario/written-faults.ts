// Faults of one room that came by themselves, as JSON, without a scenario around them.

import { FlowrigError, type Problem } from '../core/errors.ts';
import type { Complain } from './complain.ts';
import { checkConditions, resolveFaults, type ResolvedFault } from './faults.ts';
import { kinds } from './kinds.ts';
import { scenarioSchema } from './schema.ts';
import { mistakesIn, unknownWord } from './validate.ts';

type Fault = Record<string, unknown>;

/** Reads a list of faults of `room`; throws every mistake at once, each with the path of its key. */
export function readWrittenFaults(written: unknown, room: string): ResolvedFault[] {
  const problems = Array.isArray(written)
    ? problemsOf(written, room)
    : [{ place: 'faults', message: 'This must be a JSON list of faults.' }];
  if (problems.length === 0) return resolveFaults(written as Fault[]);
  const count = problems.length === 1 ? 'is a mistake' : `are ${problems.length} mistakes`;
  throw new FlowrigError('bad-usage', `There ${count} in the faults. Those that were at work still are.`, {
    problems,
  });
}

function problemsOf(written: readonly unknown[], room: string): Problem[] {
  const problems: Problem[] = [];
  const complain: Complain = (path, message) => {
    problems.push({ place: path.join('.'), message });
  };
  for (const { path, message } of mistakesIn({ version: 1, faults: written }, scenarioSchema)) complain(path, message);
  const [known, here] = [kinds.faults, kinds.faults.filter(({ kind }) => kind.startsWith(`${room}.`))].map((list) =>
    list.map(({ kind }) => kind),
  ) as [string[], string[]];
  // What is no mapping was complained of; its place must not move the others'.
  const faults = written.map((fault) => (typeof fault === 'object' && fault !== null ? (fault as Fault) : {}));
  faults.forEach(({ kind }, index) => {
    if (typeof kind !== 'string' || !known.includes(kind) || here.includes(kind)) return;
    complain(['faults', index, 'kind'], unknownWord(`fault of the ${room}`, kind, here));
  });
  checkConditions(faults, complain);
  return problems;
}
