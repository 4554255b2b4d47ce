// Clients that gave up while the sink was kept from its sockets: nobody may be blamed for sending again.

import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

import { expect, test } from 'vitest';

import { openArchive } from '../../src/sink/archive.ts';
import { key, openSinkRig, post } from './rig.ts';
import { until } from '../until.ts';

test('a client that gave up before the sink came to answer has lost the reply', async () => {
  await using rig = await openSinkRig();
  const body = '[{"body":"a"}]';
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const { hostname, port } = new URL(rig.sink.url);
  const socket = connect(Number(port), hostname, () => void socket.write(head));
  await until(() => rig.sink.openRequests() === 1);
  // The client waits for a second, and then is gone by the time that its last bytes are read.
  rig.clock.skipTo(rig.clock.nowMs() + 1000);
  socket.write(body);
  socket.destroy();
  await until(() => rig.deliveries.length === 1);
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([['reply-lost', true]]);
});

test('a client that gives up with the answer unread in its socket has lost the reply', async () => {
  await using rig = await openSinkRig();
  const { port } = new URL(rig.sink.url);
  const body = '[{"body":"a"}]';
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const client = new Worker(lateClient, {
    eval: true,
    workerData: { port: Number(port), request: head + body, answered },
  });
  await until(() => rig.deliveries.length === 1);
  expect(rig.sink.counts()).toMatchObject({ accepted: 1, replyLost: 0 });
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
  await once(client, 'exit');
  await until(() => rig.sink.counts().replyLost === 1);
  expect(rig.sink.counts()).toMatchObject({ requests: 1, accepted: 0, replyLost: 1, statusCounts: {} });
  const archive = await openArchive(rig.folder);
  expect(archive.complete).toBe(true);
  expect(archive.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([
    ['reply-lost', true],
  ]);
});

test('a client that left before its answer was sent, unseen, has lost the reply', async () => {
  const gone = new Int32Array(new SharedArrayBuffer(4));
  // The sink's thread sees nothing of its sockets until the client has left.
  await using rig = await openSinkRig({ onArchived: () => void Atomics.wait(gone, 0, 0) });
  const { port } = new URL(rig.sink.url);
  const request = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 14\r\n\r\n[{"body":"a"}]`;
  new Worker(earlyLeaver, { eval: true, workerData: { port: Number(port), request, gone } });
  await until(() => rig.sink.counts().replyLost === 1);
  expect(rig.sink.counts()).toMatchObject({ requests: 1, accepted: 0, replyLost: 1 });
});

test('a client that reads its answer before it leaves has it', async () => {
  await using rig = await openSinkRig();
  for (const body of ['[{"body":"a"}]', '[{"body":"b"}]']) await post(rig.sink.jsonUrl, body);
  expect(rig.sink.counts()).toMatchObject({ requests: 2, accepted: 2, replyLost: 0, statusCounts: { 200: 2 } });
});

/** Leaves once its request was sent. */
const earlyLeaver = `
  const { workerData: { port, request, gone } } = require('node:worker_threads');
  const socket = require('node:net').connect(port, '127.0.0.1', () => {
    socket.write(request, () => {
      socket.destroy();
      socket.once('close', () => {
        Atomics.store(gone, 0, 1);
        Atomics.notify(gone, 0);
      });
    });
  });`;

/** Keeps its thread from its sockets until the answer is there; then its own limit fires before it can read. */
const lateClient = `
  const { workerData: { port, request, answered } } = require('node:worker_threads');
  const socket = require('node:net').connect(port, '127.0.0.1', () => {
    socket.write(request, () => {
      setTimeout(() => socket.destroy(), 1);
      Atomics.wait(answered, 0, 0);
      // The limit has passed, too, however soon the answer came.
      Atomics.wait(answered, 0, 1, 5);
    });
  });`;
