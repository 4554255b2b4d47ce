// `timestamp = end within 1s`: SigNoz shows and finds a record by its timestamp, so it must be the flow's own time and not that of its
// arrival, in the right unit.

import type { Finding, Witness } from '../../core/model/result.ts';
import { formatCount, formatInstant, formatMs, parseDurationMs } from '../../core/units.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { convict, notMeasured, plural, type Evidence } from '../explanation/evidence.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import type { Check, ObservingJudge, SeenRecord } from './check.ts';

/** Latest instant that can be shown: the end of the year 9999. */
const latestMs = 253_402_300_799_999;

export const timestamp: Check = {
  name: 'timestamp',
  form: 'timestamp = start|end within DURATION',
  summary: "each record's timestamp is its flow's start or end: timestamp = end within 1s",
  read(rest) {
    const match = /^=\s*(start|end)\s+within\s+(\S+)$/.exec(rest);
    const toleranceMs = match ? parseDurationMs(match[2]!) : undefined;
    if (!match || toleranceMs === undefined) return undefined;
    return openJudge(match[1]!, toleranceMs, `timestamp ${rest}`);
  },
};

function openJudge(field: string, toleranceMs: number, check: string): ObservingJudge {
  let judged = 0;
  let wrong = 0;
  let without = 0;
  const witnesses: Witness[] = [];
  return {
    onRecord(record) {
      if (!record.kept || record.kind !== arrivalKinds.record) return;
      const ownMs = Number(record.valueOf(field)) * 1000;
      if (Number.isNaN(ownMs)) return;
      judged += 1;
      const { timestampMs } = record.view;
      if (Math.abs(timestampMs - ownMs) <= toleranceMs) return;
      wrong += 1;
      if (Number.isNaN(timestampMs)) without += 1;
      if (witnesses.length < witnessLimit) witnesses.push(witnessOf(record, field, ownMs));
    },
    judge(evidence): Finding[] {
      // A field that only the timestamp carries is altered where the timestamp is wrong.
      const altered = onlyByTimestamp(evidence, field) ? (evidence.alteredFields.get(field) ?? 0) : 0;
      if (judged === 0)
        return evidence.tally.expected === 0 ? [] : notMeasured(check, `no record arrived with its ${field}`);
      const count = wrong + altered;
      if (count === 0) return [];
      const none = without === 0 ? '' : `, ${formatCount(without)} of them without any`;
      const summary =
        `${formatCount(count)} of ${formatCount(judged)} ${plural(judged, 'record')} arrived with a timestamp that is not ` +
        `within ${formatMs(toleranceMs)} of ${field}${none}`;
      return [
        convict({ id: 'timestamp-off', check, summary, witnesses: wrong > 0 ? witnesses : evidence.examples.altered }),
      ];
    },
  };
}

function onlyByTimestamp({ fields }: Evidence, field: string): boolean {
  const names = fields.find((row) => row.field === field)?.names ?? [];
  return names.length === 1 && names[0] === 'timestamp';
}

function witnessOf({ view, delivery, line }: SeenRecord, field: string, ownMs: number): Witness {
  const isShown = Math.abs(view.timestampMs) <= latestMs;
  const stamp = Number.isNaN(view.timestampMs)
    ? 'it has no timestamp, so SigNoz takes the time of its arrival'
    : `its timestamp is ${isShown ? formatInstant(view.timestampMs) : `${view.timestampMs} ms`}`;
  const own = Math.abs(ownMs) <= latestMs ? formatInstant(ownMs) : `${ownMs} ms`;
  return { arrived: line(), deliveries: [delivery.sequence], note: `${stamp}; its ${field} is ${own}` };
}
