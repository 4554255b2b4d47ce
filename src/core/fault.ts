// When a fault strikes: the part that all faults share. What it does then is one file in the room that it strikes.

import { hashText, scale, type RandomSource } from './random.ts';

/** Keys of every fault beside its own parameters, as resolved. With neither `share` nor `nth` it strikes always. */
export interface FaultSelection {
  /** Of all requests, by identity and sighting. */
  readonly share?: number;
  /** The nth sighting of one identity, from 1. */
  readonly nth?: number;
  /** A condition that one of the request's records must fit; the room that is struck reads it. */
  readonly match?: string;
  /** Armed from this time of the run's clock, in ms after its start. */
  readonly fromMs?: number;
  /** Armed for this long. */
  readonly forMs?: number;
}

/**
 * Decides from (seed, identity, how often that identity was seen) and never from the order of arrival, so that one seed
 * gives the same faults at any concurrency. `from` and `for` alone look at the clock.
 */
export function strikes(
  selection: FaultSelection,
  random: RandomSource,
  sighting: { identity: string; count: number; sinceStartMs: number },
): boolean {
  const fromMs = selection.fromMs ?? 0;
  if (sighting.sinceStartMs < fromMs) return false;
  if (selection.forMs !== undefined && sighting.sinceStartMs >= fromMs + selection.forMs) return false;
  if (selection.nth !== undefined) return sighting.count === selection.nth;
  if (selection.share === undefined) return true;
  const draw = random.at(hashText(sighting.identity, 0), sighting.count);
  return scale(draw, 1_000_000_000) < Math.round(selection.share * 1_000_000_000);
}
