// Requests to S3 that are nearly right: one of each kind that clients send, with something changed in its target, its headers, its
// framing or its body, or several of these. The same number gives the same request.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { RandomSource } from '../../src/core/random.ts';

export interface S3Draft {
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer;
  /** What was done to it, to be told when it shows a defect. */
  readonly story: string[];
}

export type Draw = (bound: number) => number;

export function drawsOf(random: RandomSource, index: number): Draw {
  let count = 0;
  return (bound) => random.below(bound, index, count++);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** As SDKs frame a body whose checksum follows it. */
export function framed(data: Buffer, chunkBytes: number): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(data));
  let text = '';
  for (let at = 0; at < data.length; at += chunkBytes) {
    const chunk = data.subarray(at, at + chunkBytes);
    text += `${chunk.length.toString(16)}\r\n${chunk.toString('latin1')}\r\n`;
  }
  return Buffer.from(`${text}0\r\nx-amz-checksum-crc32:${base64(checksum)}\r\n\r\n`, 'latin1');
}

export type Put = (key: string, data: Buffer, draw: Draw) => S3Draft;

/** The ways to put an object, each but the first with a digest that must hold. */
export const puts: Readonly<Record<'plain' | 'md5' | 'sha256' | 'crc' | 'framed', Put>> = {
  plain: (key, data) => newDraft('PUT', key, [], data),
  md5: (key, data) => newDraft('PUT', key, [['content-md5', createHash('md5').update(data).digest('base64')]], data),
  sha256: (key, data) =>
    newDraft('PUT', key, [['x-amz-content-sha256', createHash('sha256').update(data).digest('hex')]], data),
  crc: (key, data) => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(data));
    return newDraft('PUT', key, [['x-amz-checksum-crc32', base64(checksum)]], data);
  },
  framed: (key, data, draw) =>
    newDraft(
      'PUT',
      key,
      [
        ['content-encoding', 'aws-chunked'],
        ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
        ['x-amz-decoded-content-length', String(data.length)],
        ['x-amz-trailer', 'x-amz-checksum-crc32'],
      ],
      framed(data, 1 + draw(200)),
    ),
};

