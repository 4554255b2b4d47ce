// The function's code as Lambda shows it: mounted read-only ("Lambda runtime environment", /var/task and /opt). On Linux each sandbox
// gets mounts of its own, by util-linux's unshare and mount: as root, or as anybody where the kernel lets users make namespaces
// (unshare(1), mount_namespaces(7), user_namespaces(7)). Elsewhere the code stays writable, and the report says so.

import { statSync } from 'node:fs';
import { userInfo } from 'node:os';

import { linesOf } from './runtimes/probe.ts';

/** Where a system's own tools lie; a sandbox's PATH has these folders, too. */
const systemPath = '/usr/local/bin:/usr/bin:/bin';

/** How a process is started so that it cannot write to some folders. */
export interface ReadOnlyCode {
  /**
   * The command line of `words`, behind mounts: `folders` are read-only, but for `writable`, which may lie in one of them.
   * The process is the same from first to last, so its id and its group are.
   */
  wrap(words: readonly string[], folders: readonly string[], writable: string): readonly string[];
}

/** POSIX sh: the writable folder, the count of the others and they, and a command. The working folder is looked up again, in the mounts. */
const mountScript = `mount --bind "$1" "$1" || exit 126; shift
count=$1; shift
while [ "$count" -gt 0 ]; do
  mount --rbind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 126
  shift; count=$((count - 1))
done
cd "$PWD" && unset OLDPWD && exec "$@"`;

/** POSIX sh: says `read-only` where a file can be made in the second folder and not in the first. */
const attempt = `if touch "$1/.flowrig" 2>/dev/null; then rm -f "$1/.flowrig"; exit 1; fi
touch "$2/.flowrig" && rm -f "$2/.flowrig" && echo read-only`;

/** By the file systems that were tried: an attempt takes 10 ms of CPU, and 25 on a busy machine. */
const found = new Map<string, Promise<ReadOnlyCode | undefined>>();

/** Looks for the way that this machine has, by trying it once on the file systems of these folders; undefined where there is none. */
export function findReadOnlyCode(folders: readonly string[], writable: string): Promise<ReadOnlyCode | undefined> {
  const fileSystems = [...folders, writable].map((folder) => statSync(folder).dev).join(' ');
  const known = found.get(fileSystems) ?? tryReadOnlyCode(folders, writable);
  found.set(fileSystems, known);
  return known;
}

async function tryReadOnlyCode(folders: readonly string[], writable: string): Promise<ReadOnlyCode | undefined> {
  const { uid, gid } = userInfo();
  const how = uid === 0 ? asRoot : asUser(uid, gid);
  // Root writes where it is not allowed to, so only an attempt tells.
  const words = how.wrap(['/bin/sh', '-c', attempt, 'attempt', folders[0]!, writable], folders, writable);
  const answer = await linesOf(words[0]!, words.slice(1), systemPath);
  return answer?.[0] === 'read-only' ? how : undefined;
}

const asRoot: ReadOnlyCode = {
  wrap: (words, folders, writable) => ['unshare', '--mount', ...mounting(words, folders, writable)],
};

/** In a namespace where the user is root for as long as it mounts, and in another one then where it is itself again. */
function asUser(uid: number, gid: number): ReadOnlyCode {
  const itself = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return {
    wrap: (words, folders, writable) => [
      'unshare',
      '--user',
      '--map-root-user',
      '--mount',
      ...mounting([...itself, ...words], folders, writable),
    ],
  };
}

function mounting(words: readonly string[], folders: readonly string[], writable: string): string[] {
  return ['--', '/bin/sh', '-c', mountScript, 'mounts', writable, String(folders.length), ...folders, ...words];
}
