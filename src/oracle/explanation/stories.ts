// The way of an object, step by step: put, notified, invoked, read, sent, answered, and what went wrong between. Facts tell the
// most; which requests brought its records is looked up by fingerprint, in the ledger and among the requests that were not kept.

import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import { keptCount, type Delivery } from '../../core/model/delivery.ts';
import type { InvocationFact, RunFact } from '../../core/model/invocation.ts';
import type { Finding, StoryStep } from '../../core/model/result.ts';
import { formatBytes, formatCount } from '../../core/units.ts';
import { byteOffsets } from './byte-offsets.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import { plural } from './evidence.ts';
import { FingerprintTable } from '../comparison/fingerprint-table.ts';
import { arrivalWords, type Ledger } from '../ledger/ledger.ts';
import type { RefusedRecords } from './refused-records.ts';
import { partitionCount } from '../ledger/spill.ts';

/** Objects whose story is told: those of the witnesses, the first ones of very many. */
const toldObjects = 100;
/** Lines that are looked up, of all these objects together; of longer ones every second, third or nth line. */
const linesLookedUp = 200_000;
/** Most steps of a story: its beginning and its end. */
const toldSteps = 40;

export interface StoriesInput {
  readonly corpus: Corpus;
  readonly facts: readonly RunFact[];
  readonly deliveries: readonly Delivery[];
  readonly ledger: Ledger;
  readonly lines: CorpusLines;
  readonly refused: () => Promise<RefusedRecords>;
}

/** The same findings, with the story of its object, and the byte where its line begins, at each witness that has a place. */
export async function tellStories(findings: readonly Finding[], input: StoriesInput): Promise<Finding[]> {
  const objectOf = new Map(input.corpus.objects.map((object) => [object.key, object]));
  const keys = new Set(
    findings.flatMap(({ witnesses }) => witnesses.flatMap(({ key }) => (key === undefined ? [] : [key]))),
  );
  const objects = [...keys].flatMap((key) => objectOf.get(key) ?? []).slice(0, toldObjects);
  if (objects.length === 0) return [...findings];
  const stories = await storiesOf(objects, input);
  const offsets = await byteOffsets(findings, objects, input.corpus);
  return findings.map((finding) => ({
    ...finding,
    witnesses: finding.witnesses.map((witness) => {
      const { key, line } = witness;
      if (key === undefined) return witness;
      const byteOffset = line === undefined ? undefined : offsets.get(key)?.get(line);
      const story = stories.get(key);
      return { ...witness, ...(byteOffset === undefined ? {} : { byteOffset }), ...(story ? { story } : {}) };
    }),
  }));
}

async function storiesOf(
  objects: readonly CorpusObject[],
  input: StoriesInput,
): Promise<ReadonlyMap<string, readonly StoryStep[]>> {
  const steps = new Map(objects.map((object): [number, StoryStep[]] => [object.index, []]));
  for (const fact of input.facts) {
    for (const object of objectsOf(fact)) steps.get(object)?.push(...stepsOfFact(fact, object));
  }
  const brought = await requestsOf(objects, input);
  for (const delivery of input.deliveries) {
    for (const [object, records] of brought.get(delivery.sequence) ?? []) {
      steps.get(object)!.push(...stepsOfDelivery(delivery, records));
    }
  }
  return new Map(
    objects.map((object) => {
      const all = steps.get(object.index)!.toSorted((a, b) => a.atMs - b.atMs);
      const isLong = all.length > toldSteps;
      return [object.key, isLong ? [...all.slice(0, toldSteps / 2), ...all.slice(-toldSteps / 2)] : all];
    }),
  );
}

function objectsOf(fact: RunFact): readonly number[] {
  if (fact.type === 'stored' || fact.type === 'read') return [fact.object];
  if (fact.type === 'fault') return fact.objects ?? (fact.object === undefined ? [] : [fact.object]);
  return fact.type === 'egress-refused' || fact.type === 'ended' ? [] : fact.objects;
}

