// An image of a Lambda function as the target: each sandbox is a container, with the limits of Lambda's by Docker, and gets its events
// by the Runtime API as a function does that needs no container.

import type { Clock } from '../core/clock.ts';
import type { LimitedBy, Target } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { openInScope, type Scope } from '../core/scope.ts';
import { defaultFunctionName } from '../lambda/function.ts';
import type { Runtime, RuntimePlace } from '../lambda/runtime.ts';
import type { Watchdog } from '../lambda/watchdog.ts';
import { openBridge } from './bridge.ts';
import { insideOf, type ContainerSurroundings } from './container.ts';
import { loadDocker, type Image } from './docker.ts';
import { extensionsOf } from './image-extensions.ts';
import { RuntimeContainer } from './runtime-container.ts';
import { openSandboxes } from './sandboxes.ts';

export interface ContainerFunctionOptions extends ContainerSurroundings {
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Refuses what is beyond the concurrency, as a reserved one does. */
  readonly throttles: boolean;
  readonly cpu: 'full' | 'share';
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly watchdog: Watchdog;
}

/** Opens the function; its first container starts with its first event. Rejects with a FlowrigError where Docker or the image is not to be had. */
export function openContainerFunction(options: ContainerFunctionOptions): Promise<Target> {
  return openInScope((scope) => openIn(scope, options));
}

async function openIn(scope: Scope, options: ContainerFunctionOptions): Promise<Target> {
  const { folder, concurrency, clock, random, watchdog, caFile } = options;
  const docker = await loadDocker();
  const image = await docker.image(options.image);
  const bridgeAddress = await docker.bridgeAddress();
  const inside = insideOf(options, scope.use(openBridge(bridgeAddress)));
  await inside.listening;
  const settings = {
    functionName: defaultFunctionName,
    // AWS's images take it as their command.
    handler: (inside.command ?? image.command)[0] ?? '',
    ...options,
  };
  const common = {
    api: docker.api,
    image: options.image,
    command: inside.command,
    env: { ...placesIn(image), ...inside.env },
    labels: await docker.labels(),
    extensions: await extensionsOf(docker.api, options.image),
    caFile,
    bridgeAddress,
    settings,
    clock,
  };
  const newRuntime = (place: RuntimePlace): Runtime => new RuntimeContainer({ ...common, place });
  const own = { settings, newRuntime, clock, random, watchdog, cgroups: undefined };
  const sandboxes = openSandboxes(scope, { ...own, concurrency, folder });
  const { CgroupVersion } = (await docker.api.info()) as { CgroupVersion?: string };
  const limit: LimitedBy = CgroupVersion === '2' ? 'cgroup v2' : 'cgroup v1';
  return {
    kind: 'container',
    drive: 'invoked',
    concurrency,
    throttles: options.throttles,
    codeSha256: image.id,
    limits: { memory: limit, cpu: options.cpu === 'share' ? limit : 'none', processes: limit, code: 'read-only' },
    ...sandboxes,
    resources() {
      const used = sandboxes.resources();
      return used.cpuS === 0 ? undefined : used;
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

/** Where the code lies, for clients that ask: AWS's own images say it, others have it in their working folder. */
function placesIn({ variables, workingFolder }: Image): Record<string, string> {
  if (variables.some((variable) => variable.startsWith('LAMBDA_TASK_ROOT='))) return {};
  return { LAMBDA_TASK_ROOT: workingFolder || '/var/task' };
}
