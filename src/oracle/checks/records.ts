// Findings about records that the delivery checks share: what is lost, dead-lettered, strange or doubled.

import type { Cause, Finding, Witness } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { convict, firstPlace, plural, recordFinding, type Evidence } from '../explanation/evidence.ts';
import type { CopyClass } from '../comparison/timeline.ts';

const causesTold = 3;

/** Records that are owed and never arrived, and what the invocations of their objects say of it. */
export function lostRecords(evidence: Evidence, check: string): Finding[] {
  const { missing, expected } = evidence.tally;
  if (missing === 0) return [];
  const witnesses = evidence.examples.missing;
  const before = precedents(evidence, 'missing');
  const summary =
    `${formatCount(missing)} of ${formatCount(expected)} owed ${plural(expected, 'record')} never arrived` +
    firstPlace(witnesses) +
    (before === '' ? '' : `; ${before}`) +
    equalLines(evidence);
  return [recordFinding(evidence, { id: 'lost-records', check, summary, witnesses }), ...explain(evidence, check)];
}

/** Dead letters; with `forgiveTouched`, those of objects that a fault touched are a note. */
export function deadLetteredRecords(evidence: Evidence, check: string, forgiveTouched: boolean): Finding[] {
  let count = 0;
  let forgiven = 0;
  evidence.comparison.balances.deadLettered.forEach((records, object) => {
    if (forgiveTouched && evidence.timeline.touched[object] === 1) forgiven += records;
    else count += records;
  });
  return [...unforgivenDeadLetters(evidence, check, count), ...forgivenDeadLetters(evidence, check, forgiven)];
}

/** A forwarder that fails at every object of a situation passes so, by its promises: it must not do so in silence. */
function forgivenDeadLetters(evidence: Evidence, check: string, count: number): Finding[] {
  if (count === 0) return [];
  const before = precedents(evidence, 'deadLettered');
  const summary =
    `${formatCount(count)} of ${formatCount(evidence.tally.expected)} owed records ended in dead letters, which ${check} ` +
    `forgives where a fault touched the object${before === '' ? '' : `: ${before}`}`;
  return [{ id: 'dead-letters-forgiven', check, validity: 'pass', summary, witnesses: [] }];
}

function unforgivenDeadLetters(evidence: Evidence, check: string, count: number): Finding[] {
  if (count === 0) return [];
  const witnesses = evidence.examples.deadLettered;
  const summary =
    `${formatCount(count)} of ${formatCount(evidence.tally.expected)} owed records ended in dead letters` +
    firstPlace(witnesses);
  const finding = recordFinding(evidence, { id: 'dead-lettered-records', check, summary, witnesses });
  return evidence.tally.missing === 0 ? [finding, ...explain(evidence, check)] : [finding];
}

export function alteredRecords(evidence: Evidence, check: string): Finding[] {
  const { altered, expected } = evidence.tally;
  if (altered === 0) return [];
  const witnesses = evidence.examples.altered;
  const fields = [...evidence.alteredFields].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  const named = fields.length === 0 ? '' : ` in ${list(fields.slice(0, 5))}${fields.length > 5 ? ' and more' : ''}`;
  const summary =
    `${formatCount(altered)} of ${formatCount(expected)} owed records arrived altered${named}` + firstPlace(witnesses);
  return [recordFinding(evidence, { id: 'altered-records', check, summary, witnesses })];
}

/** The same for the delivery checks: where `fields-intact` judges too, it is left to that. */
export function alteredUnlessJudged(evidence: Evidence, check: string): Finding[] {
  return evidence.judged.has('fields-intact') ? [] : alteredRecords(evidence, check);
}

/** Arrivals that are owed by nobody; header lines are left to `header-not-sent` where that judges too. */
export function unexpectedRecords(evidence: Evidence, check: string): Finding[] {
  const headers = evidence.judged.has('header-not-sent') ? evidence.headerCount : 0;
  const count = evidence.tally.unexpected - headers;
  if (count === 0) return [];
  const unwanted = evidence.comparison.unwantedArrivals;
  const parts = [
    unwanted > 0 ? `${formatCount(unwanted)} of lines that the promises say to leave out` : '',
    evidence.blankCount > 0 ? `${formatCount(evidence.blankCount)} blank` : '',
  ].filter((part) => part !== '');
  const witnesses = evidence.examples.unexpected;
  const summary =
    `${formatCount(count)} ${plural(count, 'record')} arrived that nobody owed` +
    (parts.length > 0 ? `: ${parts.join(', ')}` : '') +
    firstPlace(witnesses);
  return [recordFinding(evidence, { id: 'unexpected-records', check, summary, witnesses })];
}

