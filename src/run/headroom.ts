// How near a run came to what the sink itself can take here: where it came too near, its throughput may be the rig's and not the
// forwarder's.

import { join } from 'node:path';

import type { Clock } from '../core/clock.ts';
import type { Host } from '../core/host.ts';
import type { Headroom } from '../core/model/result.ts';
import type { Thread } from '../core/thread.ts';
import { formatInstant } from '../core/units.ts';
import type { Judgement } from '../oracle/index.ts';
import type { Plan } from '../scenario/plan.ts';
import { measureSinkCeiling } from './calibrate.ts';
import { openCeilingCache, type Ceiling } from './ceiling-cache.ts';
import { archivedRequest, type SampleRequest } from './sample-request.ts';
import type { SinkThreadCalls } from './sink-thread.ts';

/** A run that used more of the ceiling than this carries a warning. */
const warningShare = 0.5;

export interface HeadroomInput {
  /** Of the run, which is over. */
  readonly judgement: Pick<Judgement, 'throughput'>;
  readonly sink: Thread<SinkThreadCalls>;
  readonly clock: Clock;
  /** The run's folder. */
  readonly folder: string;
  readonly host: Pick<Host, 'env' | 'nodeVersion'>;
  readonly version: string;
  /** A user who has interrupted the run is not kept waiting. */
  readonly signal: AbortSignal;
  /** False where nobody asks how fast the run was. */
  readonly measuresHeadroom?: boolean;
}

/**
 * The ceiling for requests like those of the run: as this machine was last found to have it, else measured now. Before it leads to a
 * warning it is always measured now. Undefined where the run has no throughput, or the sink does not take one of its requests again.
 */
export async function measureHeadroom(plan: Plan, input: HeadroomInput): Promise<Headroom | undefined> {
  const { judgement, sink, clock, folder } = input;
  const recordsPerS = judgement.throughput?.recordsPerS;
  if (recordsPerS === undefined || input.signal.aborted || input.measuresHeadroom === false) return undefined;
  const request = await archivedRequest(join(folder, 'archive'), plan.sink.key);
  if (!request) return undefined;
  const cache = openCeilingCache(input.host, input.version, clock.machineNowMs());
  const kind = kindOf(plan, request);
  const known = cache.get(kind);
  if (known && recordsPerS <= known.recordsPerS * warningShare) return headroomOf(recordsPerS, known);
  const measured = await measureSinkCeiling(sink, request, clock);
  if (measured === undefined) return undefined;
  const ceiling = { recordsPerS: measured, measuredMs: clock.machineNowMs() };
  cache.set(kind, ceiling);
  return headroomOf(recordsPerS, ceiling);
}

function headroomOf(recordsPerS: number, ceiling: Ceiling): Headroom {
  const ceilingRecordsPerS = Math.round(ceiling.recordsPerS);
  return {
    ceilingRecordsPerS,
    share: recordsPerS / ceilingRecordsPerS,
    measuredAt: formatInstant(ceiling.measuredMs),
  };
}

/** The sentence for a run that came near the ceiling. */
export function headroomWarnings(headroom: Headroom | undefined): string[] {
  if (!headroom || headroom.share <= warningShare) return [];
  const percent = Math.round(headroom.share * 100);
  return [
    `This run used ${percent} % of what the sink takes on this machine: its throughput may be the rig's limit, not the forwarder's.`,
  ];
}

/** Requests of one kind cost the sink about the same: their receiver, encoding, and in powers of two how many records of what size. */
function kindOf(plan: Plan, { path, headers, body, recordCount }: SampleRequest): string {
  const magnitude = (value: number): number => 2 ** Math.round(Math.log2(value));
  const type = headers['content-type'] ?? 'no type';
  const encoding = headers['content-encoding'] ?? 'identity';
  const records = `${magnitude(recordCount)} records of ${magnitude(body.length / recordCount)} bytes`;
  return [plan.sink.edition, path, type, encoding, records].join(' ');
}
