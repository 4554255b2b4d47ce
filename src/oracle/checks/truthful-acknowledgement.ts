// Success means delivered: when an invocation reports success, the sink has accepted every record that it owed.

import type { Finding } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { convict, firstPlace, plural, recordFinding } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'truthful-acknowledgement';
const id = 'untruthful-acknowledgement';

export const truthfulAcknowledgement = plainCheck(
  name,
  'an invocation that reports success has delivered what it owed by then',
  (evidence) => {
    const { comparison, timeline, examples } = evidence;
    const findings: Finding[] = [];
    const late = comparison.late.count;
    if (late > 0) {
      const summary =
        `${formatCount(late)} ${plural(late, 'record')} had their first accepted request end only after an invocation had ` +
        `reported success for them${firstPlace(examples.late)}`;
      findings.push(convict({ id, check: name, summary, witnesses: examples.late }));
    }
    let lost = 0;
    comparison.balances.missing.forEach((count, object) => {
      if (timeline.firstSuccessMs[object]! < Infinity) lost += count;
    });
    if (lost > 0) {
      const keys = new Set(
        evidence.corpus.objects.filter((o) => timeline.firstSuccessMs[o.index]! < Infinity).map((o) => o.key),
      );
      const witnesses = examples.missing.filter((witness) => keys.has(witness.key ?? ''));
      const summary =
        `${formatCount(lost)} ${plural(lost, 'record')} never arrived although an invocation had reported success for ` +
        `${lost === 1 ? 'it' : 'them'}${firstPlace(witnesses)}`;
      findings.push(recordFinding(evidence, { id, check: name, summary, witnesses }));
    }
    return findings;
  },
);
