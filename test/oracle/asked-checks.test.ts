// Checks that judge only when they are named: each with a forwarder that it convicts, and a right one that it leaves alone.

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import { checks, parseExpectation } from '../../src/oracle/index.ts';
import {
  batches,
  corpusOf,
  defaultFields,
  emptyLine,
  flat,
  healthyFacts,
  invocation,
  judged,
  lineOf,
  linesOf,
  otlp,
  otlpWithBody,
  raw,
  type Case,
  type Sent,
} from './fixtures.ts';

const lines = [...linesOf(20), emptyLine('NODATA'), emptyLine('SKIPDATA', 1)];
const corpus = corpusOf([{ lines: lines.slice(0, 10) }, { lines: lines.slice(10) }]);
const right = [{ records: lines.slice(0, 10).map(otlpWithBody) }, { records: lines.slice(10).map(otlpWithBody) }];

type Given = Partial<Case>;

async function findingsOf(expectation: string, given: Given): Promise<string[]> {
  const { verdict } = await judged({ corpus, deliveries: right, expect: [expectation], ...given });
  return verdict.findings.map(({ id, validity }) => (validity === 'fail' ? id : `${id}: ${validity}`));
}

/** One delivery of everything, each record changed. */
function all(change: (sent: Sent, i: number) => Sent, send = otlpWithBody): Given {
  return { deliveries: [{ records: lines.map((line, i) => change(send(line), i)) }] };
}

const without = (status: string): Given => ({
  deliveries: [{ records: lines.filter((line) => !line.endsWith(status)).map(otlpWithBody) }],
});
/** The lines without the field that tells what they are. */
function statusLess(sent: readonly string[]): Given {
  const fields = { dropped: ['log-status'], masked: [], added: 'any' } as const;
  return { deliveries: [{ records: sent.map((line) => raw(line.replace(/ \w+$/, ''))) }], promises: { fields } };
}
const any = { nodata: 'any', skipdata: 'any' } as const;
const dropping = { nodata: 'drop', skipdata: 'drop' } as const;

const laterBy = (ms: number) => (sent: Sent) => ({ ...sent, timestampMs: sent.timestampMs! + ms });
const withText = (sent: Sent, i: number): Sent =>
  i === 7 ? { ...sent, attributes: { ...sent.attributes, 'aws.vpc.flow.bytes': '61' } } : sent;
const resources = { cpuS: 2, rssPeakBytes: 300e6, logBytes: 5000 };
const copies = { deliveries: [...right, { records: [otlpWithBody(lines[0]!)], receivedMs: 5000 }] };
const header = { records: [raw(defaultFields.join(' '))] };
const invention = { records: [flat(lineOf(999))] };
const again = (times: number): Given => ({
  deliveries: [right[0]!, ...Array.from({ length: times }, () => ({ ...right[1]!, kept: false })), right[1]!],
});

/** The first object is damaged; the second is whole, or not delivered at all. */
const damaged = corpusOf([{ lines: lines.slice(0, 10), condition: 'damaged' }, { lines: lines.slice(10) }]);
const failed = (...objects: number[]): RunFact =>
  invocation(objects, { status: 'failed', errorType: 'Error', message: 'invalid block type' });
const facts = (...more: RunFact[]): RunFact[] => [
  ...healthyFacts(damaged).filter((fact) => fact.type !== 'invocation'),
  ...more,
];
const deadLetter: RunFact = { type: 'dead-lettered', objects: [0], atMs: 9000, condition: 'RetriesExhausted' };

