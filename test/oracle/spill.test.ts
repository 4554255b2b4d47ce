import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openSpill, partitionCount } from '../../src/oracle/ledger/spill.ts';

test('rows come back from memory and from disk in the order in which they came, and the file goes with the spill', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-spill-'));
  const path = join(folder, 'deep', 'rows');
  const rows = 60_000;
  // Half of all rows are of one partition: it goes to disk again and again while the others stay in memory.
  const partitionOf = (i: number): number => (i % 2 === 0 ? 7 : (i * 31) % partitionCount);
  {
    using spill = openSpill(path, 3);
    for (let i = 0; i < rows; i++) {
      if (i === 100) expect(existsSync(path)).toBe(false);
      const at = spill.reserve(partitionOf(i));
      spill.words.set([i, i * 2, i ^ 0xffff], at);
    }
    expect(spill.rowCount).toBe(rows);
    expect(existsSync(path)).toBe(true);
    for (let partition = 0; partition < partitionCount; partition++) {
      const wanted = Array.from({ length: rows }, (_, i) => i).filter((i) => partitionOf(i) === partition);
      expect(spill.read(partition)).toEqual(Uint32Array.from(wanted.flatMap((i) => [i, i * 2, i ^ 0xffff])));
    }
  }
  expect(existsSync(path)).toBe(false);
  await rm(folder, { recursive: true });
});
