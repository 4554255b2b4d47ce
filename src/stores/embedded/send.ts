// Sends an answer. Bodies go out in pieces, as fast as the client reads, and are never joined.

import type { ServerResponse } from 'node:http';

import type { Answer, BodySlice } from './action.ts';
import type { S3Error } from './errors.ts';
import { sendDisturbed, type Disturbance } from './disturbed-body.ts';
import type { OpenRequest } from './open-requests.ts';
import type { RequestIds } from './request-ids.ts';
import { textElement, xmlDeclaration } from './xml.ts';

interface SendContext {
  readonly ids: RequestIds;
  readonly open: OpenRequest;
  readonly disturbance?: Disturbance | undefined;
}

/**
 * Sends the answer and releases its body: in this turn where it need not wait for the client, else a promise resolves when all was
 * handed to the socket or the client is gone. Throws or rejects where a header is none that Node sends.
 */
export function sendAnswer(response: ServerResponse, answer: Answer, context: SendContext): Promise<void> | undefined {
  const { statusCode, content } = answer;
  const head = headOf(answer, context.ids);
  leaveUnsaid(response);
  if (typeof content === 'object') {
    const pieces = context.disturbance ? undefined : content.body.readAtOnce(content.start, content.end);
    if (!pieces) return sendHeld(response, { statusCode, head, slice: content }, context);
    const released = content.body.release();
    sendAtOnce(response.writeHead(statusCode, head), pieces);
    // What the socket took whole ends with this turn.
    if (response.writableLength > 0) context.open.turn('client');
    return released;
  }
  if (content !== undefined) {
    head.push('content-type', 'application/xml', 'content-length', Buffer.byteLength(content));
  } else if (statusCode === 200 && !('content-length' in answer.headers)) head.push('content-length', 0);
  response.writeHead(statusCode, head).end(content);
  context.open.turn('client');
  return undefined;
}

/** Names and values in turns, as `writeHead` takes them without making an object of them. */
function headOf({ headers }: Answer, ids: RequestIds): (string | number)[] {
  const head: (string | number)[] = [];
  for (const name of Object.keys(headers)) head.push(name, headers[name]!);
  head.push('x-amz-id-2', ids.hostId, 'x-amz-request-id', ids.requestId, 'server', 'AmazonS3');
  return head;
}

/**
 * In HTTP/1.1 a connection stays without a word, and S3 gives none (espressif/arduino-esp32,
 * libraries/Update/examples/AWS_S3_OTA_Update/AWS_S3_OTA_Update.ino shows an answer), where Node would add two headers: a GET of 1 KiB
 * took the client 2 us less without them.
 */
function leaveUnsaid(response: ServerResponse): void {
  if (response.shouldKeepAlive && response.req.httpVersion === '1.1') response.removeHeader('connection');
}

/** S3's error document ("Error responses", Amazon S3 API Reference). */
export function errorAnswer(error: S3Error, context: { readonly ids: RequestIds; readonly resource: string }): Answer {
  const content = [
    xmlDeclaration,
    '<Error>',
    textElement('Code', error.code),
    textElement('Message', error.message),
    ...Object.entries(error.details).map(([name, value]) => textElement(name, value)),
    textElement('Resource', context.resource),
    textElement('RequestId', context.ids.requestId),
    textElement('HostId', context.ids.hostId),
    '</Error>',
  ];
  return { statusCode: error.statusCode, headers: error.headers, content: content.join('') };
}

interface HeldAnswer {
  readonly statusCode: number;
  readonly head: (string | number)[];
  readonly slice: BodySlice;
}

async function sendHeld(
  response: ServerResponse,
  { statusCode, head, slice }: HeldAnswer,
  { open, disturbance }: SendContext,
): Promise<void> {
  try {
    response.writeHead(statusCode, head);
    if (disturbance) await sendDisturbed(response, slice, { open, disturbance });
    else await sendSlice(response, slice, open);
  } finally {
    await slice.body.release();
  }
  open.turn('client');
}

async function sendSlice(response: ServerResponse, slice: BodySlice, open: OpenRequest): Promise<void> {
  try {
    for await (const pieces of slice.body.read(slice.start, slice.end)) {
      const taken = writeGroup(response, pieces);
      open.turn('client');
      if (!(await taken)) return;
      open.turn('ours');
    }
    response.end();
  } catch {
    // The body could not be read. The headers are out, so a broken connection is all that can still be said.
    response.destroy();
  }
}

/** Up to so many Node sends as one text with the head, which costs less than a vector of two. */
const fewBytes = 8192;

/** Without waiting for the socket: the bytes stay where they are. */
function sendAtOnce(response: ServerResponse, pieces: readonly Uint8Array[]): void {
  const last = pieces.at(-1);
  if (pieces.length === 1 && last!.length <= fewBytes) {
    response.end(asBuffer(last!).toString('latin1'), 'latin1');
    return;
  }
  // Head and body are one vector; `end` uncorks.
  response.cork();
  for (let i = 0; i < pieces.length - 1; i++) response.write(pieces[i]);
  response.end(last);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Writes the pieces and resolves when the socket took them all: then their buffers are free again. False where the client is
 * gone. `drain` would not do: it stays away when a small last piece waits in a full socket.
 */
function writeGroup(response: ServerResponse, pieces: readonly Uint8Array[]): Promise<boolean> {
  return new Promise((resolve) => {
    const onClose = (): void => resolve(false);
    response.once('close', onClose);
    let left = pieces.length;
    // Corked, a group of small pieces is one system call.
    response.cork();
    for (const piece of pieces) {
      response.write(piece, (error) => {
        left -= 1;
        if (error) resolve(false);
        if (left > 0) return;
        response.off('close', onClose);
        resolve(!error);
      });
    }
    response.uncork();
  });
}
