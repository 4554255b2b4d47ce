// A container as the target of a plan: its defaults filled in, its quantities read.

import { parseDurationMs, type Quantity } from '../core/units.ts';

type Mapping = Record<string, unknown>;

export interface ContainerConfig {
  readonly kind: 'container';
  readonly image: string;
  /** With `${...}` not yet filled in, as in `env`. */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readyLog?: string;
  readonly graceMs: number;
}

/** Targets that find their work by themselves: nobody invokes them. */
export function isPollingKind(kind: unknown): boolean {
  return kind === 'command' || kind === 'container';
}

export function resolveContainer(own: Mapping): Mapping {
  return { env: {}, stop: { grace: '30s' }, ...own };
}

export function planContainer(target: Mapping): ContainerConfig {
  const { grace } = target['stop'] as { grace: Quantity };
  const ready = target['ready'] as { log: string } | undefined;
  return {
    kind: 'container',
    image: String(target['image']),
    ...(target['command'] === undefined ? {} : { command: target['command'] as string[] }),
    env: Object.fromEntries(Object.entries(target['env'] as Mapping).map(([name, content]) => [name, String(content)])),
    ...(ready ? { readyLog: ready.log } : {}),
    graceMs: parseDurationMs(grace)!,
  };
}
