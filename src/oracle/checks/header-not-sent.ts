// A file's header line is no record.

import { formatCount } from '../../core/units.ts';
import { plural, recordFinding } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'header-not-sent';

export const headerNotSent = plainCheck(name, 'no header line arrives as a record', (evidence) => {
  const count = evidence.headerCount;
  if (count === 0) return [];
  const summary = `${formatCount(count)} header ${plural(count, 'line')} arrived as ${plural(count, 'record')}`;
  return [recordFinding(evidence, { id: 'header-sent', check: name, summary, witnesses: evidence.examples.header })];
});
