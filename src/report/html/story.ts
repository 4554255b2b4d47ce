// The way of a witness' object, step by step, and what preceded all differences of a run.

import type { RunResult, StoryStep } from '../../core/model/result.ts';
import { formatCount, formatMs } from '../../core/units.ts';
import { isBad, storyParts } from '../story.ts';
import { cut, markup, type Markup } from './markup.ts';

/** Steps of a long story that are shown at its beginning and at its end; what lies between is folded. */
const shownFirst = 5;
const shownLast = 7;

export function storyList(story: readonly StoryStep[]): Markup {
  const startMs = story[0]!.atMs;
  const list = (steps: readonly StoryStep[]): Markup =>
    markup`<ol class="story">${steps.map((step) => stepItem(step, startMs))}</ol>`;
  const parts = storyParts(story, { first: shownFirst, last: shownLast });
  return markup`${parts.map(({ isFolded, steps }) => (isFolded ? folded(steps.length, list(steps)) : list(steps)))}`;
}

function folded(count: number, list: Markup): Markup {
  return markup`<details class="between"><summary>${count} steps between</summary>${list}</details>`;
}

function stepItem(step: StoryStep, startMs: number): Markup {
  return markup`<li class="${isBad(step) && 'bad'}"><time>+${formatMs(step.atMs - startMs)}</time><span>${cut(step.text, 400)}</span></li>`;
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
