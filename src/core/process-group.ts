// Signals to a child's process group: the child and whatever it started, all at once; and to what has left the group.

import { readdirSync, readFileSync } from 'node:fs';

/** The group's id is the process id of its leader. Returns false where no such group is left. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch {
    return false;
  }
}

/** To one process, where it is still there. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

export function killProcess(pid: number): void {
  signalProcess(pid, 'SIGKILL');
}

/** Whether it has not ended yet. One that nobody has waited for has. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    // No procfs, so macOS, whose init waits for everybody; or it ended between the two.
    return process.platform !== 'linux';
  }
}

/**
 * Kills every process that was started with this environment variable (`NAME=value`): what has left its group by `setsid`, which
 * no group signal reaches. By procfs, so on Linux only; a scan of some hundred processes takes a few milliseconds.
 */
export function killStartedWith(variable: string): void {
  for (const name of readProcesses()) {
    const pid = Number(name);
    if (pid !== process.pid && environmentOf(name).includes(`\0${variable}\0`)) killProcess(pid);
  }
}

function readProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function environmentOf(processId: string): string {
  try {
    return `\0${readFileSync(`/proc/${processId}/environ`, 'utf8')}`;
  } catch {
    return '';
  }
}
