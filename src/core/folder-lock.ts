// One process at a time works on a folder. Whoever wants it writes its name behind those that stand in the lock file, and has it
// if all before it are gone: two that come at once agree on who was first, and what SIGKILL ended blocks nobody.

import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { FlowrigError } from './errors.ts';
import { makeFolder } from './make-folder.ts';

/** Takes the folder, made where it is missing; throws where another holds it. */
export function lockFolder(folder: string): Disposable {
  const file = join(folder, 'lock');
  const name = randomUUID();
  makeFolder(folder);
  appendFileSync(file, `taken ${name} ${process.pid} ${startOf(process.pid)}\n`);
  const release = (): void => appendFileSync(file, `free ${name}\n`);
  const holder = firstHolder(readFileSync(file, 'utf8'));
  if (holder?.name !== name) {
    release();
    throw new FlowrigError(
      'folder-taken',
      `The folder ${folder} is in use by process ${holder?.pid}. End that one first, or choose another folder.`,
    );
  }
  return { [Symbol.dispose]: release };
}

function firstHolder(text: string): { readonly name: string; readonly pid: number } | undefined {
  const lines = text.split('\n').map((line) => line.split(' '));
  const free = new Set(lines.flatMap(([word, name]) => (word === 'free' ? [name] : [])));
  for (const [word, name = '', pid = '', start = ''] of lines) {
    if (word === 'taken' && !free.has(name) && isAlive(Number(pid), start)) return { name, pid: Number(pid) };
  }
  return undefined;
}

/** Pids come again: where the system tells when a process began, that is compared too. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It lives, and is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return startOf(pid) === start;
}

/** Linux: field 22 of /proc/PID/stat (proc_pid_stat(5)), in ticks since the machine began; '' elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
