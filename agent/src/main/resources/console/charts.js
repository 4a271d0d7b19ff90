// uPlot, in the page's colours. A canvas says nothing to a screen reader, so whoever draws one also says it in words.

import uPlot from './lib/uplot/uPlot.esm.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const axis = () => ({
  stroke: colour('text'),
  grid: { stroke: colour('line'), width: 1 },
  ticks: { stroke: colour('line'), width: 1 },
  font: '12px system-ui, sans-serif',
});

/** A chart in an element: drawn again when data, width or colours change. */
export class Chart {
  constructor(element, options) {
    this.element = element;
    this.options = options;
    this.data = null;
    this.plot = null;
    this.redraw = () => this.draw();
    dark.addEventListener('change', this.redraw);
    this.size = new ResizeObserver(() => this.plot?.setSize(this.room()));
    this.size.observe(element);
  }

  room() {
    return { width: Math.max(200, this.element.clientWidth), height: this.options.height ?? 160 };
  }

  set(data) {
    const begun = this.plot !== null;
    this.data = data;
    if (begun) this.plot.setData(data);
    else this.draw();
  }

  draw() {
    if (!this.data) return;
    this.plot?.destroy();
    this.plot = new uPlot({ ...this.room(), ...this.options.make(colour, axis) }, this.data, this.element);
  }

  close() {
    dark.removeEventListener('change', this.redraw);
    this.size.disconnect();
    this.plot?.destroy();
  }
}

const common = { legend: { show: false }, cursor: { show: false } };
const unit = { range: [0, 1] };

/** Steps of an axis that counts. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

/** Scores by time; drifted ones are larger and full. */
export const scores = {
  height: 140,
  make: (c, axes) => ({
    ...common,
    scales: { x: { time: true }, y: unit },
    axes: [axes(), axes()],
    series: [
      {},
      { label: 'aligned', stroke: c('aligned'), paths: () => null, points: { show: true, size: 5 } },
      {
        label: 'drifted',
        stroke: c('drifted'),
        paths: () => null,
        points: { show: true, size: 10, fill: c('drifted') },
      },
    ],
  }),
};

/** The score token by token, and the threshold as a broken line. */
export const path = {
  make: (c, axes) => ({
    ...common,
    scales: { x: { time: false }, y: unit },
    axes: [{ ...axes(), incrs: WHOLE }, axes()],
    series: [
      {},
      { label: 'score', stroke: c('accent'), width: 2, points: { show: false } },
      { label: 'threshold', stroke: c('drifted'), dash: [6, 4], points: { show: false } },
    ],
  }),
};

/** The mean projection at each layer. */
export const layers = {
  make: (c, axes) => ({
    ...common,
    scales: { x: { time: false, range: (u, low, high) => [low - 0.6, high + 0.6] }, y: { range: zeroed } },
    axes: [{ ...axes(), incrs: WHOLE }, axes()],
    series: [
      {},
      {
        label: 'z',
        stroke: c('accent'),
        fill: c('accent'),
        paths: uPlot.paths.bars({ size: [0.6, 40] }),
        points: { show: false },
      },
    ],
  }),
};

function zeroed(u, low, high) {
  return [Math.min(0, low ?? 0), Math.max(1, high ?? 1)];
}