test.each<[string, string, string[], Given]>([
  ['types-stable', 'numbers throughout', [], {}],
  ['types-stable', 'texts throughout', [], { deliveries: [{ records: lines.map(flat) }] }],
  ['types-stable', 'a number that once is text', ['type-unstable:aws.vpc.flow.bytes'], all(withText)],
  ['timestamp = end within 1s', 'end as timestamp', [], {}],
  ['timestamp = end within 1s', 'half a second off', [], all(laterBy(500))],
  ['timestamp = end within 1s', 'two seconds off', ['timestamp-off'], all(laterBy(2000))],
  [
    'timestamp = end within 1s',
    'seconds taken for milliseconds',
    ['timestamp-off'],
    all((sent) => ({ ...sent, timestampMs: sent.timestampMs! / 1000 })),
  ],
  ['timestamp = end within 1s', 'no timestamp', ['timestamp-off'], all((sent) => ({ ...sent, timestampMs: NaN }))],
  ['timestamp = start within 1s', 'end as timestamp', ['timestamp-off'], {}],
  ['timestamp = start within 1s', 'start as timestamp', [], all(laterBy(-57_000))],
  ['timestamp = end within 1s', 'only the timestamp tells end', [], all((sent) => sent, otlp)],
  ['timestamp = end within 1s', 'a wrong one tells end alone', ['timestamp-off'], all(laterBy(2000), otlp)],
  ['nodata-forwarded', 'all lines', [], {}],
  ['nodata-forwarded', 'all but NODATA', ['nodata-lost'], without('NODATA')],
  ['nodata-forwarded', 'all but NODATA, promised or not', ['nodata-lost'], { ...without('NODATA'), promises: any }],
  ['nodata-forwarded', 'all but SKIPDATA', [], without('SKIPDATA')],
  ['nodata-dropped', 'all but NODATA', [], without('NODATA')],
  ['nodata-dropped', 'all lines', ['nodata-sent'], {}],
  ['nodata-dropped', 'all lines, which are welcome', ['nodata-sent'], { promises: any }],
  ['nodata-dropped', 'all lines, which are not', ['nodata-sent'], { promises: dropping }],
  ['nodata-forwarded', 'all lines without their status', [], statusLess(lines)],
  ['nodata-forwarded', 'all but NODATA, without their status', ['nodata-lost'], statusLess(lines.slice(0, 20))],
  ['nodata-dropped', 'all lines without their status', ['nodata-sent'], statusLess(lines)],
  ['nodata-dropped', 'all but NODATA, without their status', [], statusLess(lines.slice(0, 20))],
  ['skipdata-forwarded', 'all lines', [], {}],
  ['skipdata-forwarded', 'all but SKIPDATA', ['skipdata-lost'], without('SKIPDATA')],
  ['skipdata-dropped', 'all but SKIPDATA', [], without('SKIPDATA')],
  ['skipdata-dropped', 'all lines', ['skipdata-sent'], {}],
  [
    'skipdata-dropped',
    'no such lines',
    ['nothing-measured: unknown'],
    { corpus: corpusOf([{ lines: linesOf(5) }]), deliveries: [{ records: linesOf(5).map(flat) }] },
  ],
  ['junk-free', 'lines alone', [], {}],
  ['junk-free', 'lines that the promises say to drop', [], { promises: dropping }],
  ['junk-free', 'a header', ['junk-arrived'], { deliveries: [...right, header] }],
  ['junk-free', 'an invention', ['junk-arrived'], { deliveries: [...right, invention] }],
  ['duplicates < 5%', 'no copy', [], {}],
  ['duplicates < 5%', 'one copy of 22', [], copies],
  ['duplicates < 4%', 'one copy of 22', ['too-many-duplicates'], copies],
  ['duplicates < 0.01%', 'no copy', [], {}],
  ['memory < 301MB', 'less', [], { resources }],
  ['memory < 300MB', 'as much', ['too-much-memory'], { resources }],
  ['memory < 300MB', 'not measured', ['nothing-measured: unknown'], {}],
  ['log-bytes < 6kB', 'less', [], { resources }],
  ['log-bytes < 5kB', 'as much', ['too-much-log'], { resources }],
  ['log-bytes < 5kB', 'not measured', ['nothing-measured: unknown'], { resources: { cpuS: 2, rssPeakBytes: 1 } }],
  ['requests per object < 2', 'one each', [], {}],
  ['requests per object < 2', 'five each', ['too-many-requests'], { deliveries: batches(lines.map(otlpWithBody), 2) }],
  ['throughput per cpu-s > 10', '11', [], { resources }],
  ['throughput per cpu-s > 11', '11', ['too-much-cpu'], { resources }],
  ['throughput per cpu-s > 11', 'not measured', ['nothing-measured: unknown'], {}],
  ['retries-bounded < 5', 'sent four times', [], again(3)],
  ['retries-bounded < 5', 'sent five times', ['retries-unbounded'], again(4)],
  ['retries-bounded', 'sent nineteen times', [], again(18)],
  ['retries-bounded', 'sent twenty times', ['retries-unbounded'], again(19)],
  [
    'retries-bounded < 5',
    'sent three times in each of two attempts',
    [],
    {
      ...again(5),
      facts: [...healthyFacts(corpus), invocation([1], { attempt: 2, startedMs: 1045 })],
    },
  ],
  ['dead-lettered', 'nothing to dead-letter', [], {}],
  [
    'dead-lettered',
    'a damaged object that failed and is gone',
    ['not-dead-lettered'],
    { corpus: damaged, facts: facts(failed(0), invocation([1])) },
  ],
  [
    'dead-lettered',
    'a damaged object in dead letters',
    [],
    { corpus: damaged, facts: facts(failed(0), deadLetter, invocation([1])) },
  ],
  ['dead-lettered', 'a loss', ['not-dead-lettered'], { deliveries: right.slice(1) }],
  ['isolation', 'the other object is whole', [], { corpus: damaged, facts: facts(failed(0), invocation([1])) }],
  [
    'isolation',
    'the other object went down with it',
    ['healthy-object-hurt'],
    { corpus: damaged, facts: facts(failed(0, 1)), deliveries: [] },
  ],
  ['isolation', 'no bad object', ['nothing-measured: unknown'], {}],
])('%s: %s', async (expectation, _, findings, given) => {
  expect(await findingsOf(expectation, given)).toEqual(findings);
});

