// The axis of a run's charts: its time, with waits in which nothing went on folded to a stub. A retry after two minutes, whose
// wait was skipped, would otherwise leave a chart that is empty but for two lines at its edges.

import type { Activity, Span } from './activity.ts';

/** A wait is folded where it is at least so long, and takes at least this part of the time in which something went on. */
const foldedFromMs = 500;
const foldedShare = 0.1;
/** What is left of a folded wait, as a part of that time. */
const stubShare = 0.02;
/** Most folds: of more, the longest. */
const foldLimit = 50;

export interface TimeAxis {
  /** Unix ms of position 0. */
  readonly startMs: number;
  /** Waits that were folded, in order. */
  readonly folds: readonly Span[];
  /** How long a folded wait is on the axis. */
  readonly stubMs: number;
  /** Length of the axis in ms: the run's, less what was folded. */
  readonly lengthMs: number;
}

/** Undefined where nothing went on. */
export function timeAxisOf(activity: Activity): TimeAxis | undefined {
  const span = activity.span();
  if (!span) return undefined;
  const gaps = activity.gaps();
  const spanMs = Math.max(1, span.toMs - span.fromMs);
  const activeMs = Math.max(1, spanMs - sumOf(gaps.filter((gap) => lengthOf(gap) >= foldedFromMs)));
  const folds = gaps
    .filter((gap) => lengthOf(gap) >= Math.max(foldedFromMs, activeMs * foldedShare))
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, foldLimit)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const stubMs = activeMs * stubShare;
  return { startMs: span.fromMs, folds, stubMs, lengthMs: spanMs - sumOf(folds) + folds.length * stubMs };
}

/** Where a time lies on the axis, in ms from its beginning; what lies beyond its ends is put there. */
export function positionOf(axis: TimeAxis, ms: number): number {
  let position = ms - axis.startMs;
  for (const { fromMs, toMs } of axis.folds) {
    if (ms <= fromMs) break;
    const passed = Math.min(ms, toMs) - fromMs;
    position += (passed / (toMs - fromMs)) * axis.stubMs - passed;
  }
  return Math.min(Math.max(0, position), axis.lengthMs);
}

/** The run's time at a position, in ms since the axis begins. */
export function elapsedAt({ startMs, folds, stubMs }: TimeAxis, position: number): number {
  let elapsedMs = position;
  for (const { fromMs, toMs } of folds) {
    const into = Math.min(stubMs, elapsedMs - (fromMs - startMs));
    if (into <= 0) break;
    elapsedMs += (into / stubMs) * (toMs - fromMs) - into;
  }
  return elapsedMs;
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs;
}

function sumOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + lengthOf(span), 0);
}
