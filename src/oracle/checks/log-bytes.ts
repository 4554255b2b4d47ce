// `log-bytes < 10kB`: what the target logged in the whole run. CloudWatch Logs charges by it, and whoever prints each record pays twice.

import { formatBytes, parseSizeBytes } from '../../core/units.ts';
import { convict, notMeasured } from '../explanation/evidence.ts';
import { readLimit, type Check } from './check.ts';

export const logBytes: Check = {
  name: 'log-bytes',
  form: 'log-bytes < SIZE',
  summary: 'the target logs less than this in the whole run: log-bytes < 10kB',
  read(rest) {
    const limit = readLimit(rest, parseSizeBytes);
    if (limit === undefined) return undefined;
    const check = `log-bytes ${rest}`;
    return ({ resources, tally }) => {
      const size = resources?.logBytes;
      if (size === undefined) return notMeasured(check, "the rig does not keep this target's log");
      if (size < limit) return [];
      const each = tally.expected === 0 ? '' : `, ${(size / tally.expected).toPrecision(2)} bytes for each owed record`;
      const summary = `the target logged ${formatBytes(size)}${each}, not less than ${formatBytes(limit)}`;
      return [convict({ id: 'too-much-log', check, summary, witnesses: [] })];
    };
  },
};