test('an unstable type is told with an example of each type', async () => {
  const { verdict } = await judged({
    corpus,
    expect: ['types-stable'],
    ...all(withText),
    deliveries: all(withText).deliveries!,
  });
  expect(verdict.findings[0]).toMatchObject({
    summary: 'aws.vpc.flow.bytes arrived 19 times as a number and once as text: SigNoz keeps these in columns apart',
    witnesses: [
      { deliveries: [1], note: 'aws.vpc.flow.bytes = 40, a number' },
      { deliveries: [1], note: 'aws.vpc.flow.bytes = "61", text' },
    ],
  });
});

test('a wrong timestamp is told beside what it should be', async () => {
  const { verdict } = await judged({
    corpus,
    expect: ['timestamp = end within 1s'],
    deliveries: all(laterBy(3_600_000)).deliveries!,
  });
  expect(verdict.findings[0]!.summary).toBe(
    '22 of 22 records arrived with a timestamp that is not within 1.0 s of end',
  );
  expect(verdict.findings[0]!.witnesses[0]!.note).toBe(
    'its timestamp is 2026-01-01T01:00:57.000Z; its end is 2026-01-01T00:00:57.000Z',
  );
});

test('every check reads its own form, and nothing behind it', () => {
  const values: Readonly<Record<string, string>> = {
    SHARE: '1%',
    DURATION: '1s',
    SIZE: '1MB',
    COUNT: '10',
    RATE: '20k records/s',
    'start|end': 'end',
    pNN: 'p99',
    '[': '',
    ']': '',
  };
  for (const { form, name } of checks) {
    const written = Object.entries(values).reduce((text, [word, value]) => text.replace(word, value), form);
    expect(parseExpectation(written), written).toMatchObject({ check: name });
    expect(parseExpectation(`${written} or so`), `${written} or so`).toHaveProperty('problem');
  }
});

test.each([
  ['exactly-onec', 'exactly-once'],
  ['request per object < 5', 'requests per object'],
  ['throughput per cpus > 5', 'throughput > RATE'],
  ['timestmp = end within 1s', 'timestamp'],
  ['memory > 5MB', 'memory < SIZE'],
  ['timestamp = middle within 1s', 'timestamp = start|end within DURATION'],
  ['nodata-droped', 'nodata-dropped'],
])('"%s" is refused, with what may have been meant', (text, nearest) => {
  expect(parseExpectation(text)).toMatchObject({ nearest });
});
