// A container as the target, by Docker: it finds its work by itself, and reaches the run at the address of Docker's bridge, where
// nobody else does. testcontainers starts it, and removes it even where the rig is killed.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { FlowrigError, invariant } from '../core/errors.ts';
import type { StoreAddress, Target } from '../core/model/trigger.ts';
import { openInScope, type Scope } from '../core/scope.ts';
import { awsVariables } from '../lambda/aws-variables.ts';
import { openBridge, type Bridge } from './bridge.ts';
import { loadDocker, type Docker } from './docker.ts';

/** What is around a container, whatever is in it. */
export interface ContainerSurroundings {
  readonly image: string;
  /** Filled in; without it the image's own. */
  readonly command?: readonly string[];
  /** The user's own variables, and those of the run, over ours. */
  readonly env: Readonly<Record<string, string>>;
  /** The certificate that `env` names, PEM: it is put into the container. */
  readonly caFile: string;
  /** The run's folder: target.log goes there. */
  readonly folder: string;
  readonly address: StoreAddress;
}

export interface ContainerTargetOptions extends ContainerSurroundings {
  readonly readyLog?: string;
  readonly graceMs: number;
}

/** As long as services are given: systemd's DefaultTimeoutStartSec is 90 s (systemd-system.conf(5)). */
const readyLimitMs = 90_000;

export const caFileInside = '/flowrig/ca.pem';

/** Rejects with a FlowrigError where Docker or the image is not to be had, or it is not ready in time. */
export function openContainerTarget(options: ContainerTargetOptions): Promise<Target> {
  return openInScope(async (scope) => {
    const docker = await loadDocker();
    const log = openSync(join(options.folder, 'target.log'), 'a', 0o600);
    scope.defer(() => closeSync(log));
    const inside = insideOf(options, scope.use(openBridge(await docker.bridgeAddress())));
    await inside.listening;
    await start(scope, docker, { options, inside, log });
    return {
      kind: 'container',
      drive: 'polling',
      concurrency: 1,
      invoke: () => {
        invariant(false, 'A container finds its work by itself: nobody invokes it.');
        throw new Error('unreachable');
      },
      runningCount: () => 0,
      // Docker's processes are not ours.
      resources: () => undefined,
      [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
    };
  });
}

/** What the container is told, in addresses that hold inside of it. */
export interface Inside {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[] | undefined;
  /** Settles when the bridge carries what they name. */
  readonly listening: Promise<void>;
}

export function insideOf({ address, env, command, caFile }: ContainerSurroundings, bridge: Bridge): Inside {
  const outside = { ...awsVariables(address), ...env };
  const translate = (text: string): string => bridge.translate(text.replaceAll(caFile, caFileInside));
  const told = Object.entries(outside).map(([name, text]): [string, string] => [name, translate(text)]);
  const words = command?.map(translate);
  return { env: Object.fromEntries(told), command: words, listening: bridge.listening() };
}

interface Starting {
  readonly options: ContainerTargetOptions;
  readonly inside: Inside;
  readonly log: number;
}

async function start(scope: Scope, { GenericContainer, Wait }: Docker, starting: Starting): Promise<void> {
  const { options, inside, log } = starting;
  const { image, readyLog, graceMs, caFile } = options;
  const configured = new GenericContainer(image)
    .withEnvironment({ ...inside.env })
    .withCopyFilesToContainer([{ source: caFile, target: caFileInside }])
    .withLogConsumer((stream: Readable) => stream.on('data', (chunk: Uint8Array) => writeSync(log, chunk)))
    .withStartupTimeout(readyLimitMs);
  if (inside.command) configured.withCommand([...inside.command]);
  if (readyLog !== undefined) configured.withWaitStrategy(Wait.forLogMessage(readyLog));
  try {
    const started = await configured.start();
    scope.defer(async () => void (await started.stop({ timeout: graceMs })));
  } catch (cause) {
    const message = `target.image: ${image} did not start: ${(cause as Error).message}`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
}
