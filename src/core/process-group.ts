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

/** Kills one process, where it is still there. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
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
