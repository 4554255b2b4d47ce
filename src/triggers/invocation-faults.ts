// Which attempts the faults of the room `lambda` strike. Planned by event: a share chooses events, and `nth` says which attempt of
// them; a share alone means the first one.

import type { FaultSelection } from '../core/fault.ts';
import { isArmed, planItems } from '../core/fault-plan.ts';
import type { InvocationFault } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';

/** A fault as configured, and what it does to an attempt. */
export interface PlannedInvocationFault {
  readonly kind: string;
  readonly selection: FaultSelection;
  readonly effect: InvocationFault;
}

export interface InvocationFaults {
  /**
   * What happens to an attempt at these events, which sees each for the nth time, from 1. Undefined where nothing does. To be asked
   * once an attempt.
   */
  strike(sightings: readonly Sighting[], sinceStartMs: number): StruckAttempt | undefined;
}

/** `place` is the event's, from 0. */
export interface Sighting {
  readonly place: number;
  readonly nth: number;
}

export interface StruckAttempt {
  readonly kinds: readonly string[];
  readonly fault: InvocationFault;
}

export function planInvocationFaults(
  planned: readonly PlannedInvocationFault[],
  eventCount: number,
  random: RandomSource,
): InvocationFaults {
  const faults = planned.map(({ kind, selection, effect }, index) => {
    const { share, nth = share === undefined ? undefined : 1 } = selection;
    const isChosen = planItems(share === undefined ? {} : { share }, eventCount, random.split(`${kind} ${index}`));
    const strikes = (sighting: Sighting): boolean =>
      isChosen(sighting.place) && (nth === undefined || sighting.nth === nth);
    return { kind, selection, effect, strikes };
  });
  return {
    strike(sightings, sinceStartMs) {
      if (faults.length === 0) return undefined;
      const struck = faults.filter(
        ({ selection, strikes }) => isArmed(selection, sinceStartMs) && sightings.some(strikes),
      );
      if (struck.length === 0) return undefined;
      const fault = struck.reduce((sum, { effect }) => ({ ...effect, ...sum }), {} as InvocationFault);
      return { kinds: struck.map(({ kind }) => kind), fault };
    },
  };
}
