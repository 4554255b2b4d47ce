// Answers and bodies of the APIs that a sandbox's processes call, in the form of AWS's own emulator (aws/aws-lambda-runtime-
// interface-emulator, lambda/rapi/rendering).

import type { IncomingMessage, ServerResponse } from 'node:http';

export function accept(response: ServerResponse): void {
  answer(response, 202, { status: 'OK' });
}

export function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  answer(response, status, { errorMessage, errorType });
}

export function answer(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Too large a body is read to its end and forgotten: a client in mid-write could not hear the answer. */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | 'too-large' | 'cut-off'> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return 'cut-off';
  }
  return sizeBytes <= limitBytes ? Buffer.concat(chunks) : 'too-large';
}