function stepsOfFact(fact: RunFact, object: number): StoryStep[] {
  switch (fact.type) {
    case 'stored':
      return [{ atMs: fact.storedMs, step: 'put', text: `stored, ${formatBytes(fact.sizeBytes)}` }];
    case 'notified': {
      const again = fact.eventDelivery > 1 ? `, delivery ${fact.eventDelivery}` : '';
      return [{ atMs: fact.sentMs, step: 'notified', text: `its event was sent${again}` }];
    }
    case 'throttled':
      return [{ atMs: fact.atMs, step: 'throttled', text: 'Lambda refused to start an invocation (429)' }];
    case 'invocation':
      return stepsOfInvocation(fact, object);
    case 'read':
      return [{ atMs: fact.atMs, step: 'read', text: `${fact.operation} was answered with ${fact.statusCode}` }];
    case 'acknowledged':
      return [{ atMs: fact.atMs, step: 'acknowledged', text: 'the target deleted its message' }];
    case 'fault':
      return [{ atMs: fact.atMs, step: 'fault', text: `${fact.kind} struck`, fault: fact.kind }];
    case 'dead-lettered':
      return [{ atMs: fact.atMs, step: 'dead-lettered', text: `its event became a dead letter: ${fact.condition}` }];
    case 'discarded':
      return [
        { atMs: fact.atMs, step: 'discarded', text: `its event was given up on, and is gone: ${fact.condition}` },
      ];
    default:
      return [];
  }
}

function stepsOfInvocation(fact: InvocationFact, object: number): StoryStep[] {
  const { requestId, attempt, cold, status, errorType, message } = fact;
  const isNamed = fact.failedObjects?.includes(object) === true;
  const how = [
    isNamed ? 'succeeded, but named it as failed' : status,
    errorType === undefined ? '' : `with ${errorType}`,
    message === undefined ? '' : `: ${message.split('\n', 1)[0]!.slice(0, 200)}`,
  ];
  const attempted = `attempt ${attempt}`;
  return [
    { atMs: fact.startedMs, step: 'invoked', text: `${attempted} began${cold ? ' in a new sandbox' : ''}`, requestId },
    {
      atMs: fact.endedMs,
      step: 'ended',
      text: `${attempted} ${how.join(' ').replaceAll(/ +(?=:|$)/g, '')}`,
      requestId,
    },
  ];
}

function stepsOfDelivery(delivery: Delivery, records: number): StoryStep[] {
  const { sequence, receivedMs, endedMs, recordCount } = delivery;
  const fault = delivery.fault === undefined ? {} : { fault: delivery.fault };
  const text = `request ${sequence} brought ${formatCount(records)} of its records, of ${formatCount(recordCount)} in all`;
  return [
    { atMs: receivedMs, step: 'sent', text, delivery: sequence },
    {
      atMs: endedMs,
      step: 'answered',
      text: `request ${sequence} ${answerOf(delivery)}`,
      delivery: sequence,
      ...fault,
    },
  ];
}

function answerOf(delivery: Delivery): string {
  const { kept, recordCount, statusCode, acknowledgement, fault } = delivery;
  const by = fault === undefined ? '' : ` by ${fault}`;
  if (statusCode === 0) return `got no answer${by}${kept ? ', its records kept' : ''}`;
  const lost = acknowledgement === 'reply-lost' ? ', a reply that was lost' : '';
  const rest = recordCount - keptCount(delivery);
  const keeping =
    rest === 0 ? '' : kept ? `, ${formatCount(rest)} ${plural(rest, 'record')} rejected` : ', nothing kept';
  return `was answered with ${statusCode}${by}${lost}${keeping}`;
}

/** By sequence: how many records of each object the request brought. */
async function requestsOf(
  objects: readonly CorpusObject[],
  input: StoriesInput,
): Promise<ReadonlyMap<number, ReadonlyMap<number, number>>> {
  const { corpus, ledger, lines } = input;
  const total = objects.reduce((sum, { lineCount }) => sum + lineCount, 0);
  const step = Math.ceil(total / linesLookedUp);
  const table = new FingerprintTable(Math.ceil(total / Math.max(1, step)) + objects.length);
  for (const object of objects) {
    lines.open(object);
    let i = 0;
    await corpus.scan(object, (bytes, start, end) => {
      if (i++ % step !== 0) return;
      lines.read(bytes, start, end);
      table.add(lines.fingerprinter.high, lines.fingerprinter.low, object.index);
    });
  }
  const brought = new Map<number, Map<number, number>>();
  const book = (sequence: number, object: number): void => {
    let counts = brought.get(sequence);
    if (!counts) brought.set(sequence, (counts = new Map()));
    counts.set(object, (counts.get(object) ?? 0) + step);
  };
  for (let partition = 0; partition < partitionCount; partition++) {
    const rows = ledger.rows(partition);
    for (let at = 0; at < rows.length; at += arrivalWords.width) {
      if (!table.mayHold(rows[at + 1]!)) continue;
      const sequence = rows[at + arrivalWords.sequence]!;
      table.visit(rows[at]!, rows[at + 1]!, (object) => book(sequence, object));
    }
  }
  (await input.refused()).look(table, ({ sequence }, object) => book(sequence, object));
  return brought;
}
