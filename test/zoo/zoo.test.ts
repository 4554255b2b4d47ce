// Every saboteur must be convicted by its own finding with the exact count, and right forwarders must never be blamed.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { run, type RunResult } from '../../src/index.ts';
import { openCorpus } from '../../src/run/corpus.ts';
import { documentOf } from '../../src/scenario/document.ts';
import { mergeScenario } from '../../src/scenario/load.ts';
import { planScenario } from '../../src/scenario/plan.ts';
import { situation, zoo, type Animal } from './zoo.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-zoo-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A flow log whose seventh line is longer than 64 KiB; what follows it is ordinary. */
function longLineFile(): string {
  const record = (port: number, interfaceId = 'eni-0123456789abcdef0'): string =>
    `2 123456789012 ${interfaceId} 10.0.0.1 10.0.0.2 ${port} 443 6 1 40 1767225600 1767225660 ACCEPT OK\n`;
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n';
  const ordinary = (from: number, count: number): string =>
    Array.from({ length: count }, (_, i) => record(from + i)).join('');
  const path = join(folder, 'long-line.log');
  writeFileSync(path, header + ordinary(1000, 5) + record(2000, `eni-${'a'.repeat(70_000)}`) + ordinary(3000, 6));
  return path;
}

/** `npm run zoo` asks for three. */
const seeds = Array.from({ length: Number(process.env['ZOO_SEEDS'] ?? 1) }, (_, index) => 7 + index);

function scenarioOf(animal: Animal, seed: number): object {
  const files = animal.forwarder === 'stops-at-a-long-line' ? { traffic: { files: [longLineFile()] } } : {};
  return { ...situation(animal, seed), ...files };
}

/** The lines of each object as they stand in the file, by key. */
async function linesByKey(scenario: object): Promise<Map<string, Map<number, string>>> {
  const plan = planScenario(mergeScenario(documentOf(scenario, 'zoo'), undefined, {}, folder));
  const corpus = await openCorpus(plan.traffic, plan.seed);
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

function countsOf(tally: RunResult['tally']): object {
  const { altered, missing, deadLettered, unexpected, duplicated } = tally;
  return { altered, missing, deadLettered, unexpected, duplicated };
}

const nothing = {
  altered: 0,
  missing: 0,
  deadLettered: 0,
  unexpected: 0,
  duplicated: { afterLostReply: 0, afterDuplicateEvent: 0, afterFailedInvocation: 0, afterAcknowledgement: 0 },
};

/** Findings about something else than lines of the corpus. */
const placeless = ['header-sent', 'reached-for-the-internet'];

for (const [animal, seed] of zoo.flatMap((each) => seeds.map((seed) => [each, seed] as const))) {
  const name = animal.wrong
    ? `the saboteur ${animal.forwarder} is convicted by its own finding`
    : `${animal.forwarder} is right and is not blamed`;
  test(`${name} (seed ${seed})`, async () => {
    const scenario = scenarioOf(animal, seed);
    const result = await run(scenario, { out: folder });
    const lines = await linesByKey(scenario);
    const tally =
      typeof animal.tally === 'function'
        ? animal.tally([...lines.values()].flatMap((map) => [...map.values()]))
        : animal.tally;
    expect(countsOf(result.tally)).toEqual({
      ...nothing,
      ...tally,
      duplicated: { ...nothing.duplicated, ...tally?.duplicated },
    });
    expect(result.verdict.validity).toBe(animal.wrong ? 'fail' : 'pass');
    expect(result.tally.expected).toBe(result.tally.delivered + result.tally.altered + result.tally.missing);
    if (!animal.finding) return;
    const finding = result.verdict.findings.find(
      ({ id, check }) => id === animal.finding!.id && check === animal.finding!.check,
    );
    expect(finding, JSON.stringify(result.verdict, undefined, 1)).toMatchObject({ validity: 'fail' });
    const placed = finding!.witnesses.filter((witness) => witness.line !== undefined && witness.text !== undefined);
    for (const { key, line, text } of placed) expect(text).toBe(lines.get(key!)?.get(line!));
    if (!placeless.includes(animal.finding.id)) expect(placed.length).toBeGreaterThan(0);
  });
}
