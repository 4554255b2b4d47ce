// What could not be delivered is kept for a second try: each object that lacks records, and each damaged one, lies in a dead-letter
// queue or an on-failure destination. A failed invocation alone leaves nothing to send again.

import { formatCount } from '../../core/units.ts';
import { plural, recordFinding } from '../explanation/evidence.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import { plainCheck } from './check.ts';

const name = 'dead-lettered';

export const deadLettered = plainCheck(
  name,
  'an object that lacks records or is damaged lies in dead letters',
  (evidence) => {
    const { comparison, timeline, corpus, bucket } = evidence;
    const gone = corpus.objects.filter(({ index, condition }) => {
      const isWhole = comparison.balances.missing[index] === 0 && condition !== 'damaged';
      return !isWhole && timeline.deadLettered[index] === 0;
    });
    if (gone.length === 0) return [];
    const lines = gone.reduce((sum, { index }) => sum + comparison.balances.missing[index]!, 0);
    const summary =
      `${formatCount(gone.length)} ${plural(gone.length, 'object')} with ${formatCount(lines)} undelivered ` +
      `${plural(lines, 'record')} ${gone.length === 1 ? 'lies' : 'lie'} in no dead letter, the first ${gone[0]!.key}`;
    const witnesses = gone.slice(0, witnessLimit).map(({ key, index, condition }) => {
      const lacks = `lacks ${formatCount(comparison.balances.missing[index]!)} records`;
      return { bucket, key, note: condition === 'damaged' ? 'damaged' : lacks };
    });
    return [recordFinding(evidence, { id: 'not-dead-lettered', check: name, summary, witnesses })];
  },
);
