// The verdict on a run: compares corpus and ledger, names what differs, asks every check, and says what cannot be proved.

import { quantilesOf } from '../core/histogram.ts';
import type { Corpus } from '../core/model/corpus.ts';
import type { Delivery } from '../core/model/delivery.ts';
import type { RunFact } from '../core/model/invocation.ts';
import type { Cause, FieldReport, LayoutReport, RunResult, Tally, Verdict } from '../core/model/result.ts';
import type { TargetResources } from '../core/model/trigger.ts';
import { formatCount } from '../core/units.ts';
import { explainDifferences } from './explanation/causes.ts';
import { accountsOf, requireBalance, settleDeadLetters, tallyOf, type Accounts } from './balance.ts';
import type { Carriage } from './reading/carriage.ts';
import { compare } from './comparison/compare.ts';
import type { Comparison } from './comparison/comparison.ts';
import { CorpusLines } from './ledger/corpus-lines.ts';
import { listDifferences, type Difference } from './explanation/differences.ts';
import { doubtsOf } from './doubts.ts';
import { plural, type Evidence } from './explanation/evidence.ts';
import { gatherExamples } from './explanation/examples.ts';
import { fieldSchema, type FieldSchema } from './reading/field-schema.ts';
import { examineAltered, fieldReports } from './explanation/field-reports.ts';
import { latencyOverTime } from './comparison/latency-over-time.ts';
import { findLastRequests } from './explanation/last-requests.ts';
import type { Ledger } from './ledger/ledger.ts';
import { observe } from './observation.ts';
import { lostFields } from './comparison/missing-fields.ts';
import { pairAltered } from './comparison/pairing.ts';
import { leftOutOf, type Promises } from './promises.ts';
import { rebookIfNeeded } from './ledger/rebooking.ts';
import { refusedRecords } from './explanation/refused-records.ts';
import { arrivalKinds } from './reading/arrival-reader.ts';
import { timelineOf, type Timeline } from './comparison/timeline.ts';
import { gatherTooOld } from './explanation/too-old.ts';
import { markTouched } from './explanation/touching.ts';
import { tellStories } from './explanation/stories.ts';
import { reachVerdict, readExpectations } from './verdict.ts';
import type { ReadRecords } from './ledger/arrival-access.ts';

export interface JudgeInput {
  readonly corpus: Corpus;
  readonly bucket: string;
  readonly facts: readonly RunFact[];
  readonly deliveries: readonly Delivery[];
  /** Whether the archive holds every body that the sink received. */
  readonly archiveComplete: boolean;
  readonly ledger: Ledger;
  /** Lines of the corpus were booked into the ledger's folder under these promises. */
  readonly isCorpusBooked?: boolean;
  /** Shows the records of a delivery again, kept or refused, from the archive. */
  readonly readRecords: ReadRecords;
  readonly promises: Promises;
  /** Entries of the scenario's `expect`, validated before. */
  readonly expect: readonly string[];
  /** Kinds of the faults that the scenario asks for. */
  readonly faultsConfigured: readonly string[];
  readonly faultsFired: Readonly<Record<string, number>>;
  /** Sees each record that was lost, altered, doubled or unexpected. */
  readonly onDifference?: (difference: Difference) => void;
  /** What the target took, where that was measured. */
  readonly resources?: TargetResources;
}

export interface Judgement extends Accounts {
  readonly tally: Tally;
  readonly throughput?: NonNullable<RunResult['throughput']>;
  readonly latencyMs?: NonNullable<RunResult['latencyMs']>;
  readonly verdict: Verdict;
  /** Field of the flow log to the names it arrived under. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly layout: LayoutReport;
  readonly causes: readonly Cause[];
  readonly warnings: readonly string[];
  /** Bytes of uncompressed log text. */
  readonly corpusBytes: number;
}

