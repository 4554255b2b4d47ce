// `throughput per cpu-s > 60k`: delivered records for each second of CPU that the target's processes took: what a Lambda costs.

import { formatCount, parseCount } from '../../core/units.ts';
import { convict, notMeasured } from '../explanation/evidence.ts';
import type { Check } from './check.ts';

export const throughputPerCpuS: Check = {
  name: 'throughput per cpu-s',
  form: 'throughput per cpu-s > COUNT',
  summary: 'delivered records per CPU-second of the target stay above a limit: throughput per cpu-s > 60k',
  read(rest) {
    const match = /^>\s*(\S+?)(?:\s+records)?$/.exec(rest);
    const limit = match ? parseCount(match[1]!) : undefined;
    if (limit === undefined) return undefined;
    const check = `throughput per cpu-s ${rest}`;
    return ({ throughput, tally }) => {
      const actual = throughput.recordsPerCpuS;
      if (actual === undefined) {
        return tally.expected === 0
          ? []
          : notMeasured(check, 'nothing was delivered, or the CPU of this target is not measured');
      }
      if (actual > limit) return [];
      const summary = `the target delivered ${formatCount(actual)} records per CPU-second, not more than ${formatCount(limit)}`;
      return [convict({ id: 'too-much-cpu', check, summary, witnesses: [] })];
    };
  },
};
