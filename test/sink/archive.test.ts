import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { FlowrigError } from '../../src/core/errors.ts';
import { openArchive, type ArchiveEntry } from '../../src/sink/archive.ts';
import { key, openSinkRig, post, type SinkRig } from './rig.ts';
import { seenRecord, type SeenRecord } from './seen-record.ts';

const gzipped = gzipSync('[{"body":"b"},{"body":"c","n":1}]');

/** Three requests: one as it is, one compressed, one refused. */
async function fill(rig: SinkRig): Promise<void> {
  await post(rig.sink.jsonUrl, '[{"body":"a"}]');
  await post(`${rig.sink.jsonUrl}?source=x`, gzipped, {
    'content-encoding': 'gzip',
    authorization: 'Bearer secret-token',
  });
  await post(rig.sink.jsonUrl, '[{"body":1}]');
  await rig.sink.idle();
}

test('the archive read again holds each request as it came, and hands on the same records', async () => {
  await using rig = await openSinkRig();
  await fill(rig);
  const archive = await openArchive(rig.folder);
  expect(archive.complete).toBe(true);
  expect(archive.deliveries).toMatchObject(rig.deliveries);
  for (const [sequence, records] of rig.records) {
    const seen: SeenRecord[] = [];
    const result = await archive.visit(sequence, (view) => void seen.push(seenRecord(view)));
    expect([result, seen]).toEqual([{ recordCount: records.length }, records]);
  }
  expect(await archive.visit(3, () => undefined)).toEqual({ recordCount: 0, error: 'body must be a string' });
  const bodies = await readFile(join(rig.folder, 'bodies-0000.bin'));
  const [, second] = archive.deliveries as readonly ArchiveEntry[];
  expect(bodies.subarray(second!.offset, second!.offset + second!.storedBytes)).toEqual(gzipped);
});

test('keys and tokens stand in the archive with their last four characters only', async () => {
  await using rig = await openSinkRig();
  await fill(rig);
  const [, { headers }] = rig.deliveries as [unknown, ArchiveEntry];
  expect([headers['signoz-ingestion-key'], headers['authorization']]).toEqual([
    `${'*'.repeat(key.length - 4)}${key.slice(-4)}`,
    `${'*'.repeat('Bearer secret-token'.length - 4)}oken`,
  ]);
  expect(await readFile(join(rig.folder, 'index.ndjson'), 'utf8')).not.toContain(key);
});

test('an acknowledged request stands in the archive before its answer is sent', async () => {
  await using rig = await openSinkRig({ onRecords: (_, show) => show(() => undefined) });
  for (let sequence = 1; sequence <= 20; sequence++) {
    await post(rig.sink.jsonUrl, `[{"body":"${sequence}"}]`);
    const archive = await openArchive(rig.folder);
    expect([archive.complete, archive.deliveries.length]).toEqual([true, sequence]);
  }
});

test('what was acknowledged survives the death of the process by SIGKILL', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'flowrig-sink-'));
  const folder = join(parent, 'archive');
  const child = spawn(process.execPath, [fileURLToPath(new URL('sink-process.ts', import.meta.url)), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const [ready] = (await once(child.stdout, 'data')) as [Buffer];
  const url = ready.toString().trim();
  const bodies = Array.from({ length: 40 }, (_, i) => JSON.stringify([{ body: `${i}`.padStart(100_000, '.') }]));
  const answers = await Promise.all(bodies.map((body) => post(url, body)));
  child.kill('SIGKILL');
  expect(await exited).toBe('SIGKILL');
  expect(answers.map((answer) => answer.status)).toEqual(bodies.map(() => 200));
  const archive = await openArchive(folder);
  const seen: (string | undefined)[] = [];
  for (const { sequence } of archive.deliveries) {
    await archive.visit(sequence, (view) => void seen.push(seenRecord(view).body?.replaceAll('.', '')));
  }
  expect([archive.complete, new Set(seen)]).toEqual([true, new Set(bodies.map((_, i) => `${i}`))]);
  await rm(parent, { recursive: true });
});

