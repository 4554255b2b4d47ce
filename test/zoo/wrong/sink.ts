// Saboteurs that misread SigNoz's answers, or what comes in their place.

import { setTimeout as sleep } from 'node:timers/promises';

import type { Handler, HandlerAddresses } from '../../../src/index.ts';
import { deadLettered, doubled, found, lost, type WrongAnimal } from '../animal.ts';
import { newForwarder, post, send, type Answer, type Row } from '../forwarder.ts';

type Send = (rows: readonly Row[], addresses: HandlerAddresses) => Promise<void>;

function onceRefused(code: number, more: object = {}): object {
  return { faults: [{ kind: 'sink.status', code, nth: 1, ...more }] };
}

/** A forwarder that tries again while `isGood` does not like the answer, and otherwise goes on. */
function believing(isGood: (answer: Answer) => boolean, pauseMs = 20): () => Handler {
  const tryOn: Send = async (rows, addresses) => {
    while (!isGood(await post(rows, addresses))) await sleep(pauseMs);
  };
  return () => newForwarder({ send: tryOn });
}

function sending(send: Send, more: Parameters<typeof newForwarder>[0] = {}): () => Handler {
  return () => newForwarder({ ...more, send });
}

export const wrongWithTheSink: readonly Omit<WrongAnimal, 'group'>[] = [
  {
    name: 'comes-too-early',
    bug: 'Retry-After is not read, and SigNoz is asked again at once.',
    scenario: { ...onceRefused(429, { retryAfter: '1s' }), expect: ['promises', 'retry-after-honoured'] },
    make: believing(({ ok }) => ok),
    convicted: found('retry-after-ignored', 'retry-after-honoured', 4),
  },
  {
    name: 'swallows-429',
    bug: 'A request that is refused for its rate is counted as sent.',
    scenario: onceRefused(429),
    make: believing(({ ok, status }) => ok || status === 429),
    convicted: lost(200),
  },
  {
    name: 'never-tries-again',
    bug: 'An error of the server loses the batch.',
    scenario: onceRefused(503),
    make: believing(({ ok, status }) => ok || status >= 500),
    convicted: lost(200),
  },
  {
    name: 'knows-one-error-only',
    bug: 'Only 401 is an error: all other answers of 400 to 499 clear the buffer.',
    scenario: onceRefused(404),
    make: believing(({ ok, status }) => ok || (status >= 400 && status < 500 && status !== 401)),
    convicted: lost(200),
  },
  {
    name: 'drops-what-is-too-large',
    bug: 'A batch that SigNoz refuses as too large is dropped.',
    scenario: { faults: [{ kind: 'sink.max-body', limit: '8kB', of: 'decoded' }] },
    make: sending(async (rows, addresses) => {
      if ((await post(rows, addresses)).status !== 413) await send(rows, addresses);
    }),
    convicted: lost(200),
  },
  {
    name: 'never-splits-a-body',
    bug: 'A body that is too large is sent as it is until all tries are used up.',
    scenario: {
      faults: [{ kind: 'sink.max-body', limit: '8kB', of: 'decoded' }],
      promises: { delivery: 'exactly-once' },
    },
    make: sending(async (rows, addresses) => {
      const { ok, status } = await post(rows, addresses);
      if (!ok) throw new Error(`SigNoz answered ${status}`);
    }),
    convicted: { ...deadLettered(200), check: 'exactly-once' },
  },
  {
    name: 'sends-twice-after-an-error',
    bug: 'After an error it sends again twice, to be sure.',
    scenario: onceRefused(503),
    make: sending(async (rows, addresses) => {
      if ((await post(rows, addresses)).ok) return;
      await post(rows, addresses);
      await post(rows, addresses);
    }),
    convicted: doubled(200),
  },
  {
    name: 'sends-a-batch-twice',
    bug: 'The first batch of an object is sent again, though it was taken.',
    make: sending(
      async (rows, addresses) => {
        await send(rows, addresses);
        if (rows.length === 40) await send(rows, addresses);
      },
      { batchSize: 40 },
    ),
    convicted: doubled(160),
  },
  {
    name: 'swallows-connection-errors',
    bug: 'A connection that breaks is told in the log, and the batch is gone.',
    scenario: { faults: [{ kind: 'sink.reset', at: 'mid', nth: 1 }] },
    make: sending((rows, addresses) =>
      post(rows, addresses).then(
        () => undefined,
        () => undefined,
      ),
    ),
    convicted: lost(200),
  },
  {
    name: 'ignores-partial-success',
    bug: 'OTLP says in a 200 how many records were rejected, and nobody reads it.',
    scenario: { faults: [{ kind: 'sink.partial-success', rejected: 7, nth: 1 }] },
    make: sending(async (rows, addresses) => {
      const logRecords = rows.map((row) => ({
        attributes: Object.entries(row).map(([key, value]) => ({ key, value: { stringValue: String(value) } })),
      }));
      const body = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
      const { ok, status } = await post(body, { ...addresses, jsonUrl: addresses.otlpUrl });
      if (!ok) throw new Error(`SigNoz answered ${status}`);
    }),
    convicted: lost(28),
  },
  {
    name: 'follows-a-redirect',
    bug: 'A redirect makes a GET of its POST, SigNoz answers 200 to that, and the batch is gone.',
    scenario: { faults: [{ kind: 'sink.redirect', code: 302, nth: 1 }] },
    make: sending(async (rows, addresses) => {
      const { ok, status } = await post(rows, addresses, { redirect: 'follow' });
      if (!ok) throw new Error(`SigNoz answered ${status}`);
    }),
    convicted: lost(200),
  },
  {
    name: 'has-an-old-key',
    bug: 'Its key was changed, and a 401 is printed at most.',
    make: sending(async (rows, addresses) => void (await post(rows, { ...addresses, key: 'of-last-year' }))),
    convicted: lost(200),
  },
  {
    name: 'adds-a-slash',
    bug: 'A slash behind the path is answered 404, and everything is lost without a word.',
    make: sending(
      async (rows, addresses) => void (await post(rows, { ...addresses, jsonUrl: `${addresses.jsonUrl}/` })),
    ),
    convicted: lost(200),
  },
  {
    name: 'says-gzip-and-sends-none',
    bug: 'The body is said to be compressed and is not, and the answer is not looked at.',
    make: sending(
      async (rows, addresses) => void (await post(rows, addresses, { headers: { 'content-encoding': 'gzip' } })),
    ),
    convicted: lost(200),
  },
  {
    name: 'takes-a-web-page-for-success',
    bug: 'A proxy answers 200 with a page of its own.',
    scenario: { faults: [{ kind: 'sink.html', nth: 1 }] },
    make: believing(({ status }) => status === 200),
    convicted: lost(200),
  },
  {
    name: 'forgets-the-rest',
    bug: 'What was stored for a second try is deleted behind the first batch of it that succeeds.',
    scenario: onceRefused(503),
    make: () => async (event, addresses) => {
      const stored: (readonly Row[])[] = [];
      const keep: Send = async (rows, where) => {
        if (!(await post(rows, where)).ok) stored.push(rows);
      };
      await newForwarder({ batchSize: 20, send: keep })(event, addresses);
      for (const rows of stored.splice(0)) if ((await post(rows, addresses)).ok) break;
    },
    convicted: lost(120),
  },
  {
    name: 'opens-ten-connections',
    bug: 'An object goes out in small requests, all at once.',
    scenario: {
      traffic: { preset: 'web-vpc', records: 50 },
      faults: [{ kind: 'sink.delay', duration: '300ms' }],
      expect: ['promises', 'connections < 10'],
    },
    make: sending(async (rows, addresses) => {
      const parts = Array.from({ length: 10 }, (_, i) => rows.slice(i * 5, (i + 1) * 5));
      await Promise.all(parts.map((part) => send(part, addresses)));
    }),
    convicted: found('too-many-connections', 'connections < 10', 10),
  },
  {
    name: 'phones-home',
    bug: "It tells a server of its maker's about each object.",
    scenario: { expect: ['promises', 'no-egress'] },
    make: { code: 'phones-home' },
    convicted: found('reached-for-the-internet', 'no-egress', 4),
  },
];
