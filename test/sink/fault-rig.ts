// What tests of faults share: small batches whose first record names the request, and clients that say what they saw of an answer.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { Delivery, RecordView } from '../../src/core/model/delivery.ts';
import { encodeOtlp } from './otlp-encoder.ts';
import { key, type SinkRig } from './rig.ts';

/** A record is named by its body; one that begins with `header` has no name. */
export const identify = (view: RecordView): string | undefined => {
  const body = bodyOf(view);
  return body.startsWith('header') ? undefined : body;
};

/** Conditions of these tests are the text of a body. */
export const match =
  (condition: string) =>
  (view: RecordView): boolean =>
    bodyOf(view) === condition;

function bodyOf(view: RecordView): string {
  return Buffer.from(view.source.subarray(view.bodyStart, view.bodyEnd)).toString();
}

/** For SigNoz's JSON receiver: one record for each body. */
export const batch = (...bodies: string[]): string => JSON.stringify(bodies.map((body) => ({ body })));

export const otlpJson = (...bodies: string[]): string =>
  JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ logRecords: bodies.map((body) => ({ body: { stringValue: body } })) }] }],
  });

export const otlpProtobuf = (...bodies: string[]): Uint8Array =>
  encodeOtlp([
    { attributes: [], scopes: [{ attributes: [], records: bodies.map((body) => ({ body, attributes: [] })) }] },
  ]);

/** What the delivery books, without what differs from run to run. */
export function booked({ acknowledgement, kept, statusCode, fault, falsified }: Delivery): object {
  return { acknowledgement, kept, statusCode, ...(fault ? { fault } : {}), ...(falsified ? { falsified } : {}) };
}

/** Bodies of all kept records, in order of delivery. */
export function keptBodies(rig: SinkRig): (string | undefined)[] {
  return [...rig.records.values()].flatMap((records) => records.map((record) => record.body));
}

/** Sends one POST over a socket of its own and leaves it open. Without `more` all of the body is announced. */
export async function request(url: string, body: string, more = ''): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const length = Buffer.byteLength(body) + Buffer.byteLength(more);
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: ${length}\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(head + body, () => resolve()));
  return socket;
}

/** How a socket ended: all that it got, and the code of its error, if any. */
export function ending(socket: Socket): Promise<{ text: string; code: string | undefined }> {
  let text = '';
  let code: string | undefined;
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  return new Promise((resolve) => socket.once('close', () => resolve({ text, code })));
}

/** Skips from one held-back event to the next. */
export async function skipUntil(rig: SinkRig, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    const dueMs = rig.sink.nextDueMs();
    if (dueMs !== undefined && dueMs > rig.clock.nowMs()) rig.clock.skipTo(dueMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
