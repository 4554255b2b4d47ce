// A rig that is killed has no time to clean up: its watchdog does, and what was captured can still be judged.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import type { RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { descendantsOf, isListening, livingOf, startFlowrig, until } from './rig-process.ts';
import { forwarderFolder, pipeline } from './situation.ts';

/**
 * Whoever makes the file first hangs for good; the rest is forwarded, and its sandbox freezes. It tells where it lives, in a folder
 * of its own: its code may be shown to it read-only.
 */
const hangsOnce = (notes: string): string => `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newHandler } from ${JSON.stringify(pipeline)};

const notes = ${JSON.stringify(notes)};
const forward = newHandler();
const env = process.env;
const addresses = [env.AWS_LAMBDA_RUNTIME_API, env.AWS_ENDPOINT_URL_S3, env.SIGNOZ_JSON_URL];
writeFileSync(join(notes, 'addresses-' + process.pid), addresses.join(' '));

export async function handler(event) {
  try {
    writeFileSync(join(notes, 'hangs'), '', { flag: 'wx' });
  } catch {
    return forward(event);
  }
  setInterval(() => undefined, 1000);
  await new Promise(() => undefined);
}
`;

function factsOf(run: string): RunFact[] {
  const file = join(run, 'events.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as RunFact);
}

/** A Node of the machine's that is too old for the sources, so that the launcher starts another one. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return candidates.filter(existsSync).find((node) => {
    const major = Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);
    return major >= 18 && major < 24;
  });
}

async function killInMidRun(node?: string): Promise<void> {
  await using notes = testFolder();
  await using folder = forwarderFolder(hangsOnce(notes.path), { limits: { concurrency: 2 } });
  await using rig = startFlowrig(folder.path, ['run', 'scenario.yaml', '--quiet'], { node });
  const run = join(folder.path, 'runs/latest');
  await until('three objects are forwarded and the fourth hangs', () => {
    return factsOf(run).filter((fact) => fact.type === 'invocation').length === 3;
  });
  const children = await until('one sandbox is frozen while another one runs', () => {
    const rows = descendantsOf(rig.pid);
    const stopped = rows.filter((row) => row.state.startsWith('T'));
    return stopped.length === 1 && rows.length >= 3 ? rows : undefined;
  });
  const pids = children.map((row) => row.pid);
  const told = children
    .map((row) => join(notes.path, `addresses-${row.pid}`))
    .filter(existsSync)
    .flatMap((file) => readFileSync(file, 'utf8').split(' '));
  expect(told).toHaveLength(6);
  for (const address of told) expect(await isListening(address)).toBe(true);

  rig.signal('SIGKILL');
  expect(await rig.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  await until('no process of the rig is left', () => livingOf(pids).length === 0);
  for (const address of told) expect(await isListening(address)).toBe(false);

  const judged = await folder.flowrig('judge', 'runs/latest', '--json');
  expect(judged.stderr).toBe('');
  expect(judged.exitCode).toBe(2);
  const result = JSON.parse(judged.stdout) as RunResult;
  expect(result.tally).toMatchObject({ expected: 1000, delivered: 750, missing: 250 });
  expect(result.verdict.findings).toContainEqual(
    expect.objectContaining({
      id: 'run-interrupted',
      validity: 'unknown',
      summary: 'the run was interrupted before it was over',
    }),
  );
}

test('SIGKILL of the rig in mid-run leaves no process and no open port, and what was captured can be judged', () =>
  killInMidRun());

const older = olderNode();
test.skipIf(older === undefined)('the same holds where an older Node only launched the rig', () => killInMidRun(older));
