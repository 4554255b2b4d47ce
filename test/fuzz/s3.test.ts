// Requests to the S3 from nowhere: whatever is sent, it answers as S3 does or closes the connection; it never fails by itself, never
// says that it did what it did not do, and leaves nothing behind. `npm run fuzz` sends many more than `npm test`.

import { readdirSync } from 'node:fs';
import { connect } from 'node:net';

import { expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import { openTestStore, type TestStore } from '../stores/open-test-store.ts';
import { bytesOf, drawsOf, mutatedS3Request, puts } from './s3-request.ts';
import { until } from '../until.ts';

const inputCount = Number(process.env['FUZZ_INPUTS'] ?? 2000) / 2;
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const atOnce = 8;
/** Answers that take longer are hangs: nothing here waits on purpose. */
const hangMs = 30_000;

interface Exchange {
  readonly status: number;
  readonly text: string;
}

/** Sends the bytes, says that no more will come, and reads to the end; undefined where nothing ended. */
function exchange(store: TestStore, bytes: Buffer): Promise<Exchange | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(new URL(store.address.endpoint).port), '127.0.0.1');
    socket.setTimeout(hangMs, () => {
      resolve(undefined);
      socket.destroy();
    });
    socket
      .on('data', (chunk) => chunks.push(chunk))
      .on('error', () => undefined)
      .on('close', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
      });
    socket.end(bytes);
  });
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

test(
  'the S3 survives requests from nowhere, and answers each as S3 would',
  { timeout: 60_000 + inputCount * 30 },
  async () => {
    await using store = await openTestStore({ memoryBytes: 0 });
    await store.createBucket('bucket');
    await store.put('bucket', 'k', Buffer.from('first'));
    const random = randomSource(seed).split('s3');
    const strange: unknown[] = [];
    await inParallel(inputCount, async (index) => {
      const draft = mutatedS3Request(random, index);
      const answer = await exchange(store, bytesOf(draft));
      const isError = (answer?.status ?? 0) >= 300 && answer?.status !== 304;
      // What is no HTTP is refused before S3 has a say; a HEAD has no body.
      const isSpoken = answer !== undefined && (!answer.text.includes('x-amz-request-id') || draft.method === 'HEAD');
      const isTold = isError && /<Error><Code>\w+<\/Code><Message>[^<]+<\/Message>/.test(answer!.text);
      if (answer && answer.status !== 500 && (!isError || isTold || isSpoken)) return;
      strange.push({ index, story: draft.story, answer: answer?.text.slice(0, 600) });
    });
    expect(strange.slice(0, 3)).toEqual([]);
    const { status } = (await exchange(store, Buffer.from('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')))!;
    expect([status, store.openRequests()]).toEqual([200, 0]);
    // What a client left half sent is taken away behind its back.
    await until(() => readdirSync(`${store.folder}/incoming`).length === 0);
  },
);

test(
  'a PUT is kept whole and as it was sent, or refused and not kept at all',
  { timeout: 60_000 + inputCount * 30 },
  async () => {
    await using store = await openTestStore();
    await store.createBucket('bucket');
    const random = randomSource(seed).split('s3 puts');
    const wrong: unknown[] = [];
    const counts = { kept: 0, refused: 0 };
    await inParallel(inputCount, async (index) => {
      const draw = drawsOf(random, index);
      const key = `k${index}`;
      const kind = Object.keys(puts)[draw(5)] as keyof typeof puts;
      const data = Buffer.from(Array.from({ length: draw(400) }, () => 97 + draw(26)));
      const draft = puts[kind](key, data, draw);
      const body = Buffer.from(draft.body);
      let expected: Buffer | undefined = data;
      const what = draw(4);
      if (what === 1 && body.length > 0) {
        const at = draw(body.length);
        const before = body[at]!;
        body[at] = draw(256);
        // Nothing guards a plain body; the framing of a guarded one may read the same.
        if (kind === 'plain') expected = body;
        else if (body[at] !== before) expected = kind === 'framed' ? data : undefined;
      } else if (what === 2) {
        draft.body = body.subarray(0, draw(body.length + 1));
        if (draft.body.length < body.length) expected = undefined;
      }
      if (what !== 2) draft.body = body;
      const former = index % 2 === 0 ? 'former' : undefined;
      if (former !== undefined) await store.put('bucket', key, Buffer.from(former));
      const answer = (await exchange(store, bytesOf(draft)))!;
      const now = await exchange(
        store,
        Buffer.from(`GET /bucket/${key} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`),
      );
      const stored = now!.status === 200 ? now!.text.slice(now!.text.indexOf('\r\n\r\n') + 4) : undefined;
      const isKept = answer.status === 200;
      counts[isKept ? 'kept' : 'refused'] += 1;
      const should = isKept ? expected?.toString('latin1') : former;
      if (stored !== should || (isKept && expected === undefined))
        wrong.push({ index, kind, what, status: answer.status, should, stored });
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(Math.min(counts.kept, counts.refused)).toBeGreaterThan(inputCount / 10);
  },
);
