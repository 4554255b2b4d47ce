// `memory < 200MB`: the most memory that the target's processes took at once.

import { formatBytes, parseSizeBytes } from '../../core/units.ts';
import { convict, notMeasured } from '../explanation/evidence.ts';
import { readLimit, type Check } from './check.ts';

export const memory: Check = {
  name: 'memory',
  form: 'memory < SIZE',
  summary: "the target's peak memory stays below a limit: memory < 200MB",
  read(rest) {
    const limit = readLimit(rest, parseSizeBytes);
    if (limit === undefined) return undefined;
    const check = `memory ${rest}`;
    return ({ resources }) => {
      if (!resources) return notMeasured(check, 'the memory of this target is not measured');
      if (resources.rssPeakBytes < limit) return [];
      const summary = `the target took ${formatBytes(resources.rssPeakBytes)} of memory at its peak, not less than ${formatBytes(limit)}`;
      return [convict({ id: 'too-much-memory', check, summary, witnesses: [] })];
    };
  },
};
