// Invocations as bars in lanes, and above them what explains their failures: faults, throttles, dead letters. Drawn as SVG here, so
// that it is there without any script.

import { formatCount, formatMs } from '../../core/units.ts';
import type { InvocationBar } from '../../measure/invocation-bars.ts';
import type { Mark, Series } from '../../measure/series.ts';
import { elapsedAt, positionOf } from '../../measure/time-axis.ts';
import { markup, type Markup } from './markup.ts';

const rowHeight = 18;
/** All lanes together are about so high. */
const lanesHeight = 220;
/** A bar is never narrower, in percent of the axis, so that it can be seen and pointed at. */
const narrowest = 0.25;

export function timelineSection(series: Series): Markup {
  const { invocations, marks } = series;
  if (invocations.count === 0 && marks.length === 0) return markup``;
  const shown = invocations.bars.length;
  return markup`<section id="invocations">
    <h2>Invocations</h2>
    <div class="legend" aria-hidden="true">
      <span class="succeeded">succeeded</span><span class="failed">failed</span><span class="timed-out">timed out</span
      ><span class="out-of-memory">out of memory</span><span class="cold">cold start</span>
    </div>
    <div class="timeline">
      ${marks.map((mark) => markup`<div class="row"><span class="name">${mark.kind}</span>${marksRow(mark, series)}</div>`)}
      ${shown > 0 && markup`<div class="row lanes"><span class="name">${formatCount(invocations.count)} invocations</span>${lanes(series)}</div>`}
      <div class="row axis"><span class="name"></span>${axisRow(series)}</div>
    </div>
    ${shown < invocations.count && markup`<p class="hint">${formatCount(shown)} of ${formatCount(invocations.count)} are drawn: failed ones first, the others evenly over time.</p>`}
    <output class="hint" id="pointed">Point at a bar to read it.</output>
  </section>`;
}

function marksRow({ kind, counts }: Mark, { bucketMs, axis }: Series): Markup {
  const width = percent((bucketMs / axis.lengthMs) * 100);
  const rects = Array.from(counts).flatMap((count, bucket) =>
    count === 0
      ? []
      : [
          markup`<rect
            class="struck"
            x="${percent(((bucket * bucketMs) / axis.lengthMs) * 100)}%"
            y="4"
            width="${width}%"
            height="${rowHeight - 8}"
            ><title>${kind}: ${count} times from ${offset(bucket * bucketMs, axis)} on</title></rect
          >`,
        ],
  );
  return markup`<svg width="100%" height="${rowHeight}">${foldBands(axis, rowHeight)}${rects}</svg>`;
}

function lanes({ invocations, axis }: Series): Markup {
  const laneHeight = Math.min(rowHeight, Math.max(3, Math.floor(lanesHeight / Math.max(1, invocations.laneCount))));
  const height = laneHeight * invocations.laneCount;
  const bars = invocations.bars.map((bar) => barOf(bar, axis, laneHeight));
  return markup`<svg width="100%" height="${height}" role="img" aria-label="Invocations over time">
    ${foldBands(axis, height)}${bars}
  </svg>`;
}

function barOf(
  { fact, objectCount, firstObject, message, lane }: InvocationBar,
  axis: Series['axis'],
  height: number,
): Markup {
  const { requestId, attempt, startedMs, endedMs, status, cold } = fact;
  const from = (positionOf(axis, startedMs) / axis.lengthMs) * 100;
  const to = (positionOf(axis, endedMs) / axis.lengthMs) * 100;
  const objects =
    firstObject === undefined ? '' : objectCount === 1 ? `, object ${firstObject}` : `, ${objectCount} objects`;
  const title = [
    `${status}, ${formatMs(endedMs - startedMs)} from +${formatMs(startedMs - axis.startMs)} on`,
    `attempt ${attempt}${objects}${cold ? ', cold start' : ''}`,
    `request ${requestId}`,
    message,
  ];
  const gap = height > 5 ? 1 : 0;
  return markup`<rect
    class="bar ${status}${cold && ' cold'}"
    x="${percent(from)}%"
    y="${lane * height + gap}"
    width="${percent(Math.max(narrowest, to - from))}%"
    height="${height - 2 * gap}"
    rx="2"
    ><title>${title.filter(Boolean).join('\n')}</title></rect
  >`;
}

function foldBands(axis: Series['axis'], height: number): Markup[] {
  const width = percent((axis.stubMs / axis.lengthMs) * 100);
  return axis.folds.map(
    ({ fromMs, toMs }) =>
      markup`<rect
        class="fold"
        x="${percent((positionOf(axis, fromMs) / axis.lengthMs) * 100)}%"
        y="0"
        width="${width}%"
        height="${height}"
        ><title>${formatMs(toMs - fromMs)} in which nothing went on</title></rect
      >`,
  );
}

/** Times at every fifth of the axis. */
function axisRow({ axis }: Series): Markup {
  const labels = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return markup`<text x="${share * 100}%" y="13" text-anchor="${anchor}">${offset(share * axis.lengthMs, axis)}</text>`;
  });
  return markup`<svg width="100%" height="${rowHeight}">${labels}</svg>`;
}

function offset(position: number, axis: Series['axis']): string {
  return `+${formatMs(elapsedAt(axis, position))}`;
}

function percent(value: number): string {
  return value.toFixed(3);
}
