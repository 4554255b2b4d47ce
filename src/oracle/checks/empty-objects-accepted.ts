// Empty, header-only and foreign files owe nothing, and an invocation for one of them has no reason to fail.

import { formatCount } from '../../core/units.ts';
import { convict, plural } from '../evidence.ts';
import { plainCheck } from './check.ts';

const name = 'empty-objects-accepted';

export const emptyObjectsAccepted = plainCheck(name, 'an invocation for an empty file succeeds', (evidence) => {
  const { timeline, corpus, bucket } = evidence;
  const refused = corpus.objects.filter((object) => {
    const hasFailed = timeline.failures.has(object.index);
    return object.condition === 'empty' && hasFailed && timeline.firstSuccessMs[object.index] === Infinity;
  });
  if (refused.length === 0) return [];
  const summary =
    `${formatCount(refused.length)} ${plural(refused.length, 'file')} without records made every invocation fail, ` +
    `the first at ${refused[0]!.key}`;
  const witnesses = refused.slice(0, 20).map((object) => {
    const message = timeline.failures.get(object.index)?.[0]?.message;
    return { bucket, key: object.key, ...(message === undefined ? {} : { note: message }) };
  });
  return [convict({ id: 'empty-object-refused', check: name, summary, witnesses })];
});
