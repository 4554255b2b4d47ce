// CPU time and memory of a process and all its descendants: from /proc where there is one, by `ps` on macOS.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** Seconds of all threads, children that ended and were waited for included. */
  readonly cpuS: number;
  /** Resident memory now, summed. */
  readonly rssBytes: number;
  /** The leader and its descendants, threads not counted; of a great many, just that they are more than `countLimit`. */
  readonly processes: number;
  /** The highest that is known: where the system keeps a high-water mark of the leader, that. */
  readonly rssPeakBytes: number;
}

/** A sandbox that starts more is killed; nobody reads on through thousands of them. */
const countLimit = 1024;

const hasProc = existsSync('/proc/self/stat');

/** Linux reports CPU times to user space in hundredths of a second (proc(5), sysconf(_SC_CLK_TCK)). */
const ticksPerS = 100;

/** Undefined where the process is gone. With `leaderOnly` its descendants are left out: 54 us instead of 127 for a Node without children. */
export function readUsage(leader: number, leaderOnly = false): ProcessUsage | undefined {
  if (!hasProc) return readUsageByPs(leader);
  const own = readProcess(leader);
  if (!own || leaderOnly) return own;
  let { cpuS, rssBytes } = own;
  const others = descendants(leader);
  for (const pid of others) {
    const usage = readProcess(pid);
    cpuS += usage?.cpuS ?? 0;
    rssBytes += usage?.rssBytes ?? 0;
  }
  return { cpuS, rssBytes, processes: 1 + others.length, rssPeakBytes: Math.max(rssBytes, own.rssPeakBytes) };
}

function readProcess(pid: number): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything. After it: state is field 3, utime to cstime are fields 14 to 17 (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return {
      cpuS: ticks / ticksPerS,
      rssBytes: kibibytes(status, 'VmRSS') * 1024,
      processes: 1,
      rssPeakBytes: kibibytes(status, 'VmHWM') * 1024,
    };
  } catch {
    return undefined;
  }
}

/** 0 for a process that has ended but was not waited for: it has no memory. */
function kibibytes(status: string, name: string): number {
  const at = status.indexOf(`\n${name}:`);
  return at < 0 ? 0 : Number.parseInt(status.slice(at + name.length + 2), 10);
}

/** Each thread lists the children that it started. */
function descendants(leader: number): number[] {
  const found: number[] = [];
  for (let at = -1; at < found.length && found.length <= countLimit; at++) {
    const next = found[at] ?? leader;
    try {
      for (const thread of readdirSync(`/proc/${next}/task`)) {
        const children = readFileSync(`/proc/${next}/task/${thread}/children`, 'latin1');
        for (const child of children.split(' ')) if (child !== '') found.push(Number(child));
      }
    } catch {
      // Ended in between: its children are the next reader's.
    }
  }
  return found;
}

/** Children lead a session and a process group of the same id, which `ps -g` selects on Linux and on macOS. */
export function readUsageByPs(leader: number): ProcessUsage | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'rss=,time=', '-g', String(leader)], { encoding: 'latin1' });
  const lines = (stdout ?? '').split('\n').filter((line) => line.trim() !== '');
  if (status !== 0 || lines.length === 0) return undefined;
  let [cpuS, rssBytes] = [0, 0];
  for (const line of lines) {
    const [rss, time] = line.trim().split(/\s+/) as [string, string];
    rssBytes += Number(rss) * 1024;
    cpuS += secondsOf(time);
  }
  return { cpuS, rssBytes, processes: lines.length, rssPeakBytes: rssBytes };
}

/** `[[dd-]hh:]mm:ss[.cc]` as ps writes it. */
function secondsOf(time: string): number {
  const [clock, days] = time.split('-').toReversed() as [string, string?];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds + Number(days ?? 0) * 86_400;
}
