// Nothing outlives the rig. One small shell a run is told each process group, and kills them all when its pipe to the rig ends,
// whatever ended the rig. A frozen child cannot notice that by itself, and SIGKILL leaves the rig no time to clean up.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { FlowrigError } from '../core/errors.ts';

export interface Watchdog extends AsyncDisposable {
  /** From now on the group dies with the rig: a process group by its id, a control group by its folder, which goes too. */
  guard(group: number | string): void;
  /** The group is gone: its id may soon be another's. */
  release(group: number | string): void;
}

/** POSIX sh, so that Linux and macOS run it alike. SIGKILL reaches stopped processes too. */
const script = `guarded=' '
while read -r verb group; do
  case $verb in
    guard) guarded="$guarded$group " ;;
    release) guarded="\${guarded%% $group *} \${guarded#* $group }" ;;
    close) exit 0 ;;
  esac
done
for group in $guarded; do case $group in /*) ;; *) kill -s KILL -- "-$group" ;; esac; done
for group in $guarded; do
  case $group in /*) ;; *) continue ;; esac
  tries=0
  while [ -d "$group" ] && ! rmdir "$group" 2>&- && [ $tries -lt 100 ]; do
    while read -r pid; do kill -s KILL "$pid"; done < "$group/cgroup.procs"
    tries=$((tries + 1)); sleep 0.02
  done
done
[ -n "$1" ] || exit 0
for environ in /proc/[0-9]*/environ; do
  grep -aqsF "TMPDIR=$1/" "$environ" && pid=\${environ#/proc/} && kill -s KILL "\${pid%/environ}"
done`;

/**
 * It has a process group of its own: what ends the rig's group does not end it. Disposed, it ends quietly. `folder` is the run's:
 * on Linux also whoever left its group, but was started with a TMPDIR below that folder, dies with the rig.
 */
export function openWatchdog(folder = ''): Watchdog {
  const shell = spawn('/bin/sh', ['-c', script, 'watchdog', folder], {
    detached: true,
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  let failure: Error | undefined;
  const fail = (error: Error): void => void (failure ??= error);
  shell.on('error', fail);
  shell.stdin.on('error', fail);
  shell.unref();
  const tell = (line: string): void => {
    if (failure) {
      const message = `The watchdog, /bin/sh, is gone: ${failure.message}. Without it children could outlive the rig.`;
      throw new FlowrigError('environment-missing', message, { cause: failure });
    }
    shell.stdin.write(`${line}\n`);
  };
  return {
    guard: (group) => tell(`guard ${group}`),
    release: (group) => void (failure || tell(`release ${group}`)),
    async [Symbol.asyncDispose]() {
      if (failure || shell.exitCode !== null || shell.signalCode !== null) return;
      const exited = once(shell, 'exit');
      shell.ref();
      shell.stdin.end('close\n');
      await exited;
    },
  };
}
