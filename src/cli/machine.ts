// What this machine has: each thing that flowrig or its tests can use, and what is lacking where it is not there. No shell is asked,
// and nobody is waited for longer than a moment.

import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';

import type { Host } from '../core/host.ts';
import { formatBytes } from '../core/units.ts';
import { findCgroups } from '../lambda/cgroups.ts';
import { python } from '../lambda/runtimes/python.ts';
import { machineOf } from '../targets/machine.ts';

export interface MachinePart {
  readonly name: string;
  readonly state: 'ok' | 'missing';
  /** What is there, or what was found instead. */
  readonly detail: string;
  /** What cannot be done without it. */
  readonly lacks?: string;
}

/** Longer than any of them takes to tell its version. */
const limitMs = 2000;

export async function lookAtMachine(host: Host): Promise<MachinePart[]> {
  // Programs answer in their own time: all are asked before any is waited for.
  const asked = [docker(host), pythonOf(host), curl(host), localStack(host)];
  return [
    node(host),
    { name: 'platform', state: 'ok', detail: `${platform()} ${release()}, ${arch()}` },
    { name: 'cores', state: 'ok', detail: `${availableParallelism()}, ${cpus()[0]?.model ?? 'of an unknown model'}` },
    { name: 'memory', state: 'ok', detail: formatBytes(totalmem()) },
    cgroup(),
    ...(await Promise.all(asked)),
  ];
}

/** The sources need a Node that erases types by itself; what is published does with an older one. */
function node(host: Host): MachinePart {
  const isNew = Number(host.nodeVersion.split('.')[0]) >= 24;
  const lacks = isNew ? {} : { lacks: "flowrig's sources do not run; the published package does" };
  return { name: 'node', state: isNew ? 'ok' : 'missing', detail: host.nodeVersion, ...lacks };
}

function cgroup(): MachinePart {
  const found = findCgroups();
  const lacks = 'limits of a function are watched by polling, not held by the kernel';
  if (!found) return { name: 'cgroup', state: 'missing', detail: 'none that can be written', lacks };
  const limits = ['memory', ...(found.limitsCpu ? ['CPU'] : []), ...(found.limitsProcesses ? ['processes'] : [])];
  return { name: 'cgroup', state: 'ok', detail: `${found.version.replace('cgroup ', '')} for ${limits.join(', ')}` };
}

/** The client alone runs nothing: the engine is asked. */
async function docker(host: Host): Promise<MachinePart> {
  const answer = await ask(host, 'docker', ['version', '--format', '{{.Server.Version}}']);
  const lacks = 'nothing can be run in containers; the rig itself needs none';
  return part('docker', answer, lacks);
}

/** The interpreter that a function in Python's newest runtime would get. */
async function pythonOf(host: Host): Promise<MachinePart> {
  const { node: own, searchPath } = machineOf(host);
  const found = await python.findInterpreter({ runtime: python.defaultRuntime, node: own, searchPath });
  const lacks = 'functions in Python cannot be run';
  if (!found) return { name: 'python', state: 'missing', detail: 'no Python 3 on the PATH', lacks };
  return { name: 'python', state: 'ok', detail: `${found.version} at ${found.path}` };
}

async function curl(host: Host): Promise<MachinePart> {
  return part('curl', await ask(host, 'curl', ['--version']), 'tests that send with curl are skipped');
}

async function localStack(host: Host): Promise<MachinePart> {
  const name = 'localstack';
  const lacks = 'the store is the embedded S3';
  const endpoint = host.env['LOCALSTACK_ENDPOINT'];
  if (!endpoint) return { name, state: 'missing', detail: 'LOCALSTACK_ENDPOINT is not set', lacks };
  try {
    const health = await fetch(new URL('/_localstack/health', endpoint), { signal: AbortSignal.timeout(limitMs) });
    await health.body?.cancel();
    if (health.ok) return { name, state: 'ok', detail: endpoint };
    return { name, state: 'missing', detail: `${endpoint} answers ${health.status}`, lacks };
  } catch (error) {
    return { name, state: 'missing', detail: `${endpoint} does not answer: ${(error as Error).message}`, lacks };
  }
}

type Told = { readonly version: string } | { readonly failure: string };

function part(name: string, told: Told, lacks: string): MachinePart {
  if ('version' in told) return { name, state: 'ok', detail: told.version };
  return { name, state: 'missing', detail: told.failure, lacks };
}

/** Runs a program for the first line that it says. */
function ask(host: Host, program: string, args: readonly string[]): Promise<Told> {
  const options = { env: { ...host.env } as NodeJS.ProcessEnv, timeout: limitMs, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const [line = ''] = (stdout.trim() || stderr.trim()).split('\n');
      // What curl was built with comes behind its version in parentheses.
      if (!error) return resolve({ version: line.replace(/ \(.*$/, '') });
      if (error.code === 'ENOENT') return resolve({ failure: 'not found' });
      if (error.killed) return resolve({ failure: `no answer within ${limitMs / 1000} s` });
      resolve({ failure: line || error.message });
    });
  });
}
