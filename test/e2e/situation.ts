// A folder with a forwarder and a scenario for it: the zoo's right forwarder, changed where a test needs it.

import { join } from 'node:path';

import { testFolder, type TestFolder } from '../cli/test-host.ts';

export const zooForwarders = join(import.meta.dirname, '../zoo/forwarders');

/** The right forwarder's steps, for handlers that tests write. */
export const pipeline = join(zooForwarders, 'pipeline.mjs');

/** A scenario in YAML: a thousand records in four objects, for the code given. JSON is YAML too. */
export function scenarioOf(code: string, over: object = {}): string {
  return JSON.stringify({
    version: 1,
    seed: 7,
    traffic: { preset: 'web-vpc', records: 1000 },
    objects: { maxRecords: 250 },
    target: {
      kind: 'lambda',
      code,
      memory: '512MB',
      timeout: '30s',
      concurrency: 1,
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
    },
    ...over,
  });
}

/** A folder with `forwarder.mjs` of this source, and `scenario.yaml` for it. */
export function forwarderFolder(source: string, over: object = {}): TestFolder {
  const folder = testFolder();
  folder.write('forwarder.mjs', source);
  folder.write('scenario.yaml', scenarioOf('./forwarder.mjs', over));
  return folder;
}

/** Right, from a file of its own. */
export const rightForwarder = `export { handler } from ${JSON.stringify(join(zooForwarders, 'right-flat-json.mjs'))};\n`;
