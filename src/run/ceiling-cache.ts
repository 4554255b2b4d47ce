// Ceilings measured on this machine, kept in the user's cache folder, so that one run in many has to measure.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { cacheFolder } from '../core/cache-folder.ts';
import type { Host } from '../core/host.ts';

export interface Ceiling {
  readonly recordsPerS: number;
  /** Unix ms on the machine's clock. */
  readonly measuredMs: number;
}

export interface CeilingCache {
  get(key: string): Ceiling | undefined;
  /** Keeps it where it can; a folder that cannot be written only means that the next run measures again. */
  set(key: string, ceiling: Ceiling): void;
}

/** A machine changes: other neighbours, another governor. */
const validMs = 7 * 24 * 3600 * 1000;

/** Opens the cache of this machine, Node and version of flowrig. Without a cache folder it holds nothing. */
export function openCeilingCache(
  host: Pick<Host, 'env' | 'nodeVersion'>,
  version: string,
  nowMs: number,
): CeilingCache {
  const folder = cacheFolder(host.env);
  const machine = [version, host.nodeVersion, cpus().length, cpus()[0]?.model ?? 'unknown'].join(' ');
  const file = folder === undefined ? undefined : join(folder, 'flowrig', 'ceilings.json');
  const read = (): Record<string, Ceiling> => (file === undefined ? {} : readCeilings(file));
  return {
    get(key) {
      const ceiling = read()[`${machine}: ${key}`];
      return ceiling && nowMs - ceiling.measuredMs < validMs ? ceiling : undefined;
    },
    set(key, ceiling) {
      if (file === undefined) return;
      const young = Object.entries(read()).filter(([, { measuredMs }]) => nowMs - measuredMs < validMs);
      const text = JSON.stringify({ ...Object.fromEntries(young), [`${machine}: ${key}`]: ceiling }, undefined, 2);
      try {
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(`${file}.new`, `${text}\n`);
        renameSync(`${file}.new`, file);
      } catch {
        // Not kept: see above.
      }
    },
  };
}

/** What another version or a crash left behind unreadable is as good as nothing. */
function readCeilings(file: string): Record<string, Ceiling> {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Ceiling> | null;
    const entries = Object.entries(value ?? {});
    return Object.fromEntries(entries.filter(([, ceiling]) => ceiling.recordsPerS > 0 && ceiling.measuredMs > 0));
  } catch {
    return {};
  }
}
