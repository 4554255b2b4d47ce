// The zoo's table: forwarders broken in one way each, the situation that shows it, and what must convict them, to the record.

import { join } from 'node:path';

import type { Tally } from '../../src/index.ts';

export type ExpectedTally = Partial<Omit<Tally, 'duplicated'>> & { readonly duplicated?: Partial<Tally['duplicated']> };

export interface Animal {
  /** File below test/zoo/forwarders, without `.mjs`; or `builtin:forwarder`. */
  readonly forwarder: string;
  readonly wrong: boolean;
  /** Laid over the base situation. */
  readonly scenario?: object;
  /** Counts that must hold exactly; what is not named must be zero, but `expected`, `delivered` and `notOwed`. */
  readonly tally?: ExpectedTally | ((lines: readonly string[]) => ExpectedTally);
  /** The finding and its check. */
  readonly finding?: { readonly id: string; readonly check: string };
}

const forwarders = join(import.meta.dirname, 'forwarders');

/** 4 objects of 500 records each, one sandbox, so that every count is exact whatever the seed is. */
export function situation(animal: Animal, seed: number): object {
  return {
    version: 1,
    name: animal.forwarder.replace(':', '-'),
    seed,
    traffic: { preset: 'web-vpc', records: 2000 },
    objects: { maxRecords: 500 },
    target: animal.forwarder.startsWith('builtin:')
      ? animal.forwarder
      : {
          kind: 'lambda',
          code: join(forwarders, `${animal.forwarder}.mjs`),
          memory: '512MB',
          timeout: '30s',
          concurrency: 1,
          env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
        },
    ...animal.scenario,
  };
}

const manyRecords = { traffic: { preset: 'web-vpc', records: 30_000 }, objects: { maxRecords: 10_000 } };

export const zoo: readonly Animal[] = [
  { forwarder: 'right-flat-json', wrong: false },
  { forwarder: 'right-raw-body', wrong: false },
  { forwarder: 'right-in-any-envelope', wrong: false, scenario: { trigger: { kind: 'sns-sqs' } } },
  { forwarder: 'builtin:forwarder', wrong: false },
  {
    forwarder: 'right-rejects-only',
    wrong: false,
    scenario: { promises: { keep: 'action = REJECT', nodata: 'drop', skipdata: 'drop' } },
  },
  {
    forwarder: 'drops-nodata',
    wrong: true,
    scenario: { traffic: { preset: 'web-vpc', records: 2000, nodata: 0.1, skipdata: 0 } },
    tally: { missing: 200 },
    finding: { id: 'lost-records', check: 'once-unless-provoked' },
  },
  {
    forwarder: 'drops-one-in-10000',
    wrong: true,
    scenario: manyRecords,
    tally: { missing: 3 },
    finding: { id: 'lost-records', check: 'once-unless-provoked' },
  },
  {
    forwarder: 'drops-last-line',
    wrong: true,
    scenario: { expect: ['no-loss'] },
    tally: { missing: 4 },
    finding: { id: 'lost-records', check: 'no-loss' },
  },
  {
    forwarder: 'sends-a-batch-twice',
    wrong: true,
    tally: { duplicated: { afterAcknowledgement: 2000 } },
    finding: { id: 'doubled-records', check: 'once-unless-provoked' },
  },
  {
    forwarder: 'ships-the-header',
    wrong: true,
    tally: { unexpected: 4 },
    finding: { id: 'header-sent', check: 'header-not-sent' },
  },
  {
    forwarder: 'swallows-429',
    wrong: true,
    // One request an object, and each one's first sighting is refused.
    scenario: { faults: [{ kind: 'sink.status', code: 429, nth: 1 }], expect: ['truthful-acknowledgement'] },
    tally: { missing: 2000 },
    finding: { id: 'untruthful-acknowledgement', check: 'truthful-acknowledgement' },
  },
  {
    forwarder: 'swaps-two-fields',
    wrong: true,
    tally: (lines) => ({ altered: lines.map((line) => line.split(' ')).filter((f) => f[5] !== f[8]).length }),
    finding: { id: 'altered-records', check: 'fields-intact' },
  },
  {
    forwarder: 'stops-at-a-long-line',
    wrong: true,
    tally: { missing: 7 },
    finding: { id: 'lost-records', check: 'once-unless-provoked' },
  },
  {
    forwarder: 'returns-before-its-request',
    wrong: true,
    scenario: { traffic: { preset: 'web-vpc', records: 500 }, expect: ['truthful-acknowledgement'] },
    tally: { missing: 500 },
    finding: { id: 'untruthful-acknowledgement', check: 'truthful-acknowledgement' },
  },
  {
    forwarder: 'phones-home',
    wrong: true,
    scenario: { expect: ['promises', 'no-egress'] },
    finding: { id: 'reached-for-the-internet', check: 'no-egress' },
  },
];
