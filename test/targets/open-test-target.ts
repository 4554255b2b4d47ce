// A Lambda target on code that a test writes: in a temporary folder outside of the repository, as a stranger's would be.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { openClock } from '../../src/core/clock.ts';
import type { InvocationOutcome } from '../../src/core/model/invocation.ts';
import type { InvocationResult, Target } from '../../src/core/model/trigger.ts';
import { randomSource } from '../../src/core/random.ts';
import { openScope } from '../../src/core/scope.ts';
import { findCgroups } from '../../src/lambda/cgroups.ts';
import { openWatchdog } from '../../src/lambda/watchdog.ts';
import { openLambdaTarget, type LambdaTargetOptions } from '../../src/targets/lambda.ts';

export interface TestTarget extends AsyncDisposable {
  readonly target: Target;
  readonly folder: string;
  /** Invokes with request ids `id-1`, `id-2`... */
  invoke(payload?: unknown, signal?: AbortSignal): Promise<InvocationResult>;
  outcome(payload?: unknown): Promise<InvocationOutcome>;
  log(): string;
}

/** A temporary folder with these files; gone when disposed. */
export function writeCode(files: Readonly<Record<string, string>>): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'flowrig-code-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The text is a module `index.mjs`; several files are a folder. */
export async function openTestTarget(
  code: string | Readonly<Record<string, string>>,
  options: Partial<LambdaTargetOptions> = {},
): Promise<TestTarget> {
  const scope = openScope();
  const written = scope.use(writeCode(typeof code === 'string' ? { 'index.mjs': code } : code));
  const run = scope.use(writeCode({}));
  const watchdog = scope.use(openWatchdog());
  const target = await openLambdaTarget({
    code: written.folder,
    memoryBytes: 512 * 1024 ** 2,
    timeoutMs: 20_000,
    concurrency: 1,
    env: {},
    folder: run.folder,
    address: {
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-west-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: 'flowrig-session-token',
    },
    clock: openClock(),
    random: randomSource(1),
    watchdog,
    machine: {
      node: { path: process.execPath, version: process.versions.node },
      searchPath: '',
      cacheFolder: run.folder,
      cgroups: findCgroups(),
    },
    ...options,
  });
  scope.use(target);
  let count = 0;
  const invoke = (payload: unknown = {}, signal = new AbortController().signal): Promise<InvocationResult> =>
    target.invoke({ requestId: `id-${++count}`, payload }, signal);
  return {
    target,
    folder: run.folder,
    invoke,
    outcome: async (payload) => (await invoke(payload)).outcome,
    log: () => readFileSync(path.join(run.folder, 'target.log'), 'utf8'),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}
