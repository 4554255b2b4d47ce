// The target of a plan, of whatever kind: one planner each.

import type { Complain } from './complain.ts';
import { planCommand, resolveCommand, type CommandConfig } from './command-plan.ts';
import { planContainer, resolveContainer, type ContainerConfig } from './container-plan.ts';
import { planEndpoint, resolveEndpoint, type LambdaEndpointConfig } from './endpoint-plan.ts';
import { builtinForwarder, planLambda, resolveLambda, type LambdaConfig } from './lambda-plan.ts';
import type { MergedScenario } from './load.ts';

type Mapping = Record<string, unknown>;

export type TargetConfig = LambdaConfig | CommandConfig | ContainerConfig | LambdaEndpointConfig;

export function resolveTarget(target: unknown, limits: Mapping | undefined, merged: MergedScenario): Mapping {
  const named: Mapping =
    target === undefined || target === 'builtin:forwarder' ? builtinForwarder : (target as Mapping);
  // Our own forwarder brings its settings also to who only lays an environment over them.
  const own: Mapping = named['code'] === builtinForwarder.code ? { ...builtinForwarder, ...named } : named;
  // Limits are a Lambda's: a scenario that sets some says nothing of another target.
  if (own['kind'] === 'command') return resolveCommand(own, merged.folderOf('target'));
  if (own['kind'] === 'container') return resolveContainer(own, limits);
  if (own['kind'] === 'lambda-endpoint') return resolveEndpoint(own);
  return resolveLambda(own, merged.folderOf('target'), limits);
}

export function planTarget(target: Mapping, complain: Complain): TargetConfig {
  if (target['kind'] === 'command') return planCommand(target);
  if (target['kind'] === 'container') return planContainer(target, complain);
  if (target['kind'] === 'lambda-endpoint') return planEndpoint(target);
  return planLambda(target, complain);
}

/** Of one invocation; undefined where nobody invokes the target. */
export function timeLimitOf(target: TargetConfig): number | undefined {
  if (target.kind === 'container') return target.lambda?.timeoutMs;
  return target.kind === 'command' ? undefined : target.timeoutMs;
}
