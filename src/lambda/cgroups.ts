// The kernel's own limits on a sandbox: memory, CPU and processes, held by a control group that everything in it starts in and cannot
// leave unnoticed (kernel.org, admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst). Version 2 is tried before version 1; where
// neither may be used, the sandbox is watched by polling.

import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { signalProcess } from '../core/process-group.ts';

export interface CgroupLimits {
  readonly memoryBytes: number;
  /** Threads count as well. */
  readonly processes: number;
  /** Whether its CPU will be limited. A group of its own has its price where version 1 schedules it: 0.2 ms at each wake-up under load. */
  readonly cpu: boolean;
}

/** Of a sandbox. Where it is disposed, what is left in it must be dead or dying. */
export interface Cgroup {
  /** A process enters by writing 0 to `cgroup.procs` in each of them. */
  readonly folders: readonly string[];
  /** How many of its processes the kernel has killed for their memory so far. */
  outOfMemoryKills(): number;
  /** Everything that runs in it now. */
  processes(): number[];
  /** Stops everything in it, or lets it run on, whatever process group it is in. */
  freeze(isFrozen: boolean): void;
  /** Share of one core, `undefined` for as much as there is. */
  limitCpu(cores: number | undefined): void;
  /** False as long as a process in it is still dying. */
  remove(): boolean;
}

export interface Cgroups {
  readonly version: 'cgroup v2' | 'cgroup v1';
  readonly limitsCpu: boolean;
  readonly limitsProcesses: boolean;
  create(limits: CgroupLimits): Cgroup;
}

/** What the kernel calls the same thing in each version. */
interface Controllers {
  /** Parent folder of the groups, for each controller. In version 2 it is one for all. */
  readonly memory: string;
  readonly cpu?: string;
  readonly pids?: string;
}

/** AWS's own scheduling period is not documented; a short one lets a small share come in small pieces. */
const cpuPeriodUs = 20_000;

/** The shortest quota that the kernel takes. */
const leastQuotaUs = 1000;

/** Undefined where the rig may not make control groups here. The root is another one in tests. */
export function findCgroups(root = '/sys/fs/cgroup', ownFile = '/proc/self/cgroup'): Cgroups | undefined {
  const own = readText(ownFile);
  return findV2(root, own) ?? findV1(root, own);
}

/** A group of processes passes controllers on to its children only where it has none itself, so ours may lie beside the rig's. */
function findV2(root: string, own: string): Cgroups | undefined {
  const place = path.join(root, /^0::(.*)$/m.exec(own)?.[1] ?? '/');
  for (const parent of [place, path.dirname(place), root]) {
    if (!parent.startsWith(root) || !existsSync(path.join(parent, 'cgroup.controllers'))) continue;
    for (const controller of ['memory', 'pids', 'cpu']) write(parent, 'cgroup.subtree_control', `+${controller}`);
    const has = (file: string): boolean => probe(parent, file);
    if (!has('memory.max')) continue;
    const controllers = {
      memory: parent,
      ...(has('cpu.max') ? { cpu: parent } : {}),
      ...(has('pids.max') ? { pids: parent } : {}),
    };
    return cgroupsOf('cgroup v2', controllers);
  }
  return undefined;
}

function findV1(root: string, own: string): Cgroups | undefined {
  const find = (controller: string, file: string): string | undefined => {
    const line = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, 'm').exec(own);
    const mount = path.join(root, controller);
    return [path.join(mount, line?.[1] ?? '/'), mount].find((parent) => existsSync(parent) && probe(parent, file));
  };
  const memory = find('memory', 'memory.limit_in_bytes');
  if (memory === undefined) return undefined;
  const [cpu, pids] = [find('cpu', 'cpu.cfs_quota_us'), find('pids', 'pids.max')];
  return cgroupsOf('cgroup v1', {
    memory,
    ...(cpu === undefined ? {} : { cpu }),
    ...(pids === undefined ? {} : { pids }),
  });
}

/** Whether a group that is made here has this file, and takes processes. */
function probe(parent: string, file: string): boolean {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(path.join(parent, 'flowrig-'));
    return existsSync(path.join(folder, file)) && existsSync(path.join(folder, 'cgroup.procs'));
  } catch {
    return false;
  } finally {
    if (folder !== undefined) removeFolder(folder);
  }
}

function cgroupsOf(version: Cgroups['version'], controllers: Controllers): Cgroups {
  return {
    version,
    limitsCpu: controllers.cpu !== undefined,
    limitsProcesses: controllers.pids !== undefined,
    create: (limits) => createCgroup(version, controllers, limits),
  };
}

function createCgroup(version: Cgroups['version'], controllers: Controllers, limits: CgroupLimits): Cgroup {
  const made = new Map<string, string>();
  const folderFor = (parent: string): string => {
    const folder = made.get(parent) ?? mkdtempSync(path.join(parent, 'flowrig-'));
    made.set(parent, folder);
    return folder;
  };
  const memory = folderFor(controllers.memory);
  const bytes = String(limits.memoryBytes);
  if (version === 'cgroup v2') {
    write(memory, 'memory.max', bytes);
    write(memory, 'memory.swap.max', '0');
    write(memory, 'memory.oom.group', '1');
  } else {
    write(memory, 'memory.limit_in_bytes', bytes);
    write(memory, 'memory.memsw.limit_in_bytes', bytes);
  }
  if (controllers.pids !== undefined) write(folderFor(controllers.pids), 'pids.max', String(limits.processes));
  const cpu = controllers.cpu === undefined || !limits.cpu ? undefined : folderFor(controllers.cpu);
  const folders = [...made.values()];
  const processes = (): number[] => readText(path.join(memory, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  return {
    folders,
    outOfMemoryKills() {
      const events = readText(path.join(memory, version === 'cgroup v2' ? 'memory.events' : 'memory.oom_control'));
      return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
    },
    processes,
    freeze(isFrozen) {
      if (version === 'cgroup v2') write(memory, 'cgroup.freeze', isFrozen ? '1' : '0');
      else if (isFrozen) stopAll(processes);
      else for (const pid of processes()) signalProcess(pid, 'SIGCONT');
    },
    limitCpu(cores) {
      if (cpu === undefined) return;
      const quotaUs = cores === undefined ? undefined : Math.max(leastQuotaUs, Math.round(cores * cpuPeriodUs));
      if (version === 'cgroup v2') return write(cpu, 'cpu.max', `${quotaUs ?? 'max'} ${cpuPeriodUs}`);
      write(cpu, 'cpu.cfs_period_us', String(cpuPeriodUs));
      write(cpu, 'cpu.cfs_quota_us', String(quotaUs ?? -1));
    },
    remove: () => folders.map(removeFolder).every(Boolean),
  };
}

/**
 * By signals: what version 1's own freezer has frozen dies of no SIGKILL before it is thawed (kernel.org, cgroup-v1/freezer-subsystem.rst),
 * and nobody may be left to do that. What a process starts before it is stopped stands in the next list.
 */
function stopAll(processes: () => number[]): void {
  const stopped = new Set<number>();
  for (;;) {
    const running = processes().filter((pid) => !stopped.has(pid));
    if (running.length === 0) return;
    for (const pid of running) {
      stopped.add(pid);
      signalProcess(pid, 'SIGSTOP');
    }
  }
}

/** Best effort: not every kernel has every file, and what must hold is looked for before. */
function write(folder: string, file: string, text: string): void {
  try {
    // Without O_CREAT: these files are the kernel's.
    writeFileSync(path.join(folder, file), text, { flag: 'r+' });
  } catch {
    // See above.
  }
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
