// flowrig as users start it: a process of its own, seen from outside. Nothing here waits for a time, only for what can be seen.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const launcher = join(import.meta.dirname, '../../src/cli/flowrig.js');
const deadlineMs = 20_000;

/** Looks again and again until something is there; fails with what was awaited. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > endMs) throw new Error(`Waited ${deadlineMs} ms in vain until ${what}.`);
    await pause(20);
  }
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RigProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote so far. */
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts `flowrig ARGS` in a folder, `env` over the test's own; what is left of it when the test ends is killed. */
export function startFlowrig(
  cwd: string,
  argv: readonly string[],
  { node = process.execPath, env = {} }: { node?: string | undefined; env?: Readonly<Record<string, string>> } = {},
): RigProcess {
  const options = { cwd, env: { ...process.env, ...env } };
  const child = spawn(node, [launcher, ...argv], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = (once(child, 'close') as Promise<[number | null, string | null]>).then(([exitCode, signal]): Ended => ({
    exitCode,
    signal,
    ...said,
  }));
  return {
    pid: child.pid!,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    signal: (name) => void child.kill(name),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** As `ps` tells it; the first letter is T where it is stopped, Z where it is dead and nobody has asked yet. */
  readonly state: string;
}

function processTable(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({ pid: Number(pid), parent: Number(parent), state: state! }));
}

/** All processes below one, without `ps` itself, which this process starts. */
export function descendantsOf(pid: number): ProcessRow[] {
  const table = processTable();
  const below = (parent: number): ProcessRow[] =>
    table.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(pid);
}

/** Those of these processes that still live. */
export function livingOf(pids: readonly number[]): ProcessRow[] {
  return processTable().filter((row) => pids.includes(row.pid) && !row.state.startsWith('Z'));
}

/** Whether somebody listens at the port of a URL (or `host:port`) on 127.0.0.1. */
export async function isListening(address: string): Promise<boolean> {
  const port = Number(/:(\d+)/.exec(address)![1]);
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
