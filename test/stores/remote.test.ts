// A store that somebody else runs: our own S3 stands in for it here, and nothing at all does.

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { run } from '../../src/index.ts';
import { openRemoteStore } from '../../src/stores/remote.ts';
import { testFolder } from '../cli/test-host.ts';
import { openTestStore } from './open-test-store.ts';

const credentials = { region: 'us-east-1', accessKeyId: 'test', secretAccessKey: 'test' };
const clock = openClock();

test('a bucket is made and filled there, and what a GET returns is told as stored', async () => {
  await using far = await openTestStore();
  await using store = await openRemoteStore({ clock, ...credentials, endpoint: `${far.address.endpoint}/` });
  await store.createBucket('flow-logs');
  const stored = await store.put('flow-logs', 'AWSLogs/a b=1.log.gz', Buffer.from('text'));
  expect(stored).toMatchObject({ bucket: 'flow-logs', key: 'AWSLogs/a b=1.log.gz', sizeBytes: 4 });
  expect(stored.etag).toBe('1cb251ec0d568de6a929b520c4aed8d1');
  expect(stored.requestId).toMatch(/^[0-9A-Z]{16}$/);
  const got = await fetch(`${store.address.endpoint}/flow-logs/AWSLogs/a%20b%3D1.log.gz`);
  expect(await got.text()).toBe('text');
});

test('a bucket in which others left objects is refused, an empty one is taken', async () => {
  await using far = await openTestStore();
  await using store = await openRemoteStore({ clock, ...credentials, endpoint: far.address.endpoint });
  await far.createBucket('empty');
  await store.createBucket('empty');
  await far.createBucket('full');
  await far.put('full', 'theirs', Buffer.from('text'));
  await expect(store.createBucket('full')).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringMatching(/^store\.bucket: "full" holds objects already, such as "theirs"/),
  });
});

test('at its end a run takes away the bucket that it made, and of one that was there only what it put', async () => {
  await using far = await openTestStore();
  const { endpoint } = far.address;
  await far.createBucket('theirs');
  {
    await using store = await openRemoteStore({ clock, ...credentials, endpoint });
    await store.createBucket('ours');
    await store.createBucket('theirs');
    await store.put('ours', 'a', Buffer.from('1'));
    await store.put('theirs', 'b', Buffer.from('2'));
    // What a forwarder leaves beside them.
    await far.put('ours', 'checkpoint', Buffer.from('3'));
    await far.put('theirs', 'checkpoint', Buffer.from('4'));
  }
  const status = async (path: string): Promise<number> =>
    (await fetch(`${endpoint}/${path}`, { method: 'HEAD' })).status;
  expect([await status('ours'), await status('theirs')]).toEqual([404, 200]);
  expect([await status('theirs/b'), await status('theirs/checkpoint')]).toEqual([404, 200]);
});

test('a host is reached by its address, so that SDKs put the bucket into the path', async () => {
  await using far = await openTestStore();
  const endpoint = far.address.endpoint.replace('127.0.0.1', 'localhost');
  await using store = await openRemoteStore({ clock, ...credentials, endpoint });
  expect(store.address.endpoint).toBe(far.address.endpoint);
});

test('where nobody answers the run does not begin, and one sentence says why', async () => {
  await using folder = testFolder();
  const unused = 'http://127.0.0.1:9';
  const stores = {
    endpoint: /^store\.endpoint: the bucket "flow-logs" could not be made at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED/,
    localstack: /^store\.endpoint: no LocalStack answers at http:\/\/127\.0\.0\.1:9\/_localstack\/health \(/,
  };
  for (const [kind, message] of Object.entries(stores)) {
    const scenario = { version: 1, name: 'nobody', store: { kind, endpoint: unused } };
    await expect(run(scenario, { out: folder.path })).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(message),
    });
  }
});

test('credentials come from the environment, and one that is not set is told with its line', async () => {
  await using folder = testFolder({ MINIO_ROOT_USER: 'root' });
  const file = folder.write(
    'minio.yaml',
    [
      'version: 1',
      'store:',
      '  kind: endpoint',
      '  endpoint: https://127.0.0.1:9000',
      "  accessKeyId: '${env.MINIO_ROOT_USER}'",
      "  secretAccessKey: '${env.MINIO_ROOT_PASSWORD}'",
    ].join('\n'),
  );
  const { exitCode, stderr } = await folder.flowrig('validate', 'minio.yaml');
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`${file}:4: store.endpoint: "https://127.0.0.1:9000"`);
  folder.write(
    'minio.yaml',
    "version: 1\nstore:\n  kind: endpoint\n  endpoint: http://127.0.0.1:9000\n  secretAccessKey: '${env.MINIO_ROOT_PASSWORD}'\n",
  );
  const { stderr: unset } = await folder.flowrig('validate', 'minio.yaml');
  expect(unset).toContain(
    `${file}:5: store.secretAccessKey: \${env.MINIO_ROOT_PASSWORD}: the environment variable MINIO_ROOT_PASSWORD is not set.`,
  );
});
