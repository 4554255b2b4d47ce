import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { testFolder, type TestFolder } from './test-host.ts';

/** A folder of programs that is all of PATH. */
function programs(folder: TestFolder, scripts: Record<string, string>): string {
  const path = join(folder.path, 'bin');
  mkdirSync(path);
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return path;
}

test('doctor says what the machine has, what is lacking without the rest, and how much the rig takes here', async () => {
  const env: Record<string, string> = {};
  await using folder = testFolder(env);
  env['PATH'] = programs(folder, { python3: 'echo 3.11.9; echo /opt/python3.11', docker: 'exec /bin/sleep 60' });
  const { exitCode, stdout, stderr } = await folder.flowrig('doctor');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ok +node +\d+\.\d+\.\d+$/m);
  expect(stdout).toMatch(/^ok +cores +\d+, /m);
  expect(stdout).toMatch(/^(ok|missing) +cgroup +(v1 for memory|v2 for memory|none)/m);
  expect(stdout).toMatch(/^ok +python +3\.11\.9 at \/opt\/python3\.11$/m);
  expect(stdout).toMatch(/^missing +docker +no answer within 2 s \(.+\)$/m);
  expect(stdout).toMatch(/^missing +curl +not found \(.+\)$/m);
  expect(stdout).toMatch(/^missing +localstack +LOCALSTACK_ENDPOINT is not set \(.+\)$/m);
  expect(stdout).toMatch(/^ok +sink +takes [\d,]+ records\/s here, raw lines as OTLP protobuf, gzip$/m);
  expect(stdout).toMatch(/^ok +sink +takes [\d,]+ records\/s here, raw lines as \/logs\/json, gzip$/m);
  expect(stdout).toMatch(/^ok +s3 +takes .+\/s here, in PUTs of 1 MiB$/m);
});

test('doctor --json says the same in one document, and asks the LocalStack that the environment names', async () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url!);
    answer.end('{}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env: Record<string, string> = { LOCALSTACK_ENDPOINT: endpoint };
  await using folder = testFolder(env);
  env['PATH'] = programs(folder, {});
  const { exitCode, stdout } = await folder.flowrig('doctor', '--json');
  server.close().closeAllConnections();
  expect(exitCode).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  const told = JSON.parse(stdout) as {
    parts: { name: string; state: string; lacks?: string }[];
    ceilings: { sink: Record<string, number>; store: Record<string, number> };
  };
  expect(told.parts.map(({ name }) => name)).toEqual(
    'node platform cores memory cgroup docker python curl localstack'.split(' '),
  );
  expect(told.parts.at(-1)).toEqual({ name: 'localstack', state: 'ok', detail: endpoint });
  expect(asked).toEqual(['/_localstack/health']);
  for (const part of told.parts) expect(part.lacks === undefined).toBe(part.state === 'ok');
  expect(told.ceilings.sink['otlpRecordsPerS']).toBeGreaterThan(0);
  expect(told.ceilings.sink['jsonRecordsPerS']).toBeGreaterThan(0);
  expect(told.ceilings.store['putBytesPerS']).toBeGreaterThan(0);
});
