// What arrived is also shown: SigNoz stores no record that is older than 15 days when it comes, and answers 200 all the same
// (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter/exporter.go).

import { formatCount } from '../../core/units.ts';
import { convict, plural } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'visible-in-signoz';

export const visibleInSignoz = plainCheck(
  name,
  'no record was too old for SigNoz to store when it came',
  ({ tooOld: { count, witnesses } }) => {
    if (count === 0) return [];
    const first = witnesses[0];
    const summary =
      `${formatCount(count)} ${plural(count, 'record')} arrived with a timestamp more than 15 days ago: SigNoz drops them behind its 200` +
      (first ? `, the first in request ${first.deliveries![0]}` : '');
    return [convict({ id: 'invisible-in-signoz', check: name, summary, witnesses })];
  },
);
