// A result on stdout, in the formats asked for: the same for a run, for its judgement and for its report.

import type { Host } from '../core/host.ts';
import type { RunResult } from '../core/model/result.ts';
import { renderConsole } from '../report/console.ts';
import { renderJson } from '../report/json.ts';

export function showResult(
  host: Pick<Host, 'env' | 'isOutputTerminal' | 'write'>,
  result: RunResult,
  formats: readonly string[],
): void {
  if (formats.includes('console')) host.write('stdout', renderConsole(result, { color: wantsColor(host) }));
  if (formats.includes('json')) host.write('stdout', renderJson(result));
}

/** Colours are for terminals, and for those who did not set NO_COLOR to anything (https://no-color.org). */
function wantsColor(host: Pick<Host, 'env' | 'isOutputTerminal'>): boolean {
  return host.isOutputTerminal && (host.env['NO_COLOR'] ?? '') === '';
}
