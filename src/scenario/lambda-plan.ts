// A Lambda as the target of a plan: its defaults filled in, its paths made absolute, its quantities read.

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import { parseDurationMs, parseMemoryBytes, type Quantity } from '../core/units.ts';
import { runtimeOfCode } from '../targets/function-code.ts';
import type { Complain } from './complain.ts';

type Mapping = Record<string, unknown>;

export interface LambdaConfig {
  readonly kind: 'lambda';
  /** Absolute path, or `builtin:forwarder`. */
  readonly code: string;
  readonly runtime: string;
  readonly handler?: string;
  readonly interpreter?: string;
  /** Absolute path. */
  readonly requirements?: string;
  /** Absolute paths. */
  readonly layers: readonly string[];
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** What is beyond the concurrency comes back later, instead of waiting its turn. */
  readonly throttles: boolean;
  readonly cpu: 'full' | 'share';
  /** With `${...}` not yet filled in. */
  readonly env: Readonly<Record<string, string>>;
}

/** AWS's own defaults where a Lambda target is silent (Lambda guide, "Configure function memory", "Configure function timeout"). */
const lambdaDefaults = { memory: '128MB', timeout: '3s', cpu: 'full' };
export const builtinForwarder = {
  kind: 'lambda',
  code: 'builtin:forwarder',
  runtime: 'nodejs24.x',
  memory: '512MB',
  timeout: '60s',
};

/** The longest time limit and the memory range that Lambda allows (Lambda guide, "Lambda quotas"). */
const lambdaTimeoutMaxMs = 900_000;
const lambdaMemoryMib = { least: 128, most: 10_240 };
/** Of all variables together (Lambda guide, "Lambda quotas"). Those that stand for what only the run knows count as they are written. */
const lambdaVariablesMaxBytes = 4096;

/** `folder` is that of the file that names the target; `limits` are the scenario's. */
export function resolveLambda(own: Mapping, folder: string, limits: Mapping | undefined): Mapping {
  const code = String(own['code']);
  const absolute = (path: string): string => (path.startsWith('builtin:') ? path : resolve(folder, path));
  return {
    ...lambdaDefaults,
    runtime: runtimeOfCode(absolute(code), own['handler'] as string | undefined),
    concurrency: own['reservedConcurrency'] ?? Math.min(4, availableParallelism()),
    env: {},
    ...own,
    layers: ((own['layers'] ?? []) as string[]).map(absolute),
    code: absolute(code),
    ...(typeof own['requirements'] === 'string' ? { requirements: absolute(own['requirements']) } : {}),
    ...(typeof own['interpreter'] === 'string' && own['interpreter'].includes('/')
      ? { interpreter: absolute(own['interpreter']) }
      : {}),
    ...limits,
  };
}

export function planLambda(target: Mapping, complain: Complain): LambdaConfig {
  const memoryBytes = parseMemoryBytes(target['memory'] as Quantity)!;
  const timeoutMs = parseDurationMs(target['timeout'] as Quantity)!;
  const mib = memoryBytes / 1024 ** 2;
  if (mib < lambdaMemoryMib.least || mib > lambdaMemoryMib.most) {
    complain(
      ['target', 'memory'],
      `memory: ${String(target['memory'])} is outside of Lambda's range, 128MB to 10240MB.`,
    );
  }
  if (timeoutMs < 1 || timeoutMs > lambdaTimeoutMaxMs) {
    complain(['target', 'timeout'], `timeout: ${String(target['timeout'])} is outside of Lambda's range, up to 900s.`);
  }
  const env = Object.fromEntries(
    Object.entries(target['env'] as Mapping).map(([name, content]) => [name, String(content)]),
  );
  const variablesBytes = Buffer.byteLength(Object.entries(env).flat().join(''));
  if (variablesBytes > lambdaVariablesMaxBytes) {
    const message = `target.env: the variables have ${variablesBytes} bytes, names and values together; Lambda takes ${lambdaVariablesMaxBytes}.`;
    complain(['target', 'env'], message);
  }
  const text = (key: string): { [key]?: string } => (target[key] === undefined ? {} : { [key]: String(target[key]) });
  return {
    kind: 'lambda',
    code: String(target['code']),
    runtime: String(target['runtime']),
    ...text('handler'),
    ...text('interpreter'),
    ...text('requirements'),
    layers: target['layers'] as string[],
    memoryBytes,
    timeoutMs,
    concurrency: Number(target['concurrency']),
    throttles: target['reservedConcurrency'] !== undefined,
    cpu: target['cpu'] as LambdaConfig['cpu'],
    env,
  };
}
