// A merged scenario with every default filled in and every quantity read: what the harness works from.

import type { Problem } from '../core/errors.ts';
import { parseDurationMs } from '../core/units.ts';
import { fields as allFields, isFieldName, transitGatewayFields } from '../flowlogs/fields.ts';
import { builtinPromises, parseCondition, parseExpectation, type Promises } from '../oracle/index.ts';
import { switchDefaults, type SwitchSettings } from '../sink/editions/switches.ts';
import { isSignozHost } from '../sink/tls/hosts.ts';
import type { TriggerConfig } from '../triggers/kind.ts';
import { didYouMean, type Complain } from './complain.ts';
import { planFaults, type ResolvedFault } from './faults.ts';
import { resolveLayout } from './layout-file.ts';
import { throwProblems, type MergedScenario } from './load.ts';
import { planLateness, planPace, usualLateBy, type Lateness, type Pace } from './pace-plan.ts';
import { checkStore, checkTarget } from './prerequisites.ts';
import { resolveStore, type StoreConfig } from './store-plan.ts';
import { planTarget, resolveTarget, type TargetConfig } from './target-plan.ts';
import { planTraffic, resolveTraffic, type TrafficConfig } from './traffic-plan.ts';
import { defaultTrigger, planTrigger } from './trigger-plan.ts';
import { unknownWord } from './validate.ts';

export type { TrafficConfig } from './traffic-plan.ts';

type Mapping = Record<string, unknown>;

export interface Plan {
  readonly name: string;
  readonly summary: string;
  readonly seed: number;
  readonly traffic: TrafficConfig;
  readonly store: StoreConfig;
  readonly trigger: TriggerConfig;
  readonly target: TargetConfig;
  readonly sink: { readonly edition: 'cloud' | 'selfhost'; readonly key: string } & SwitchSettings;
  /** The real host of SigNoz Cloud under which the target meets the sink; without it, loopback. */
  readonly realName?: string;
  readonly faults: readonly ResolvedFault[];
  readonly promises: Promises;
  readonly waits: 'skip' | 'real';
  readonly pace: Pace;
  /** Which objects appear later than the pace has them; absent where none does. */
  readonly late?: Lateness;
  readonly drain: { readonly quietMs: number; readonly limitMs: number };
  readonly expect: readonly string[];
  /** The scenario in its own words, defaults filled in: for scenario.yaml and result.json. */
  readonly resolved: Mapping & { name: string };
}

/**
 * Fills defaults in and reads quantities; what cannot hold together is told with its place, several mistakes at once. With `env`,
 * the user's own environment, what the target needs is looked for too: `judge` plans without it.
 */
export function planScenario(merged: MergedScenario, env?: Readonly<Record<string, string | undefined>>): Plan {
  const problems: Problem[] = [...merged.problems];
  const complain: Complain = (path, message) => {
    problems.push({ place: merged.place(path), message });
  };
  const value = merged.value;
  const resolved = {
    version: 1,
    name: String(value['name']),
    summary: String(value['summary'] ?? ''),
    seed: Number(value['seed'] ?? 42),
    traffic: resolveTraffic((value['traffic'] ?? {}) as Mapping),
    objects: resolveObjects(value['objects'] as Mapping | undefined),
    store: resolveStore(value['store'] as Mapping | undefined),
    trigger: (value['trigger'] ?? defaultTrigger(value['target'])) as Mapping,
    target: resolveTarget(value['target'], value['limits'] as Mapping | undefined, merged),
    sink: { edition: 'cloud', ...switchDefaults, ...(value['sink'] as Mapping | undefined) } as Mapping,
    faults: (value['faults'] ?? []) as Mapping[],
    promises: resolvePromises(value['promises'] as Mapping | undefined, merged, complain),
    waits: String(value['waits'] ?? 'skip'),
    drain: { quiet: '10s', limit: '60s', ...(value['drain'] as Mapping | undefined) },
    expect: (value['expect'] ?? ['promises']) as string[],
  };
  resolved.sink['key'] ??= keyOfSeed(resolved.seed);
  if (resolved.name === 'latest') {
    complain(['name'], 'name: "latest" is taken: runs/latest leads to the last run. Choose another name.');
  }
  const faults = planFaults(resolved.faults, String(resolved.store['kind']), complain);
  const plan = {
    name: resolved.name,
    summary: resolved.summary,
    seed: resolved.seed,
    traffic: {
      ...planTraffic(resolved.traffic, resolved.objects, merged, complain),
      faults: faults.filter(({ kind }) => kind.startsWith('object.')),
    },
    store: resolved.store as unknown as StoreConfig,
    trigger: planTrigger(resolved, complain),
    target: planTarget(resolved.target, ([section, key, ...rest], message) => {
      // Limits lie over the target's own.
      const isLimit = key !== undefined && key in ((value['limits'] ?? {}) as Mapping);
      complain([isLimit ? 'limits' : section!, ...(key === undefined ? [] : [key]), ...rest], message);
    }),
    ...planSink(resolved.sink, complain),
    faults,
    promises: resolved.promises,
    waits: resolved.waits as Plan['waits'],
    pace: paceOf(resolved.objects['pace'], complain),
    ...latenessOf(resolved.objects, complain),
    drain: { quietMs: parseDurationMs(resolved.drain.quiet)!, limitMs: parseDurationMs(resolved.drain.limit)! },
    expect: planExpectations(resolved.expect, complain),
    resolved,
  };
  // So that `judge` finds the same files, wherever it reads the scenario.
  if (plan.traffic.files) resolved.traffic['files'] = plan.traffic.files;
  if (env) {
    checkStore(plan.store, env, complain);
    checkTarget(plan.target, env, complain);
  }
  throwProblems(merged.file, problems);
  return plan;
}

