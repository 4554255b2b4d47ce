// For each field bug of the catalogue a forwarder that has it: its scenario must convict it, by the finding that names the bug.
// `npm run test:long` runs them.

import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { readScenario } from '../../src/scenario/load.ts';
import { shownBugs } from '../catalogue.ts';
import { wrongAnimals } from './wrong.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-catalogue-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const scenarios = join(import.meta.dirname, '../../scenarios');

const codeOf = (forwarder: string): string => join(import.meta.dirname, 'forwarders', `${forwarder}.mjs`);

function scenarioFor(name: string, forwarder: string): object {
  const value = readScenario(join(scenarios, `${name}.yaml`)).value as { traffic: { files?: string[] } };
  const { files } = value.traffic;
  return {
    ...value,
    name,
    traffic: { ...value.traffic, ...(files ? { files: files.map((file) => join(scenarios, file)) } : {}) },
    target: {
      kind: 'lambda',
      code: codeOf(forwarder),
      memory: '512MB',
      timeout: '30s',
      env: {
        SIGNOZ_JSON_URL: '${sink.jsonUrl}',
        SIGNOZ_OTLP_URL: '${sink.otlpUrl}',
        SIGNOZ_KEY: '${sink.key}',
      },
    },
  };
}

const convicts = shownBugs.flatMap(({ id, scenario, wrong }) => (wrong ? [{ id, scenario, ...wrong }] : []));

test.concurrent.each(convicts)(
  '$forwarder is convicted of $id by $scenario',
  async ({ scenario, forwarder, finding }) => {
    // In a process of its own where it has a file: only that can be frozen, killed and led through the proxy.
    const make = existsSync(codeOf(forwarder)) ? '' : wrongAnimals.find(({ name }) => name === forwarder)!.make;
    const handler = typeof make === 'function' ? { handler: make() } : {};
    const { verdict } = await run(scenarioFor(scenario, forwarder), { out: folder, ...handler });
    expect(verdict.findings).toContainEqual(expect.objectContaining({ id: finding, validity: 'fail' }));
  },
  300_000,
);
