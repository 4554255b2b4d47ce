// A container as the target, by Docker: it finds its work by itself, and reaches the run at the address of Docker's bridge, where
// nobody else does. testcontainers starts it, and removes it even where the rig is killed.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { FlowrigError, invariant } from '../core/errors.ts';
import type { StoreAddress, Target } from '../core/model/trigger.ts';
import { openScope, type Scope } from '../core/scope.ts';
import { awsVariables } from '../lambda/aws-variables.ts';
import { openBridge, type Bridge } from './bridge.ts';

export interface ContainerTargetOptions {
  readonly image: string;
  /** Filled in; without it the image's own. */
  readonly command?: readonly string[];
  /** The user's own variables, and those of the run, over ours. */
  readonly env: Readonly<Record<string, string>>;
  readonly readyLog?: string;
  readonly graceMs: number;
  /** The certificate that `env` names, PEM: it is copied in. */
  readonly caFile: string;
  /** The run's folder: target.log goes there. */
  readonly folder: string;
  readonly address: StoreAddress;
}

/** As long as services are given: systemd's DefaultTimeoutStartSec is 90 s (systemd-system.conf(5)). */
const readyLimitMs = 90_000;

const caFileInside = '/flowrig/ca.pem';

/** Rejects with a FlowrigError where Docker or the image is not to be had, or it is not ready in time. */
export async function openContainerTarget(options: ContainerTargetOptions): Promise<Target> {
  const scope = openScope();
  try {
    const docker = await loadDocker();
    const log = openSync(join(options.folder, 'target.log'), 'a', 0o600);
    scope.defer(() => closeSync(log));
    const inside = insideOf(options, scope.use(openBridge(await docker.bridgeAddress())));
    await inside.listening;
    await start(scope, docker, { options, inside, log });
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
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
}

/** What the container is told, in addresses that hold inside of it. */
export interface Inside {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[] | undefined;
  /** Settles when the bridge carries what they name. */
  readonly listening: Promise<void>;
}

export function insideOf({ address, env, command, caFile }: ContainerTargetOptions, bridge: Bridge): Inside {
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

type Testcontainers = typeof import('testcontainers');

interface Docker extends Pick<Testcontainers, 'GenericContainer' | 'Wait'> {
  /** The host's address in Docker's default network. */
  bridgeAddress(): Promise<string>;
}

async function loadDocker(): Promise<Docker> {
  const testcontainers = await loadTestcontainers();
  const { getContainerRuntimeClient, GenericContainer, Wait } = testcontainers;
  let client: Awaited<ReturnType<typeof getContainerRuntimeClient>>;
  try {
    client = await getContainerRuntimeClient();
  } catch (cause) {
    const message = `target.kind: a container needs Docker, and none answers here: ${(cause as Error).message} Start it, or set DOCKER_HOST.`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
  return {
    GenericContainer,
    Wait,
    async bridgeAddress() {
      const network = (await client.network.getById('bridge').inspect()) as BridgeNetwork;
      const address = bridgeAddressOf(network);
      if (address !== undefined) return address;
      const message =
        'target.kind: Docker tells no gateway of its network "bridge", by which a container would reach the run.';
      throw new FlowrigError('environment-missing', message);
    },
  };
}

/** Docker Engine API, NetworkInspect. */
export interface BridgeNetwork {
  readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string; readonly Subnet?: string }[] };
}

/**
 * The bridge that Docker has made itself tells no gateway until Docker starts again (20.10): it is the subnet's first address then, as
 * libnetwork gives it to the interface. The machine does not list an interface to which no container is connected yet.
 */
export function bridgeAddressOf({ IPAM }: BridgeNetwork): string | undefined {
  const { Gateway, Subnet } = IPAM?.Config?.[0] ?? {};
  return Gateway ?? Subnet?.replace(/\.0\/\d+$/, '.1');
}

/** 128 packages that only this target needs: the published package leaves it to the user to install them. */
async function loadTestcontainers(): Promise<Testcontainers> {
  try {
    return await import('testcontainers');
  } catch (cause) {
    const message = 'target.kind: a container needs the package testcontainers: npm install testcontainers@12.2.0';
    throw new FlowrigError('environment-missing', message, { cause });
  }
}
