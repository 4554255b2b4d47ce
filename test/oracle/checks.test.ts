// Each check with a run that it convicts and one that it must not.

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
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
  raw,
  type Case,
} from './fixtures.ts';

const lines = linesOf(10);
const corpus = corpusOf([{ lines }]);
const all = { records: lines.map(flat) };

/** Ids and validity of the findings under one expectation. */
async function findingsOf(expectation: string, given: Partial<Case> & Pick<Case, 'deliveries'>): Promise<string[]> {
  const { verdict } = await judged({ corpus, expect: [expectation], ...given });
  return verdict.findings.map((finding) =>
    finding.validity === 'fail' ? finding.id : `${finding.id}: ${finding.validity}`,
  );
}

function factsWith(...more: RunFact[]): RunFact[] {
  return [...healthyFacts(corpus).filter((fact) => fact.type !== 'invocation'), ...more];
}

const copy = { records: [flat(lines[3]!)], receivedMs: 5000 };
const retried = factsWith(
  invocation([0], { status: 'timed-out', endedMs: 2000, message: 'Task timed out after 3.00 seconds' }),
  invocation([0], { attempt: 2, startedMs: 3000 }),
);
const repeated = factsWith(
  invocation([0], { endedMs: 2000 }),
  { type: 'fault', kind: 'event.duplicate', object: 0, atMs: 3000 },
  invocation([0], { eventDelivery: 2, startedMs: 3000 }),
);

const wentOut: RunFact[] = [
  ...healthyFacts(corpus),
  { type: 'egress-refused', host: 'example.com', port: 443, atMs: 2000 },
];

test.each<[string, Partial<Case> & Pick<Case, 'deliveries'>, string, string[]]>([
  ['a plain copy', { deliveries: [all, copy] }, 'exactly-once', ['doubled-records']],
  ['a plain copy', { deliveries: [all, copy] }, 'once-unless-provoked', ['doubled-records']],
  ['a plain copy', { deliveries: [all, copy] }, 'at-least-once', []],
  ['a copy after a lost reply', { deliveries: [{ ...all, lostReply: true }, copy] }, 'exactly-once', []],
  ['a copy after a retry', { deliveries: [all, copy], facts: retried }, 'exactly-once', ['doubled-records']],
  ['a copy after a retry', { deliveries: [all, copy], facts: retried }, 'once-unless-provoked', []],
  ['a copy after a duplicate event', { deliveries: [all, copy], facts: repeated }, 'exactly-once', ['doubled-records']],
  ['a copy after a duplicate event', { deliveries: [all, copy], facts: repeated }, 'once-unless-provoked', []],
  ['a refused request sent again', { deliveries: [{ ...all, kept: false }, all] }, 'exactly-once', []],
  ['a record lost', { deliveries: [{ records: all.records.slice(1) }] }, 'no-loss', ['lost-records']],
  ['a record lost', { deliveries: [{ records: all.records.slice(1) }] }, 'at-least-once', ['lost-records']],
  ['a copy', { deliveries: [all, copy] }, 'no-loss', []],
  [
    'an altered record',
    { deliveries: [{ records: lines.map((line) => flat(line.replace('OK', 'OKAY'))) }] },
    'no-loss',
    [],
  ],
  [
    'an altered record',
    { deliveries: [{ records: lines.map((line) => flat(line.replace('OK', 'OKAY'))) }] },
    'at-least-once',
    ['altered-records'],
  ],
  [
    'a header sent',
    { deliveries: [{ records: [flat(defaultFields.join(' ')), ...all.records] }] },
    'header-not-sent',
    ['header-sent'],
  ],
  [
    'a header sent raw',
    { deliveries: [{ records: [raw(defaultFields.join(' ')), ...all.records] }] },
    'promises',
    ['header-sent'],
  ],
  [
    'a header sent',
    { deliveries: [{ records: [flat(defaultFields.join(' ')), ...all.records] }] },
    'exactly-once',
    ['unexpected-records'],
  ],
  ['no header', { deliveries: [all] }, 'header-not-sent', []],
  [
    'a blank record',
    { deliveries: [{ records: [{ body: ' ' }, ...all.records] }] },
    'promises',
    ['unexpected-records'],
  ],
  [
    'a blank record without a body',
    { deliveries: [{ records: [{}, ...all.records] }] },
    'promises',
    ['unexpected-records'],
  ],
  ['p99 below the limit', { deliveries: [all] }, 'latency p99 < 2s', []],
  ['p99 at the limit', { deliveries: [all] }, 'latency p99 < 1s', ['too-late']],
  ['the highest latency', { deliveries: [all] }, 'latency max < 500ms', ['too-late']],
  ['enough throughput', { deliveries: [all] }, 'throughput > 10 records/s', []],
  ['too little throughput', { deliveries: [all] }, 'throughput > 20k records/s', ['too-slow']],
  ['a way out', { deliveries: [all], facts: wentOut }, 'no-egress', ['reached-for-the-internet']],
  ['a way out', { deliveries: [all], facts: wentOut }, 'no-loss', ['reached-for-the-internet: pass']],
  ['no way out', { deliveries: [all] }, 'no-egress', []],
])('%s, judged by its check', async (_, given, expectation, findings) => {
  expect(await findingsOf(expectation, given)).toEqual(findings);
});

