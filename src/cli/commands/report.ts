// `flowrig report`: the report of a run again, from its result.json alone.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { RunResult } from '../../core/model/result.ts';
import { showResult } from '../show-result.ts';

export function reportRun(host: Host, folder: string, options: { readonly json?: boolean }): number {
  const result = readResult(resolve(host.cwd, folder));
  showResult(host, result, [options.json ? 'json' : 'console']);
  return exitCodes.pass;
}

function readResult(folder: string): RunResult {
  const file = join(folder, 'result.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunResult;
  } catch (cause) {
    throw new FlowrigError(
      'bad-run-folder',
      `Cannot read ${file}: ${(cause as Error).message} A run that was killed has none: try "flowrig judge ${folder}".`,
      { cause },
    );
  }
}
