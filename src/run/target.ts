// Opens the target that a plan names, with everything that surrounds it.

import type { Clock } from '../core/clock.ts';
import type { Host } from '../core/host.ts';
import type { Corpus } from '../core/model/corpus.ts';
import type { EgressAddress, StoreAddress, Target } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import type { Scope } from '../core/scope.ts';
import { openWatchdog } from '../lambda/watchdog.ts';
import type { Plan } from '../scenario/plan.ts';
import { resolveBuiltin } from '../targets/builtin.ts';
import { openCommandTarget } from '../targets/command.ts';
import { openContainerFunction } from '../targets/container-function.ts';
import { openContainerTarget } from '../targets/container.ts';
import { openLambdaEndpoint } from '../targets/lambda-endpoint.ts';
import { openLambdaTarget } from '../targets/lambda.ts';
import { machineOf } from '../targets/machine.ts';
import {
  commandWords,
  egressVariables,
  endpointSurroundings,
  substitutionsOf,
  targetVariables,
  type QueueAddress,
} from './environment.ts';
import type { SinkUrls } from './sink-thread.ts';

/** What a target is given, one of the caller's own too. */
export interface TargetNeeds {
  readonly clock: Clock;
  readonly address: StoreAddress;
  readonly queues: QueueAddress;
  readonly sink: SinkUrls;
  readonly folder: string;
  readonly corpus: Corpus;
}

interface Surroundings {
  readonly scope: Scope;
  readonly random: RandomSource;
  readonly host: Pick<Host, 'env' | 'nodePath' | 'nodeVersion'>;
  readonly egress: EgressAddress;
}

export async function openPlannedTarget(
  plan: Plan,
  needs: TargetNeeds,
  { scope, random, host, egress }: Surroundings,
): Promise<Target> {
  const { clock, address, queues, folder } = needs;
  const values = substitutionsOf(plan, needs);
  if (plan.target.kind === 'lambda-endpoint') {
    const surroundings = endpointSurroundings(plan, values);
    return openLambdaEndpoint({ ...plan.target, surroundings, folder, clock });
  }
  const own = {
    env: {
      ...egressVariables(egress),
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
      ...targetVariables({ target: plan.target, trigger: plan.trigger }, values, host.env),
    },
    folder,
    address,
  };
  const shared = {
    ...own,
    clock,
    watchdog: scope.use(openWatchdog(folder)),
  };
  if (plan.target.kind === 'container') {
    const { command, lambda, ...config } = plan.target;
    const words = command && { command: commandWords(command, values, host.env) };
    const container = { ...config, ...words, caFile: egress.caFile };
    if (!lambda) return openContainerTarget({ ...container, ...own });
    return openContainerFunction({ ...container, ...lambda, ...shared, random: random.split('target') });
  }
  const machine = machineOf(host);
  if (plan.target.kind === 'command') {
    const { ready, stop, folder: cwd } = plan.target;
    return openCommandTarget({
      ...shared,
      command: commandWords(plan.target.command, values, host.env),
      cwd,
      stop,
      ...(ready ? { ready } : {}),
      searchPath: machine.searchPath,
    });
  }
  const { kind: _kind, ...config } = plan.target;
  const builtin = config.code.startsWith('builtin:') ? await resolveBuiltin(config.code) : undefined;
  return openLambdaTarget({ ...config, ...builtin, ...shared, random: random.split('target'), machine });
}