test('surplus copies are counted in the first class that fits', async () => {
  const facts = factsWith(
    invocation([0], { status: 'failed', errorType: 'Error', endedMs: 2000 }),
    invocation([0], { attempt: 2, startedMs: 3000 }),
    { type: 'fault', kind: 'event.duplicate', object: 0, atMs: 8000 },
  );
  const again = (i: number, receivedMs: number) => ({ records: [flat(lines[i]!)], receivedMs });
  const deliveries = [{ ...all, lostReply: true }, again(0, 1500), again(0, 1600), again(0, 4000), again(0, 9000)];
  const { tally } = await judged({ corpus, facts, deliveries });
  expect(tally.duplicated).toEqual({
    afterLostReply: 1,
    afterDuplicateEvent: 1,
    afterFailedInvocation: 1,
    afterAcknowledgement: 1,
  });
});

test('a success reported before the request was accepted is untruthful, and so is one for a record that never came', async () => {
  const facts = factsWith(invocation([0], { endedMs: 1005 }));
  const late = await judged({ corpus, facts, deliveries: [all], expect: ['truthful-acknowledgement'] });
  expect(late.verdict.findings.map(({ id, summary }) => [id, summary])).toEqual([
    [
      'untruthful-acknowledgement',
      '10 records had their first accepted request end only after an invocation had reported success for them, the first at AWSLogs/object-0.log line 2',
    ],
  ]);
  const lost = await judged({
    corpus,
    deliveries: [{ records: all.records.slice(1) }],
    expect: ['truthful-acknowledgement'],
  });
  expect(lost.verdict.findings.map(({ summary }) => summary)).toEqual([
    '1 record never arrived although an invocation had reported success for it, the first at AWSLogs/object-0.log line 2',
  ]);
  const failed = factsWith(invocation([0], { status: 'failed', errorType: 'Error' }));
  const honest = {
    corpus,
    facts: failed,
    deliveries: [{ records: all.records.slice(1) }],
    expect: ['truthful-acknowledgement'],
  };
  expect((await judged(honest)).verdict.validity).toBe('pass');
});

test('of equal lines so many were accepted as copies had ended: one whose lost reply ended late takes nothing away', async () => {
  const same = [lineOf(7), lineOf(7)];
  const once = [flat(same[0]!)];
  const deliveries = [
    { records: once, receivedMs: 1001 },
    { records: once, receivedMs: 1002, lostReply: true, endedMs: 5000 },
    { records: once, receivedMs: 1003 },
  ];
  const facts = factsWith(invocation([0], { endedMs: 1100 }));
  const named = ['truthful-acknowledgement'];
  const { verdict } = await judged({ corpus: corpusOf([{ lines: same }]), facts, deliveries, expect: named });
  expect(verdict.findings).toEqual([]);
  const late = await judged({
    corpus: corpusOf([{ lines: same }]),
    facts,
    deliveries: deliveries.slice(0, 2),
    expect: named,
  });
  expect(late.verdict.findings[0]!.summary).toMatch(/^1 record had their/);
});

test('of equal lines of two objects the request that was accepted first is the one of whom success was reported first', async () => {
  const twice = corpusOf([{ lines: [lineOf(7)] }, { lines: [lineOf(7)] }]);
  const once = [flat(lineOf(7))];
  const deliveries = [
    { records: once, receivedMs: 1001, endedMs: 1002 },
    { records: once, receivedMs: 2001, endedMs: 2002 },
  ];
  const reported = (first: number, second: number) =>
    judged({
      corpus: twice,
      facts: factsWith(invocation([0], { endedMs: first }), invocation([1], { endedMs: second })),
      deliveries,
      expect: ['truthful-acknowledgement'],
    });
  expect((await reported(2100, 1100)).verdict.findings).toEqual([]);
  expect((await reported(1100, 2100)).verdict.findings).toEqual([]);
  expect((await reported(1100, 2000)).verdict.findings[0]!.summary).toMatch(/^1 record had their/);
  expect((await reported(2000, 1100)).verdict.findings[0]!.summary).toMatch(/^1 record had their/);
});

