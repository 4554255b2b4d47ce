// Docker for the tests: the one that answers, or an engine of our own where root may start it. Ours has no registry to pull from, a
// process namespace of its own, so that whatever ends the tests ends it with all its containers, and leaves no files: those of a run
// that was killed go when the next one begins.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { openWatchdog } from '../../src/lambda/watchdog.ts';
import { until } from '../e2e/rig-process.ts';

const run = promisify(execFile);
const bridge = '/sys/class/net/docker0';

export interface Engine extends AsyncDisposable {
  /** DOCKER_HOST of the engine that was started; undefined for the one that answered. */
  readonly host: string | undefined;
}

/** The engine, or the sentence why there is none. */
export async function openEngine(): Promise<Engine | string> {
  if (await answers()) return { host: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  const dockerd = '/usr/sbin/dockerd';
  if (process.getuid?.() !== 0 || !existsSync(dockerd)) {
    return 'no Docker answers, and none can be started: that takes root and Debian’s package docker.io (test/docker/prepare.sh)';
  }
  const wasKilled = await removeFoldersOfTheDead();
  const folder = mkdtempSync(join(tmpdir(), `flowrig-docker-${process.pid}-`));
  const host = `unix://${folder}/docker.sock`;
  const log = openSync(join(folder, 'dockerd.log'), 'w');
  const watchdog = openWatchdog();
  const places = ['data-root', 'exec-root', 'pidfile'].map((name) => `--${name}=${join(folder, name)}`);
  // Ports are published by a process of Docker's: no rule of the machine's firewall is made, which nobody would take away.
  const quiet = ['--iptables=false', '--ip-forward=false', '--exec-opt=native.cgroupdriver=cgroupfs'];
  // A run that was killed leaves the bridge, too.
  const hadBridge = existsSync(bridge) && !wasKilled;
  const options = ['--storage-driver=overlay2', ...quiet, ...places, `--host=${host}`];
  const child = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', dockerd, ...options], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  watchdog.guard(child.pid!);
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    // The engine alone hears it, and stops its containers; unshare ends behind it.
    for (const pid of childrenOf(child.pid!)) process.kill(pid, 'SIGTERM');
    await exited;
    watchdog.release(child.pid!);
    await watchdog[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    if (!hadBridge) await run('ip', ['link', 'delete', 'docker0']).catch(() => undefined);
  };
  try {
    await until('Docker’s engine answers', () => child.exitCode !== null || answers(host));
    if (child.exitCode !== null) throw new Error(`dockerd ended with ${child.exitCode}`);
    return { host, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** True where there was one. */
async function removeFoldersOfTheDead(): Promise<boolean> {
  const dead = readdirSync(tmpdir()).filter((name) => {
    const [, pid] = /^flowrig-docker-(\d+)-/.exec(name) ?? [];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  });
  for (const name of dead) await rm(join(tmpdir(), name), { recursive: true, force: true });
  return dead.length > 0;
}

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

async function answers(host?: string): Promise<boolean> {
  const env = { ...process.env, ...(host === undefined ? {} : { DOCKER_HOST: host }) };
  return run('docker', ['info'], { env }).then(
    () => true,
    () => false,
  );
}
