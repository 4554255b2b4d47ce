// Requests that nobody sends on purpose: recorded ones with head, body or framing changed, or several of these. The same number
// gives the same request.

import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

import type { RandomSource } from '../../src/core/random.ts';
import { requestBody, type Vector } from '../sink/vector.ts';

export interface FuzzedRequest {
  /** Pieces as they are written to the socket. */
  readonly pieces: readonly Buffer[];
  /** What was done to it, to be told when it shows a defect. */
  readonly story: readonly string[];
}

interface Draft {
  method: string;
  path: string;
  headers: [string, string][];
  body: Buffer;
  framing: 'length' | 'chunked' | 'short' | 'long' | 'none' | 'garbage-behind';
  readonly story: string[];
}

/** Enough to pass every limit of size; what is longer only takes longer to send. */
const mostBytes = 22 * 1024 * 1024;

type Draw = (bound: number) => number;
type Mutation = (draft: Draft, draw: Draw, vectors: readonly Vector[]) => string;

const methods = ['POST', 'GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'post', 'TRACE'];
const paths = [
  '/',
  '//',
  '/logs/json',
  '/logs/json/',
  '/logs//json',
  '/v1/logs',
  '/v1/logs/',
  '/v1/../v1/logs',
  '/%2e/',
  '/%ff',
  '*',
  `/${'a'.repeat(9000)}`,
];
const encodings = ['gzip', 'zstd', 'zlib', 'deflate', 'snappy', 'x-snappy-framed', 'lz4', 'br', 'identity', 'GZIP', ''];
const types = [
  'application/json',
  'application/x-protobuf',
  'application/json; charset=utf-8',
  'text/plain',
  'application/json;;',
  '',
];

/** Bodies that are small on the wire and large once opened, made once. */
const bombs: readonly Buffer[] = [
  gzipSync(Buffer.alloc(64 * 1024 * 1024, '[')),
  gzipSync(`[${'{},'.repeat(6_000_000)}{}]`),
  gzipSync(Buffer.alloc(16 * 1024 * 1024)),
  zstdCompressSync(Buffer.alloc(64 * 1024 * 1024, ' ')),
  Buffer.from('['.repeat(100_000)),
  Buffer.from(`[{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`),
  Buffer.from(`{"resourceLogs":${'[{"x":'.repeat(100_000)}`),
  Buffer.from(`[{"a":${'9'.repeat(100_000)}}]`),
  Buffer.from(`[{"${'\\u0041'.repeat(50_000)}":1}]`),
  nestedProtobuf(20_000),
];

/** An AnyValue of arrays within arrays, as the body of a record. */
function nestedProtobuf(levels: number): Buffer {
  let value = Buffer.from([0x0a, 1, 0x78]);
  const wrap = (tag: number): void => {
    const length: number[] = [];
    for (let rest = value.length; rest > 0; rest >>>= 7) length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    value = Buffer.concat([Buffer.from([tag, ...length]), value]);
  };
  for (let level = 0; level < levels && value.length < 60_000; level++) {
    wrap(0x0a);
    wrap(0x2a);
  }
  for (const tag of [0x2a, 0x12, 0x12, 0x0a]) wrap(tag);
  return value;
}

const mutations: readonly Mutation[] = [
  (draft, draw) => `method ${(draft.method = pick(methods, draw))}`,
  (draft, draw) => `path ${(draft.path = pick(paths, draw)).slice(0, 40)}`,
  (draft, draw) => `path grows ${(draft.path += pick(['/', '?a=b', '%', '#x', '/..', '%00', ';'], draw))}`,
  (draft, draw) => setHeader(draft, 'Content-Encoding', pick(encodings, draw)),
  (draft, draw) => setHeader(draft, 'Content-Type', pick(types, draw)),
  (draft, draw) => setHeader(draft, 'Connection', pick(['close', 'keep-alive', 'upgrade', 'x'], draw)),
  (draft, draw) => setHeader(draft, 'Expect', pick(['100-continue', 'x'], draw)),
  (draft, draw) => setHeader(draft, `X-${draw(100)}`, 'v'.repeat(draw(30_000))),
  (draft, draw) => {
    const at = draw(draft.headers.length + 1);
    const removed = draft.headers.splice(at, 1);
    return `without ${removed[0]?.[0] ?? 'nothing'}`;
  },
  (draft, draw) => {
    const found = draft.headers[draw(Math.max(1, draft.headers.length))];
    if (found) draft.headers.push([found[0], `${found[1]}${String.fromCharCode(draw(256))}`]);
    return `twice ${found?.[0] ?? 'nothing'}`;
  },
  (draft, draw) => {
    const body = Buffer.from(draft.body);
    const flips = 1 + draw(4);
    for (let i = 0; i < flips && body.length > 0; i++) body[draw(body.length)]! ^= 1 << draw(8);
    draft.body = body;
    return `${flips} bits flipped`;
  },
  (draft, draw) => {
    draft.body = draft.body.subarray(0, draw(draft.body.length + 1));
    return `cut to ${draft.body.length}`;
  },
  (draft, draw, vectors) => {
    const other = requestBody(pick(vectors, draw).request.body ?? null);
    const at = draw(draft.body.length + 1);
    draft.body = Buffer.concat([draft.body.subarray(0, at), other, draft.body.subarray(at)]);
    return `another body of ${other.length} at ${at}`;
  },
  (draft, draw) => {
    const at = draw(draft.body.length + 1);
    const end = at + draw(draft.body.length - at + 1);
    const piece = draft.body.subarray(at, end);
    const times = 1 + draw(50);
    draft.body = Buffer.concat([
      draft.body.subarray(0, at),
      ...Array<Buffer>(times).fill(piece),
      draft.body.subarray(end),
    ]);
    return `bytes ${at} to ${end} ${times} times`;
  },
  (draft, draw) => {
    draft.body = Buffer.from(Array.from({ length: draw(200) }, () => draw(256)));
    return `${draft.body.length} random bytes`;
  },
  (draft, draw) => {
    const encode = pick([gzipSync, zstdCompressSync, deflateSync], draw);
    draft.body = encode(draft.body);
    return `encoded by ${encode.name}`;
  },
  (draft, draw) =>
    `framing ${(draft.framing = pick(['length', 'chunked', 'short', 'long', 'none', 'garbage-behind'], draw))}`,
];

/** The `index`th request of a seed. */
export function mutatedRequest(vectors: readonly Vector[], random: RandomSource, index: number): FuzzedRequest {
  let drawn = 0;
  const draw: Draw = (bound) => (bound <= 1 ? 0 : random.below(bound, index, drawn++));
  const vector = pick(vectors, draw);
  const { request } = vector;
  const draft: Draft = {
    method: request.method,
    path: request.path,
    headers: [...request.headers],
    body: requestBody(request.body ?? null),
    framing: request.framing === 'chunked' ? 'chunked' : 'length',
    story: [vector.id],
  };
  // A bomb is dear to open: one in so many requests is one.
  if (draw(200) === 0) {
    const at = draw(bombs.length);
    draft.body = bombs[at]!;
    draft.story.push(`bomb ${at}`);
    if (at < 3) draft.story.push(setHeader(draft, 'Content-Encoding', 'gzip'));
    if (at === 3) draft.story.push(setHeader(draft, 'Content-Encoding', 'zstd'));
  }
  const count = 1 + draw(3);
  for (let i = 0; i < count; i++) {
    draft.story.push(pick(mutations, draw)(draft, draw, vectors));
    draft.body = draft.body.subarray(0, mostBytes);
  }
  return { pieces: framed(draft, draw), story: draft.story };
}

function setHeader(draft: Draft, name: string, value: string): string {
  draft.headers = [...draft.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase()), [name, value]];
  return `${name}: ${value.slice(0, 40)}`;
}

