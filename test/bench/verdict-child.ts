// A process that books a generated corpus's records and judges them, and then tells how long the verdict took and its peak memory:
// `node verdict-child.ts ledger|map|none planted|doubled RECORDS FOLDER`. `map` counts in a Map of strings what the ledger books,
// `none` books nothing: what is left is the price of the corpus and of the process.

import { ownResources } from '../../src/core/host.ts';
import type { Delivery, RecordView } from '../../src/core/model/delivery.ts';
import type { RunFact } from '../../src/core/model/invocation.ts';
import type { CorpusObject } from '../../src/core/model/corpus.ts';
import type { Tally } from '../../src/core/model/result.ts';
import { generatedCorpus } from '../../src/flowlogs/corpus.ts';
import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { openCorpusBook } from '../../src/oracle/ledger/corpus-book.ts';
import { builtinPromises, judge, openLedger } from '../../src/oracle/index.ts';
import { emptyRecordView } from '../../src/core/model/record-view.ts';
import { corpusStartMs } from './sink-bodies.ts';

export interface Judged {
  readonly verdictMs: number;
  /** Of all threads: what the verdict takes where nobody else wants the cores. */
  readonly verdictCpuMs: number;
  readonly rssPeakBytes: number;
  readonly tally?: Tally;
  /** Differences found by a Map of lines. */
  readonly found?: number;
}

const [kind, situation, count, folder] = process.argv.slice(2) as [string, string, string, string];
const records = Number(count);
const corpus = generatedCorpus({ preset: 'web-vpc', seed: 42, records, startMs: corpusStartMs, maxRecords: 10_000 });
/** Every so many records one is lost, doubled or altered: at 10 million 2,000, 500 and 100 of them. */
const strides = { lost: 5000, doubled: 20_000, altered: 100_000 } as const;

type Visit = (view: RecordView, index: number) => void;

/** Shows what the deliveries of an object bring: the first its records, the second what comes again. */
async function send(object: CorpusObject, part: 'first' | 'again', visit: Visit): Promise<number> {
  let ordinal = object.lineFirst;
  let index = 0;
  const view = emptyRecordView(0);
  await corpus.scan(object, (bytes, start, end) => {
    const at = ordinal++;
    const isPlanted = situation === 'planted';
    if (part === 'again' && isPlanted && at % strides.doubled !== 13) return;
    if (part === 'first' && isPlanted && at % strides.lost === 7) return;
    view.source = bytes;
    view.bodyStart = start;
    view.bodyEnd = end;
    if (part === 'first' && isPlanted && at % strides.altered === 29) alter(view);
    visit(view, index++);
  });
  return index;
}

/** One digit becomes another one, in the field in the middle of the line. */
function alter(view: RecordView): void {
  const line = view.source.slice(view.bodyStart, view.bodyEnd);
  const at = line.findIndex((byte, i) => i >= line.length >> 1 && byte >= 0x30 && byte <= 0x39);
  line[at] = line[at] === 0x37 ? 0x38 : 0x37;
  Object.assign(view, { source: line, bodyStart: 0, bodyEnd: line.length });
}

const parts = ['first', 'again'] as const;

/** Sequence of the delivery of a part of an object: all first parts, then what comes again. */
function sequenceOf(object: CorpusObject, part: number): number {
  return part * corpus.objects.length + object.index + 1;
}

function delivery(sequence: number, recordCount: number): Delivery {
  return {
    sequence,
    receivedMs: 1000 + sequence,
    endedMs: 1001 + sequence,
    acknowledgement: 'acknowledged',
    kept: true,
    statusCode: 200,
    method: 'POST',
    path: '/v1/logs',
    headers: {},
    sizeBytes: recordCount * 100,
    recordCount,
  };
}

function factsOf(): RunFact[] {
  return [
    ...corpus.objects.flatMap(({ index, key }): RunFact[] => [
      { type: 'stored', object: index, key, sizeBytes: 100, storedMs: 0 },
      { type: 'notified', objects: [index], sentMs: 100, eventDelivery: 1 },
      {
        type: 'invocation',
        requestId: `request-${index}`,
        objects: [index],
        attempt: 1,
        eventDelivery: 1,
        startedMs: 500,
        endedMs: 1e9,
        status: 'succeeded',
        cold: false,
      },
    ]),
    { type: 'ended', atMs: 2e9, how: 'complete', skippedMs: 0 },
  ];
}

async function deliver(book: (sequence: number, view: RecordView, index: number) => void): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const [i, part] of parts.entries()) {
    for (const object of corpus.objects) {
      const sequence = sequenceOf(object, i);
      const sent = await send(object, part, (view, index) => book(sequence, view, index));
      deliveries.push(delivery(sequence, sent));
    }
  }
  return deliveries;
}

interface Instant {
  readonly atMs: number;
  readonly cpuMs: number;
}

function now(): Instant {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), cpuMs: (user + system) / 1000 };
}

function since(began: Instant): Pick<Judged, 'verdictMs' | 'verdictCpuMs'> {
  const ended = now();
  return { verdictMs: ended.atMs - began.atMs, verdictCpuMs: ended.cpuMs - began.cpuMs };
}

async function byLedger(): Promise<Omit<Judged, 'rssPeakBytes'>> {
  await using ledger = openLedger({ fields: [defaultFormat], seed: 42, folder });
  using book = openCorpusBook({ fields: [defaultFormat], seed: 42, promises: builtinPromises, folder });
  // As the thread does that encodes: before anything of it can arrive.
  for (const object of corpus.objects) {
    book.add(object, corpus.text(object));
  }
  const deliveries = await deliver((sequence, view, index) => ledger.arrive(sequence, view, index));
  const began = now();
  const judgement = await judge({
    corpus,
    bucket: 'flow-logs',
    facts: factsOf(),
    deliveries,
    archiveComplete: true,
    ledger,
    isCorpusBooked: true,
    readRecords: (sequence, visit) => {
      const part = sequence > corpus.objects.length ? 1 : 0;
      return send(corpus.objects[sequence - 1 - part * corpus.objects.length]!, parts[part]!, visit);
    },
    promises: builtinPromises,
    expect: ['promises'],
    faultsConfigured: [],
    faultsFired: {},
  });
  return { ...since(began), tally: judgement.tally };
}

/** What anyone would write: each line that came with its count, and then each line of the corpus looked up. */
async function byMap(): Promise<Omit<Judged, 'rssPeakBytes'>> {
  const counts = new Map<string, number>();
  const textOf = (bytes: Uint8Array, start: number, end: number): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', start, end);
  await deliver((_, view) => {
    const line = textOf(view.source, view.bodyStart, view.bodyEnd);
    counts.set(line, (counts.get(line) ?? 0) + 1);
  });
  const began = now();
  let found = 0;
  for (const object of corpus.objects) {
    await corpus.scan(object, (bytes, start, end) => {
      const line = textOf(bytes, start, end);
      if (counts.get(line) !== 1) found += 1;
      counts.delete(line);
    });
  }
  return { ...since(began), found: found + counts.size };
}

async function byNothing(): Promise<Omit<Judged, 'rssPeakBytes'>> {
  let seen = 0;
  await deliver((_, view) => void (seen += view.bodyEnd));
  for (const object of corpus.objects) await corpus.scan(object, (_, start) => void (seen += start));
  return { verdictMs: 0, verdictCpuMs: 0, found: seen };
}

const judged = await (kind === 'ledger' ? byLedger : kind === 'map' ? byMap : byNothing)();
console.log(JSON.stringify({ ...judged, rssPeakBytes: ownResources().rssPeakBytes } satisfies Judged));
