// What every test of the sink needs: an open sink in a folder of its own, and all that it handed on.

import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openClock, type SkippableClock } from '../../src/core/clock.ts';
import type { Delivery } from '../../src/core/model/delivery.ts';
import { randomSource } from '../../src/core/random.ts';
import { openSink, type Sink, type SinkOptions } from '../../src/sink/index.ts';
import { seenRecord, type SeenRecord } from './seen-record.ts';

export const key = 'test-key-0123456789';

export interface SinkRig extends AsyncDisposable {
  readonly sink: Sink;
  readonly clock: SkippableClock;
  /** The archive's folder. */
  readonly folder: string;
  readonly deliveries: Delivery[];
  /** By sequence, in order within each. */
  readonly records: Map<number, SeenRecord[]>;
}

/** A cloud sink that takes `key`, unless `options` say otherwise. */
export async function openSinkRig(options: Partial<SinkOptions> = {}): Promise<SinkRig> {
  const parent = await mkdtemp(join(tmpdir(), 'flowrig-sink-'));
  const folder = join(parent, 'archive');
  const clock = openClock();
  const deliveries: Delivery[] = [];
  const records = new Map<number, SeenRecord[]>();
  const sink = await openSink({
    clock,
    random: randomSource(1),
    startedMs: clock.nowMs(),
    edition: 'cloud',
    key,
    folder,
    faults: [],
    onRecords(sequence, show) {
      const seen: SeenRecord[] = [];
      show((view) => seen.push(seenRecord(view)));
      if (seen.length > 0) records.set(sequence, seen);
    },
    onDelivery: (delivery) => void deliveries.push(delivery),
    ...options,
  });
  return {
    sink,
    clock,
    folder,
    deliveries,
    records,
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]();
      await rm(parent, { recursive: true });
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends a POST with the key; `headers` come on top. */
export async function post(
  url: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : Buffer.from(body),
    headers: { 'signoz-ingestion-key': key, ...headers },
    redirect: 'manual',
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** Sends bytes as they are and reads one answer: what no HTTP client lets a test send. */
export function sendRaw(url: string, bytes: Uint8Array, isHead = false): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      const answer = parseAnswer(received, isHead);
      if (!answer) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed without an answer after ${received.length} bytes`)));
  });
}

function parseAnswer(received: Buffer, isHead: boolean): RawAnswer | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine, ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const length = isHead ? 0 : Number(headers['content-length'] ?? 0);
  const body = received.subarray(headEnd + 4);
  return body.length < length ? undefined : { status: Number(statusLine!.split(' ')[1]), headers, body };
}
