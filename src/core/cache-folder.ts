// Where a program keeps what it can make again.

import { platform } from 'node:os';
import { join } from 'node:path';

import type { Host } from './host.ts';

/**
 * The user's own cache folder (XDG Base Directory Specification; macOS's own place there, File System Programming Guide), or
 * undefined where the user has no home.
 */
export function cacheFolder(env: Host['env']): string | undefined {
  if (env['XDG_CACHE_HOME']?.startsWith('/')) return env['XDG_CACHE_HOME'];
  const home = env['HOME'];
  if (!home) return undefined;
  return platform() === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}
