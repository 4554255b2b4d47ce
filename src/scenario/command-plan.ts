// A command as the target of a plan: its paths made absolute, its quantities read.

import { resolve } from 'node:path';

import { parseDurationMs, type Quantity } from '../core/units.ts';
import type { ReadyCheck } from '../targets/command-ready.ts';

type Mapping = Record<string, unknown>;

export interface CommandConfig {
  readonly kind: 'command';
  /** With `${...}` not yet filled in, as in `env`. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ready?: ReadyCheck;
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
}

/** `folder` is that of the file that names the target. */
export function resolveCommand(own: Mapping, folder: string): Mapping {
  return {
    env: {},
    ...own,
    ...commandPaths(own, folder),
    stop: { signal: 'SIGTERM', grace: '30s', ...(own['stop'] as Mapping | undefined) },
  };
}

/** Its folder and its program, absolute. A program without a slash is looked for in the PATH. What is no command stays as it is. */
export function commandPaths(target: Mapping, folder: string): Mapping {
  const own = { folder: resolve(folder, String(target['folder'] ?? '.')) };
  const { command } = target;
  if (!Array.isArray(command) || typeof command[0] !== 'string') return own;
  const [program, ...rest] = command as string[];
  const isPath = program!.includes('/') && !program!.startsWith('${');
  return { ...own, command: [isPath ? resolve(folder, program!) : program, ...rest] };
}

export function planCommand(target: Mapping): CommandConfig {
  const { signal, grace } = target['stop'] as { signal: NodeJS.Signals; grace: Quantity };
  return {
    kind: 'command',
    command: target['command'] as string[],
    folder: String(target['folder']),
    env: Object.fromEntries(Object.entries(target['env'] as Mapping).map(([name, content]) => [name, String(content)])),
    ...(target['ready'] === undefined ? {} : { ready: target['ready'] as ReadyCheck }),
    stop: { signal, graceMs: parseDurationMs(grace)! },
  };
}
