import { connect, type Socket } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { skipIdleTime } from '../../src/run/time-skip.ts';
import { openSink } from '../../src/sink/index.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/index.ts';

/** Over this, an idle connection is closed: the store's is Fastify's default, the sink's that of SigNoz Cloud's ingress. */
const idleLimitsMs = { store: 72_000, sink: 75_000 };

function temporaryFolder(): AsyncDisposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'flowrig-skip-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A connection that has had an answer, and is kept by its client. */
async function idleConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

test('idle time is skipped to the next event, after connections were closed that it outlasts', async () => {
  const clock = openClock();
  const stop = new AbortController();
  const told: string[] = [];
  const hourMs = 3_600_000;
  const asleep = clock.sleep(hourMs).then(() => stop.abort());
  await skipIdleTime(
    clock,
    {
      isBusy: () => false,
      sinkState: () => Promise.resolve({ openRequests: 0 }),
      closeIdleConnections: (jumpMs) => {
        told.push(`close ${Math.round(jumpMs / hourMs)} h, skipped ${Math.round(clock.skippedMs() / hourMs)} h`);
        return Promise.resolve();
      },
      onSkip: () => {
        told.push(`skipped ${Math.round(clock.skippedMs() / hourMs)} h`);
        return Promise.resolve();
      },
    },
    stop.signal,
  );
  await asleep;
  expect(told).toEqual(['close 1 h, skipped 0 h', 'skipped 1 h']);
});

test('nothing is skipped while the target is busy, a request is open, or nothing is due', async () => {
  for (const [isBusy, openRequests, sleeps] of [
    [true, 0, true],
    [false, 1, true],
    [false, 0, false],
  ] as const) {
    const clock = openClock();
    const stop = new AbortController();
    const sleeper = new AbortController();
    const asleep = sleeps ? clock.sleep(3_600_000, sleeper.signal).catch(() => undefined) : Promise.resolve();
    let looks = 0;
    const look = (): void => void (++looks === 5 && stop.abort());
    await skipIdleTime(
      clock,
      {
        isBusy: () => (look(), isBusy),
        sinkState: () => Promise.resolve({ openRequests }),
        closeIdleConnections: () => Promise.resolve(),
        onSkip: () => Promise.resolve(),
      },
      stop.signal,
    );
    sleeper.abort();
    await asleep;
    expect(clock.skippedMs()).toBe(0);
  }
});

test('sink and store close a connection when a jump passes its idle limit, and not before', async () => {
  await using folder = temporaryFolder();
  const clock = openClock();
  const random = randomSource(1);
  await using store = await openEmbeddedStore({ clock, random, folder: join(folder.path, 'store') });
  await using sink = await openSink({
    clock,
    random,
    startedMs: clock.nowMs(),
    edition: 'cloud',
    faults: [],
    folder: join(folder.path, 'archive'),
  });
  for (const [part, url, idleLimitMs] of [
    [store, store.address.endpoint, idleLimitsMs.store],
    [sink, sink.url, idleLimitsMs.sink],
  ] as const) {
    const socket = await idleConnection(url);
    part.closeIdleConnections(idleLimitMs - 1);
    socket.write('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    part.closeIdleConnections(idleLimitMs);
    await closed;
  }
});
