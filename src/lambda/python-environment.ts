// The virtual environment of a Python function: boto3, which Lambda brings, and what its requirements name. It is kept in the cache
// under the hash of its content, so that a run finds it without any network; only `flowrig setup` makes one.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import path from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import type { Interpreter } from './runtimes/family.ts';
import { executables } from './runtimes/probe.ts';
import { minorOf } from './runtimes/python.ts';

export interface EnvironmentContent {
  /** The Python that it is made of. */
  readonly base: Interpreter;
  /** Absolute path of a requirements file; without one it holds boto3 alone. */
  readonly requirements?: string;
}

/** Its Python, whether it is there or not. Throws a FlowrigError where a requirements file is missing. */
export function environmentPython(cacheFolder: string, content: EnvironmentContent): string {
  return path.join(environmentFolder(cacheFolder, content), 'bin', 'python');
}

function environmentFolder(cacheFolder: string, { base, requirements }: EnvironmentContent): string {
  const hash = createHash('sha256').update(`${platform()} ${arch()} boto3`);
  if (requirements !== undefined) hashRequirements(hash, requirements, new Set());
  const name = `python3.${minorOf(base.version ?? '')}-${hash.digest('hex').slice(0, 24)}`;
  return path.join(cacheFolder, name);
}

/** Files that it includes count by their content (pip's "Requirements File Format": -r and -c). */
function hashRequirements(hash: ReturnType<typeof createHash>, file: string, seen: Set<string>): void {
  if (seen.has(file)) return;
  seen.add(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `target.requirements: "${file}" cannot be read: ${(error as Error).message}.`;
    throw new FlowrigError('file-missing', message, { cause: error });
  }
  hash.update(`\0${text}`);
  for (const [, included] of text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[\s=]+(\S+)/gm)) {
    if (!/^\w+:\/\//.test(included!)) hashRequirements(hash, path.resolve(path.dirname(file), included!), seen);
  }
}

export interface MakeOptions {
  readonly cacheFolder: string;
  /** The user's own variables: PATH, proxies, where pip and uv find packages. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the tools say, as it comes. */
  readonly onOutput: (text: string) => void;
}

/**
 * Makes the environment unless it is there, and returns its Python. Uses the network. Rejects with a FlowrigError
 * (environment-missing) that ends with the tool's last words where it cannot be made.
 */
export async function makeEnvironment(content: EnvironmentContent, options: MakeOptions): Promise<string> {
  const folder = environmentFolder(options.cacheFolder, content);
  const finished = path.join(folder, 'bin', 'python');
  if (existsSync(finished)) return finished;
  await mkdir(options.cacheFolder, { recursive: true });
  // Made aside and then renamed: a half-made one is never found. Its scripts name the old place, but its Python finds its own.
  const made = await mkdtemp(path.join(options.cacheFolder, '.making-'));
  try {
    for (const command of commands(made, content, options.env['PATH'] ?? '')) await runTool(command, options);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder).catch((error: unknown) => {
      // Another process was quicker.
      if (!existsSync(finished)) throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return finished;
}

/** By uv where there is one: it needs a tenth of the time. */
function commands(folder: string, { base, requirements }: EnvironmentContent, searchPath: string): string[][] {
  const packages = ['boto3', ...(requirements === undefined ? [] : ['-r', requirements])];
  const own = path.join(folder, 'bin', 'python');
  const [uv] = executables(['uv'], searchPath);
  if (uv !== undefined) {
    return [
      [uv, 'venv', '--quiet', '--allow-existing', '--python', base.path, folder],
      [uv, 'pip', 'install', '--compile-bytecode', '--python', own, ...packages],
    ];
  }
  return [
    [base.path, '-m', 'venv', folder],
    [own, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...packages],
  ];
}

async function runTool([command, ...words]: readonly string[], { env, onOutput }: MakeOptions): Promise<void> {
  const child = spawn(command!, words, { env: { ...env, VIRTUAL_ENV: undefined }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-4000);
    onOutput(chunk.toString());
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let reason: string;
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code === 0) return;
    reason = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
  } catch (error) {
    reason = `could not be started: ${(error as Error).message}`;
  }
  const lastWords = said.trim().split('\n').slice(-5).join('\n');
  throw new FlowrigError('environment-missing', `${[command, ...words].join(' ')} ${reason}.\n${lastWords}`.trimEnd());
}
