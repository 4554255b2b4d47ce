// The list of reports: each renders a run and nothing else, so that it can be rendered again years later.

import type { RunResult } from '../core/model/result.ts';
import type { Series } from '../measure/series.ts';
import { renderConsole } from './console.ts';
import { renderHtml } from './html/index.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';

/** All that a report may know of a run. */
export interface ReportedRun {
  readonly result: RunResult;
  /** Where the report asks for it and the run's folder still tells it. */
  readonly series?: Series | undefined;
}

export interface Reporter {
  /** As `--reporter` names it. */
  readonly format: string;
  readonly summary: string;
  /** Its name in the run's folder; without one it goes to stdout. */
  readonly file?: string;
  /** Whether it shows the run over time. */
  readonly needsSeries?: true;
  /** Pure; the caller writes it somewhere. */
  readonly render: (record: ReportedRun) => string;
}

export const reporters: readonly Reporter[] = [
  { format: 'console', summary: 'one screen for people', render: ({ result }) => renderConsole(result) },
  {
    format: 'text',
    summary: 'that screen as a file',
    file: 'report.txt',
    render: ({ result }) => renderConsole(result),
  },
  { format: 'json', summary: 'the whole result as one JSON line', render: ({ result }) => renderJson(result) },
  {
    format: 'junit',
    summary: 'JUnit XML for CI servers: a check is a case',
    file: 'junit.xml',
    render: ({ result }) => renderJunit(result),
  },
  {
    format: 'markdown',
    summary: 'Markdown for a job summary or a pull request',
    file: 'report.md',
    render: ({ result }) => renderMarkdown(result),
  },
  { format: 'html', summary: 'one self-contained page', file: 'report.html', needsSeries: true, render: renderHtml },
];
