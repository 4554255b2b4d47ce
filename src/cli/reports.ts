// The reports that were asked for: what stands on stdout, and what is written into the run's folder. The same for a run and for
// `flowrig report`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { RunResult } from '../core/model/result.ts';
import { renderConsole } from '../report/console.ts';
import { reporters } from '../report/index.ts';
import { renderJson } from '../report/json.ts';
import { readSeries } from '../run/series.ts';
import { unknownWord } from '../scenario/validate.ts';

export interface ReportOptions {
  /** A list by comma. */
  readonly reporter: string;
  readonly json?: boolean;
}

/** The formats of `--reporter`; with `--json`, stdout carries that alone. */
export function readFormats(list: string, { json }: Pick<ReportOptions, 'json'>): string[] {
  const known = reporters.map((reporter) => reporter.format);
  const formats = list.split(',').map((format) => format.trim());
  const unknown = formats.find((format) => !known.includes(format));
  if (unknown !== undefined) {
    throw new FlowrigError('bad-usage', `--reporter ${list}: ${unknownWord('report', unknown, known)}`);
  }
  return json ? ['json', ...formats.filter((format) => fileOf(format) !== undefined)] : formats;
}

/** Writes those that are files into the run's folder, and returns their paths. */
export async function writeReports(folder: string, result: RunResult, formats: readonly string[]): Promise<string[]> {
  const asked = reporters.filter(({ format }) => formats.includes(format));
  const series = asked.some(({ needsSeries }) => needsSeries) ? await readSeries(folder) : undefined;
  return asked.flatMap(({ format, file, render }) => {
    if (file === undefined) return [];
    const path = join(folder, file);
    try {
      writeFileSync(path, render({ result, series }), { mode: 0o600 });
      return [path];
    } catch (cause) {
      const message = `Cannot write ${path}: ${(cause as Error).message}. Free space, or leave ${format} out of --reporter.`;
      throw new FlowrigError('cannot-write', message, { cause });
    }
  });
}

/** Shows those that are not, and where the others lie. */
export function showResult(
  host: Pick<Host, 'env' | 'isOutputTerminal' | 'write'>,
  result: RunResult,
  formats: readonly string[],
  files: readonly string[] = [],
): void {
  if (formats.includes('console')) host.write('stdout', renderConsole(result, { color: wantsColor(host), files }));
  if (formats.includes('json')) host.write('stdout', renderJson(result));
  if (!formats.includes('console') && !formats.includes('json')) {
    host.write('stdout', `${result.verdict.validity.toUpperCase()}  ${result.scenario.name}  ${files.join('  ')}\n`);
  }
}

function fileOf(format: string): string | undefined {
  return reporters.find((reporter) => reporter.format === format)?.file;
}

/** Colours are for terminals, and for those who did not set NO_COLOR to anything (https://no-color.org). */
function wantsColor(host: Pick<Host, 'env' | 'isOutputTerminal'>): boolean {
  return host.isOutputTerminal && (host.env['NO_COLOR'] ?? '') === '';
}
