// `flowrig try`: bare code, no YAML, seen from outside. Each climb is ten runs and more: the limit of time only ends one that hangs.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';

const guide = join(import.meta.dirname, 'forwarders/guide');
const limitMs = 240_000;

type RungResult = RunResult & { readonly rung: string };

function rungsIn(stdout: string): RungResult[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RungResult);
}

const rungNames =
  'one-object five-events nodata-skipdata large-object throttled unavailable lost-reply cut-gzip duplicate-event time-limit'.split(
    ' ',
  );

const idsOf = ({ verdict }: RungResult): string[] => verdict.findings.map(({ id }) => id);

test(
  'the guide’s algorithm, with everything hard-coded, is run as it is and shows its defects',
  { timeout: limitMs },
  async () => {
    await using folder = testFolder();
    const { exitCode, stdout, stderr } = await folder.flowrig('try', guide, '--json');
    const rungs = rungsIn(stdout);
    expect(rungs.map(({ rung }) => rung)).toEqual(rungNames);
    const on = (name: string): string[] => idsOf(rungs.find(({ rung }) => rung === name)!);
    expect(on('one-object')).toEqual(
      expect.arrayContaining(['bucket-hard-coded', 'trailing-slash', 'header-sent', 'no-timestamp', 'no-body']),
    );
    expect(on('one-object')).toEqual(expect.arrayContaining(['numbers-as-text', 'no-resource', 'dashes-as-values']));
    expect(on('five-events')).toEqual(expect.arrayContaining(['bucket-listed', 'doubled-records']));
    // Whether its memory, its time or the request ends it depends on the machine.
    expect(on('large-object')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(out-of-memory|whole-object-in-one-request|invocation-timed-out)$/),
      ]),
    );
    expect(on('throttled')).toEqual(expect.arrayContaining(['lost-records', 'untruthful-acknowledgement', 'no-retry']));
    expect(on('unavailable')).toContain('no-retry');
    expect(on('cut-gzip')).toContain('blocked-by-a-bad-object');
    expect(on('duplicate-event')).toContain('copies-untraceable');
    expect(on('time-limit')).toEqual(expect.arrayContaining(['no-request-timeout', 'invocation-timed-out']));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('it asks for the bucket "my-vpc-flow-logs", which no event named');
    expect(stderr).toMatch(/target:\n {6}kind: lambda\n {6}runtime: nodejs22\.x\n/);
    expect(stderr).toContain('handler: index.handler');
    expect(stderr).toContain('--set store.bucket=my-vpc-flow-logs');
  },
);

test('flowrig’s own forwarder climbs to the top, and nothing is found', { timeout: limitMs }, async () => {
  await using folder = testFolder();
  const { exitCode, stdout } = await folder.flowrig('try', 'builtin:forwarder');
  expect(stdout).not.toMatch(/fail:|advice:|unknown:/);
  expect(stdout).toContain(`Nothing is wrong on ${rungNames.length} rungs.`);
  expect(stdout).toContain('target: builtin:forwarder');
  expect(exitCode).toBe(0);
});

test('where nothing reaches SigNoz the first rung is the last, and says which variables the code reads', async () => {
  await using folder = testFolder();
  folder.write(
    'index.mjs',
    `export const handler = async () => { await fetch(process.env.SIGNOZ_URL, { method: 'POST', body: process.env['API_KEY'] }); };`,
  );
  const { exitCode, stdout } = await folder.flowrig('try', '.');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('no request of it reached SigNoz');
  expect(stdout).toContain("--target env.SIGNOZ_URL='${sink.jsonUrl}'");
  expect(stdout).toContain("--target env.API_KEY='${sink.key}'");
  expect(stdout).not.toContain('five-events');
});

test('what `--target` says of the target holds', async () => {
  await using folder = testFolder();
  folder.write(
    'index.mjs',
    `export const handler = async () => { throw new Error('told ' + process.env.WORD + ' in ' + process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE); };`,
  );
  const { stdout } = await folder.flowrig('try', '.', '--target', 'env.WORD=this', '--target', 'memory=256MB');
  expect(stdout).toContain('told this in 256');
});

test('`--bucket` says ahead which bucket the code names', async () => {
  await using folder = testFolder();
  folder.write(
    'index.mjs',
    `import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
     const s3 = new S3Client({ forcePathStyle: true });
     export const handler = async () => {
       console.log('holds', (await s3.send(new ListObjectsV2Command({ Bucket: 'their-logs' }))).KeyCount);
     };`,
  );
  const { stdout } = await folder.flowrig('try', '.', '--bucket', 'their-logs');
  expect(stdout).toContain('holds 1');
  expect(stdout).not.toContain('bucket-hard-coded');
  expect(stdout).toContain('--set store.bucket=their-logs');
});

test('two functions without a usual name are a question', async () => {
  await using folder = testFolder();
  folder.write('forward.mjs', 'export function one() {}\nexport function two() {}\n');
  const { exitCode, stderr } = await folder.flowrig('try', 'forward.mjs');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('--target handler=forward.one, or --target handler=forward.two');
});

test.for([
  [['--target', 'memory'], '--target memory: write it as key=value'],
  [['--bucket', 'Bad_Bucket'], '--bucket Bad_Bucket: is no bucket name of S3'],
  [['--out', 'index.mjs'], 'Cannot write files below '],
] as const)('what is wrong with %j is told in its own words', async ([words, sentence]) => {
  await using folder = testFolder();
  folder.write('index.mjs', 'export const handler = async () => {};');
  const { exitCode, stderr } = await folder.flowrig('try', '.', ...words);
  expect(exitCode).toBe(words[0] === '--out' ? 4 : 3);
  expect(stderr).toContain(sentence);
});
