// Which faults strike a request: decided from what the request holds and how often that was seen, never from when it came.

import { strikes } from '../../core/fault.ts';
import type { RandomSource } from '../../core/random.ts';
import { sinkFaults } from './index.ts';
import type { EarlyEffect, FaultEffect, FaultNeeds, FaultRequest, SinkFault, SinkFaultConfig } from './kind.ts';

/** What happens to one request. */
export interface FaultDecision extends FaultEffect {
  /** Kinds that struck, in the order in which they are configured. */
  readonly kinds: readonly string[];
  /** The kind that decided what the client saw of it. */
  readonly told?: string;
}

/** One request as named by its first record, and how often that was seen. */
export interface Sighting {
  readonly identity: string;
  readonly count: number;
}

/** A fault at work. */
export interface ConfiguredFault {
  readonly config: SinkFaultConfig;
  /** How often it struck since it was configured. */
  readonly fired: number;
}

/**
 * Requests that are remembered, so that a sink may run for days: whoever was not seen for this long counts as new. An identity
 * takes some 150 bytes.
 */
const sightingLimit = 500_000;

const spared: FaultDecision = { kinds: [] };

/** A fault as configured, and what it needs to decide. */
interface Desk {
  readonly config: SinkFaultConfig;
  readonly fault: SinkFault;
  readonly stream: RandomSource;
  readonly matches: ((request: FaultRequest) => boolean) | undefined;
  /** What it does to a request that is still being read; a condition on its records waits for all of them. */
  readonly early: EarlyEffect | undefined;
  fired: number;
}

export class FaultDesk {
  private desks: readonly Desk[] = [];
  private readonly needs: FaultNeeds;
  private startedMs: number;
  private readonly sightings = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  /** `from` and `for` count from `startedMs` of the clock. Every fault draws from a stream of its own. */
  constructor(configs: readonly SinkFaultConfig[], needs: FaultNeeds, startedMs: number) {
    this.needs = needs;
    this.startedMs = startedMs;
    this.configure(configs);
  }

  configured(): ConfiguredFault[] {
    return this.desks.map(({ config, fired }) => ({ config, fired }));
  }

  /** Replaces the faults from the next request on: requests are seen for the first time again, and time counts from now. */
  replace(configs: readonly SinkFaultConfig[]): void {
    this.startedMs = this.needs.clock.nowMs();
    this.sightings.clear();
    this.configure(configs);
  }

  private configure(configs: readonly SinkFaultConfig[]): void {
    this.desks = configs.map((config, index) => {
      const { kind, match } = config;
      const stream = this.needs.random.split(`${kind} ${index}`);
      const fault = sinkFaults.find((entry) => entry.kind === kind)!.open(config, { ...this.needs, random: stream });
      const matches = match === undefined ? undefined : this.holds(match);
      return { config, fault, stream, matches, early: matches ? undefined : fault.early, fired: 0 };
    });
    for (const { kind } of configs) this.counts.set(kind, this.counts.get(kind) ?? 0);
  }

  /** How often each kind that was ever configured struck. */
  fired(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }

  get isIdle(): boolean {
    return this.desks.length === 0;
  }

  /** Whether a request must be named while it is still being read. */
  get looksEarly(): boolean {
    return this.desks.some(({ early }) => early !== undefined);
  }

  /** Counts a request as seen: once for each, early or when it is whole. */
  sight(identity: string): Sighting {
    const count = (this.sightings.get(identity) ?? 0) + 1;
    // Moved to the end, so that the first is always the one that was not seen for the longest time.
    this.sightings.delete(identity);
    this.sightings.set(identity, count);
    if (this.sightings.size > sightingLimit) this.sightings.delete(this.sightings.keys().next().value!);
    return { identity, count };
  }

  /** What happens to a request that is still being read. */
  early(sighting: Sighting, atMs: number): EarlyEffect & { readonly kinds: readonly string[] } {
    const struck = this.desks.filter((desk) => desk.early && this.selects(desk, sighting, atMs));
    for (const desk of struck) this.count(desk);
    const effects = struck.map(({ early }) => early!);
    return {
      kinds: struck.map(({ config }) => config.kind),
      ...firstOf(effects, 'readBytesPerS'),
      ...firstOf(effects, 'resetAtShare'),
    };
  }

  /** `wasEarly`: the faults that work on the reading have had their say. */
  decide(sighting: Sighting, request: FaultRequest, wasEarly: boolean): FaultDecision {
    const struck: { desk: Desk; effect: FaultEffect }[] = [];
    let decided: (typeof struck)[number] | undefined;
    for (const desk of this.desks) {
      if (wasEarly && desk.early) continue;
      if (!this.selects(desk, sighting, request.atMs) || desk.matches?.(request) === false) continue;
      const effect = desk.fault.strike(request);
      const decides = effect?.answer ?? effect?.resets ?? effect?.partial;
      // A fault that comes too late to decide did nothing, and is not counted as fired.
      if (!effect || (decides && decided)) continue;
      struck.push({ desk, effect });
      if (decides) decided = struck.at(-1);
    }
    if (struck.length === 0) return spared;
    for (const { desk } of struck) this.count(desk);
    const effects = struck.map(({ effect }) => effect);
    const told = decided ?? struck[0]!;
    const holdMs = effects.reduce((sum, effect) => sum + (effect.holdMs ?? 0), 0);
    return {
      kinds: struck.map(({ desk }) => desk.config.kind),
      told: told.desk.config.kind,
      ...(holdMs > 0 ? { holdMs } : {}),
      ...firstOf(effects, 'answer'),
      ...firstOf(effects, 'keeps'),
      ...firstOf(effects, 'resets'),
      ...firstOf(effects, 'partial'),
      ...firstOf(effects, 'writeBytesPerS'),
      ...firstOf(effects, 'stallMs'),
      ...firstOf(effects, 'closeIdleMs'),
    };
  }

  private selects({ config, fault, stream }: Desk, sighting: Sighting, atMs: number): boolean {
    return strikes(fault.selection ?? config, stream, { ...sighting, sinceStartMs: atMs - this.startedMs });
  }

  private holds(condition: string): (request: FaultRequest) => boolean {
    const fits = this.needs.match(condition);
    return ({ decoded }) => {
      let found = false;
      decoded.visit((view) => (found = fits(view)));
      return found;
    };
  }

  private count(desk: Desk): void {
    const { kind } = desk.config;
    desk.fired++;
    this.counts.set(kind, this.counts.get(kind)! + 1);
  }
}

function firstOf<Effect extends object, Key extends keyof Effect>(
  effects: readonly Effect[],
  key: Key,
): Partial<Pick<Effect, Key>> {
  const effect = effects.find((candidate) => candidate[key] !== undefined);
  return effect === undefined ? {} : ({ [key]: effect[key] } as unknown as Pick<Effect, Key>);
}
