// `flowrig validate`: everything that `run` would refuse, without running.

import { exitCodes } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Overrides } from '../../scenario/load.ts';
import { tell } from '../tell.ts';
import { findProject, findScenarioFiles, planFile } from '../scenarios.ts';

export function validateScenarios(host: Host, words: readonly string[], options: Overrides): number {
  const project = findProject(host.cwd);
  let exitCode: number = exitCodes.pass;
  for (const file of findScenarioFiles(words, host.cwd, project)) {
    try {
      const plan = planFile(file, host, project, options);
      host.write('stdout', `${file}: ${plan.name} is valid\n`);
    } catch (error) {
      exitCode = Math.max(exitCode, tell(host, error));
    }
  }
  return exitCode;
}
