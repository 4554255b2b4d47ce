// `flowrig generate`: the same files to a folder, to standard output and into a bucket, in the size that was asked for.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, expect, test } from 'vitest';

import { renderProgress } from '../../src/cli/generate/progress.ts';
import { openTestStore } from '../stores/open-test-store.ts';
import { testFolder } from './test-host.ts';

const folder = testFolder();
afterAll(() => folder[Symbol.asyncDispose]());

/** Bytes of the files below a folder, by their keys. */
function filesBelow(path: string): Map<string, Buffer> {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).toSorted();
  return new Map(
    files.filter((file) => statSync(join(path, file)).isFile()).map((file) => [file, readFileSync(join(path, file))]),
  );
}

const scenario = join(folder.path, 'small.yaml');
writeFileSync(
  scenario,
  'version: 1\ntraffic: { records: 900 }\nobjects: { maxRecords: 300 }\nfaults: [{ kind: object.crlf, nth: 2 }]\n',
);
const generate = (...argv: string[]) => folder.flowrig('generate', '--scenario', 'small.yaml', ...argv);

test('standard output carries the files of a folder one after the other, and nothing else', async () => {
  expect((await generate('--out', 'a')).exitCode).toBe(0);
  const files = [...filesBelow(join(folder.path, 'a')).values()];
  const { exitCode, stdout, stderr } = await generate('--out', '-');
  expect([exitCode, files.length]).toEqual([0, 3]);
  expect(Buffer.from(stdout, 'latin1')).toEqual(Buffer.concat(files));
  expect(stderr).toMatch(/^900 records in 3 files \(.*\) to standard output, in \d/);
  const plain = await generate('--out', '-', '--plain');
  expect(plain.stdout).toBe(gunzipSync(Buffer.concat(files)).toString());
});

test('a scenario’s faults of objects are in the files', async () => {
  await generate('--out', 'faults', '--plain');
  const texts = [...filesBelow(join(folder.path, 'faults'))].map(([key, bytes]) => [
    key.endsWith('.log'),
    bytes.includes('\r\n'),
  ]);
  expect(texts).toEqual([
    [true, false],
    [true, true],
    [true, false],
  ]);
});

test('--bytes asks for about so much text', async () => {
  const { exitCode } = await folder.flowrig('generate', '--bytes', '3MB', '--out', 'sized', '--plain');
  const sizeBytes = [...filesBelow(join(folder.path, 'sized')).values()].reduce((sum, { length }) => sum + length, 0);
  expect(exitCode).toBe(0);
  expect(sizeBytes / 3_000_000).toBeGreaterThan(0.98);
  expect(sizeBytes / 3_000_000).toBeLessThan(1.02);
});

test('a bucket gets the objects at their keys below the prefix', async () => {
  await using store = await openTestStore();
  await store.createBucket('logs');
  const to = (place: string) => generate('--out', place, '--endpoint', store.address.endpoint);
  const { exitCode, stdout } = await to('s3://logs/some/prefix');
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('below s3://logs/some/prefix/')]);
  const list = await fetch(`${store.address.endpoint}/logs?list-type=2`).then((answer) => answer.text());
  const keys = [...list.matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1]!);
  await generate('--out', 'b');
  const files = filesBelow(join(folder.path, 'b'));
  expect(keys).toEqual([...files.keys()].map((key) => `some/prefix/${key}`));
  const nowhere = await to('s3://no-such-bucket');
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([
    4,
    expect.stringMatching(/Cannot upload s3:\/\/no-such-bucket\/AWSLogs\/.*NoSuchBucket/),
  ]);
});

test('an upload that fails is retried, and named when it fails for good', async () => {
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const count = (seen.get(request.url!) ?? 0) + 1;
      seen.set(request.url!, count);
      const isRefused = request.url!.startsWith('/refused/') && request.url!.includes('T0005Z');
      response.writeHead(isRefused ? 403 : count < 3 ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const retried = await generate('--out', 's3://bucket', '--endpoint', endpoint);
  expect([retried.exitCode, [...seen.values()]]).toEqual([0, [3, 3, 3]]);
  const refused = await folder.flowrig(
    'generate',
    '--records',
    '60k',
    '--out',
    's3://refused/x',
    '--endpoint',
    endpoint,
  );
  expect([refused.exitCode, refused.stderr]).toEqual([
    4,
    expect.stringMatching(/Cannot upload s3:\/\/refused\/x\/AWSLogs\/.*T0005Z.*, in up to 5 attempts: /),
  ]);
  server.close();
});

test.each([
  [['--out', 'ftp://x'], 'name a folder, - for standard output, or s3://BUCKET/PREFIX'],
  [['--out', 'x', '--endpoint', 'http://127.0.0.1:1'], '--endpoint goes with --out s3://BUCKET/PREFIX'],
  [['--out', 's3://bucket', '--endpoint', 'nonsense'], '--endpoint nonsense is no URL of an S3'],
  [['--out', 'x', '--bytes', 'much'], '--bytes much is no size'],
  [['--out', 'x', '--bytes', '1MB', '--records', '5'], '--records and --bytes exclude each other'],
  [['--out', 'x', '--format', 'v99'], 'v99'],
])('generate %j is refused with what is allowed', async (argv, sentence) => {
  const { exitCode, stderr } = await folder.flowrig('generate', ...argv);
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining(sentence)]);
});

test('a place where no folder can be is told, and nothing is written there', async () => {
  writeFileSync(join(folder.path, 'file'), 'mine');
  const onFile = await generate('--out', 'file');
  expect([onFile.exitCode, onFile.stderr]).toEqual([3, expect.stringMatching(/^--out file: .*file is no folder/)]);
  const belowFile = await generate('--out', 'file/below');
  expect([belowFile.exitCode, belowFile.stderr]).toEqual([4, expect.stringMatching(/^Cannot write .*: ENOTDIR/)]);
  expect(readFileSync(join(folder.path, 'file'), 'utf8')).toBe('mine');
  // No folder can be made in /proc, although it is there; macOS has none.
  const { exitCode, stderr } = await generate('--out', '/proc/none/below');
  expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/^Cannot write /)]);
});

test('the status line tells counts, rate and time left', () => {
  expect(renderProgress(4_000_000, { records: 1_000_000, sizeBytes: 25_000_000, elapsedMs: 2000 })).toBe(
    'generate  1,000,000 of 4,000,000 records, 24 MiB, 500,000/s, 6.0 s left',
  );
});
