// One forwarder in one process: forwards the object once and prints the CPU seconds that took, and its own peak memory. Plain
// JavaScript, because loading Node's type stripper costs 30 MB that would be taken for the forwarder's.
// `node forwarder-child.mjs ours|guide BUNDLE`

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [kind, bundle] = process.argv.slice(2);
const names =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** The steps of SigNoz's guide Lambda (signoz.io docs, "VPC flow logs"), in its order. */
async function guide() {
  const answer = await fetch(`${process.env['AWS_ENDPOINT_URL_S3']}/logs/bench.log.gz`);
  const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString();
  const records = text
    .split('\n')
    .map((line) => Object.fromEntries(line.split(' ').map((value, i) => [names[i], value])));
  const body = JSON.stringify(records);
  const headers = { 'content-type': 'application/json' };
  const sent = await fetch(`${process.env['SIGNOZ_ENDPOINT']}/logs/json`, { method: 'POST', headers, body });
  if (!sent.ok) throw new Error(`The sink answered ${sent.status}.`);
}

async function ours() {
  const { handler } = await import(bundle);
  const object = { key: 'bench.log.gz', eTag: 'bench' };
  const record = { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'logs' }, object } };
  return () => handler({ Records: [record] }, { getRemainingTimeInMillis: () => 600_000 });
}

const forward = kind === 'ours' ? await ours() : guide;
const before = process.cpuUsage();
await forward();
const { user, system } = process.cpuUsage(before);
// Linux counts what the parent held before exec into maxRSS; the high-water mark of the address space starts anew.
const highWater = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
const rssPeakBytes = Number(highWater[1]) * 1024;
console.log(JSON.stringify({ cpuS: (user + system) / 1e6, rssPeakBytes }));