function framed(draft: Draft, draw: Draw): Buffer[] {
  const { body, framing } = draft;
  const announced: Readonly<Record<Draft['framing'], string[]>> = {
    length: [`Content-Length: ${body.length}`],
    'garbage-behind': [`Content-Length: ${body.length}`],
    short: [`Content-Length: ${Math.max(0, body.length - 1 - draw(20))}`],
    long: [`Content-Length: ${body.length + 1 + draw(100_000_000)}`],
    chunked: ['Transfer-Encoding: chunked'],
    none: [],
  };
  const lines = draft.headers.map(([name, value]) => `${name}: ${value}`);
  const head = [`${draft.method} ${draft.path} HTTP/1.1`, 'Host: ingest.test', ...lines, ...announced[framing], '', ''];
  const start = Buffer.from(head.join('\r\n'), 'latin1');
  if (framing === 'chunked') return [start, ...chunksOf(body, 1 + draw(body.length + 1))];
  if (framing === 'garbage-behind') return [start, body, Buffer.from('\x00\x16garbage\r\n\r\n')];
  const at = draw(body.length + 1);
  return [start, body.subarray(0, at), body.subarray(at)];
}

function chunksOf(body: Buffer, mostBytes: number): Buffer[] {
  const sizeBytes = Math.max(mostBytes, Math.ceil(body.length / 50));
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += sizeBytes) {
    const piece = body.subarray(at, at + sizeBytes);
    chunks.push(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
  }
  return [...chunks, Buffer.from('0\r\n\r\n')];
}

function pick<T>(list: readonly T[], draw: Draw): T {
  return list[draw(list.length)]!;
}
