// The embedded S3 as tests open it: a clock of its own, a folder of its own, where nothing may be left.

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openClock } from '../../src/core/clock.ts';
import type { Store } from '../../src/core/model/trigger.ts';
import { randomSource } from '../../src/core/random.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/index.ts';
import type { EmbeddedStoreOptions } from '../../src/stores/embedded/options.ts';

export interface TestStore extends Store {
  /** Where bodies spill. */
  readonly folder: string;
}

export async function openTestStore(options: Partial<EmbeddedStoreOptions> = {}): Promise<TestStore> {
  const parent = await mkdtemp(join(tmpdir(), 'flowrig-store-'));
  const folder = join(parent, 's3');
  const store = await openEmbeddedStore({ clock: openClock(), random: randomSource(1), folder, ...options });
  return {
    ...store,
    folder,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      const left = await readdir(parent);
      await rm(parent, { recursive: true });
      if (left.length > 0) throw new Error(`the store left ${left.join(', ')} behind`);
    },
  };
}
