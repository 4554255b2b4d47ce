// `flowrig judge`: the verdict of a run again.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Validity } from '../../core/model/result.ts';
import { ownVersion } from '../../core/version.ts';
import { rejudge } from '../../run/rejudge.ts';
import { showResult } from '../show-result.ts';

const codeOf: Record<Validity, number> = { pass: exitCodes.pass, fail: exitCodes.fail, unknown: exitCodes.unknown };

export async function judgeRun(host: Host, word: string, options: { readonly json?: boolean }): Promise<number> {
  const folder = resolve(host.cwd, word);
  if (!existsSync(join(folder, 'scenario.yaml'))) {
    throw new FlowrigError('bad-run-folder', `${folder} is not the folder of a run: it has no scenario.yaml.`);
  }
  const result = await rejudge(folder, ownVersion());
  showResult(host, result, [options.json ? 'json' : 'console']);
  return codeOf[result.verdict.validity];
}
