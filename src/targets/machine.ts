// What the rig knows of the machine that it runs on, as far as targets need it.

import { tmpdir } from 'node:os';
import path from 'node:path';

import { cacheFolder } from '../core/cache-folder.ts';
import type { Host } from '../core/host.ts';
import { findCgroups, type Cgroups } from '../lambda/cgroups.ts';
import type { Interpreter } from '../lambda/runtimes/family.ts';

export interface Machine {
  /** The Node that runs the rig. */
  readonly node: Interpreter;
  /** The user's own PATH. */
  readonly searchPath: string;
  /** Where environments are kept from run to run. */
  readonly cacheFolder: string;
  /** How the kernel limits sandboxes here; undefined where the rig has to watch them. */
  readonly cgroups: Cgroups | undefined;
}

export function machineOf({ env, nodePath, nodeVersion }: Pick<Host, 'env' | 'nodePath' | 'nodeVersion'>): Machine {
  return {
    node: { path: nodePath, version: nodeVersion },
    searchPath: env['PATH'] ?? '',
    cacheFolder: path.join(cacheFolder(env) ?? tmpdir(), 'flowrig', 'python'),
    cgroups: findCgroups(),
  };
}
