// The sandboxes of a function, whatever it is packaged in, and its log: below the folder of the run.

import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { Target, TargetResources } from '../core/model/trigger.ts';
import type { Scope } from '../core/scope.ts';
import { openFunctionLog } from '../lambda/function-log.ts';
import { openPool } from '../lambda/pool.ts';
import type { SandboxOptions } from '../lambda/sandbox.ts';

export interface SandboxesOptions extends Omit<SandboxOptions, 'folder' | 'log'> {
  readonly concurrency: number;
  /** The run's: target.log goes there, and `sandboxes` lies there while it runs. */
  readonly folder: string;
}

/** What a target does with its sandboxes. They close with the scope. */
export interface Sandboxes extends Pick<Target, 'invoke' | 'runningCount'> {
  resources(): TargetResources;
}

export function openSandboxes(scope: Scope, { concurrency, folder, ...sandbox }: SandboxesOptions): Sandboxes {
  const log = scope.use(openFunctionLog(path.join(folder, 'target.log')));
  const own = path.join(folder, 'sandboxes');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const pool = scope.use(openPool({ concurrency, sandbox: { ...sandbox, log }, folder: own }));
  return {
    invoke: (event, signal) => pool.invoke(event, signal),
    runningCount: () => pool.runningCount(),
    resources: () => ({ ...pool.resources(), logBytes: log.sizeBytes() }),
  };
}
