// A log-linear histogram in a typed array: 128 steps in each power of two, so a value is off by less than 1 %. Ours rather than
// `createHistogram` because it must merge and be stored.

import type { Quantiles } from './model/result.ts';

const stepsPerOctave = 128;
const octaves = 44;

/** Counts of durations, kept in microseconds: from 1 us to some months. */
export interface Histogram {
  readonly count: number;
  /** Counts per step; equal histograms have equal arrays. */
  readonly steps: Float64Array;
  /** Negative durations count as 0. */
  record(durationMs: number): void;
  /** Adds what another one counted: the sum is the histogram of both together. */
  merge(other: Histogram): void;
  /** The smallest step that at least this share (0 to 1) of all values reach, in ms; NaN where nothing was counted. */
  quantileMs(share: number): number;
  /** Largest value recorded, exact. */
  readonly maxMs: number;
}

export function newHistogram(): Histogram {
  const steps = new Float64Array(stepsPerOctave * octaves);
  let count = 0;
  let maxMs = NaN;
  return {
    steps,
    get count() {
      return count;
    },
    get maxMs() {
      return maxMs;
    },
    record(durationMs) {
      const value = Math.max(0, durationMs);
      steps[stepOf(value * 1000)]! += 1;
      count += 1;
      if (!(value <= maxMs)) maxMs = value;
    },
    merge(other) {
      for (let i = 0; i < steps.length; i++) steps[i]! += other.steps[i]!;
      count += other.count;
      if (!(other.maxMs <= maxMs)) maxMs = other.count === 0 ? maxMs : other.maxMs;
    },
    quantileMs(share) {
      if (count === 0) return NaN;
      const rank = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      for (let i = 0; i < steps.length; i++) {
        seen += steps[i]!;
        if (seen >= rank) return Math.min(maxMs, upperEdgeUs(i) / 1000);
      }
      return maxMs;
    },
  };
}

/** The quantiles that a result tells; undefined where nothing was counted. */
export function quantilesOf(histogram: Histogram): Quantiles | undefined {
  if (histogram.count === 0) return undefined;
  const at = (share: number): number => histogram.quantileMs(share);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: histogram.maxMs };
}

/** Values below 128 us have a step each; above, each octave is cut into 128 equal steps. */
function stepOf(valueUs: number): number {
  const value = Math.floor(valueUs);
  if (value < stepsPerOctave) return value;
  const octave = Math.floor(Math.log2(value)) - 7;
  const scaled = Math.floor(value / 2 ** octave);
  // Rounding of the logarithm may miss by one octave at its very edge.
  if (scaled >= 2 * stepsPerOctave) return clampStep((octave + 2) * stepsPerOctave);
  if (scaled < stepsPerOctave) return clampStep((octave + 1) * stepsPerOctave - 1);
  return clampStep((octave + 1) * stepsPerOctave + scaled - stepsPerOctave);
}

function clampStep(step: number): number {
  return Math.min(step, stepsPerOctave * octaves - 1);
}

function upperEdgeUs(step: number): number {
  if (step < stepsPerOctave) return step + 1;
  const octave = Math.floor(step / stepsPerOctave) - 1;
  return (stepsPerOctave + (step % stepsPerOctave) + 1) * 2 ** octave;
}
