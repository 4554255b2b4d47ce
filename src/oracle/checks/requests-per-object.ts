// `requests per object < 12`: requests to SigNoz, refused ones too, in parts of the objects stored. One record a request costs a
// round trip each; retries without end show here as well.

import { parseCount } from '../../core/units.ts';
import { convict, notMeasured } from '../explanation/evidence.ts';
import { readLimit, type Check } from './check.ts';

export const requestsPerObject: Check = {
  name: 'requests per object',
  form: 'requests per object < COUNT',
  summary: 'on average fewer requests to SigNoz than this are sent for an object: requests per object < 12',
  read(rest) {
    const limit = readLimit(rest, (text) => parseCount(text) ?? undefined);
    if (limit === undefined) return undefined;
    const check = `requests per object ${rest}`;
    return ({ deliveries, timeline }) => {
      if (timeline.storedCount === 0) return notMeasured(check, 'no object was stored');
      const mean = deliveries.length / timeline.storedCount;
      if (mean < limit) return [];
      const summary = `${deliveries.length} requests were sent for ${timeline.storedCount} objects, ${mean.toFixed(1)} each, not fewer than ${limit}`;
      return [convict({ id: 'too-many-requests', check, summary, witnesses: [] })];
    };
  },
};
