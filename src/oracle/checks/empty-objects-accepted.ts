// Empty, header-only and foreign files owe nothing, and an invocation for one of them has no reason to fail.

import type { InvocationFact } from '../../core/model/invocation.ts';
import { formatCount } from '../../core/units.ts';
import { convict, plural } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'empty-objects-accepted';

export const emptyObjectsAccepted = plainCheck(name, 'an invocation for an empty file succeeds', (evidence) => {
  const { timeline, corpus, bucket } = evidence;
  const isUsual = (index: number): boolean =>
    corpus.objects[index]!.condition === 'empty' && timeline.hindered[index] === 0;
  // It may have failed for what lay beside the file in its event.
  const isOwn = ({ objects, answersForEach }: InvocationFact): boolean =>
    answersForEach === true || objects.every(isUsual);
  const refused = corpus.objects.filter(({ index }) => {
    const hasFailed = timeline.failures.get(index)?.some(isOwn) === true;
    return isUsual(index) && hasFailed && timeline.firstSuccessMs[index] === Infinity;
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
