// Runs a forwarder of the zoo in its situation, and counts beside the verdict what a harness would see that compares two counters.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { processHost } from '../../src/core/host.ts';
import { keptCount, type Delivery } from '../../src/core/model/delivery.ts';
import type { Handler, RunResult } from '../../src/index.ts';
import { openCorpus } from '../../src/run/corpus.ts';
import type { runPlan, RunOptions } from '../../src/run/harness.ts';
import { documentOf } from '../../src/scenario/document.ts';
import { mergeScenario } from '../../src/scenario/load.ts';
import { planScenario, type Plan } from '../../src/scenario/plan.ts';
import { openInProcessTarget } from '../../src/targets/in-process.ts';
import type { Maker, Situation } from './animal.ts';
import { bundledHarness } from './bundle-rig.ts';

export interface ZooRun {
  readonly result: RunResult;
  /** The data lines of each object as they stand in the file, by key and number. */
  readonly lines: ReadonlyMap<string, ReadonlyMap<number, string>>;
  /** Records that the sink kept: with the count of those that are owed, all that a harness with two counters knows. */
  readonly keptCount: number;
}

export interface ZooRunOptions {
  readonly name: string;
  readonly make: Maker;
  readonly situation: Situation;
  readonly seed: number;
  /** For run folders and replayed files. */
  readonly folder: string;
}

const forwarders = join(import.meta.dirname, 'forwarders');

export async function runAnimal({ name, make, situation, seed, folder }: ZooRunOptions): Promise<ZooRun> {
  const code = typeof make === 'function' ? 'builtin:forwarder' : make.code;
  const scenario = {
    version: 1,
    name,
    seed,
    traffic: situation.files
      ? { files: writeFiles(join(folder, 'files', name), situation.files) }
      : { preset: 'web-vpc', records: 200 },
    ...(situation.files ? {} : { objects: { maxRecords: 50 } }),
    target: {
      kind: 'lambda',
      code: code.startsWith('builtin:') ? code : join(forwarders, `${code}.mjs`),
      ...(code.startsWith('builtin:') ? { runtime: 'nodejs24.x' } : {}),
      memory: '512MB',
      timeout: '30s',
      concurrency: 1,
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
      ...(typeof make === 'function' ? {} : make.limits),
    },
    ...situation.scenario,
  };
  const host = processHost();
  const plan = planScenario(mergeScenario(documentOf(scenario, 'zoo'), undefined, {}, folder), host.env);
  const options = {
    host,
    version: '0',
    out: join(folder, 'runs'),
    signal: new AbortController().signal,
    measuresHeadroom: false,
  };
  const rig = (await import(/* @vite-ignore */ pathToFileURL(bundledHarness).href)) as { runPlan: typeof runPlan };
  const result = await rig.runPlan(plan, {
    ...options,
    ...(typeof make === 'function' ? inProcess(plan, make()) : {}),
  });
  const run = { result, lines: await linesByKey(plan), keptCount: countKept(result.folder!) };
  rmSync(result.folder!, { recursive: true });
  return run;
}

function inProcess(plan: Plan, handler: Handler): Pick<RunOptions, 'openTarget'> {
  return {
    openTarget: async ({ clock, address, sink: { jsonUrl, otlpUrl, grpcUrl } }) => {
      const { key } = plan.sink;
      const addresses = { s3Endpoint: address.endpoint, bucket: plan.store.bucket, jsonUrl, otlpUrl, grpcUrl, key };
      return openInProcessTarget({ handler: (event) => handler(event, addresses), concurrency: 1, clock });
    },
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, Buffer>>): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(files).map(([name, bytes]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
}

async function linesByKey({ traffic, seed }: Plan): Promise<Map<string, Map<number, string>>> {
  const corpus = await openCorpus(traffic, seed);
  const objects = new Map<string, Map<number, string>>();
  for (const object of corpus.objects) {
    const lines = new Map<number, string>();
    await corpus.scan(object, (bytes, start, end, line) => {
      lines.set(line, Buffer.from(bytes.subarray(start, end)).toString());
    });
    objects.set(object.key, lines);
  }
  return objects;
}

function countKept(runFolder: string): number {
  const index = readFileSync(join(runFolder, 'archive', 'index.ndjson'), 'utf8');
  const deliveries = index.split('\n').filter((line) => line !== '');
  return deliveries.reduce((sum, line) => sum + keptCount(JSON.parse(line) as Delivery), 0);
}
