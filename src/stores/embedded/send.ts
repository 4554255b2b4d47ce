// Sends an answer. Bodies go out in pieces, as fast as the client reads, and are never joined.

import type { ServerResponse } from 'node:http';

import type { Answer, BodySlice } from './action.ts';
import type { S3Error } from './errors.ts';
import { sendDisturbed, type Disturbance } from './disturbed-body.ts';
import type { OpenRequest } from './open-requests.ts';
import type { RequestIds } from './request-ids.ts';
import { textElement, xmlDeclaration } from './xml.ts';

/** Sends the answer and releases its body. Resolves when all was handed to the socket or the client is gone. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  context: { readonly ids: RequestIds; readonly open: OpenRequest; readonly disturbance?: Disturbance | undefined },
): Promise<void> {
  const { content } = answer;
  const { open, disturbance } = context;
  const headers = {
    'x-amz-id-2': context.ids.hostId,
    'x-amz-request-id': context.ids.requestId,
    ...answer.headers,
    server: 'AmazonS3',
  };
  if (typeof content === 'object') {
    try {
      response.writeHead(answer.statusCode, headers);
      if (disturbance) await sendDisturbed(response, content, { open, disturbance });
      else await sendSlice(response, content, open);
    } finally {
      await content.body.release();
    }
  } else if (content === undefined) {
    const isEmpty = answer.statusCode === 200 && !('content-length' in answer.headers);
    response.writeHead(answer.statusCode, isEmpty ? { ...headers, 'content-length': 0 } : headers).end();
  } else {
    const sizeBytes = Buffer.byteLength(content);
    response.writeHead(answer.statusCode, {
      ...headers,
      'content-type': 'application/xml',
      'content-length': sizeBytes,
    });
    response.end(content);
  }
  open.turn('client');
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

async function sendSlice(response: ServerResponse, slice: BodySlice, open: OpenRequest): Promise<void> {
  const atOnce = slice.body.readAtOnce(slice.start, slice.end);
  if (atOnce) return sendAtOnce(response, atOnce);
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

/** Without waiting for the socket: the bytes stay where they are. So GETs of 1 KiB went from some 0.6 of a bare handler’s rate to some 0.9. */
function sendAtOnce(response: ServerResponse, pieces: readonly Uint8Array[]): void {
  const [first, second] = pieces;
  if (first && !second && first.length <= fewBytes) {
    response.end(Buffer.from(first.buffer, first.byteOffset, first.byteLength).toString('latin1'), 'latin1');
    return;
  }
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
  response.uncork();
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
