// A bad object hurts no other: what no fault touched is delivered whole, whatever lies beside it in the batch or came before it.

import type { CorpusObject } from '../../core/model/corpus.ts';
import { formatCount } from '../../core/units.ts';
import { notMeasured, plural, recordFinding } from '../explanation/evidence.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import { plainCheck } from './check.ts';

const name = 'isolation';

export const isolation = plainCheck(
  name,
  'objects that no fault touched are delivered whole, whatever became of bad ones',
  (evidence) => {
    const { comparison, timeline, corpus, bucket } = evidence;
    const isBad = ({ index, condition }: CorpusObject): boolean =>
      condition !== 'intact' || timeline.touched[index] === 1;
    if (!corpus.objects.some(isBad)) return notMeasured(name, 'no object was bad, so there was nothing to keep apart');
    const lacking = ({ index }: CorpusObject): number =>
      comparison.balances.missing[index]! + comparison.balances.deadLettered[index]!;
    const hurt = corpus.objects.filter((object) => !isBad(object) && lacking(object) > 0);
    if (hurt.length === 0) return [];
    const records = hurt.reduce((sum, object) => sum + lacking(object), 0);
    const summary =
      `${formatCount(hurt.length)} healthy ${plural(hurt.length, 'object')} ${hurt.length === 1 ? 'lacks' : 'lack'} ` +
      `${formatCount(records)} ${plural(records, 'record')} in a run with bad ones, the first ${hurt[0]!.key}`;
    const witnesses = hurt
      .slice(0, witnessLimit)
      .map((object) => ({ bucket, key: object.key, note: `lacks ${formatCount(lacking(object))} records` }));
    return [recordFinding(evidence, { id: 'healthy-object-hurt', check: name, summary, witnesses })];
  },
);
