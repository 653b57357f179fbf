// @ts-check
/** A chart over time. Colours are those of the theme; a click names a moment. */
import uPlot from "../vendor/uplot/uPlot.esm.js";

/** @typedef {{label: string, color: string, text: (value: number | null) => string, isFilled?: boolean}} Series */

/** Steps of an axis of bytes. */
const POWERS = Array.from({ length: 45 }, (_, i) => 2 ** (i + 10));

/** Steps of an axis that counts. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000];

/** @param {number} seconds */
function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB");
}

/** @param {string} name */
function color(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export class Chart {
  /**
   * @param {HTMLElement} host
   * @param {{title: string, unit: string, series: Series[], height?: number, sync?: string,
   *   axis?: (value: number) => string, isBytes?: boolean, isCount?: boolean, moment?: (seconds: number) => void}} options
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    /** @type {(number | null)[][]} */
    this.data = [[], ...options.series.map(() => [])];
    this.host.setAttribute("role", "img");
    this.#make();
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(host);
    this.themes = new MutationObserver(() => this.#make());
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.#make();
    this.scheme.addEventListener("change", this.onScheme);
  }

  /** @param {(number | null)[][]} data seconds first, then one list for each series */
  setData(data) {
    this.data = data;
    this.plot?.setData(data);
    this.#showLatest();
    const latest = this.options.series.map((series, i) => `${series.label} ${series.text(data[i + 1].at(-1) ?? null)}`);
    this.host.setAttribute("aria-label", `${this.options.title}, now: ${latest.join(", ")}`);
  }

  close() {
    this.sizes.disconnect();
    this.themes.disconnect();
    this.scheme.removeEventListener("change", this.onScheme);
    this.plot?.destroy();
  }

  #make() {
    this.plot?.destroy();
    const { options } = this;
    const line = color("--line");
    const muted = color("--muted");
    const axis = { stroke: muted, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: "11px system-ui" };
    const format = options.axis ?? ((/** @type {number} */ value) => String(value));
    this.plot = new uPlot(
      {
        width: Math.max(200, this.host.clientWidth),
        height: options.height ?? 190,
        cursor: { sync: options.sync ? { key: options.sync } : undefined, points: { size: 7 }, drag: { x: false, y: false } },
        legend: { live: true },
        scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.15 : 1] } },
        axes: [
          { ...axis, values: (/** @type {any} */ _u, /** @type {number[]} */ values) => values.map(clock), space: 76, size: 28 },
          { ...axis, size: 64, incrs: options.isBytes ? POWERS : options.isCount ? WHOLE : undefined, values: (/** @type {any} */ _u, /** @type {number[]} */ values) => values.map(format) },
        ],
        series: [
          { label: "Time", value: (/** @type {any} */ _u, /** @type {number} */ at) => (at == null ? "–" : clock(at)) },
          ...options.series.map((series) => ({
            label: series.label,
            stroke: color(series.color),
            fill: series.isFilled ? color(series.color).replace("rgb(", "rgba(").replace(")", ", 0.14)") : undefined,
            width: 1.75,
            points: { show: false },
            spanGaps: false,
            value: (/** @type {any} */ _u, /** @type {number | null} */ value) => series.text(value),
          })),
        ],
      },
      this.data,
      this.host,
    );
    this.plot.over.addEventListener("click", () => {
      const index = this.plot?.cursor.idx;
      const at = index == null ? null : this.data[0][index];
      if (at != null) {
        options.moment?.(at);
      }
    });
  }

  /** While no pointer is there, the legend has the latest figures. */
  #showLatest() {
    const plot = this.plot;
    if (plot && (plot.cursor.left == null || plot.cursor.left < 0) && this.data[0].length) {
      plot.setLegend({ idx: this.data[0].length - 1 });
    }
  }

  #fit() {
    this.plot?.setSize({ width: Math.max(200, this.host.clientWidth), height: this.options.height ?? 190 });
  }
}
