// The list of reports: each renders a result and nothing else, so that it can be rendered again years later.

import type { RunResult } from '../core/model/result.ts';
import { renderConsole } from './console.ts';
import { renderJson } from './json.ts';

export interface Reporter {
  readonly format: string;
  readonly summary: string;
  /** Pure; the caller writes it somewhere. */
  render(result: RunResult): string;
}

export const reporters: readonly Reporter[] = [
  { format: 'console', summary: 'One screen for people.', render: (result) => renderConsole(result) },
  { format: 'json', summary: 'The whole result as one JSON line.', render: renderJson },
];
