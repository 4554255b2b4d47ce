// An object that is cut or corrupt at rest must not be passed over in silence: a failed invocation or a dead letter says so.

import { formatCount } from '../../core/units.ts';
import type { CorpusObject } from '../../core/model/corpus.ts';
import type { Finding, Validity } from '../../core/model/result.ts';
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
    const summary = `${formatCount(objects.length)} damaged ${plural(objects.length, 'object')} ${what}, the first at ${objects[0]!.key}`;
    const witnesses = objects.slice(0, 20).map((object) => ({ bucket, key: object.key }));
    const id = validity === 'fail' ? 'bad-object-unreported' : 'bad-object-unobserved';
    findings.push({ id, check: name, validity, summary, witnesses });
  };
  add('fail', silent, 'went unreported: every invocation succeeded');
  add('unknown', unseen, 'had no invocation that ended');
  return findings;
});
