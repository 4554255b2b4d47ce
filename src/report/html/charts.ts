// The run over time, as charts that the page's script draws with uPlot: rates, requests, backlog and latency on one axis.

import type { RunResult } from '../../core/model/result.ts';
import { formatCount, formatMs } from '../../core/units.ts';
import type { Series } from '../../measure/series.ts';
import { positionOf } from '../../measure/time-axis.ts';
import { markup, type Markup } from './markup.ts';

interface Line {
  readonly label: string;
  /** Name of a colour of the page's style sheet. */
  readonly color: 'blue' | 'orange' | 'red' | 'violet' | 'grey';
  readonly values: readonly number[];
  readonly isFilled?: true;
}

interface Chart {
  readonly id: string;
  readonly title: string;
  /** One sentence for those who cannot see it. */
  readonly sentence: string;
  readonly unit: 'records/s' | 'requests/s' | 'ms' | '';
  /** Positions on the axis in ms. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
}

export function chartSection(result: RunResult, series: Series): Markup {
  const charts = chartsOf(result, series);
  const folds = series.axis.folds.length;
  return markup`<section id="over-time">
    <h2>Over time</h2>
    <div class="charts">
      ${charts.map(
        ({ id, title, sentence }) =>
          markup`<figure>
            <figcaption><b>${title}</b> <span>${sentence}</span></figcaption>
            <div class="chart" id="chart-${id}" role="img" aria-label="${title}: ${sentence}"></div>
          </figure>`,
      )}
    </div>
    ${folds > 0 && markup`<p class="hint">${folds === 1 ? 'A wait' : `${folds} waits`} in which nothing went on ${folds === 1 ? 'is' : 'are'} folded to a grey stub.</p>`}
    <noscript><p class="hint">The charts need the script in this file; everything else does not.</p></noscript>
  </section>`;
}

/** What the page's script reads. */
export function chartData(result: RunResult, series: Series): object {
  const { axis } = series;
  return {
    lengthMs: rounded(axis.lengthMs),
    stubMs: rounded(axis.stubMs),
    folds: axis.folds.map(({ fromMs, toMs }) => [rounded(positionOf(axis, fromMs)), rounded(toMs - fromMs)]),
    charts: chartsOf(result, series).map(({ id, unit, at, lines }) => ({ id, unit, at, lines })),
  };
}

function chartsOf(result: RunResult, series: Series): Chart[] {
  const at = Array.from({ length: series.bucketCount }, (_, i) => rounded((i + 0.5) * series.bucketMs));
  return [rateChart(series, at), requestChart(series, at), backlogChart(series, at), ...latencyChart(result, series)];
}

function rateChart({ writtenPerS, arrivedPerS }: Series, at: readonly number[]): Chart {
  return {
    id: 'rate',
    title: 'Rate',
    sentence: `at most ${formatCount(largest(arrivedPerS))} records a second arrived`,
    unit: 'records/s',
    at,
    lines: [
      ...(writtenPerS ? [{ label: 'written to S3', color: 'grey', values: numbers(writtenPerS) } as const] : []),
      { label: 'arrived', color: 'blue', values: numbers(arrivedPerS), isFilled: true },
    ],
  };
}

function requestChart({ acceptedPerS, refusedPerS, replyLostPerS }: Series, at: readonly number[]): Chart {
  const lines: Line[] = [{ label: 'accepted', color: 'blue', values: numbers(acceptedPerS), isFilled: true }];
  if (largest(refusedPerS) > 0) lines.push({ label: 'refused', color: 'red', values: numbers(refusedPerS) });
  if (largest(replyLostPerS) > 0) lines.push({ label: 'reply lost', color: 'orange', values: numbers(replyLostPerS) });
  const sentence =
    lines.length === 1
      ? 'all were accepted'
      : `${lines
          .slice(1)
          .map(({ label }) => label)
          .join(' and ')} ones among them`;
  return { id: 'requests', title: 'Requests to SigNoz', sentence, unit: 'requests/s', at, lines };
}

function backlogChart({ waitingObjects, running }: Series, at: readonly number[]): Chart {
  const left = waitingObjects.at(-1) ?? 0;
  const end = left > 0 ? `, ${formatCount(left)} at the end` : ', none at the end';
  return {
    id: 'backlog',
    title: 'Backlog',
    sentence: `at most ${formatCount(largest(waitingObjects))} objects waited${end}`,
    unit: '',
    at,
    lines: [
      { label: 'objects not done with', color: 'violet', values: numbers(waitingObjects), isFilled: true },
      ...(largest(running) > 0
        ? [{ label: 'invocations running', color: 'orange', values: numbers(running) } as const]
        : []),
    ],
  };
}

function latencyChart({ latencyMs }: RunResult, { axis }: Series): Chart[] {
  const over = latencyMs?.overTime;
  if (!over) return [];
  return [
    {
      id: 'latency',
      title: 'Delivery latency',
      sentence: `p50 ${formatMs(latencyMs.delivery.p50)}, p99 ${formatMs(latencyMs.delivery.p99)}`,
      unit: 'ms',
      at: over.atMs.map((ms) => rounded(positionOf(axis, ms))),
      lines: [
        { label: 'max', color: 'grey', values: over.max },
        { label: 'p99', color: 'orange', values: over.p99 },
        { label: 'p50', color: 'blue', values: over.p50 },
      ],
    },
  ];
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function numbers(values: Float64Array): number[] {
  return Array.from(values, rounded);
}

/** Three digits behind the point: what a chart can show, in fewer bytes. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