test('an archive whose index was cut in mid-line is incomplete, and what stands whole can be read', async () => {
  await using rig = await openSinkRig();
  await fill(rig);
  const index = join(rig.folder, 'index.ndjson');
  const text = await readFile(index, 'utf8');
  await truncate(index, text.length - 10);
  const archive = await openArchive(rig.folder);
  expect([archive.complete, archive.deliveries.map((delivery) => delivery.sequence)]).toEqual([false, [1, 2]]);
  expect(await archive.visit(2, () => undefined)).toEqual({ recordCount: 2 });
  await writeFile(index, `${text}no json\n`);
  expect((await openArchive(rig.folder)).complete).toBe(false);
});

test('an archive whose bodies were cut is incomplete, and a cut body is an error of that delivery', async () => {
  await using rig = await openSinkRig();
  await post(rig.sink.jsonUrl, '[{"body":"a"}]');
  await post(rig.sink.jsonUrl, gzipped, { 'content-encoding': 'gzip' });
  await rig.sink.idle();
  await truncate(join(rig.folder, 'bodies-0000.bin'), 14 + gzipped.length - 9);
  const archive = await openArchive(rig.folder);
  expect(archive.complete).toBe(false);
  expect(await archive.visit(1, () => undefined)).toEqual({ recordCount: 1 });
  expect(await archive.visit(2, () => undefined)).toEqual({ recordCount: 0, error: 'the archive lacks 9 bytes of it' });
});

test('a body that was changed is an error of that delivery, also in an archive that tells its CRC-32', async () => {
  await using rig = await openSinkRig();
  await fill(rig);
  const index = join(rig.folder, 'index.ndjson');
  const entries = (await readFile(index, 'utf8')).trim().split('\n');
  const older = entries.map((line) => {
    const { checksum: _newer, ...entry } = JSON.parse(line) as ArchiveEntry;
    const { offset, storedBytes } = entry;
    const bodies = readFileSync(join(rig.folder, entry.file));
    return JSON.stringify({ ...entry, crc32: crc32(bodies.subarray(offset, offset + storedBytes)) });
  });
  const bodies = await readFile(join(rig.folder, 'bodies-0000.bin'));
  for (const lines of [entries, older]) {
    await writeFile(index, `${lines.join('\n')}\n`);
    await writeFile(join(rig.folder, 'bodies-0000.bin'), bodies);
    expect(await (await openArchive(rig.folder)).visit(1, () => undefined)).toEqual({ recordCount: 1 });
    await writeFile(join(rig.folder, 'bodies-0000.bin'), Buffer.from(bodies).fill('b', 10, 11));
    const archive = await openArchive(rig.folder);
    const error = 'the archive holds other bytes than were received';
    expect(await archive.visit(1, () => undefined)).toEqual({ recordCount: 0, error });
    expect(await archive.visit(2, () => undefined)).toEqual({ recordCount: 2 });
  }
});

test('a body over the limit is not stored, and says so when it is visited', async () => {
  await using rig = await openSinkRig();
  await post(rig.sink.jsonUrl, Buffer.alloc(16_000_001, ' '));
  await rig.sink.idle();
  const archive = await openArchive(rig.folder);
  expect(archive.deliveries).toMatchObject([{ statusCode: 413, sizeBytes: 16_000_001, storedBytes: 0 }]);
  expect(await archive.visit(1, () => undefined)).toEqual({ recordCount: 0, error: 'http: request body too large' });
});

test('a folder without an archive is told with what to do', async () => {
  await using rig = await openSinkRig();
  const nowhere = join(rig.folder, 'nowhere');
  await expect(openArchive(nowhere)).rejects.toThrow(
    new FlowrigError(
      'bad-run-folder',
      `The archive has no index at ${join(nowhere, 'index.ndjson')}. Give the folder of a run that flowrig wrote.`,
    ),
  );
});
