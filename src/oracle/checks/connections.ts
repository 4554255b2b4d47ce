// `connections < 17`: how many connections to SigNoz were open at once, of all sandboxes together.

import { parseCount } from '../../core/units.ts';
import { convict } from '../explanation/evidence.ts';
import type { Check } from './check.ts';

export const connections: Check = {
  name: 'connections',
  form: 'connections < COUNT',
  summary: 'fewer connections to SigNoz than this are open at once: connections < 17',
  read(rest) {
    const match = /^<\s*(\S+)$/.exec(rest);
    const limit = match ? parseCount(match[1]!) : undefined;
    if (limit === undefined) return undefined;
    return ({ deliveries }) => {
      const most = deliveries.reduce((max, delivery) => Math.max(max, delivery.connections ?? 0), 0);
      if (most < limit) return [];
      const first = deliveries.find((delivery) => (delivery.connections ?? 0) >= limit)!;
      const summary = `${most} connections to SigNoz were open at once, not fewer than ${limit}`;
      const witnesses = [
        { deliveries: [first.sequence], note: `${first.connections} were open when this request came` },
      ];
      return [convict({ id: 'too-many-connections', check: `connections ${rest}`, summary, witnesses })];
    };
  },
};
