// Which steps of an object's way a report shows where there are many: its first ones, its last ones, and those between at which
// things went wrong.

import type { StoryStep } from '../core/model/result.ts';

/** Steps after which nothing good was to come. */
const badSteps: readonly StoryStep['step'][] = ['throttled', 'fault', 'dead-lettered', 'discarded'];

/** Of the bad steps that lie between: the first ones tell what the others repeat. */
const badShown = 3;
/** Fewer are not worth folding. */
const leastFolded = 3;

export interface StoryPart {
  readonly isFolded: boolean;
  readonly steps: readonly StoryStep[];
}

/** The story in parts, in its order. */
export function storyParts(story: readonly StoryStep[], { first, last }: { first: number; last: number }): StoryPart[] {
  const bad = new Set(story.slice(first, -last).filter(isBad).slice(0, badShown));
  const parts: { isFolded: boolean; steps: StoryStep[] }[] = [];
  for (const [i, step] of story.entries()) {
    const isFolded = i >= first && i < story.length - last && !bad.has(step);
    const part = parts.at(-1);
    if (part?.isFolded === isFolded) part.steps.push(step);
    else parts.push({ isFolded, steps: [step] });
  }
  return parts.map(({ isFolded, steps }) => ({ isFolded: isFolded && steps.length >= leastFolded, steps }));
}

export function isBad({ step, text, fault }: StoryStep): boolean {
  return fault !== undefined || badSteps.includes(step) || (step === 'ended' && !/^attempt \d+ succeeded$/.test(text));
}