function resolveObjects(objects: Mapping = {}): Mapping {
  const late = objects['late'] === undefined ? {} : { lateBy: usualLateBy };
  return { file: 'text', maxRecords: '10k', pace: 'flat-out', ...late, ...objects };
}

/** The part that the sink is opened with, and the name that its clients call it by. */
function planSink(resolved: Mapping, complain: Complain): Pick<Plan, 'sink' | 'realName'> {
  const { host, ...sink } = resolved as Plan['sink'] & { readonly host?: string };
  if (host === undefined) return { sink };
  if (!isSignozHost(host)) {
    const message = `sink.host: "${host}" is no host of SigNoz Cloud. Write ingest.REGION.signoz.cloud, such as ingest.us.signoz.cloud.`;
    complain(['sink', 'host'], message);
  }
  if (sink.edition !== 'cloud') {
    const message = `sink.host: ${host} is SigNoz Cloud, and the edition is ${sink.edition}. Leave one of them out.`;
    complain(['sink', 'host'], message);
  }
  return { sink, realName: host };
}

function resolvePromises(promises: Mapping | undefined, merged: MergedScenario, complain: Complain): Promises {
  const keep = promises?.['keep'];
  const condition = typeof keep === 'string' && keep !== 'all' ? parseCondition(keep) : undefined;
  if (condition && 'problem' in condition) {
    complain(['promises', 'keep'], `promises.keep: ${condition.problem}.${didYouMean(condition.nearest)}`);
  }
  const fields = { ...builtinPromises.fields, ...(promises?.['fields'] as Mapping | undefined) };
  for (const change of ['dropped', 'masked'] as const) {
    fields[change].forEach((name, index) => {
      if (isFieldName(name)) return;
      const known = [...allFields, ...transitGatewayFields].map((field) => field.name);
      complain(
        ['promises', 'fields', change, index],
        `promises.fields.${change}: ${unknownWord('field', name, known)}`,
      );
    });
  }
  const layout = resolveLayout(promises?.['layout'], merged.folderOf('promises'), complain);
  return { ...builtinPromises, ...(promises as Partial<Promises> | undefined), fields, layout };
}

function paceOf(value: unknown, complain: Complain): Pace {
  const read = planPace(value);
  if ('pace' in read) return read.pace;
  complain(['objects', 'pace'], read.problem);
  return { kind: 'flat-out' };
}

function latenessOf(objects: Mapping, complain: Complain): Pick<Plan, 'late'> {
  const late = planLateness(objects);
  if (objects['late'] === undefined && objects['lateBy'] !== undefined) {
    const message = 'objects.lateBy: no object is late. Say how many are, such as late: 5%, or leave it out.';
    complain(['objects', 'lateBy'], message);
  }
  return late ? { late } : {};
}

function planExpectations(expect: readonly string[], complain: Complain): readonly string[] {
  expect.forEach((text, index) => {
    const parsed = parseExpectation(text);
    if ('problem' in parsed) {
      complain(['expect', index], `expect: ${parsed.problem}.${didYouMean(parsed.nearest)}`);
    }
  });
  return expect;
}

/** A well-formed ingestion key (a UUID, as SigNoz's keys are) that follows from the seed. */
function keyOfSeed(seed: number): string {
  const hex = seed.toString(16).padStart(12, '0').slice(-12);
  return `f10c0000-0000-4000-8000-${hex}`;
}
