// Every field bug of the catalogue, once: our own forwarder ends as the catalogue says. `npm run zoo` adds a forwarder that has the bug.

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { catalogue } from '../catalogue.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-catalogue-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const scenarioFile = (name: string): string => join(import.meta.dirname, `../../scenarios/${name}.yaml`);

test.concurrent.each(catalogue)(
  'our own forwarder meets $id as the catalogue says',
  async ({ scenario, builtin }) => {
    const { verdict } = await run(scenarioFile(scenario), { out: folder, target: 'builtin:forwarder' });
    const findings = verdict.findings.map(({ id, summary }) => `${id}: ${summary}`);
    if (builtin === 'pass') expect(findings).toEqual([]);
    else expect(verdict.findings).toContainEqual(expect.objectContaining({ id: builtin.fails, validity: 'fail' }));
  },
  300_000,
);
