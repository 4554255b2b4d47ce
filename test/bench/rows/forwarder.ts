// Our forwarder's bundle against the algorithm of SigNoz's guide in JavaScript, each in a process of its own, so that its CPU and
// memory are its own: S3 and the sink run here. Both forward the same object; ours compresses what it sends, the guide does not.

import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ensureForwarderBundle } from '../../../src/targets/bundle-forwarder.ts';
import type { Row } from '../row.ts';

const run = promisify(execFile);
const recordCount = 300_000;
const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/** 14 fields whose values vary about as much as a web server's: few interfaces and services, many clients and ports. */
function logFile(): Buffer {
  const lines = [header];
  for (let i = 0; i < recordCount; i++) {
    const word = Math.imul(i + 1, 0x9e37_79b1) >>> 0;
    const client = `${(word & 127) + 1}.${(word >>> 7) & 255}.${(word >>> 15) & 255}.${(word >>> 23) & 255}`;
    const packets = (word % 97) + 1;
    const time = 1_760_000_000 + Math.floor(i / 5000) * 60;
    const ports = `${1024 + (word % 64_000)} ${[443, 80, 22, 5432][word & 3]}`;
    const action = word % 6 === 0 ? 'REJECT' : 'ACCEPT';
    lines.push(
      `2 123456789012 eni-0123456789abcde${i & 15} ${client} 10.0.1.${i & 7} ${ports} 6 ${packets} ${packets * 612} ${time} ${time + 60} ${action} OK`,
    );
  }
  return gzipSync(lines.join('\n'), { level: 6 });
}

async function serve(listener: RequestListener): Promise<{ url: string } & Disposable> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Measured {
  readonly cpuS: number;
  readonly rssPeakBytes: number;
}

async function measure(kind: string, urls: { s3: string; sink: string }): Promise<Measured> {
  const child = path.join(import.meta.dirname, '../forwarder-child.mjs');
  const { stdout } = await run(process.execPath, [child, kind, await ensureForwarderBundle()], {
    env: {
      AWS_ENDPOINT_URL_S3: urls.s3,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      SIGNOZ_ENDPOINT: urls.sink,
    },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured;
}

export const row: Row = {
  name: 'forwarder',
  unit: 'records/CPU-s',
  baseline: "the guide's algorithm: whole object in memory, 14 names zipped on, one JSON array posted",
  goal: { ours: 60_000 },
  async run() {
    const file = logFile();
    using s3 = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': file.length, etag: '"bench"' });
      response.end(file);
    });
    using sink = await serve((request, response) => {
      request.on('end', () => response.end()).resume();
    });
    const urls = { s3: s3.url, sink: sink.url };
    const ours = await measure('ours', urls);
    const guide = await measure('guide', urls);
    const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
    return {
      ours: recordCount / ours.cpuS,
      baseline: recordCount / guide.cpuS,
      note: `peak RSS ${megabytes(ours.rssPeakBytes)}, the guide's ${megabytes(guide.rssPeakBytes)}`,
    };
  },
};