test('a field that no arrival carries is named, unless the promises drop it', async () => {
  const sent = lines.map((line) => {
    const { bytes: _, 'log-status': __, ...attributes } = flat(line).attributes!;
    return { attributes };
  });
  const { tally, verdict } = await judged({ corpus, deliveries: batches(sent, 4) });
  expect(tally).toMatchObject({ delivered: 10, altered: 0, missing: 0, unexpected: 0 });
  expect(verdict.findings.map(({ id, check }) => [id, check])).toEqual([
    ['field-missing:bytes', 'fields-intact'],
    ['field-missing:log-status', 'fields-intact'],
  ]);
  const fields = { dropped: ['bytes', 'log-status'], masked: [], added: 'any' } as const;
  expect((await judged({ corpus, deliveries: batches(sent, 4), promises: { fields } })).verdict.validity).toBe('pass');
});

test('a masked field is left out of identity, its neighbours are not', async () => {
  const fields = { dropped: [], masked: ['srcaddr'], added: 'any' } as const;
  const masked = lines.map((line) => flat(line.replace(/10\.0\.\d+\.\d+/, '10.0.x.x')));
  expect((await judged({ corpus, deliveries: batches(masked, 4), promises: { fields } })).verdict.validity).toBe(
    'pass',
  );
  const also = lines.map((line, i) =>
    flat(line.replace(/10\.0\.\d+\.\d+ \S+/, i === 2 ? 'x x' : 'x 172.31.16.' + (i % 7))),
  );
  const { verdict } = await judged({ corpus, deliveries: batches(also, 4), promises: { fields } });
  expect(verdict.findings.map(({ summary }) => summary)).toEqual([
    '1 of 10 owed records arrived altered in dstaddr, the first at AWSLogs/object-0.log line 4',
  ]);
});

test('promises to keep some records make the others unwanted', async () => {
  const mixed = [...linesOf(12), emptyLine('NODATA'), emptyLine('SKIPDATA', 1)];
  const own = corpusOf([{ lines: mixed }]);
  const promises = { keep: 'action = REJECT and dstport in [443, 22]', nodata: 'drop', skipdata: 'any' } as const;
  const rejected = mixed.filter((line) => line.includes('REJECT'));
  const right = await judged({ corpus: own, deliveries: [{ records: rejected.map(flat) }], promises });
  expect(right.tally).toMatchObject({ expected: 2, delivered: 2, notOwed: 12, unexpected: 0 });
  expect(right.verdict.validity).toBe('pass');
  const wrong = await judged({ corpus: own, deliveries: [{ records: mixed.map(flat) }], promises });
  expect(wrong.tally).toMatchObject({ expected: 2, delivered: 2, notOwed: 12, unexpected: 11 });
  expect(wrong.verdict.findings.map(({ summary }) => summary)).toEqual([
    '11 records arrived that nobody owed: 11 of lines that the promises say to leave out, the first at AWSLogs/object-0.log line 3',
  ]);
  expect(wrong.verdict.findings[0]!.witnesses[0]).toMatchObject({
    line: 3,
    text: lineOf(1),
    note: 'the promises say to leave this line out',
  });
});

test('dead letters of an object that a fault touched are forgiven, others are not', async () => {
  const facts = factsWith(
    ...[1, 2, 3].map((attempt) =>
      invocation([0], { attempt, status: 'failed', errorType: 'Error', message: 'no answer' }),
    ),
    { type: 'dead-lettered', objects: [0], atMs: 9000, condition: 'RetriesExhausted' },
  );
  const deliveries = [{ records: all.records.slice(0, 6) }];
  const healthy = await judged({ corpus, facts, deliveries });
  expect(healthy.tally).toMatchObject({ expected: 10, delivered: 6, missing: 0, deadLettered: 4 });
  expect(healthy.verdict.findings.map(({ id, summary }) => [id, summary])).toEqual([
    ['dead-lettered-records', '4 of 10 owed records ended in dead letters, the first at AWSLogs/object-0.log line 8'],
    ['invocation-failed', '3 invocations of 1 object that lacks records ended with Error: no answer'],
  ]);
  const touched: RunFact[] = [...facts, { type: 'fault', kind: 'lambda.throttle', atMs: 700, object: 0 }];
  expect((await judged({ corpus, facts: touched, deliveries })).verdict.validity).toBe('pass');
  expect((await judged({ corpus, facts: touched, deliveries, expect: ['exactly-once'] })).verdict.validity).toBe(
    'fail',
  );
});

