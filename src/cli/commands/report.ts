// `flowrig report`: the reports of a run again, from its folder.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { RunResult } from '../../core/model/result.ts';
import { findRunFolder } from '../../run/folder.ts';
import { readFormats, showResult, writeReports, type ReportOptions } from '../reports.ts';

export async function reportRun(host: Host, word: string, options: ReportOptions): Promise<number> {
  const formats = readFormats(options.reporter, options);
  const folder = findRunFolder(resolve(host.cwd, word));
  const result = readResult(folder);
  showResult(host, result, formats, await writeReports(folder, result, formats));
  return exitCodes.pass;
}

function readResult(folder: string): RunResult {
  const file = join(folder, 'result.json');
  const text = readText(file);
  if (text === undefined) {
    throw new FlowrigError(
      'bad-run-folder',
      `${folder} has no result.json: its run was killed. Try "flowrig judge ${folder}".`,
    );
  }
  try {
    return JSON.parse(text) as RunResult;
  } catch (cause) {
    throw new FlowrigError('bad-run-folder', `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Undefined where there is no such file. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FlowrigError('bad-run-folder', `Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}
