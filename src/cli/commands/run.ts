// `flowrig run`: plans every scenario, runs those that can be run one after the other, and ends with the worst exit code.

import { resolve } from 'node:path';

import { exitCodes } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { awaitInterruption } from '../../core/interruption.ts';
import type { RunResult } from '../../core/model/result.ts';
import { ownVersion } from '../../core/version.ts';
import { runPlan } from '../../run/harness.ts';
import type { Overrides } from '../../scenario/load.ts';
import type { Plan } from '../../scenario/plan.ts';
import { tell } from '../tell.ts';
import { openProgress } from '../progress.ts';
import { readFormats, showResult, writeReports } from '../reports.ts';
import { findProject, findScenarioFiles, planFile } from '../scenarios.ts';

export interface RunCommandOptions extends Overrides {
  readonly out: string;
  readonly reporter: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Of several scenarios' exit codes, the first of these that occurred is the command's. */
const worstFirst = [130, 5, 4, 3, 1, 2, 0];

export async function runScenarios(host: Host, words: readonly string[], options: RunCommandOptions): Promise<number> {
  const formats = readFormats(options.reporter, options);
  const project = findProject(host.cwd);
  const codes: number[] = [];
  const plans: Plan[] = [];
  for (const file of findScenarioFiles(words, host.cwd, project)) {
    try {
      plans.push(planFile(file, host, project, options));
    } catch (error) {
      codes.push(tell(host, error));
    }
  }
  using interruption = awaitInterruption(host, () => {
    host.write('stderr', 'Interrupted: judging what there is. Once more to stop at once.\n');
  });
  for (const plan of plans) {
    if (interruption.signal.aborted) break;
    try {
      const result = await runOne(host, plan, options, interruption.signal);
      await writeReports(result.folder!, result, ['text']);
      showResult(host, result, formats, await writeReports(result.folder!, result, formats));
      if (formats.includes('console')) host.write('stdout', '\n');
      codes.push(exitCodes[result.verdict.validity]);
    } catch (error) {
      codes.push(tell(host, error));
    }
  }
  if (interruption.signal.aborted) codes.push(exitCodes.interrupted);
  if (plans.length > 1 && !options.json && !options.quiet) host.write('stderr', `${summaryOf(codes)}\n`);
  return worstFirst.find((code) => codes.includes(code)) ?? exitCodes.pass;
}

async function runOne(host: Host, plan: Plan, options: RunCommandOptions, signal: AbortSignal): Promise<RunResult> {
  const progress = await openProgress(host, plan.name, options.quiet === true);
  try {
    return await runPlan(plan, {
      host,
      version: ownVersion(),
      out: resolve(host.cwd, options.out),
      signal,
      onProgress: (state) => progress.show(state),
    });
  } finally {
    progress.end();
  }
}

function summaryOf(codes: readonly number[]): string {
  const count = (code: number): number => codes.filter((candidate) => candidate === code).length;
  const others = codes.length - count(0) - count(1) - count(2);
  return `${codes.length} scenarios: ${count(0)} passed, ${count(1)} failed, ${count(2)} unknown${others > 0 ? `, ${others} not judged` : ''}`;
}
