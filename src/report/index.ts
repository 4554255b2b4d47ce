// The list of reports: each renders a run and nothing else, so that it can be rendered again years later.

import type { RunResult } from '../core/model/result.ts';
import { renderConsole } from './console.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';

export interface Reporter {
  /** As `--reporter` names it. */
  readonly format: string;
  readonly summary: string;
  /** Its name in the run's folder; without one it goes to stdout. */
  readonly file?: string;
  /** Pure; the caller writes it somewhere. */
  readonly render: (result: RunResult) => string;
}

export const reporters: readonly Reporter[] = [
  { format: 'console', summary: 'one screen for people', render: (result) => renderConsole(result) },
  { format: 'text', summary: 'that screen as a file', file: 'report.txt', render: (result) => renderConsole(result) },
  { format: 'json', summary: 'the whole result as one JSON line', render: renderJson },
  { format: 'junit', summary: 'JUnit XML for CI servers: a check is a case', file: 'junit.xml', render: renderJunit },
  {
    format: 'markdown',
    summary: 'Markdown for a job summary or a pull request',
    file: 'report.md',
    render: renderMarkdown,
  },
];
