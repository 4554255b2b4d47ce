// Which faults strike a GET: decided from its key and which GET of it this is, never from when it came.

import type { Clock } from '../../core/clock.ts';
import { invariant } from '../../core/errors.ts';
import { strikes } from '../../core/fault.ts';
import type { RandomSource } from '../../core/random.ts';
import { storeFaults } from './index.ts';
import type {
  BodyBreak,
  ObjectRequest,
  StoreFault,
  StoreFaultConfig,
  StoreFaultEffect,
  StoreFaultKind,
} from './kind.ts';

/** A fault struck an object. */
export interface StoreFaultStrike {
  readonly kind: string;
  readonly bucket: string;
  readonly key: string;
  readonly atMs: number;
  /** Nobody gets this version of the object any more. */
  readonly withholds: boolean;
}

export interface StoreFaultNeeds {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** `from` and `for` count from here. */
  readonly startedMs: number;
  readonly onStrike: (strike: StoreFaultStrike) => void;
}

/** What happens to one request. Whoever breaks its body calls `struck` then: not every body gets that far. */
export interface StoreFaultDecision extends Omit<StoreFaultEffect, 'break'> {
  readonly break?: BodyBreak & { readonly struck: () => void };
}

interface Desk {
  readonly config: StoreFaultConfig;
  readonly kind: StoreFaultKind;
  readonly fault: StoreFault;
  readonly random: RandomSource;
}

interface Struck {
  readonly desk: Desk;
  readonly effect: StoreFaultEffect;
}

export class StoreFaultDesk {
  readonly #desks: readonly Desk[];
  readonly #needs: StoreFaultNeeds;
  /** How many GETs of each object there were. */
  readonly #sightings = new Map<string, number>();

  /** Every fault draws from a stream of its own. */
  constructor(configs: readonly StoreFaultConfig[], needs: StoreFaultNeeds) {
    this.#needs = needs;
    this.#desks = configs.map((config, index) => {
      const kind = storeFaults.find((entry) => entry.kind === config.kind);
      invariant(kind, `There is no fault ${config.kind}.`);
      return { config, kind, fault: kind.open(config), random: needs.random.split(`${config.kind} ${index}`) };
    });
  }

  /** Decides about a request for an object that is there, and tells of what struck. */
  decide(request: ObjectRequest): StoreFaultDecision {
    if (this.#desks.length === 0) return {};
    const sighting = this.#sight(request);
    const struck = this.#desks.flatMap((desk): Struck[] => {
      const effect = selects(desk, sighting) ? desk.fault(request) : undefined;
      return effect ? [{ desk, effect }] : [];
    });
    // Behind a refusal nothing else happens to the request, nor is it counted as fired.
    const refusing = struck.find(({ effect }) => effect.refusal);
    return this.#join(refusing ? [refusing] : struck, request);
  }

  /** A HEAD is decided as the next GET would be, and is no sighting of its own. */
  #sight({ method, bucket, key }: ObjectRequest): Sighting {
    const identity = `${bucket}/${key}`;
    const count = (this.#sightings.get(identity) ?? 0) + 1;
    if (method === 'GET') this.#sightings.set(identity, count);
    return { identity, count, sinceStartMs: this.#needs.clock.nowMs() - this.#needs.startedMs };
  }

  /** Where two faults would do the same, only the first of them does. */
  #join(struck: readonly Struck[], { bucket, key }: ObjectRequest): StoreFaultDecision {
    const { clock, onStrike } = this.#needs;
    const tell = ({ config, kind }: Desk): void =>
      onStrike({ kind: config.kind, bucket, key, atMs: clock.nowMs(), withholds: withholds(kind, config) });
    const breaking = struck.find(({ effect }) => effect.break);
    for (const { desk, effect } of struck) if (!effect.break) tell(desk);
    const joined: StoreFaultEffect = Object.assign({}, ...struck.toReversed().map(({ effect }) => effect));
    const { break: _, ...rest } = joined;
    const how = breaking?.effect.break;
    return how ? { ...rest, break: { ...how, struck: () => tell(breaking.desk) } } : rest;
  }
}

interface Sighting {
  readonly identity: string;
  /** Which GET of the object this is, from 1. */
  readonly count: number;
  readonly sinceStartMs: number;
}

function selects({ config, kind, random }: Desk, sighting: Sighting): boolean {
  const { nth = kind.isOnce === true ? 1 : undefined, ...selection } = config;
  if (nth !== undefined && sighting.count !== nth) return false;
  // One draw an object where it is an object that is struck, and not each GET of it by itself.
  const count = kind.isLasting === true || nth !== undefined ? 1 : sighting.count;
  return strikes(selection, random, { ...sighting, count });
}

function withholds(kind: StoreFaultKind, { nth, forMs }: StoreFaultConfig): boolean {
  if (kind.withholds !== true) return false;
  return kind.isOnce === true ? (nth ?? 1) === 1 : nth === undefined && forMs === undefined;
}
