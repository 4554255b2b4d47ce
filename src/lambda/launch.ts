// The command line of a sandbox: its runtime, and before it the extensions that its layers bring.

import { readdirSync } from 'node:fs';
import path from 'node:path';

import type { LaunchSettings } from './runtimes/family.ts';
import { familyOf } from './runtimes/index.ts';
import { isExecutable } from './runtimes/probe.ts';

export interface SandboxLaunch {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Names under which extensions will register. */
  readonly extensions: readonly string[];
}

/** Starts each extension in the background, and becomes the runtime: all are one process group. */
const withExtensions =
  'folder=$1; shift; for file in "$folder"/*; do [ -f "$file" ] && [ -x "$file" ] && "$file" & done; exec "$@"';

export function launchOf(settings: LaunchSettings): SandboxLaunch {
  const { command, arguments: words } = familyOf(settings.runtime).launch(settings);
  const folder = path.join(settings.layersRoot ?? '', 'extensions');
  const extensions = settings.layersRoot === undefined ? [] : executablesIn(folder);
  if (extensions.length === 0) return { command, arguments: words, extensions };
  return { command: '/bin/sh', arguments: ['-c', withExtensions, 'sandbox', folder, command, ...words], extensions };
}

function executablesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => isExecutable(path.join(folder, name)));
  } catch {
    return [];
  }
}
