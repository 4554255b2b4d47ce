// Functions that run beside the rig, started by a test as users start them: with the ports that the run will listen at.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

import { isListening } from '../../src/targets/command-ready.ts';
import { until } from '../e2e/rig-process.ts';

export interface FunctionEndpoint extends AsyncDisposable {
  readonly url: string;
}

/** Ports on 127.0.0.1 that nobody has. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** The environment of a function that finds S3 and a sink of edition cloud at these ports. */
export function variablesFor({ s3, sink, key }: { s3: number; sink: number; key: string }): Record<string, string> {
  return {
    PATH: process.env['PATH']!,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3}`,
    SIGNOZ_JSON_URL: `http://127.0.0.1:${sink}/logs/json`,
    SIGNOZ_KEY: key,
  };
}

/** A handler behind an Invoke API of the test's own. Its function is called `forwarder`. */
export async function startInvokeApi(handlerFile: string, env: Record<string, string> = {}): Promise<FunctionEndpoint> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'commands/invoke-api.mjs'), handlerFile], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: line.toString().trim(), [Symbol.asyncDispose]: () => kill(child) };
}

const emulator = join(import.meta.dirname, '../../node_modules/.cache/flowrig-emulator/aws-lambda-rie');

/** AWS's runtime interface emulator around a bootstrap, where `npm run test:python` has built it. It calls its function `function`. */
export async function startEmulator(
  bootstrap: string,
  env: Record<string, string>,
): Promise<FunctionEndpoint | undefined> {
  if (!existsSync(emulator)) return undefined;
  const [own, api] = await freePorts(2);
  const argv = [
    '--runtime-interface-emulator-address',
    `127.0.0.1:${own}`,
    '--runtime-api-address',
    `127.0.0.1:${api}`,
  ];
  const child = spawn(emulator, [...argv, bootstrap], { cwd: dirname(bootstrap), env, stdio: 'ignore' });
  await until('the emulator listens', () => isListening(own!));
  return { url: `http://127.0.0.1:${own}`, [Symbol.asyncDispose]: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
