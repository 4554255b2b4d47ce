// A store whose folder stays: what was acknowledged is there again, whatever ended the process; and one at a time has the folder.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import type { Store } from '../../src/core/model/trigger.ts';
import { randomSource } from '../../src/core/random.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { send } from './raw-request.ts';

const open = (folder: string): Promise<Store> =>
  openEmbeddedStore({ clock: openClock(), random: randomSource(1), folder, persistent: true });

const put = async (
  store: Store,
  target: string,
  body = target,
  headers = {},
): Promise<Awaited<ReturnType<typeof send>>> =>
  send(store, { method: 'PUT', target, body, headers: { 'content-length': Buffer.byteLength(body), ...headers } });

const bodiesIn = (folder: string): string[] => readdirSync(join(folder, 'stored'));

test('objects, versions, tags, metadata and buckets are there again', async () => {
  await using folder = testFolder();
  const data = join(folder.path, 'data');
  const before: { body: string; headers: object }[] = [];
  const headers = { 'x-amz-meta-owner': 'rig', 'content-type': 'text/x', 'x-amz-tagging': 'a=b' };
  let versionId: unknown;
  {
    await using store = await open(data);
    await put(store, '/bucket', '');
    await put(store, '/bucket/whole', 'text', headers);
    await put(store, '/bucket/empty', '');
    await put(store, '/bucket/gone', 'gone');
    await send(store, { method: 'DELETE', target: '/bucket/gone' });
    await put(store, '/bucket/copy', '', { 'x-amz-copy-source': '/bucket/whole' });
    await put(store, '/bucket/whole', 'again', headers);
    await put(store, '/versions', '');
    await put(
      store,
      '/versions?versioning',
      '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    );
    versionId = (await put(store, '/versions/k', 'one')).headers['x-amz-version-id'];
    await put(store, '/versions/k', 'two');
    await send(store, { method: 'DELETE', target: '/versions/k' });
    before.push(await send(store, { target: '/bucket/whole' }), await send(store, { target: '/bucket?list-type=2' }));
    before.push(await send(store, { target: '/versions?versions' }));
  }
  await using store = await open(data);
  const [whole, list, versions] = before as Awaited<ReturnType<typeof send>>[];
  const again = await send(store, { target: '/bucket/whole' });
  expect(again.body).toBe('again');
  for (const name of ['etag', 'last-modified', 'content-type', 'x-amz-meta-owner', 'x-amz-tagging-count']) {
    expect([name, again.headers[name]]).toEqual([name, whole!.headers[name]]);
  }
  expect((await send(store, { target: '/bucket?list-type=2' })).body).toBe(list!.body);
  expect((await send(store, { target: '/versions?versions' })).body).toBe(versions!.body);
  expect((await send(store, { target: '/bucket/copy' })).body).toBe('text');
  expect((await send(store, { target: '/bucket/empty' })).body).toBe('');
  expect((await send(store, { target: '/bucket/gone' })).status).toBe(404);
  expect((await send(store, { target: `/versions/k?versionId=${String(versionId)}` })).body).toBe('one');
  expect((await send(store, { target: '/versions/k' })).status).toBe(404);
});

test('the bytes of what was overwritten, deleted, aborted or never finished are gone, also after a restart', async () => {
  await using folder = testFolder();
  const data = join(folder.path, 'data');
  {
    await using store = await open(data);
    await put(store, '/bucket', '');
    for (const body of ['one', 'two', 'three']) await put(store, '/bucket/k', body);
    const begun = await send(store, { method: 'POST', target: '/bucket/k?uploads', body: '' });
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(begun.body)![1]!;
    await put(store, `/bucket/k?partNumber=1&uploadId=${uploadId}`, 'part');
    expect(bodiesIn(data)).toHaveLength(2);
  }
  writeFileSync(join(data, 'stored', '999'), 'nobody knows it');
  await using store = await open(data);
  expect(bodiesIn(data)).toHaveLength(1);
  expect((await send(store, { target: '/bucket/k' })).body).toBe('three');
  await put(store, '/bucket/k', 'four');
  expect((await send(store, { target: '/bucket/k' })).body).toBe('four');
  expect(bodiesIn(data)).toHaveLength(1);
});

test('a last line that was cut is a change that nobody was told of', async () => {
  await using folder = testFolder();
  const data = join(folder.path, 'data');
  {
    await using store = await open(data);
    await put(store, '/bucket', '');
    await put(store, '/bucket/k', 'text');
  }
  appendFileSync(join(data, 'journal.ndjson'), '{"bucket":"bucket","type":"remove","key":"k"');
  await using store = await open(data);
  expect((await send(store, { target: '/bucket/k' })).body).toBe('text');
  await put(store, '/bucket/l', 'more');
  expect(readFileSync(join(data, 'journal.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
});

test('a folder that holds something else is left alone', async () => {
  await using folder = testFolder();
  const data = join(folder.path, 'data');
  await (await open(data))[Symbol.asyncDispose]();
  writeFileSync(join(data, 'journal.ndjson'), 'some notes\n');
  await expect(open(data)).rejects.toMatchObject({
    code: 'bad-usage',
    message: `${join(data, 'journal.ndjson')}:1 is no line of a store's journal. Choose another folder, or remove this one.`,
  });
});

test('a second store on the same folder is refused, and says who has it', async () => {
  await using folder = testFolder();
  // `flowrig serve --data DIR` keeps its objects there.
  const data = join(folder.path, 's3');
  {
    await using store = await open(data);
    await put(store, '/bucket', '');
    const sentence = `The folder ${data} is in use by process ${process.pid}. End that one first, or choose another folder.`;
    await expect(open(data)).rejects.toThrow(sentence);
    const second = await folder.flowrig('serve', 's3', '--data', folder.path);
    expect([second.exitCode, second.stderr]).toEqual([4, expect.stringContaining(sentence)]);
  }
  await using store = await open(data);
  expect((await send(store, { method: 'HEAD', target: '/bucket' })).status).toBe(200);
});

/** Serves until it is killed; says its port. */
const child = (folder: string): string => `
  import { openClock } from '${import.meta.dirname}/../../src/core/clock.ts';
  import { randomSource } from '${import.meta.dirname}/../../src/core/random.ts';
  import { openEmbeddedStore } from '${import.meta.dirname}/../../src/stores/embedded/index.ts';
  const store = await openEmbeddedStore({ clock: openClock(), random: randomSource(1), folder: ${JSON.stringify(folder)}, persistent: true });
  console.log(store.address.endpoint);
`;

test('SIGKILL in the middle of many PUTs loses none that was acknowledged', async () => {
  await using folder = testFolder();
  const data = join(folder.path, 'data');
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < 2; round++) {
    const serving = spawn(process.execPath, ['--input-type=module', '--eval', child(data)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(serving.stdout, 'data')) as [Buffer];
    const store = { address: { endpoint: line.toString().trim() } } as Store;
    await put(store, '/bucket', '');
    for (const [key, body] of acknowledged) expect((await send(store, { target: `/bucket/${key}` })).body).toBe(body);
    let isKilled = false;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; !isKilled; i++) {
        const [key, body] = [`${round}-${writer}-${i % 20}`, `${'x'.repeat(i * 97)}${round} ${i}`];
        // What is under way when it dies may be there or not.
        acknowledged.delete(key);
        const answer = await put(store, `/bucket/${key}`, body).catch(() => undefined);
        if (answer?.status === 200) acknowledged.set(key, body);
        if (acknowledged.size >= 40 * (round + 1)) {
          isKilled = true;
          serving.kill('SIGKILL');
        }
      }
    });
    await Promise.all([...writers, once(serving, 'exit')]);
  }
  await using store = await open(data);
  expect(acknowledged.size).toBeGreaterThan(40);
  for (const [key, body] of acknowledged) expect((await send(store, { target: `/bucket/${key}` })).body).toBe(body);
  expect(readdirSync(data).toSorted()).toEqual(['journal.ndjson', 'lock', 'stored']);
});
