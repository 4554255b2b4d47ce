// An object that is cut or corrupt at rest must not be passed over in silence: a failed invocation or a dead letter says so.

import { formatCount } from '../../core/units.ts';
import type { CorpusObject } from '../../core/model/corpus.ts';
import type { Finding, Validity, Witness } from '../../core/model/result.ts';
import { plural } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'bad-objects-reported';

export const badObjectsReported = plainCheck(name, 'a damaged object makes an invocation fail', (evidence) => {
  const { timeline, corpus, bucket } = evidence;
  const unreported = corpus.objects.filter((object) => {
    const isReported = timeline.failures.has(object.index) || timeline.deadLettered[object.index] === 1;
    // Of an object that the store gave to nobody, nobody could see the damage.
    return object.condition === 'damaged' && !isReported && !timeline.withheld.has(object.index);
  });
  // A poller has no invocations: it says that it is done by deleting the message.
  const wasSeen = ({ index }: CorpusObject): boolean =>
    timeline.invocations.has(index) || timeline.firstSuccessMs[index]! < Infinity;
  const silent = unreported.filter(wasSeen);
  const unseen = unreported.filter((object) => !wasSeen(object));
  const findings: Finding[] = [];
  const add = (validity: Validity, objects: readonly CorpusObject[], what: string): void => {
    if (objects.length === 0) return;
    const lost = objects.reduce((sum, { linesLost = 0 }) => sum + linesLost, 0);
    const loss = lost > 0 ? `, and ${formatCount(lost)} ${plural(lost, 'record')} behind the damage never arrived` : '';
    const summary = `${formatCount(objects.length)} damaged ${plural(objects.length, 'object')} ${what}${loss}, the first at ${objects[0]!.key}`;
    const witnesses = objects.slice(0, 20).map((object) => ({ bucket, key: object.key, ...noteOfLoss(object) }));
    const id = validity === 'fail' ? 'bad-object-unreported' : 'bad-object-unobserved';
    findings.push({ id, check: name, validity, summary, witnesses });
  };
  add('fail', silent, 'went unreported: every invocation succeeded');
  add('unknown', unseen, 'had no invocation that ended');
  return findings;
});

/** Where the file ends for its readers. */
function noteOfLoss({ lineCount, linesLost = 0 }: CorpusObject): Pick<Witness, 'note'> {
  const [first, all] = [formatCount(lineCount + 1), formatCount(lineCount + linesLost)];
  if (linesLost > 1) return { note: `Records ${first} to ${all} of ${all} lie behind the damage.` };
  return linesLost === 1 ? { note: `Record ${first} of ${all} lies behind the damage.` } : {};
}
