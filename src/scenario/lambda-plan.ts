// A Lambda as the target of a plan: its defaults filled in, its paths made absolute, its quantities read.

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import { parseDurationMs, parseMemoryBytes, type Quantity } from '../core/units.ts';
import { runtimeOfCode } from '../targets/function-code.ts';
import type { Complain } from './complain.ts';

type Mapping = Record<string, unknown>;

/** What a function is given, whatever it is packaged in. */
export interface FunctionConfig {
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** What is beyond the concurrency comes back later, instead of waiting its turn. */
  readonly throttles: boolean;
  readonly cpu: 'full' | 'share';
}

export interface LambdaConfig extends FunctionConfig {
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
    runtime: runtimeOfCode(absolute(code), own['handler'] as string | undefined),
    env: {},
    ...resolveFunction(own, limits),
    layers: ((own['layers'] ?? []) as string[]).map(absolute),
    code: absolute(code),
    ...(typeof own['requirements'] === 'string' ? { requirements: absolute(own['requirements']) } : {}),
    ...(typeof own['interpreter'] === 'string' && own['interpreter'].includes('/')
      ? { interpreter: absolute(own['interpreter']) }
      : {}),
  };
}

/** `own` with the defaults below it and the scenario's limits above. */
export function resolveFunction(own: Mapping, limits: Mapping | undefined): Mapping {
  const concurrency = own['reservedConcurrency'] ?? Math.min(4, availableParallelism());
  return { ...lambdaDefaults, concurrency, ...own, ...limits };
}

export function planLambda(target: Mapping, complain: Complain): LambdaConfig {
  const text = (key: string): { [key]?: string } => (target[key] === undefined ? {} : { [key]: String(target[key]) });
  return {
    kind: 'lambda',
    code: String(target['code']),
    runtime: String(target['runtime']),
    ...text('handler'),
    ...text('interpreter'),
    ...text('requirements'),
    layers: target['layers'] as string[],
    ...planFunction(target, ['target'], complain),
    env: planVariables(target['env'] as Mapping, complain),
  };
}

/** `place`: where its keys stand in the scenario. */
export function planFunction(target: Mapping, place: readonly string[], complain: Complain): FunctionConfig {
  const memoryBytes = parseMemoryBytes(target['memory'] as Quantity)!;
  const timeoutMs = parseDurationMs(target['timeout'] as Quantity)!;
  const mib = memoryBytes / 1024 ** 2;
  if (mib < lambdaMemoryMib.least || mib > lambdaMemoryMib.most) {
    complain(
      [...place, 'memory'],
      `memory: ${String(target['memory'])} is outside of Lambda's range, 128MB to 10240MB.`,
    );
  }
  if (timeoutMs < 1 || timeoutMs > lambdaTimeoutMaxMs) {
    complain([...place, 'timeout'], `timeout: ${String(target['timeout'])} is outside of Lambda's range, up to 900s.`);
  }
  return {
    memoryBytes,
    timeoutMs,
    concurrency: Number(target['concurrency']),
    throttles: target['reservedConcurrency'] !== undefined,
    cpu: target['cpu'] as FunctionConfig['cpu'],
  };
}

/** Variables as texts. Those of a function have a limit: with `complain` what is above it is told. */
export function planVariables(written: Mapping, complain: Complain | undefined): Record<string, string> {
  const env = Object.fromEntries(Object.entries(written).map(([name, content]) => [name, String(content)]));
  const variablesBytes = Buffer.byteLength(Object.entries(env).flat().join(''));
  if (variablesBytes > lambdaVariablesMaxBytes) {
    const message = `target.env: the variables have ${variablesBytes} bytes, names and values together; Lambda takes ${lambdaVariablesMaxBytes}.`;
    complain?.(['target', 'env'], message);
  }
  return env;
}
