// `flowrig run`: plans every scenario, runs those that can be run one after the other, and ends with the worst exit code.

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import { exitProcess, type Host } from '../../core/host.ts';
import type { RunResult } from '../../core/model/result.ts';
import { ownVersion } from '../../core/version.ts';
import { renderConsole } from '../../report/console.ts';
import { reporters } from '../../report/index.ts';
import { runPlan } from '../../run/harness.ts';
import type { Overrides } from '../../scenario/load.ts';
import type { Plan } from '../../scenario/plan.ts';
import { tell } from '../tell.ts';
import { openProgress } from '../progress.ts';
import { findProject, findScenarioFiles, planFile } from '../scenarios.ts';
import { showResult } from '../show-result.ts';

export interface RunCommandOptions extends Overrides {
  readonly out: string;
  readonly reporter: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Of several scenarios' exit codes, the first of these that occurred is the command's. */
const worstFirst = [130, 5, 4, 3, 1, 2, 0];

export async function runScenarios(host: Host, words: readonly string[], options: RunCommandOptions): Promise<number> {
  const formats = checkReporters(options.reporter);
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
  const interruption = new AbortController();
  using _ = host.onInterrupt(() => {
    if (interruption.signal.aborted) exitProcess(exitCodes.interrupted);
    host.write('stderr', 'Interrupted: judging what there is. Once more to stop at once.\n');
    interruption.abort(new Error('interrupted'));
  });
  for (const plan of plans) {
    if (interruption.signal.aborted) break;
    try {
      const result = await runOne(host, plan, options, interruption.signal);
      showResult(host, result, options.json ? ['json'] : formats);
      if (!options.json && formats.includes('console')) host.write('stdout', '\n');
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
    const result = await runPlan(plan, {
      host,
      version: ownVersion(),
      out: resolve(host.cwd, options.out),
      signal,
      onProgress: (state) => progress.show(state),
    });
    writeFileSync(join(result.folder!, 'report.txt'), renderConsole(result), { mode: 0o600 });
    return result;
  } finally {
    progress.end();
  }
}

function checkReporters(list: string): string[] {
  const known = reporters.map((reporter) => reporter.format);
  const formats = list.split(',').map((format) => format.trim());
  const unknown = formats.filter((format) => !known.includes(format));
  if (unknown.length > 0) {
    throw new FlowrigError(
      'bad-usage',
      `--reporter ${list}: there is no report "${unknown[0]}". There is: ${known.join(', ')}.`,
    );
  }
  return formats;
}

function summaryOf(codes: readonly number[]): string {
  const count = (code: number): number => codes.filter((candidate) => candidate === code).length;
  const others = codes.length - count(0) - count(1) - count(2);
  return `${codes.length} scenarios: ${count(0)} passed, ${count(1)} failed, ${count(2)} unknown${others > 0 ? `, ${others} not judged` : ''}`;
}
