// Whatever arrives is a line of the corpus, be it owed or not: no header, no blank record, no invention, no changed copy.

import type { Finding } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { plural, recordFinding } from '../explanation/evidence.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import { plainCheck } from './check.ts';

const name = 'junk-free';

export const junkFree = plainCheck(name, 'nothing arrives that is no line of the corpus', (evidence): Finding[] => {
  const { unmatched } = evidence.comparison;
  const kinds = [
    ['header', arrivalKinds.header],
    ['blank', arrivalKinds.blank],
    ['of no known layout', arrivalKinds.unexplained],
    ['that stand nowhere in the corpus', arrivalKinds.record],
  ] as const;
  const count = unmatched.reduce((sum, arrivals) => sum + arrivals.count, 0);
  if (count === 0) return [];
  const parts = kinds.flatMap(([words, kind]) => {
    const some = unmatched[kind].count;
    return some === 0 ? [] : [`${formatCount(some)} ${words}`];
  });
  const summary = `${formatCount(count)} ${plural(count, 'record')} arrived that ${count === 1 ? 'is' : 'are'} no line of the corpus: ${parts.join(', ')}`;
  const { header, unexpected } = evidence.examples;
  const strange = unexpected.filter((witness) => witness.text === undefined);
  const witnesses = [...header, ...strange].slice(0, witnessLimit);
  return [recordFinding(evidence, { id: 'junk-arrived', check: name, summary, witnesses })];
});
