// Golden fingerprints: the bytes of a preset change on purpose only, and then its version rises and the file in test/golden with it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { presets } from '../../src/flowlogs/presets/index.ts';
import { openCorpus } from './read-lines.ts';

const folder = join(import.meta.dirname, '..', 'golden');

test.for(presets.map(({ name }) => name))('%s gives the bytes that its golden file says', async (name) => {
  const records = name === 'web-vpc' ? 25_000 : 5000;
  const corpus = openCorpus({ preset: name, seed: 42, records, maxRecords: 10_000 });
  const found = [
    `preset ${name}`,
    `version ${corpus.version}`,
    `plan seed=42 records=${records} maxRecords=10000 start=2026-01-01T00:00:00Z`,
    `sha256 ${await corpus.fingerprint()}`,
    `first ${corpus.record(0)}`,
    ...corpus.objects.slice(0, 3).map(({ key }) => `key ${key}`),
  ];
  expect(`${found.join('\n')}\n`).toBe(readFileSync(join(folder, `${name}.txt`), 'utf8'));
});
