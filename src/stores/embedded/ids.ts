// Ids of versions and of uploads: 32 characters, as AWS's have today, and never the same twice, not after a restart either.

import type { Clock } from '../../core/clock.ts';
import type { RandomSource } from '../../core/random.ts';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';

export function idSource(random: RandomSource, clock: Clock): () => string {
  const ids = random.split('ids');
  const startedMs = Math.floor(clock.nowMs());
  let count = 0;
  return () => {
    count += 1;
    // The time of the start and the count make it unique, the rest makes it look like one of AWS's.
    let id = '';
    for (let value = startedMs * 64 + 63, i = 0; i < 9; i++, value = Math.floor(value / 64)) id += letters[value % 64];
    for (let value = count, i = 0; i < 6; i++, value = Math.floor(value / 64)) id += letters[value % 64];
    for (let i = 0; i < 17; i++) id += letters[ids.below(64, count, i)];
    return id;
  };
}