const xml = (text: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`);

/** Beside PUTs: what else clients send. */
const others: readonly ((draw: Draw) => S3Draft)[] = [
  (draw) => newDraft(pick(['GET', 'HEAD', 'DELETE'], draw), 'k', [['range', `bytes=${draw(9)}-${draw(9)}`]]),
  () =>
    newDraft('GET', 'k', [
      ['if-modified-since', 'Thu, 01 Jan 2026 00:00:00 GMT'],
      ['x-amz-checksum-mode', 'ENABLED'],
    ]),
  (draw) => newDraft('GET', `?list-type=2&max-keys=${draw(5)}&prefix=k&delimiter=%2F&encoding-type=url&start-after=a`),
  (draw) => newDraft('GET', `?marker=k&max-keys=${draw(5)}`),
  () => newDraft('GET', '?versions&key-marker=k&version-id-marker=null'),
  () => newDraft('GET', '?uploads&delimiter=/'),
  () => newDraft('GET', '?location'),
  () =>
    newDraft(
      'PUT',
      '?versioning',
      [],
      xml('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'),
    ),
  () =>
    newDraft(
      'POST',
      '?delete',
      [],
      xml('<Delete><Object><Key>k</Key></Object><Object><Key>a&amp;b</Key></Object></Delete>'),
    ),
  () =>
    newDraft(
      'PUT',
      'k?tagging',
      [],
      xml('<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'),
    ),
  () => newDraft('GET', 'k?tagging'),
  () => newDraft('POST', 'k?uploads'),
  () => newDraft('PUT', 'k?partNumber=1&uploadId=none', [], Buffer.from('part')),
  () =>
    newDraft(
      'POST',
      'k?uploadId=none',
      [],
      xml('<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part></CompleteMultipartUpload>'),
    ),
  () => newDraft('PUT', 'copy', [['x-amz-copy-source', '/bucket/k?versionId=null']]),
  () => newDraft('GET', 'k?versionId=null&response-content-type=text%2Fplain&partNumber=1'),
  () =>
    newDraft('GET', 'k', [
      [
        'authorization',
        'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
      ],
    ]),
];

function newDraft(
  method: string,
  rest: string,
  headers: [string, string][] = [],
  body: Buffer = Buffer.alloc(0),
): S3Draft {
  const target = rest.startsWith('?') ? `/bucket${rest}` : `/bucket/${rest}`;
  const length: [string, string][] =
    method === 'GET' || method === 'HEAD' ? [] : [['content-length', String(body.length)]];
  return {
    method,
    target,
    headers: [['host', '127.0.0.1'], ['connection', 'close'], ...length, ...headers],
    body,
    story: [`${method} ${target}`],
  };
}

function pick<T>(list: readonly T[], draw: Draw): T {
  return list[draw(list.length)]!;
}

const strange = [
  '',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'null',
  '%',
  '%00',
  '%ff',
  '%F0%9F%98%80',
  '../..',
  '//',
  '+',
  "'",
  '"',
  '<a>',
  '&',
  ';',
  '\t',
  'a'.repeat(5000),
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'aws-chunked',
  '=',
  '?',
  '#',
  '*',
];
const names = [
  'content-length',
  'content-md5',
  'content-encoding',
  'transfer-encoding',
  'x-amz-content-sha256',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-sha1',
  'x-amz-copy-source',
  'x-amz-copy-source-range',
  'x-amz-tagging',
  'x-amz-meta-a',
  'x-amz-acl',
  'range',
  'if-match',
  'if-none-match',
  'expect',
  'x-amz-date',
  'authorization',
  'host',
];

const mutations: readonly ((draft: S3Draft, draw: Draw) => string)[] = [
  (draft, draw) => {
    draft.method = pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'put'], draw);
    return `method ${draft.method}`;
  },
  (draft, draw) => {
    const at = draw(draft.target.length + 1);
    const inserted = pick(strange, draw).replaceAll(/[\t ]/g, '');
    draft.target = draft.target.slice(0, at) + inserted + draft.target.slice(at);
    return `target with ${inserted.slice(0, 20)} at ${at}`;
  },
  (draft, draw) => {
    const codePoint = draw(0x11_0000);
    const char =
      codePoint >= 0xd800 && codePoint < 0xe000 ? '%ED%A0%80' : encodeURIComponent(String.fromCodePoint(codePoint));
    draft.target += char;
    return `target with code point ${codePoint}`;
  },
  (draft, draw) => {
    const parameter = pick(
      [
        'acl',
        'uploadId',
        'uploads',
        'versionId',
        'max-keys',
        'continuation-token',
        'encoding-type',
        'X-Amz-Signature',
        'X-Amz-Credential',
        'partNumber',
        'delete',
        'restore',
      ],
      draw,
    );
    draft.target += `${draft.target.includes('?') ? '&' : '?'}${parameter}=${encodeURIComponent(pick(strange, draw))}`;
    return `parameter ${parameter}`;
  },
  (draft, draw) => {
    const [name, value] = [pick(names, draw), pick(strange, draw).trim()];
    draft.headers.push([name, value]);
    return `header ${name}: ${value.slice(0, 30)}`;
  },
  (draft, draw) => {
    const removed = draft.headers.splice(draw(draft.headers.length), 1);
    return `without header ${removed[0]?.[0]}`;
  },
  (draft, draw) => {
    const header = draft.headers[draw(draft.headers.length)];
    if (header) header[1] = pick(strange, draw).trim();
    return `header ${header?.[0]} changed`;
  },
  (draft, draw) => {
    draft.body = draft.body.subarray(0, draw(draft.body.length + 1));
    return `body cut to ${draft.body.length}`;
  },
  (draft, draw) => {
    if (draft.body.length === 0) return 'nothing';
    draft.body = Buffer.from(draft.body);
    const at = draw(draft.body.length);
    draft.body[at] = draw(256);
    return `byte ${at} of the body`;
  },
  (draft, draw) => {
    const tail = pick(
      [
        Buffer.from('<x>'),
        Buffer.from('0\r\n\r\n'),
        Buffer.from('&#0;'),
        Buffer.from([0xff, 0xfe]),
        Buffer.alloc(70_000, 'z'),
      ],
      draw,
    );
    draft.body = Buffer.concat([draft.body, tail]);
    return `body with ${tail.length} bytes more`;
  },
  (draft) => {
    const length = draft.headers.find(([name]) => name === 'content-length');
    if (length) length[1] = String(draft.body.length);
    return 'length right again';
  },
];

/** A request of any kind with up to four changes. */
export function mutatedS3Request(random: RandomSource, index: number): S3Draft {
  const draw = drawsOf(random, index);
  const data = Buffer.alloc(draw(500), 'data of an object ');
  const isPut = draw(2) === 0;
  const draft = isPut ? pick(Object.values(puts), draw)('k', data, draw) : pick(others, draw)(draw);
  for (let left = draw(5); left > 0; left--) draft.story.push(pick(mutations, draw)(draft, draw));
  return draft;
}

export function bytesOf({ method, target, headers, body }: S3Draft): Buffer {
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