test('a handler that cannot be imported explains the loss with its last output', async () => {
  const facts = factsWith(
    invocation([0], {
      status: 'failed',
      errorType: 'Runtime.ImportModuleError',
      message: "Cannot find module 'requests'",
      lastOutput: 'Error: no such module\n    at load',
    }),
  );
  const { verdict } = await judged({ corpus, facts, deliveries: [] });
  expect(verdict.validity).toBe('fail');
  expect(verdict.findings[1]).toMatchObject({
    id: 'initialisation-failed',
    check: 'once-unless-provoked',
    validity: 'fail',
    summary:
      "1 invocation of 1 object that lacks records ended with Runtime.ImportModuleError: Cannot find module 'requests'",
    witnesses: [
      {
        bucket: 'flow-logs',
        key: 'AWSLogs/object-0.log',
        note: 'last output of the forwarder:\nError: no such module\n    at load',
      },
    ],
  });
});

test('a changed copy of a record that also arrived intact is unexpected, though another is missing', async () => {
  // Both are of one interface and window, so the copy might be taken for the missing one.
  const twins = [lineOf(0), lineOf(5)];
  const own = corpusOf([{ lines: twins }]);
  const changed = twins[1]!.replace('ACCEPT', 'PERHAPS');
  const { tally } = await judged({ corpus: own, deliveries: [{ records: [twins[1]!, changed].map(flat) }] });
  expect(tally).toMatchObject({ expected: 2, delivered: 1, missing: 1, altered: 0, unexpected: 1 });
});

test('a fault at the sink touches the objects of the requests that it answered, and no others', async () => {
  const two = corpusOf([{ lines: linesOf(4) }, { lines: linesOf(4, 4) }]);
  const facts = healthyFacts(two).flatMap((fact): RunFact[] =>
    fact.type === 'invocation'
      ? [
          { ...fact, status: 'failed', errorType: 'Error' },
          { type: 'dead-lettered', objects: fact.objects, atMs: 9000, condition: 'RetriesExhausted' },
        ]
      : [fact],
  );
  const refused = (first: number) => ({ records: linesOf(4, first).map(flat), kept: false, fault: 'sink.status' });
  const kept = { records: [flat(lineOf(0))] };
  const both = await judged({ corpus: two, facts, deliveries: [kept, refused(0), refused(4)] });
  expect(both.tally).toMatchObject({ expected: 8, delivered: 1, deadLettered: 7, missing: 0 });
  expect(both.verdict.validity).toBe('pass');
  const one = await judged({ corpus: two, facts, deliveries: [kept, refused(4)] });
  expect(one.verdict.findings[0]!.summary).toBe(
    '3 of 8 owed records ended in dead letters, the first at AWSLogs/object-0.log line 3',
  );
});

test('a timed check of a run that delivered nothing is unknown, and a damaged object that nobody saw too', async () => {
  expect(await findingsOf('latency p99 < 5s', { deliveries: [] })).toEqual(['nothing-measured: unknown']);
  expect(await findingsOf('throughput > 1 records/s', { deliveries: [] })).toEqual(['nothing-measured: unknown']);
  const damaged = corpusOf([{ lines, condition: 'damaged' }]);
  const facts = healthyFacts(damaged).filter((fact) => fact.type !== 'invocation');
  expect(await findingsOf('promises', { corpus: damaged, facts, deliveries: [] })).toEqual([
    'bad-object-unobserved: unknown',
  ]);
});

test('of the hosts that a target reached for, the most wanted are named', async () => {
  const wanted = ['a', 'b', 'b', 'c', 'd', 'e', 'f', 'g', 'h:8080'].map((name): RunFact => {
    const [host, port = '443'] = name.split(':');
    return { type: 'egress-refused', host: `${host}.example.com`, port: Number(port), atMs: 2000 };
  });
  const { verdict } = await judged({
    corpus,
    facts: [...healthyFacts(corpus), ...wanted.toReversed()],
    deliveries: [all],
  });
  expect(verdict.validity).toBe('pass');
  expect(verdict.findings.map(({ summary }) => summary)).toEqual([
    'the target reached for b.example.com (2 times), h.example.com:8080 (1 time), g.example.com (1 time), ' +
      'f.example.com (1 time), e.example.com (1 time) and 3 more hosts, and was refused: only SigNoz and AWS are stood for',
  ]);
});

test('a dead letter after a fault of the network is excused where the invocation failed while it struck', async () => {
  const facts = (atMs: number): RunFact[] =>
    factsWith(
      invocation([0], { status: 'failed', errorType: 'Error', startedMs: 1000, endedMs: 2000 }),
      { type: 'fault', kind: 'net.tls', atMs },
      { type: 'dead-lettered', objects: [0], atMs: 9000, condition: 'RetriesExhausted' },
    );
  const findings = (atMs: number) => findingsOf('once-unless-provoked', { facts: facts(atMs), deliveries: [] });
  expect(await findings(1500)).toEqual(['dead-letters-forgiven: pass']);
  expect(await findings(2500)).toContain('dead-lettered-records');
});
