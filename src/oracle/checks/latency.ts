// `latency p99 < 5s`: from an object's due time, or the end of its PUT, to the last byte of the request that first delivered
// the record intact.

import { formatMs, parseDurationMs } from '../../core/units.ts';
import { convict, unmeasured } from '../explanation/evidence.ts';
import type { Check } from './check.ts';

export const latency: Check = {
  name: 'latency',
  form: 'latency pNN < DURATION',
  summary: 'a quantile of the delivery latency stays below a limit: latency p99 < 5s',
  read(rest) {
    const match = /^p(\d+(?:\.\d+)?|max)\s*<\s*(.+)$/.exec(rest.replace(/^max\b/, 'pmax'));
    const limitMs = match ? parseDurationMs(match[2]!) : undefined;
    if (!match || limitMs === undefined) return undefined;
    const share = match[1] === 'max' ? 1 : shareOf(match[1]!);
    if (share === undefined) return undefined;
    return (evidence) => {
      const histogram = evidence.latency;
      if (histogram.count === 0) return unmeasured(evidence, `latency ${rest}`);
      const actualMs = histogram.quantileMs(share);
      if (actualMs < limitMs) return [];
      const summary = `latency ${match[1] === 'max' ? 'max' : `p${match[1]}`} is ${formatMs(actualMs)}, not below ${formatMs(limitMs)}`;
      return [convict({ id: 'too-late', check: `latency ${rest}`, summary, witnesses: [] })];
    };
  },
};

/** `p99` is 0.99, and so are `p999` 0.999 and `p99.9`. */
function shareOf(digits: string): number | undefined {
  const share = digits.includes('.') ? Number(digits) / 100 : Number(`0.${digits}`);
  return share > 0 && share < 1 ? share : undefined;
}
