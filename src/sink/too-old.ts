// Records that SigNoz would not show: its exporter skips what is older than 15 days, and its sender has seen a 200 by then
// (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter/exporter.go, LogsExporter.pushToClickhouse; config.go,
// defaultLogsTTL days).

import type { AgeWatch } from './decode/record-view.ts';

/** Age beyond which a record is not stored. */
export const storedForMs = 15 * 24 * 3600 * 1000;

/** Is shown records in their turn; one without a time of its own is taken to be of now. */
export interface AgeGauge extends AgeWatch {
  /** The first of each run of records that are too old, and one past its last. */
  readonly ranges: readonly (readonly [first: number, end: number])[];
}

/** `oldestMs` is the earliest time that is still stored, Unix ms. */
export function openAgeGauge(oldestMs: number): AgeGauge {
  const ranges: [number, number][] = [];
  return {
    oldestMs,
    ranges,
    visit(view, index) {
      // NaN is no number below any other.
      if (view.timestampMs < oldestMs) {
        const last = ranges.at(-1);
        if (last?.[1] === index) last[1] = index + 1;
        else ranges.push([index, index + 1]);
      }
      return false;
    },
  };
}
