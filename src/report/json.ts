// The result as one line of JSON, for programs.

import type { RunResult } from '../core/model/result.ts';

export function renderJson(result: RunResult): string {
  return `${JSON.stringify(result)}\n`;
}
