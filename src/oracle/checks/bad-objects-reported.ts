// An object that is cut or corrupt at rest must not be passed over in silence: a failed invocation or a dead letter says so.

import { formatCount } from '../../core/units.ts';
import { convict, plural } from '../evidence.ts';
import { plainCheck } from './check.ts';

const name = 'bad-objects-reported';

export const badObjectsReported = plainCheck(name, 'a damaged object makes an invocation fail', (evidence) => {
  const { timeline, corpus, bucket } = evidence;
  const silent = corpus.objects.filter((object) => {
    if (object.condition !== 'damaged') return false;
    const ended = timeline.invocations.get(object.index) ?? [];
    return (
      ended.length > 0 &&
      ended.every((fact) => fact.status === 'succeeded') &&
      timeline.deadLettered[object.index] === 0
    );
  });
  if (silent.length === 0) return [];
  const summary =
    `${formatCount(silent.length)} damaged ${plural(silent.length, 'object')} went unreported: every invocation succeeded, ` +
    `the first at ${silent[0]!.key}`;
  const witnesses = silent.slice(0, 20).map((object) => ({ bucket, key: object.key }));
  return [convict({ id: 'bad-object-unreported', check: name, summary, witnesses })];
});
