// A small forwarder in the style of the field: whole object in memory, one JSON array a batch, posted to SigNoz's /logs/json. It is
// right as it stands; each saboteur of the zoo replaces one step by a broken one.

import { gunzipSync } from 'node:zlib';

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({ forcePathStyle: true });
const fieldCount = 14;

export const steps = { readLines, splitHeader, select: (lines) => lines, toRecord: flatRecord, send };

/** Makes a Lambda handler out of the steps. */
export function newHandler(changed = {}) {
  const { readLines: read, splitHeader: split, select, toRecord, send: post } = { ...steps, ...changed };
  return async (event) => {
    for (const { s3: where } of event.Records) {
      const key = decodeURIComponent(where.object.key.replaceAll('+', ' '));
      const { names, lines } = split(await read(where.bucket.name, key));
      const records = select(lines).map((line) => toRecord(line, names));
      for (let at = 0; at < records.length; at += 1000) await post(records.slice(at, at + 1000));
    }
  };
}

export async function readLines(bucket, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const bytes = Buffer.from(await Body.transformToByteArray());
  const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return text
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

export function splitHeader(lines) {
  return { names: (lines[0] ?? '').split(' '), lines: lines.slice(1) };
}

/** The style of SigNoz's guide: one text attribute a field, under AWS's own name. */
export function flatRecord(line, names) {
  const values = line.split(' ').slice(0, fieldCount);
  return Object.fromEntries(values.map((value, at) => [names[at], value]));
}

export async function post(records) {
  return fetch(process.env.SIGNOZ_JSON_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    body: JSON.stringify(records),
  });
}

export async function send(records) {
  for (let attempt = 1; ; attempt++) {
    const response = await post(records);
    if (response.ok) return;
    if (attempt === 8) throw new Error(`SigNoz answered ${response.status} eight times`);
    await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
  }
}
