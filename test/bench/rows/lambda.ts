// The local Lambda: what a warm invocation costs beyond the handler, how many a second one pool takes, how fast sandboxes start.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { quantileSorted } from 'simple-statistics';

import { signalGroup } from '../../../src/core/process-group.ts';
import { openTestTarget, type TestTarget } from '../../targets/open-test-target.ts';
import { startBareServer } from '../bare-server.ts';
import type { Row } from '../row.ts';

const calls = 300;
const nodeHandler = `export const handler = async ({ i }) => ({ i });`;
const pythonHandler = { 'lambda_function.py': 'def lambda_handler(event, context):\n    return {"i": event["i"]}\n' };

const bare = (name: string): string => join(import.meta.dirname, '..', name);

/** The interpreter itself: a launcher such as pyenv's would be measured too. */
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim();

async function medianMs(call: (i: number) => Promise<unknown>): Promise<number> {
  const tookMs: number[] = [];
  for (let i = 0; i < calls; i++) {
    const startMs = performance.now();
    await call(i);
    tookMs.push(performance.now() - startMs);
  }
  return quantileSorted(
    tookMs.toSorted((a, b) => a - b),
    0.5,
  );
}

function warmRow(language: string, open: () => Promise<TestTarget>, command: string, file: string): Row {
  return {
    name: `lambda-warm-${language}`,
    unit: 'ms more at p50',
    baseline: 'the same handler over bare HTTP, ms at p50',
    goal: { atMost: 1.5 },
    async run() {
      await using opened = await open();
      await using server = await startBareServer(command, bare(file));
      await opened.invoke({ i: -1 });
      const oursMs = await medianMs((i) => opened.invoke({ i }));
      const baselineMs = await medianMs((i) => server.call({ i }));
      return { ours: oursMs - baselineMs, baseline: baselineMs };
    },
  };
}

const rate: Row = {
  name: 'lambda-rate',
  unit: 'invocations/s',
  baseline: 'the same handler over bare HTTP, two processes',
  goal: { ours: 600 },
  async run() {
    const total = 2 * calls;
    const perS = async (callers: readonly ((i: number) => Promise<unknown>)[]): Promise<number> => {
      let next = 0;
      const startMs = performance.now();
      await Promise.all(
        callers.map(async (call) => {
          while (next < total) await call(next++);
        }),
      );
      return (total / (performance.now() - startMs)) * 1000;
    };
    await using opened = await openTestTarget(nodeHandler, { concurrency: 2 });
    await using first = await startBareServer(process.execPath, bare('bare-handler.mjs'));
    await using second = await startBareServer(process.execPath, bare('bare-handler.mjs'));
    const invoke = (i: number): Promise<unknown> => opened.invoke({ i });
    await Promise.all([invoke(0), invoke(1)]);
    const ours = await perS([invoke, invoke]);
    return { ours, baseline: await perS([first, second].map((server) => (i: number) => server.call({ i }))) };
  },
};

const coldStarts: Row = {
  name: 'lambda-cold-starts',
  unit: 's for 32 at once',
  baseline: 'as many starts of Node that do nothing',
  goal: { atMost: 3 },
  async run() {
    const count = 32;
    await using opened = await openTestTarget(nodeHandler, { concurrency: count, timeoutMs: 60_000 });
    const startMs = performance.now();
    const results = await Promise.all(Array.from({ length: count }, (_, i) => opened.invoke({ i })));
    const ours = (performance.now() - startMs) / 1000;
    const failed = results.filter(({ outcome, cold }) => outcome.status !== 'succeeded' || !cold);
    if (failed.length > 0) throw new Error(`${failed.length} of ${count} did not start: ${JSON.stringify(failed[0])}`);
    const bareMs = performance.now();
    await Promise.all(
      Array.from({ length: count }, () => once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')),
    );
    return { ours, baseline: (performance.now() - bareMs) / 1000 };
  },
};

const freeze: Row = {
  name: 'lambda-freeze-and-thaw',
  unit: 'ms at p50',
  baseline: 'looking at the process twice',
  goal: { atMost: 0.3 },
  async run() {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1)'], {
      detached: true,
      stdio: 'ignore',
    });
    const pid = child.pid!;
    const state = (): string => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]![0]!;
    const ours = await medianMs(async () => {
      signalGroup(pid, 'SIGSTOP');
      while (state() !== 'T');
      signalGroup(pid, 'SIGCONT');
      while (state() === 'T');
    });
    const baseline = await medianMs(async () => {
      state();
      state();
    });
    signalGroup(pid, 'SIGKILL');
    await once(child, 'exit');
    return { ours, baseline };
  },
};

export const lambdaRows: readonly Row[] = [
  warmRow('node', () => openTestTarget(nodeHandler), process.execPath, 'bare-handler.mjs'),
  ...(python
    ? [
        warmRow(
          'python',
          () => openTestTarget(pythonHandler, { runtime: 'python3.13', interpreter: python }),
          python,
          'bare_handler.py',
        ),
      ]
    : []),
  rate,
  coldStarts,
  freeze,
];
