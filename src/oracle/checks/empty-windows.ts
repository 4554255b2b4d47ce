// What the four checks of NODATA and SKIPDATA lines share: whether lines of a status arrive, all of them or none. They look at the
// lines themselves, so that they judge under any promise.

import type { Finding, Witness } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { convict, notMeasured, plural, recordFinding } from '../explanation/evidence.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import type { Check, SeenLine } from './check.ts';

type Status = 'NODATA' | 'SKIPDATA';

/** `nodata-forwarded` and the like. */
export function emptyWindowCheck(status: Status, fate: 'forwarded' | 'dropped'): Check {
  const name = `${status.toLowerCase()}-${fate}`;
  const summary = fate === 'forwarded' ? `every ${status} line arrives` : `no ${status} line arrives`;
  return { name, form: name, summary, read: (rest) => (rest === '' ? openJudge(name, status, fate) : undefined) };
}

function openJudge(name: string, status: Status, fate: 'forwarded' | 'dropped'): ReturnType<Check['read']> {
  const wrong: { object: number; line: number; text: string }[] = [];
  let lines = 0;
  let wrongLines = 0;
  const onLine = (seen: SeenLine): void => {
    if (seen.valueOf('log-status') !== status) return;
    lines += 1;
    if (seen.hasArrived === (fate === 'forwarded')) return;
    wrongLines += 1;
    if (wrong.length < witnessLimit) wrong.push({ object: seen.object, line: seen.line, text: seen.text() });
  };
  return {
    onLine,
    judge(evidence): Finding[] {
      if (lines === 0) return notMeasured(name, `the corpus has no ${status} line`);
      if (wrongLines === 0) return [];
      const what = fate === 'forwarded' ? 'never arrived' : 'arrived';
      const summary = `${formatCount(wrongLines)} of ${formatCount(lines)} ${status} ${plural(lines, 'line')} ${what}`;
      const witnesses = wrong.map(({ object, line, text }): Witness => {
        return { bucket: evidence.bucket, key: evidence.corpus.objects[object]!.key, line, text };
      });
      const finding = {
        id: `${status.toLowerCase()}-${fate === 'forwarded' ? 'lost' : 'sent'}`,
        check: name,
        summary,
        witnesses,
      };
      // That something arrived needs no more proof; that it did not, does.
      return [fate === 'forwarded' ? recordFinding(evidence, finding) : convict(finding)];
    },
  };
}