export const copyWords: Readonly<Record<CopyClass, string>> = {
  afterLostReply: 'after a reply that was lost',
  afterDuplicateEvent: 'after an event that came twice',
  afterFailedInvocation: 'after an invocation that failed and was retried',
  afterAcknowledgement: 'though the first copy was acknowledged',
};

/** Surplus copies of the classes that the check does not forgive. */
export function doubledRecords(evidence: Evidence, check: string, unforgiven: readonly CopyClass[]): Finding[] {
  const guilty = unforgiven.filter((name) => evidence.tally.duplicated[name] > 0);
  if (guilty.length === 0) return [];
  const count = guilty.reduce((sum, name) => sum + evidence.tally.duplicated[name], 0);
  const witnesses: Witness[] = guilty.flatMap((name) =>
    evidence.examples.doubled[name].map((witness) => ({ ...witness, note: `came again ${copyWords[name]}` })),
  );
  const causes = guilty.map((name) => `${formatCount(evidence.tally.duplicated[name])} ${copyWords[name]}`);
  const summary =
    `${formatCount(count)} surplus ${count === 1 ? 'copy' : 'copies'} arrived: ${causes.join(', ')}` +
    firstPlace(witnesses) +
    equalLines(evidence);
  return [convict({ id: 'doubled-records', check, summary, witnesses: witnesses.slice(0, 20) })];
}

/** What preceded, where anything did: `500 after sink.status refused their request with 429, 3 though nothing went wrong before`. */
function precedents({ causes }: Evidence, difference: Cause['of']): string {
  const own = causes.filter(({ of }) => of === difference);
  if (own.every(({ id }) => id === 'forwarder')) return '';
  const told = own.slice(0, causesTold).map(({ count, text }) => `${formatCount(count)} ${text}`);
  return `${told.join(', ')}${own.length > causesTold ? ' and more' : ''}`;
}

function equalLines(evidence: Evidence): string {
  const sets = evidence.comparison.equalLines;
  if (sets === 0) return '';
  return `; ${formatCount(sets)} ${plural(sets, 'set')} of equal lines ${sets === 1 ? 'was' : 'were'} attributed in object order`;
}

/** Failed invocations of objects that lack records, one finding for each way to fail: they explain the loss. */
function explain(evidence: Evidence, check: string): Finding[] {
  const { balances } = evidence.comparison;
  const byError = new Map<
    string,
    { count: number; objects: Set<number>; message: string; output?: string; phase: boolean }
  >();
  for (const [object, failures] of evidence.timeline.failures) {
    if (balances.missing[object]! + balances.deadLettered[object]! === 0) continue;
    for (const fact of failures) {
      const name = fact.errorType ?? fact.status;
      const entry = byError.get(name) ?? { count: 0, objects: new Set(), message: '', phase: isInitialisation(name) };
      entry.count += 1;
      entry.objects.add(object);
      entry.message ||= fact.message ?? '';
      if (fact.lastOutput) entry.output = fact.lastOutput;
      byError.set(name, entry);
    }
  }
  return [...byError].map(([name, entry]) => {
    const objects = entry.objects.size;
    const summary =
      `${formatCount(entry.count)} ${plural(entry.count, 'invocation')} of ${formatCount(objects)} ` +
      `${plural(objects, 'object')} that ${objects === 1 ? 'lacks' : 'lack'} records ended with ${name}` +
      (entry.message === '' ? '' : `: ${entry.message}`);
    const witnesses = [...entry.objects].slice(0, 20).map((object, i) => ({
      bucket: evidence.bucket,
      key: evidence.corpus.objects[object]!.key,
      ...(i === 0 && entry.output !== undefined ? { note: `last output of the forwarder:\n${entry.output}` } : {}),
    }));
    const id = entry.phase ? 'initialisation-failed' : 'invocation-failed';
    return recordFinding(evidence, { id, check, summary, witnesses });
  });
}

/** Errors of Lambda's own that mean that the handler never ran (AWS Lambda Developer Guide, "Troubleshoot invocation issues"). */
function isInitialisation(errorType: string): boolean {
  return /^Runtime\.(ImportModuleError|HandlerNotFound|UserCodeSyntaxError|MalformedHandlerName|InvalidEntrypoint)$|^Init/.test(
    errorType,
  );
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
