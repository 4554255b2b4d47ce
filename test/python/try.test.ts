// `flowrig try` on the guide's forwarder in Python, its settings told on the command line.

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { environmentOf, forwarders } from './with-python.ts';

const settings = { BUCKET: '${store.bucket}', SIGNOZ_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' };

test('the guide’s forwarder shows more than ten defects', { timeout: 240_000 }, async (context) => {
  await environmentOf(context, 'guide');
  await using folder = testFolder({ ...process.env } as Record<string, string>);
  const told = Object.entries(settings).flatMap(([name, value]) => ['--target', `env.${name}=${value}`]);
  const { exitCode, stdout } = await folder.flowrig(
    'try',
    `${forwarders}/guide`,
    ...told,
    '--target',
    'runtime=python3.11',
    '--json',
  );
  const results = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunResult);
  const defects = results.flatMap(({ verdict }) => verdict.findings.filter(({ validity }) => validity === 'fail'));
  const ids = new Set(defects.map(({ id }) => id));
  for (const id of ['header-sent', 'doubled-records', 'lost-records', 'untruthful-acknowledgement'])
    expect(ids).toContain(id);
  for (const id of ['bucket-listed', 'no-timestamp', 'no-body', 'no-retry', 'no-request-timeout'])
    expect(ids).toContain(id);
  expect(ids).toContain('blocked-by-a-bad-object');
  expect(ids).not.toContain('bucket-hard-coded');
  expect(exitCode).toBe(1);
});
