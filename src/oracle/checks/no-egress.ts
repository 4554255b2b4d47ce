// The target reaches for SigNoz, AWS and nothing else. Unless this is asked for, who did otherwise is told of it and not convicted.

import type { Finding, Validity } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { plural, type Evidence } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'no-egress';
const hostsNamed = 5;
const httpsPort = 443;

export const noEgress = plainCheck(name, 'the target reaches for no host but those of SigNoz and AWS', (evidence) =>
  reachedForTheInternet(evidence, 'fail'),
);

/** One finding that names the hosts, the most wanted first; none where there are none. */
export function reachedForTheInternet({ egressRefused }: Evidence, validity: Validity): Finding[] {
  const counts = new Map<string, number>();
  for (const { host, port } of egressRefused) {
    const place = port === httpsPort ? host : `${host}:${port}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const byCount = [...counts].toSorted(([, a], [, b]) => b - a);
  const named = byCount
    .slice(0, hostsNamed)
    .map(([place, count]) => `${place} (${formatCount(count)} ${plural(count, 'time')})`);
  const rest = counts.size - named.length;
  const summary =
    `the target reached for ${named.join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more ${plural(rest, 'host')}` : ''}, ` +
    'and was refused: only SigNoz and AWS are stood for';
  return [{ id: 'reached-for-the-internet', check: name, validity, summary, witnesses: [] }];
}
