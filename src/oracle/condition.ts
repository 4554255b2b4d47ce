// Conditions on a record: `action = REJECT`, `dstport in [22, 3389] and bytes > 1000`.

import { nearestWord } from '../core/errors.ts';
import { knownFields } from './reading/field-names.ts';

/** Judges a record whose values `valueOf` tells by field name; an absent field is `-`. */
export type Condition = (valueOf: (field: string) => string) => boolean;

const clausePattern = /^([a-z][a-z\d-]*)\s*(=|!=|<=|>=|<|>|in\b)\s*(.+)$/;

/**
 * Reads a condition: clauses `field operator value` joined by `and`; operators `= != < <= > >= in [a, b]`. Returns a problem,
 * with the nearest right word where one is near.
 */
export function parseCondition(
  text: string,
): { condition: Condition; fields: readonly string[] } | { problem: string; nearest?: string } {
  const clauses: Condition[] = [];
  const fields: string[] = [];
  for (const part of text.split(/\s+and\s+/)) {
    const match = clausePattern.exec(part.trim());
    if (!match)
      return {
        problem: `"${part.trim()}" is no condition; write one such as "action = REJECT" or "dstport in [22, 3389]"`,
      };
    const [, field, operator, operand] = match as unknown as [string, string, string, string];
    const names = knownFields.map((known) => known.name);
    if (!names.includes(field)) {
      const nearest = nearestWord(field, names);
      return { problem: `"${field}" is no field of a flow log`, ...(nearest === undefined ? {} : { nearest }) };
    }
    const clause = clauseOf(field, operator, operand.trim());
    if (!clause) return { problem: `"${operand.trim()}" does not fit "${operator}" in "${part.trim()}"` };
    clauses.push(clause);
    fields.push(field);
  }
  return { condition: (valueOf) => clauses.every((clause) => clause(valueOf)), fields };
}

function clauseOf(field: string, operator: string, operand: string): Condition | undefined {
  if (operator === 'in') {
    const list = /^\[(.*)\]$/.exec(operand)?.[1]?.split(',');
    if (!list) return undefined;
    const values = new Set(list.map((value) => value.trim()));
    return (valueOf) => values.has(valueOf(field));
  }
  if (operator === '=') return (valueOf) => valueOf(field) === operand;
  if (operator === '!=') return (valueOf) => valueOf(field) !== operand;
  const bound = Number(operand);
  if (Number.isNaN(bound)) return undefined;
  const compare: Readonly<Record<string, (value: number) => boolean>> = {
    '<': (value) => value < bound,
    '<=': (value) => value <= bound,
    '>': (value) => value > bound,
    '>=': (value) => value >= bound,
  };
  // `-` is no number and fits no comparison.
  return (valueOf) => compare[operator]!(Number(valueOf(field)));
}
