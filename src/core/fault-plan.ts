// Faults that are planned: which items of a known number they strike is decided before anything happens, by the seed alone.

import type { FaultSelection } from './fault.ts';
import type { RandomSource } from './random.ts';

/**
 * Whether the fault strikes the item at a place (from 0) of `count`. A share strikes exactly `max(1, round(share x count))` items
 * that the seed chooses; `nth` the one at that place, from 1. With neither every item is struck. `from` and `for` are the caller's.
 */
export function planItems(
  { share, nth }: Pick<FaultSelection, 'share' | 'nth'>,
  count: number,
  random: RandomSource,
): (place: number) => boolean {
  if (nth !== undefined) return (place) => place === nth - 1;
  if (share === undefined) return () => true;
  const struckCount = Math.min(count, Math.max(1, Math.round(share * count)));
  const places = Array.from({ length: count }, (_, place) => place);
  const struck = new Set(inDrawnOrder(places, random).slice(0, struckCount));
  return (place) => struck.has(place);
}

/** The items in an order that the seed draws. */
export function inDrawnOrder(items: readonly number[], random: RandomSource): number[] {
  return items.toSorted((a, b) => random.at(a) - random.at(b) || a - b);
}

/** Whether a fault is armed at this time of the run. */
export function isArmed({ fromMs = 0, forMs = Infinity }: FaultSelection, sinceStartMs: number): boolean {
  return sinceStartMs >= fromMs && sinceStartMs < fromMs + forMs;
}
