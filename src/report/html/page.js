// The script of the HTML report: draws the charts, copies commands, opens what a link leads to. It reads what lies in the page and
// reaches for nothing else. `uPlot` comes before it in the same script element.

/* global document, window, navigator, matchMedia, getComputedStyle, ResizeObserver, uPlot */

const chartHeight = 180;

function cssColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The run's time at a position of the axis: folded waits are let out again. */
function timeAt(position, { folds, stubMs }) {
  let ms = position;
  let passed = 0;
  for (const [at, waitMs] of folds) {
    const into = position - at;
    if (into <= 0) break;
    const stub = Math.min(into, stubMs);
    passed += (stub / stubMs) * waitMs - stub;
  }
  ms += passed;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(2))} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

function shortNumber(value) {
  if (value === null || value === undefined) return '-';
  const [divisor, suffix] = value >= 1e6 ? [1e6, ' M'] : value >= 1e4 ? [1e3, ' k'] : [1, ''];
  return `${Number((value / divisor).toFixed(value / divisor < 10 ? 2 : 1))}${suffix}`;
}

function formatValue(value, unit) {
  if (unit !== 'ms' || value === null || value === undefined) return shortNumber(value);
  return value < 1000 ? `${Math.round(value)} ms` : `${Number((value / 1000).toFixed(2))} s`;
}

/** Hatches the stubs of folded waits. */
function drawFolds(plot, { folds, stubMs }) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = cssColor('line');
  for (const [at] of folds) {
    const from = plot.valToPos(at, 'x', true);
    const to = plot.valToPos(at + stubMs, 'x', true);
    ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
  }
  ctx.restore();
}

function lineOf({ label, color, isFilled }, unit) {
  const stroke = cssColor(color);
  return {
    label,
    stroke,
    width: 1.5,
    points: { show: false },
    value: (_, value) => formatValue(value, unit),
    ...(isFilled ? { fill: `${stroke}26` } : {}),
  };
}

function drawChart(chart, data) {
  const place = document.querySelector(`#chart-${chart.id}`);
  place.replaceChildren();
  const axis = { stroke: cssColor('soft'), grid: { stroke: cssColor('line'), width: 1 }, ticks: { show: false } };
  const font = '11px system-ui, "Open Sans", sans-serif';
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: chartHeight,
      scales: {
        x: { time: false, range: [0, data.lengthMs] },
        y: { range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1] },
      },
      cursor: { sync: { key: 'run' }, y: false, points: { size: 6 } },
      hooks: { drawClear: [(self) => drawFolds(self, data)] },
      axes: [
        { ...axis, font, space: 80, size: 26, values: (_, ticks) => ticks.map((tick) => timeAt(tick, data)) },
        { ...axis, font, size: 58, values: (_, ticks) => ticks.map((tick) => formatValue(tick, chart.unit)) },
      ],
      series: [
        { label: 'at', value: (_, value) => (value === null ? '-' : timeAt(value, data)) },
        ...chart.lines.map((line) => lineOf(line, chart.unit)),
      ],
    },
    [chart.at, ...chart.lines.map((line) => line.values)],
    place,
  );
  return { plot, place };
}

function drawCharts() {
  const element = document.querySelector('#charts');
  if (!element) return;
  const data = JSON.parse(element.textContent);
  let drawn = [];
  const draw = () => {
    for (const { plot } of drawn) plot.destroy();
    drawn = data.charts.map((chart) => drawChart(chart, data));
  };
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  const observer = new ResizeObserver(() => {
    for (const { plot, place } of drawn) {
      if (plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: chartHeight });
    }
  });
  for (const { place } of drawn) observer.observe(place);
}

/** A link to something within a folded part opens that part. */
function openTarget() {
  const target =
    window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) if (part.localName === 'details') part.open = true;
  if (target) target.scrollIntoView();
}

async function copyCommand(button) {
  try {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = 'Copied';
  } catch {
    // Pages opened as files may not write to the clipboard: what is selected can be copied by hand.
    window.getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'Selected';
  }
}

function readBar(bar) {
  document.querySelector('#pointed').textContent = bar.querySelector('title').textContent;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('.copy');
  if (button) void copyCommand(button);
  const bar = event.target.closest('svg rect');
  if (bar) readBar(bar);
});
document.addEventListener('pointerover', (event) => {
  const bar = event.target.closest('svg rect');
  if (bar) readBar(bar);
});
window.addEventListener('hashchange', openTarget);
drawCharts();
openTarget();