/** Exact at any number of differences; memory stays at some tens of MB. */
export async function judge(input: JudgeInput): Promise<Judgement> {
  const { corpus, promises } = input;
  await using rebooked = await rebookIfNeeded(input);
  const ledger = rebooked.ledger;
  const { carriage, leftOut, absent, schema, isWhole } = identityOf(ledger, promises);
  const timeline = timelineOf(corpus.objects.length, input.facts, input.deliveries);
  const { withheld } = timeline;
  const openLines = (): CorpusLines => new CorpusLines(schema, { promises, withheld, seed: ledger.options.seed });
  const lines = openLines();
  const bookFolder = input.isCorpusBooked && isWhole ? input.ledger.options.folder : undefined;
  const comparison = await compare({ corpus, lines, ledger, timeline, bookFolder });
  const known = { ...input, ledger, lines, comparison, timeline, refused: refusedRecords({ ...input, ledger }) };
  const pairing = await pairAltered({ ...known, schema });
  const examination = await examineAltered({ ...known, schema, pairing });
  settleDeadLetters(comparison, timeline);
  requireBalance(comparison.balances, corpus);
  await markTouched(known);
  const requests = await findLastRequests(known);
  const causes = explainDifferences({ ...known, requests });
  const tally = tallyOf(comparison);
  const expectations = readExpectations(input.expect, promises);
  await observe(
    expectations.flatMap(({ observer }) => observer ?? []),
    known,
  );
  const unheard = absent.filter((name) => !leftOut.has(name) && lines.hasValues(name));
  const fields = fieldReports({ schema, carriage, promises, pairing, examination, delivered: tally.delivered });
  const throughput = measureThroughput(input, { comparison, timeline, delivered: tally.delivered });
  const examples = await gatherExamples({ ...known, pairing, examination, requests });
  const evidence: Evidence = {
    corpus,
    bucket: input.bucket,
    promises,
    judged: new Set(),
    tally,
    comparison,
    timeline,
    doubts: doubtsOf({ ...known, tally, examples }),
    tooOld: await gatherTooOld(known),
    examples,
    headerCount: comparison.unmatched[arrivalKinds.header].count,
    blankCount: comparison.unmatched[arrivalKinds.blank].count,
    alteredFields: pairing.fields,
    fieldsMissing: ledger.kinds.record === 0 ? [] : await lostFields(unheard, known, openLines),
    fields,
    causes,
    latency: comparison.latency,
    throughput,
    ...(input.resources ? { resources: input.resources } : {}),
    deliveries: input.deliveries,
    invocations: input.facts.filter((fact) => fact.type === 'invocation'),
    egressRefused: input.facts.filter((fact) => fact.type === 'egress-refused'),
  };
  await listDifferences({ ...known, pairing });
  const verdict = reachVerdict(evidence, { ...input, expectations });
  return {
    tally,
    ...accountsOf(comparison, timeline),
    ...(Object.keys(throughput).length === 0 ? {} : { throughput }),
    ...latencyOf(comparison, input.deliveries),
    verdict: { ...verdict, findings: await tellStories(verdict.findings, known) },
    mapping: mappingOf(fields),
    layout: layoutOf(ledger, fields, examination.examined),
    causes,
    warnings: [...equalLinesWarning(comparison), ...ambiguityWarning(input.deliveries)],
    corpusBytes: comparison.corpusBytes,
  };
}

interface Identity {
  readonly carriage: readonly Carriage[];
  readonly leftOut: ReadonlySet<string>;
  /** Fields that nothing carried. */
  readonly absent: readonly string[];
  readonly schema: FieldSchema;
  /** No field is left out but by the promises. */
  readonly isWhole: boolean;
}

/** By which fields lines are compared: without those that the promises leave out, and those that nothing carried. */
function identityOf(ledger: Ledger, promises: Promises): Identity {
  const carriage = ledger.carriage();
  const leftOut = new Set(leftOutOf(promises));
  const absent = ledger.schema.fields.filter((_, field) => carriage[field]!.count === 0);
  const masked = ledger.kinds.record === 0 ? leftOut : new Set([...leftOut, ...absent]);
  const { fields, layout } = ledger.options;
  const isWhole = masked.size === leftOut.size;
  return { carriage, leftOut, absent, schema: fieldSchema(fields, masked, layout), isWhole };
}

function latencyOf(comparison: Comparison, deliveries: readonly Delivery[]): Pick<Judgement, 'latencyMs'> {
  const quantiles = quantilesOf(comparison.latency);
  const overTime = latencyOverTime(comparison.elapsed, deliveries);
  return quantiles ? { latencyMs: { delivery: quantiles, ...(overTime ? { overTime } : {}) } } : {};
}

function mappingOf(fields: readonly FieldReport[]): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ field, names }) => (names.length === 0 ? [] : [[field, names.join(', ')]])),
  );
}

function layoutOf(ledger: Ledger, fields: readonly FieldReport[], examined: number): LayoutReport {
  const explained = ledger.arrivals - ledger.kinds.unexplained;
  const source = ledger.options.layout ? 'declared' : 'inferred';
  return { source, arrivals: ledger.arrivals, explained, examined, fields };
}

function measureThroughput(
  input: JudgeInput,
  run: { comparison: Comparison; timeline: Timeline; delivered: number },
): NonNullable<RunResult['throughput']> {
  const { comparison, timeline, delivered } = run;
  const cpuS = input.resources?.cpuS;
  const spanS = (timeline.lastKeptMs - timeline.firstEventMs) / 1000;
  const share = input.corpus.lineCount === 0 ? 0 : delivered / input.corpus.lineCount;
  const timed = spanS > 0 && delivered > 0;
  return {
    ...(timed ? { recordsPerS: delivered / spanS, bytesPerS: (comparison.corpusBytes * share) / spanS } : {}),
    ...(cpuS && delivered > 0 ? { recordsPerCpuS: delivered / cpuS } : {}),
  };
}

function equalLinesWarning(comparison: Comparison): string[] {
  if (comparison.equalLines === 0) return [];
  return [
    `${formatCount(comparison.equalLines)} sets of equal lines did not all arrive once: which line of a set is meant cannot be ` +
      'told from what arrived, so they were attributed in object order.',
  ];
}

/** The real SigNoz would have kept something else some of the time: a verdict on such requests holds for one of its outcomes. */
function ambiguityWarning(deliveries: readonly Delivery[]): string[] {
  const sequences = deliveries.filter((delivery) => delivery.ambiguous).map((delivery) => delivery.sequence);
  if (sequences.length === 0) return [];
  const first = sequences.slice(0, 5).join(', ');
  return [
    `${formatCount(sequences.length)} ${plural(sequences.length, 'request')} had a body of which the real SigNoz makes one thing or ` +
      `another, as chance will have it; the fake made one of them (request ${first}${sequences.length > 5 ? ', ...' : ''}).`,
  ];
}
