// A container as the target: what it is told and how it reaches the run, without Docker; the whole of it where there is one.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { openBridge } from '../../src/targets/bridge.ts';
import { insideOf } from '../../src/targets/container.ts';
import { bridgeAddressOf } from '../../src/targets/docker.ts';
import { executablesIn } from '../../src/targets/image-extensions.ts';
import { testFolder } from '../cli/test-host.ts';
import { withoutDocker } from './docker.ts';
import { writeCode } from './open-test-target.ts';

/** Stands in for Docker's bridge: every address of 127.0.0.0/8 is this machine's on Linux. */
const bridgeAddress = '127.0.0.2';
const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('what listens on loopback alone is reached at the bridge, by the same port, both ways to the end', async () => {
  await using server = createServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((said) => socket.end(`heard ${said}`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using bridge = openBridge(bridgeAddress);
  expect(bridge.translate(`http://127.0.0.1:${port}/queue`)).toBe(`http://127.0.0.2:${port}/queue`);
  await bridge.listening();
  const client = connect({ host: bridgeAddress, port, allowHalfOpen: true });
  client.end('hello');
  expect(await text(client)).toBe('heard hello');
});

onLinux('a connection that the run resets is reset at the bridge', async () => {
  await using server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy())).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using bridge = openBridge(bridgeAddress);
  bridge.translate(`127.0.0.1:${port}`);
  await bridge.listening();
  const client = connect({ host: bridgeAddress, port });
  client.write('hello');
  const [error] = (await once(client, 'error').catch((thrown: unknown) => [thrown])) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});

onLinux('an address that is not this machine’s is no bridge, and that is said', async () => {
  // TEST-NET-1 (RFC 5737): nobody has it.
  await using bridge = openBridge('192.0.2.1');
  bridge.translate('127.0.0.1:4318');
  await expect(bridge.listening()).rejects.toThrow(
    /cannot listen on 192\.0\.2\.1:4318.*Docker that runs on this machine/,
  );
});

test('the bridge is where Docker says, or at the first address of its subnet where Docker says nothing', () => {
  const Subnet = '172.17.0.0/16';
  expect(bridgeAddressOf({ IPAM: { Config: [{ Subnet, Gateway: '172.17.9.9' }] } })).toBe('172.17.9.9');
  expect(bridgeAddressOf({ IPAM: { Config: [{ Subnet }] } })).toBe('172.17.0.1');
  expect(bridgeAddressOf({})).toBeUndefined();
});

test('it is told the run’s addresses at the bridge, and the certificate’s place inside', async () => {
  const told = insideOf(
    {
      image: 'my/forwarder',
      command: ['--queue', 'http://127.0.0.1:7/queue'],
      env: { NO_PROXY: '127.0.0.1,localhost', SSL_CERT_FILE: '/run/ca.pem', MINE: '1', AWS_REGION: 'eu-west-1' },
      caFile: '/run/ca.pem',
      folder: '/run',
      address: { endpoint: 'http://127.0.0.1:9', region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'secret' },
    },
    {
      translate: (said) => said.replaceAll('127.0.0.1', '172.17.0.1'),
      listening: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    },
  );
  expect(told.command).toEqual(['--queue', 'http://172.17.0.1:7/queue']);
  expect(told.env).toMatchObject({
    AWS_ENDPOINT_URL_S3: 'http://172.17.0.1:9',
    AWS_REGION: 'eu-west-1',
    NO_PROXY: '172.17.0.1,localhost',
    SSL_CERT_FILE: '/flowrig/ca.pem',
    MINE: '1',
  });
  expect(Object.keys(told.env)).not.toContain('PATH');
});

test('without Docker the run does not begin, and one sentence says why', async ({ skip }) => {
  if (withoutDocker === undefined) skip('Docker runs on this machine');
  await using folder = testFolder();
  const scenario = { version: 1, name: 'container', target: { kind: 'container', image: 'my/forwarder:dev' } };
  await expect(run(scenario, { out: folder.path })).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringMatching(/^target\.kind: a container needs Docker, and none answers here: .+ Start it/),
  });
});

test('the extensions of an image are the executables at the top of their folder', () => {
  using folder = writeCode({
    'extensions/watcher': 'x'.repeat(600),
    'extensions/readme.txt': '',
    'extensions/lib/helper': '',
    'extensions/zebra': '',
  });
  for (const name of ['watcher', 'lib/helper', 'zebra']) chmodSync(join(folder.folder, 'extensions', name), 0o755);
  const archive = execFileSync('tar', ['--format=ustar', '-C', folder.folder, '-cf', '-', 'extensions']);
  expect(executablesIn(archive).toSorted()).toEqual(['watcher', 'zebra']);
  expect(executablesIn(Buffer.alloc(0))).toEqual([]);
});
