// `flowrig judge`: the verdict of a run again.

import { resolve } from 'node:path';

import { exitCodes } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { ownVersion } from '../../core/version.ts';
import { findRunFolder } from '../../run/folder.ts';
import { rejudge } from '../../run/rejudge.ts';
import { readFormats, showResult, writeReports, type ReportOptions } from '../reports.ts';

export async function judgeRun(host: Host, word: string, options: ReportOptions): Promise<number> {
  const formats = readFormats(options.reporter, options);
  const folder = findRunFolder(resolve(host.cwd, word));
  const result = await rejudge(folder, ownVersion());
  showResult(host, result, formats, await writeReports(folder, result, formats));
  return exitCodes[result.verdict.validity];
}
