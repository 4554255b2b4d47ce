// The command line of a sandbox: a shell that enters its control groups and limits, starts the extensions that its layers bring, and
// then becomes the runtime.

import { readdirSync } from 'node:fs';
import path from 'node:path';

import type { LaunchSettings } from './runtimes/family.ts';
import { familyOf } from './runtimes/index.ts';
import { isExecutable } from './runtimes/probe.ts';

export interface SandboxLaunch {
  /** The command and its arguments. */
  readonly words: readonly string[];
  /** Names under which extensions will register. */
  readonly extensions: readonly string[];
}

/**
 * POSIX sh: so many folders of control groups, the folder of the extensions or nothing, the file that lists their processes, and the
 * runtime's command line. 1,024 files may be open at once (Lambda guide, "Lambda quotas"). Extensions run in the background, in the
 * same process group, each with a shell that tells its exit status on descriptor 3 as a line.
 */
const script = `count=$1; shift
while [ "$count" -gt 0 ]; do echo 0 > "$1/cgroup.procs"; shift; count=$((count - 1)); done
ulimit -n 1024 2>/dev/null
folder=$1 list=$2; shift 2
if [ -n "$folder" ]; then
  : > "$list"
  for file in "$folder"/*; do
    if [ -f "$file" ] && [ -x "$file" ]; then
      ("$file" 3>&-; echo $? >&3) &
      echo $! >> "$list"
    fi
  done
fi
exec "$@" 3>&-`;

/** `extensionsFile`: where the process ids of the extensions are to stand, a line each. */
export function launchOf(
  settings: LaunchSettings,
  cgroupFolders: readonly string[],
  extensionsFile: string,
): SandboxLaunch {
  const { command, arguments: words } = familyOf(settings.runtime).launch(settings);
  const folder = settings.layersRoot === undefined ? '' : path.join(settings.layersRoot, 'extensions');
  const extensions = folder === '' ? [] : executablesIn(folder);
  const own = [String(cgroupFolders.length), ...cgroupFolders, extensions.length === 0 ? '' : folder, extensionsFile];
  return { words: ['/bin/sh', '-c', script, 'sandbox', ...own, command, ...words], extensions };
}

function executablesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => isExecutable(path.join(folder, name)));
  } catch {
    return [];
  }
}
