// Recorded requests to a real SigNoz collector: how a test reads and sends them.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';

type Part = { text: string } | { base64: string } | { repeat: string; times: number; separator?: string };
type Body = Part | { concat: Part[]; encode?: 'gzip' | 'zstd' | 'snappy'; level?: number };

/** One outcome of a request. `response` is `aborted` where the connection ended without an answer. */
export interface Outcome {
  readonly response: {
    readonly aborted?: true;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
  /** The `resourceLogs` of OTLP JSON. */
  readonly records?: readonly object[];
  readonly recordsSummary?: {
    readonly resourceLogs: number;
    readonly logRecords: number;
    readonly sha256?: string;
    readonly tooDeep?: true;
  };
}

export interface Vector extends Outcome {
  readonly id: string;
  readonly group: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: readonly [string, string][];
    readonly framing: 'length' | 'chunked' | 'none';
    readonly body: Body | null;
    readonly chunkSize?: number;
    readonly halfClose?: true;
    readonly pauseBeforeBodyMs?: number;
    readonly raw?: Body;
  };
  /** The receiver had the bearertokenauth extension, with this header and key. */
  readonly receiverAuth?: { readonly header: 'signoz-ingestion-key'; readonly key: 'good-key' };
  readonly nondeterministic?: readonly Outcome[];
  /** There were more outcomes than `nondeterministic` holds. */
  readonly distinctOutcomesSeen?: number;
}

export interface VectorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A sink that says nothing for so long would not have answered; no outcome depends on it. */
const silenceMs = 15_000;

export function readVectors(name: string): Vector[] {
  const text = readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);
}

/** Sends the bytes that were recorded and reads the final answer; undefined where the connection ended without one. */
export function sendVector(url: string, vector: Vector): Promise<VectorAnswer | undefined> {
  const { hostname, port } = new URL(url);
  const { head, body } = requestBytes(vector);
  // The second answer is no part of the vector; its records are.
  const expectedCount = vector.id === 'hdr-pipelined' ? 2 : 1;
  const expectsInterim = vector.request.headers?.some(([name]) => name === 'Expect') ?? false;
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const sendBody = (): void => {
      if (vector.request.halfClose) socket.end(body);
      else socket.write(body);
    };
    let received = Buffer.alloc(0);
    socket.on('connect', () => {
      socket.write(head);
      if (!expectsInterim) sendBody();
    });
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      if (/^HTTP\/1\.1 100 [^]*?\r\n\r\n/.test(received.toString('latin1', 0, 100))) {
        received = received.subarray(received.indexOf('\r\n\r\n') + 4);
        sendBody();
      }
      const answers = parseAnswers(received, vector);
      if (answers.length < expectedCount) return;
      resolve(answers[0]);
      socket.destroy();
    });
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(parseAnswers(received, vector, true)[0]));
  });
}

/** The whole answers in what was received. One that does not tell its length ends with the connection. */
function parseAnswers(received: Buffer, { request }: Vector, isClosed = false): VectorAnswer[] {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return [];
  const [statusLine, ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const rest = received.subarray(headEnd + 4);
  const told = headers['content-length'];
  if (told === undefined && !isClosed && request.method !== 'HEAD') return [];
  const length = request.method === 'HEAD' ? 0 : Number(told ?? rest.length);
  if (rest.length < length) return [];
  const answer = { status: Number(statusLine!.split(' ')[1]), headers, body: rest.subarray(0, length) };
  return [answer, ...parseAnswers(rest.subarray(length), { request } as Vector, isClosed)];
}

/** The bytes that were sent. */
export function requestBytes({ request }: Vector): { head: Buffer; body: Buffer } {
  if (request.raw) return { head: bodyBytes(request.raw), body: Buffer.alloc(0) };
  const body = requestBody(request.body);
  const framing = {
    length: [`Content-Length: ${body.length}`],
    chunked: ['Transfer-Encoding: chunked'],
    none: [],
  }[request.framing];
  const headers = request.headers.map(([name, value]) => `${name}: ${value}`);
  const head = [`${request.method} ${request.path} HTTP/1.1`, 'Host: ingest.test', ...headers, ...framing, '', ''];
  return {
    head: Buffer.from(head.join('\r\n'), 'latin1'),
    body: request.framing === 'chunked' ? chunked(body, request.chunkSize ?? body.length) : body,
  };
}

/** The body before it was framed. */
export function requestBody(body: Body | null): Buffer {
  return body ? bodyBytes(body) : Buffer.alloc(0);
}

function chunked(body: Buffer, chunkSize: number): Buffer {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += chunkSize) {
    const chunk = body.subarray(at, at + chunkSize);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

function bodyBytes(body: Body): Buffer {
  if (!('concat' in body)) return partBytes(body);
  const whole = Buffer.concat(body.concat.map(partBytes));
  switch (body.encode) {
    case 'gzip':
      return gzipSync(whole, { level: body.level ?? 6 });
    case 'zstd':
      return zstdCompressSync(whole);
    case 'snappy':
      return snappyBlock(whole);
    default:
      return whole;
  }
}

function partBytes(part: Part): Buffer {
  if ('text' in part) return Buffer.from(part.text);
  if ('base64' in part) return Buffer.from(part.base64, 'base64');
  const unit = part.repeat + (part.separator ?? '');
  const whole = Buffer.alloc(Buffer.byteLength(unit) * part.times, unit);
  return whole.subarray(0, whole.length - (part.separator ?? '').length);
}

/**
 * A block of literals and, for runs of one byte, copies from one byte before (google/snappy, format_description.txt): all that is
 * needed for a body that is small on the wire.
 */
function snappyBlock(whole: Buffer): Buffer {
  const out: number[] = [];
  for (let rest = whole.length; rest > 0; rest = rest >>> 7) out.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  for (let at = 0; at < whole.length;) {
    let run = 0;
    while (run < 64 && at > 0 && whole[at + run] === whole[at - 1]) run++;
    if (run > 0) out.push(((run - 1) << 2) | 2, 1, 0);
    else out.push(0, whole[at]!);
    at += Math.max(run, 1);
  }
  return Buffer.from(out);
}

export function expectedBody({ response }: Outcome): Buffer {
  return response.bodyBase64 === undefined
    ? Buffer.from(response.body ?? '')
    : Buffer.from(response.bodyBase64, 'base64');
}
