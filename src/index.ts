// The library: run a scenario from code, with the result that the command line would write to result.json.

import { resolve } from 'node:path';

import { processHost } from './core/host.ts';
import type { RunResult } from './core/model/result.ts';
import { ownVersion } from './core/version.ts';
import { runPlan, type Progress } from './run/harness.ts';
import { documentOf } from './scenario/document.ts';
import { findProject, mergeScenario, readScenario } from './scenario/load.ts';
import { planScenario } from './scenario/plan.ts';

export { exitCodes, FlowrigError, type Problem } from './core/errors.ts';
export type * from './core/model/result.ts';
export type { Progress } from './run/harness.ts';

/** A forwarder as a function: it gets S3 events, and finds its way by the addresses it is given. */
export type Handler = (event: unknown, addresses: HandlerAddresses) => Promise<unknown>;

export interface HandlerAddresses {
  /** Base URL of the S3, no slash at the end. */
  readonly s3Endpoint: string;
  readonly bucket: string;
  /** Complete URLs: post to them as they are. */
  readonly jsonUrl: string;
  readonly otlpUrl: string;
  /** Scheme, host and port of OTLP/gRPC. */
  readonly grpcUrl: string;
  readonly key: string;
}

export interface RunScenarioOptions {
  /** A handler in this process in place of the scenario's target. */
  readonly handler?: Handler;
  /** Like `--target`: YAML file, code, or `builtin:forwarder`. */
  readonly target?: string;
  /** Like `--set`: `traffic.records=10k`. */
  readonly set?: readonly string[];
  readonly seed?: number;
  /** Where run folders go; `runs` by default. */
  readonly out?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Runs a scenario: a path, or its content as a value. Resolves with the result whatever the verdict is; rejects with a
 * FlowrigError for a mistake in the scenario or a missing part of the environment.
 */
export async function run(scenario: string | object, options: RunScenarioOptions = {}): Promise<RunResult> {
  const host = processHost();
  const document =
    typeof scenario === 'string' ? readScenario(resolve(host.cwd, scenario)) : documentOf(scenario, 'scenario');
  const { handler } = options;
  const merged = mergeScenario(document, findProject(host.cwd), options, host.cwd);
  // A handler of the caller's takes the target's place: then nothing that the target needs is missing.
  const plan = planScenario(merged, handler ? undefined : host.env);
  return runPlan(plan, {
    host,
    version: ownVersion(),
    out: resolve(host.cwd, options.out ?? 'runs'),
    signal: options.signal ?? new AbortController().signal,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(handler
      ? {
          openTarget: async ({ clock, address, sink }) => {
            const { openInProcessTarget } = await import('./targets/in-process.ts');
            const { jsonUrl, otlpUrl, grpcUrl } = sink;
            const addresses = {
              s3Endpoint: address.endpoint,
              bucket: plan.store.bucket,
              jsonUrl,
              otlpUrl,
              grpcUrl,
              key: plan.sink.key,
            };
            return openInProcessTarget({
              handler: (event) => handler(event, addresses),
              concurrency: plan.target.kind === 'lambda' ? plan.target.concurrency : 1,
              clock,
            });
          },
        }
      : {}),
  });
}
