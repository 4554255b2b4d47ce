// LocalStack on this machine without Docker, as prepare.sh has installed it: started on a port of its own, on 127.0.0.1 alone, and gone
// with the process that started it, whatever ends that.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { openWatchdog } from '../../src/lambda/watchdog.ts';
import { freePorts } from '../targets/function-endpoint.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache/flowrig-localstack');

/** Ready in 2 s on a quiet machine, 7 s on a busy one. */
const readyLimitMs = 60_000;
const stopLimitMs = 10_000;

export interface LocalstackProcess extends AsyncDisposable {
  readonly endpoint: string;
  readonly version: string;
  readonly pid: number;
}

/** Starts it and waits until it is ready; the sentence why it cannot be had where prepare.sh has found one. */
export async function startLocalstackProcess(): Promise<LocalstackProcess | string> {
  const python = readWord('python');
  if (python === undefined)
    return readWord('missing') ?? 'test/localstack/prepare.sh has not run; npm run test:localstack runs it.';
  const [port] = (await freePorts(1)) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = ownFolder();
  const logFile = join(cache, 'localstack.log');
  const log = openSync(logFile, 'w');
  const watchdog = openWatchdog();
  const child = spawn(python, [join(import.meta.dirname, 'main.py')], {
    detached: true,
    cwd: folder,
    env: variables(port, folder),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  watchdog.guard(child.pid!);
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await Promise.race([exited, pause(stopLimitMs, undefined, { ref: false })]);
    if (child.exitCode === null) child.kill('SIGKILL');
    await exited;
    watchdog.release(child.pid!);
    await watchdog[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const version = await Promise.race([untilHealthy(endpoint), exited.then(() => undefined)]);
    if (version === undefined) throw new Error(`LocalStack ended, see ${logFile}`);
    return { endpoint, version, pid: child.pid!, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where it writes. What another left that was killed goes. */
function ownFolder(): string {
  for (const name of readdirSync(cache)) {
    const owner = /^files-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const folder = join(cache, `files-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readWord(name: string): string | undefined {
  try {
    return readFileSync(join(cache, name), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Its configuration (docs.localstack.cloud, "Configuration"; localstack-core, config.py). The server that it takes by default listens on
 * every address, whatever GATEWAY_LISTEN says; and where a file /.dockerenv is, it writes to /etc and /var as in its own image.
 */
function variables(port: number, folder: string): Record<string, string> {
  const address = `127.0.0.1:${port}`;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    GATEWAY_SERVER: 'hypercorn',
    GATEWAY_LISTEN: address,
    LOCALSTACK_HOST: address,
    SQS_ENDPOINT_STRATEGY: 'path',
    SERVICES: 's3,sqs,sns',
    PROVIDER_OVERRIDE_SNS: 'v2',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DNS_ADDRESS: '0',
    DISABLE_EVENTS: '1',
    OVERRIDE_IN_DOCKER: '0',
    FILESYSTEM_ROOT: folder,
    LS_LOG: 'warn',
  };
}

async function untilHealthy(endpoint: string): Promise<string> {
  const endMs = performance.now() + readyLimitMs;
  for (;;) {
    const health = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined);
    if (health?.ok) return ((await health.json()) as { version: string }).version;
    if (performance.now() > endMs) throw new Error(`LocalStack is not ready after ${readyLimitMs} ms.`);
    await pause(50);
  }
}
