// `throughput > 20k records/s`: delivered records over the time from the first event sent to the last request accepted.

import { formatCount, parseRatePerS } from '../../core/units.ts';
import { convict, unmeasured } from '../explanation/evidence.ts';
import type { Check } from './check.ts';

export const throughput: Check = {
  name: 'throughput',
  form: 'throughput > RATE',
  summary: 'delivered records per second stay above a limit: throughput > 20k records/s',
  read(rest) {
    const match = /^>\s*(.+)$/.exec(rest);
    const limit = match ? parseRatePerS(match[1]!.replace(/\s*(records)?\/s$/, '/s')) : undefined;
    if (limit === undefined) return undefined;
    return (evidence) => {
      const actual = evidence.throughput.recordsPerS;
      if (actual === undefined) return unmeasured(evidence, `throughput ${rest}`);
      if (actual > limit) return [];
      const summary = `throughput is ${formatCount(actual)} records/s, not above ${formatCount(limit)} records/s`;
      return [convict({ id: 'too-slow', check: `throughput ${rest}`, summary, witnesses: [] })];
    };
  },
};
