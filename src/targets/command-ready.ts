// Waits until a command says that it takes work: by a text in its output, a port at which it listens, or a file that it makes.

import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

import type { Clock } from '../core/clock.ts';

/** How it is known that the command takes work; exactly one of them. */
export interface ReadyCheck {
  /** Text that its output holds. */
  readonly log?: string;
  /** Port on 127.0.0.1 at which it listens. */
  readonly port?: number;
  /** A file that it makes. */
  readonly file?: string;
}

export interface ReadyWatch {
  readonly clock: Clock;
  /** What `file` is relative to. */
  readonly cwd: string;
  /** Where its output goes. */
  readonly logFile: string;
  readonly limitMs: number;
  /** False as soon as it has ended. */
  readonly isAlive: () => boolean;
}

export type Readiness =
  | { readonly isReady: true }
  | { readonly isReady: false; readonly reason: string; readonly lastOutput: string };

const lookEveryMs = 20;
const lastOutputChars = 500;

export async function untilReady(check: ReadyCheck, watch: ReadyWatch): Promise<Readiness> {
  const { clock, logFile, limitMs, isAlive } = watch;
  const endMs = clock.machineNowMs() + limitMs;
  for (;;) {
    // In this order: the log of one that has ended holds words of ours, too.
    if (isAlive() && (await isReady(check, watch))) return { isReady: true };
    const reason = !isAlive()
      ? 'ended before it was ready.'
      : clock.machineNowMs() > endMs
        ? `was not ready after ${limitMs / 1000} s.`
        : undefined;
    if (reason !== undefined) {
      const lastOutput = readFileSync(logFile, 'utf8').trim().slice(-lastOutputChars) || 'none.';
      return { isReady: false, reason, lastOutput };
    }
    await clock.machineSleep(lookEveryMs);
  }
}

async function isReady({ log, port, file }: ReadyCheck, { cwd, logFile }: ReadyWatch): Promise<boolean> {
  if (log !== undefined) return readFileSync(logFile, 'utf8').includes(log);
  if (port !== undefined) return isListening(port);
  return file !== undefined && existsSync(path.resolve(cwd, file));
}

export function isListening(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
