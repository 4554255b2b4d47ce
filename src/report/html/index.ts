// One HTML file that holds all it needs: the verdict first, then what was found, the run over time, how fields were mapped, and how
// to repeat it. It reaches for nothing: its own policy forbids the browser to load anything, or to run any script but ours.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Series } from '../../measure/series.ts';
import type { RunResult } from '../../core/model/result.ts';
import { chartData, chartSection } from './charts.ts';
import { findingsSection } from './findings.ts';
import { mappingSection } from './mapping.ts';
import { markup, jsonElement, trusted, type Markup } from './markup.ts';
import { detailsSection, repeatSection } from './particulars.ts';
import { timelineSection } from './timeline.ts';
import { verdictSection } from './verdict.ts';

export interface HtmlInput {
  readonly result: RunResult;
  readonly series?: Series | undefined;
}

/** At most 2 MB: witnesses, buckets and bars are limited, whatever the run's size. */
export function renderHtml({ result, series }: HtmlInput): string {
  const { script, style } = assets();
  const policy = `default-src 'none'; img-src data:; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'`;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${result.verdict.validity.toUpperCase()} ${result.scenario.name} - flowrig</title>
        <link rel="icon" href="data:," />
        <style>${trusted(style)}</style>
      </head>
      <body>
        <main>
          ${verdictSection(result)} ${findingsSection(result)} ${series && chartSection(result, series)}
          ${series && timelineSection(series)} ${mappingSection(result)} ${detailsSection(result)}
          ${repeatSection(result)}
        </main>
        ${footer(result)} ${series && jsonElement('charts', chartData(result, series))}
        <script>${trusted(script)}</script>
      </body>
    </html> `;
  return page.text;
}

function footer({ flowrig, startedAt }: RunResult): Markup {
  return markup`<footer>
    flowrig ${flowrig.version}. Run of ${startedAt.slice(0, 19).replace('T', ' ')} UTC. Times within the run are the
    rig's: what was skipped of waiting is in them.
  </footer>`;
}

/** Chromium under the C locale calls its language `en-US@posix`, which uPlot's first line would die of. */
const knownLanguage =
  "try { new Intl.NumberFormat(navigator.language) } catch { Object.defineProperty(navigator, 'language', { value: 'en-US' }) }";

/** uPlot, and our own beside it. */
function assets(): { script: string; style: string } {
  const require = createRequire(import.meta.url);
  const read = (path: string | URL): string => readFileSync(path, 'utf8');
  const uplot = read(require.resolve('uplot/dist/uPlot.iife.min.js'));
  return {
    script: `${knownLanguage}\n${uplot}\n${read(new URL('page.js', import.meta.url))}`,
    style: `${read(require.resolve('uplot/dist/uPlot.min.css'))}\n${read(new URL('page.css', import.meta.url))}`,
  };
}

/** As a policy names what it allows (Content Security Policy Level 3, section 2.3.1). */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
