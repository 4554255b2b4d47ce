// What is wrong with a plan, told while it goes on: several mistakes are thrown at once.

import type { Path } from './document.ts';

/** Takes a mistake at its path in the scenario. */
export type Complain = (path: Path, message: string) => void;

/** Ends a complaint of an unknown word. */
export function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}
