// How fast objects appear, as a scenario says it: at once, at AWS's pace or a multiple of it, at a rate, or along a ramp of rates; and
// which share of them comes late.

import { parseDurationMs, parseRatePerS, parseShare, type Quantity } from '../core/units.ts';

/** One step of a ramp; the last one goes on until all is written. */
export interface RampStep {
  readonly ratePerS: number;
  readonly forMs: number;
}

export type Pace =
  | { readonly kind: 'flat-out' }
  /** AWS's own pace, so many times faster. */
  | { readonly kind: 'real'; readonly factor: number }
  /** Records a second. */
  | { readonly kind: 'ramp'; readonly steps: readonly RampStep[] };

/** Objects that appear later than AWS's schedule has them. */
export interface Lateness {
  /** More than 0, at most 1. */
  readonly share: number;
  readonly byMs: number;
}

/** AWS takes about 10 minutes to publish to S3 (Amazon VPC User Guide, "Flow log records"): this is twice that, on top. */
export const usualLateBy = '20m';

/** Reads `objects.late` and `objects.lateBy`; undefined where nothing is late. */
export function planLateness({
  late = 0,
  lateBy = usualLateBy,
}: {
  readonly late?: Quantity;
  readonly lateBy?: Quantity;
}): Lateness | undefined {
  const share = parseShare(late)!;
  return share > 0 ? { share, byMs: parseDurationMs(lateBy)! } : undefined;
}

const allowed =
  'Write flat-out, realtime, a factor such as 10x, { rate: 5k/s }, or { ramp: [{ rate: 1k/s, for: 30s }, { rate: 5k/s }] }.';

/** Reads `objects.pace`; undefined comes with the sentence that says what is wrong. */
export function planPace(value: unknown): { readonly pace: Pace } | { readonly problem: string } {
  const pace = readPace(value);
  return pace ? { pace } : { problem: `objects.pace: ${JSON.stringify(value)} is no pace. ${allowed}` };
}

function readPace(value: unknown): Pace | undefined {
  if (value === 'flat-out') return { kind: 'flat-out' };
  if (value === 'realtime') return { kind: 'real', factor: 1 };
  if (typeof value === 'string') {
    const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(value)?.[1] ?? NaN);
    return factor > 0 ? { kind: 'real', factor } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { rate, ramp, ...others } = value as { rate?: Quantity; ramp?: unknown };
  if (Object.keys(others).length > 0 || (rate === undefined) === (ramp === undefined)) return undefined;
  const written = rate === undefined ? ramp : [{ rate }];
  if (!Array.isArray(written) || written.length === 0) return undefined;
  const steps = written.map((step, i) => readStep(step, i === written.length - 1));
  return steps.every((step) => step !== undefined) ? { kind: 'ramp', steps } : undefined;
}

/** The last step needs no end. */
function readStep(step: unknown, isLast: boolean): RampStep | undefined {
  if (typeof step !== 'object' || step === null) return undefined;
  const { rate, for: during, ...others } = step as { rate?: Quantity; for?: Quantity };
  const ratePerS = rate === undefined ? undefined : parseRatePerS(rate);
  const forMs = during === undefined ? (isLast ? Infinity : undefined) : parseDurationMs(during);
  const isWhole = ratePerS !== undefined && ratePerS > 0 && forMs !== undefined && forMs > 0;
  return isWhole && Object.keys(others).length === 0 ? { ratePerS, forMs: isLast ? Infinity : forMs } : undefined;
}
