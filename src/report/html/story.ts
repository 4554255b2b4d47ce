// The way of a witness' object, step by step, and what preceded all differences of a run.

import type { RunResult, StoryStep } from '../../core/model/result.ts';
import { formatCount, formatMs } from '../../core/units.ts';
import { cut, markup, type Markup } from './markup.ts';

/** Steps after which nothing good was to come. */
const badSteps: readonly StoryStep['step'][] = ['throttled', 'fault', 'dead-lettered', 'discarded'];

/** Steps of a long story that are shown at its beginning and at its end; what lies between is folded. */
const shownFirst = 5;
const shownLast = 7;

export function storyList(story: readonly StoryStep[]): Markup {
  const startMs = story[0]!.atMs;
  const list = (steps: readonly StoryStep[]): Markup =>
    markup`<ol class="story">${steps.map((step) => stepItem(step, startMs))}</ol>`;
  const between = story.slice(shownFirst, -shownLast);
  if (between.length < 3) return list(story);
  return markup`${list(story.slice(0, shownFirst))}
    <details class="between"><summary>${between.length} steps between</summary>${list(between)}</details>
    ${list(story.slice(-shownLast))}`;
}

function stepItem(step: StoryStep, startMs: number): Markup {
  return markup`<li class="${isBad(step) && 'bad'}"><time>+${formatMs(step.atMs - startMs)}</time><span>${cut(step.text, 400)}</span></li>`;
}

function isBad({ step, text, fault }: StoryStep): boolean {
  return fault !== undefined || badSteps.includes(step) || (step === 'ended' && !/^attempt \d+ succeeded$/.test(text));
}

const nouns = { missing: 'missing', deadLettered: 'dead-lettered', doubled: 'surplus copies' } as const;

export function causesTable({ causes = [] }: RunResult): Markup {
  if (causes.length === 0) return markup``;
  return markup`<h3>What came before</h3>
    <div class="scroll"><table>
      <thead><tr><th class="number">Records</th><th>which are</th><th></th></tr></thead>
      <tbody>${causes.map(
        ({ of, count, text }) =>
          markup`<tr><td class="number">${formatCount(count)}</td><td>${nouns[of]}</td><td>${cut(text)}</td></tr>`,
      )}</tbody>
    </table></div>`;
}
