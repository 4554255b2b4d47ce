// A second sink and ledger on the sink's own thread, which is warm: what calibration sends requests to when a run is over. Nothing of
// it reaches the run's archive, its ledger or its counts.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../core/clock.ts';
import { randomSource } from '../core/random.ts';
import { openInScope } from '../core/scope.ts';
import { openLedger } from '../oracle/index.ts';
import type { Plan } from '../scenario/plan.ts';
import { openSink } from '../sink/index.ts';

export interface ProbeOptions {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly fields: readonly (readonly string[])[];
  /** The run's folder; what the probe writes below it goes when it is closed. */
  readonly folder: string;
}

export interface Booked {
  readonly records: number;
  /** When that was so, on the machine's clock. */
  readonly atMs: number;
}

export interface CeilingProbe extends AsyncDisposable {
  readonly url: string;
  readonly otlpUrl: string;
  booked(): Booked;
}

export function openCeilingProbe({ plan, clock, fields, folder }: ProbeOptions): Promise<CeilingProbe> {
  return openInScope(async (scope) => {
    const own = join(folder, 'ceiling');
    scope.defer(() => rm(own, { recursive: true, force: true }));
    const ledger = scope.use(openLedger({ fields, seed: plan.seed, folder: join(own, 'ledger') }));
    const { url, otlpUrl } = scope.use(
      await openSink({
        clock,
        random: randomSource(plan.seed),
        startedMs: clock.nowMs(),
        edition: plan.sink.edition,
        key: plan.sink.key,
        trailingSlash: plan.sink.trailingSlash,
        folder: join(own, 'archive'),
        faults: [],
        onRecords: (sequence, show) => ledger.arriveAll(sequence, show),
      }),
    );
    return {
      url,
      otlpUrl,
      booked: () => ({ records: ledger.arrivals, atMs: clock.machineNowMs() }),
      [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
    };
  });
}
