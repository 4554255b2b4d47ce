// A container as the target of a plan: its defaults filled in, its quantities read.

import { parseDurationMs, type Quantity } from '../core/units.ts';
import type { Complain } from './complain.ts';
import { planFunction, planVariables, resolveFunction, type FunctionConfig } from './lambda-plan.ts';

type Mapping = Record<string, unknown>;

export interface ContainerConfig {
  readonly kind: 'container';
  readonly image: string;
  /** With `${...}` not yet filled in, as in `env`. */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readyLog?: string;
  readonly graceMs: number;
  /** Where the image is a Lambda function's. */
  readonly lambda?: FunctionConfig;
}

const defaultGrace = '30s';

/** Targets that find their work by themselves: nobody invokes them. */
export function isPolling({ kind, lambda }: { readonly kind?: unknown; readonly lambda?: unknown }): boolean {
  return kind === 'command' || (kind === 'container' && lambda === undefined);
}

/** `limits` are the scenario's. */
export function resolveContainer(own: Mapping, limits: Mapping | undefined): Mapping {
  const asked = own['lambda'] as Mapping | undefined;
  if (asked === undefined) return { env: {}, stop: { grace: defaultGrace }, ...own };
  return { env: {}, ...own, lambda: resolveFunction(asked, limits) };
}

export function planContainer(target: Mapping, complain: Complain): ContainerConfig {
  const { grace } = (target['stop'] ?? { grace: defaultGrace }) as { grace: Quantity };
  const ready = target['ready'] as { log: string } | undefined;
  const asked = target['lambda'] as Mapping | undefined;
  for (const key of ['ready', 'stop'] as const) {
    if (!asked || target[key] === undefined) continue;
    const message = `target.${key}: a Lambda function is ready when it asks for work, and is killed when there is none. Leave it out.`;
    complain(['target', key], message);
  }
  return {
    kind: 'container',
    image: String(target['image']),
    ...(target['command'] === undefined ? {} : { command: target['command'] as string[] }),
    env: planVariables(target['env'] as Mapping, asked && complain),
    ...(ready ? { readyLog: ready.log } : {}),
    graceMs: parseDurationMs(grace)!,
    ...(asked && { lambda: planFunction(asked, ['target', 'lambda'], complain) }),
  };
}
