// Functions that are their own runtime: an executable named bootstrap, in any language.

import { existsSync } from 'node:fs';
import path from 'node:path';

import type { LaunchSettings, RuntimeFamily } from './family.ts';

export const provided: RuntimeFamily = {
  language: 'bootstrap',
  runtimes: ['provided.al2023', 'provided.al2'],
  defaultRuntime: 'provided.al2023',
  /** A bootstrap may do with it what it wants; most ignore it. */
  defaultHandler: 'bootstrap.handler',
  extensions: [''],
  findInterpreter: () => Promise.resolve({ path: 'bootstrap' }),
  versionArguments: [],
  launch(settings) {
    const found = bootstrapOf(settings) ?? path.join(settings.taskRoot, 'bootstrap');
    return { command: found, arguments: [], folders: [], variables: {} };
  },
};

/** Where Lambda looks for it, in this order (Lambda guide, "Building a custom runtime"); undefined where it stands nowhere. */
export function bootstrapOf({
  taskRoot,
  layersRoot,
}: Pick<LaunchSettings, 'taskRoot' | 'layersRoot'>): string | undefined {
  const folders = [taskRoot, ...(layersRoot === undefined ? [] : [layersRoot])];
  return folders.map((folder) => path.join(folder, 'bootstrap')).find(existsSync);
}
