// Every field bug of the catalogue, once: our own forwarder ends as the catalogue says. `npm run test:long` runs it.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { shownBugs } from '../catalogue.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-catalogue-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** For the sink's, less patient than it is by itself, so that one that stalls is given up long before the function's time is over. */
const impatient = join(folder, 'target.yaml');
const env = { REQUEST_TIMEOUT_MS: '2000' };
const builtin = {
  kind: 'lambda',
  code: 'builtin:forwarder',
  runtime: 'nodejs24.x',
  memory: '512MB',
  timeout: '60s',
  env,
};
writeFileSync(impatient, JSON.stringify({ version: 1, target: builtin }));

const scenarioFile = (name: string): string => join(import.meta.dirname, `../../scenarios/${name}.yaml`);

test.concurrent.each(shownBugs)(
  'our own forwarder meets $id as the catalogue says',
  async ({ group, scenario, builtin: expected }) => {
    const target = group === 'sink' ? impatient : 'builtin:forwarder';
    const { verdict } = await run(scenarioFile(scenario), { out: folder, target });
    // Notes are none: dead letters that a fault excuses.
    const findings = verdict.findings.filter(({ validity }) => validity !== 'pass');
    if (expected === 'pass') expect(findings).toEqual([]);
    else expect(verdict.findings).toContainEqual(expect.objectContaining({ id: expected.fails, validity: 'fail' }));
  },
  300_000,
);
