// @ts-check
/** Live charts. A click on a chart ranks the machines at that moment. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { figure, heading, loaded } from "../page.js";
import { bytes, count, gib, iops, mbps, millis, time } from "../format.js";
import { machines, rates } from "../stores.js";
import { saveCsv, saveJson } from "../parts/export.js";
import { Chart } from "../parts/chart.js";

/** @typedef {import("../parts/chart.js").Series} Series */

const WINDOWS = [60, 300, 900];

/** @param {number | null} value */
const inMbps = (value) => (value == null ? "–" : mbps(value) + " MBps");
/** @param {number | null} value */
const inOps = (value) => (value == null ? "–" : iops(value) + " per s");
/** @param {number | null} value */
const inMillis = (value) => (value == null ? "–" : millis(value) + " ms");
/** @param {number | null} value */
const inBytes = (value) => (value == null ? "–" : bytes(value));
/** @param {number | null} value */
const inCount = (value) => (value == null ? "–" : count(value));

/**
 * Where the time of a READ or WRITE went. The array knows its own part of all calls; how long they
 * took altogether is known of hosts that this program runs.
 *
 * @param {any} sample @param {"read" | "write"} what
 * @returns {{array: number | null, outside: number | null, whole: number | null}} nanoseconds; null: not known
 */
export function latencyParts(sample, what) {
  const array = sample[`${what}LatencyNanos`] || null;
  const whole = sample[`host${what === "read" ? "Read" : "Write"}LatencyNanos`] || null;
  return { array, whole, outside: array && whole ? Math.max(0, whole - array) : null };
}

/** @param {"read" | "write"} what @param {string} name */
function latencyChart(what, name) {
  return {
    key: `${what}Latency`, title: `Latency of ${name}s`, unit: "ms", axis: (/** @type {number} */ value) => millis(value),
    series: [
      { label: "Array", color: "--array", text: inMillis, isFilled: true, value: (/** @type {any} */ s) => latencyParts(s, what).array },
      { label: "Host and network", color: "--hypervisor", text: inMillis, value: (/** @type {any} */ s) => latencyParts(s, what).outside },
      { label: "As hosts see it", color: "--live", text: inMillis, value: (/** @type {any} */ s) => latencyParts(s, what).whole },
    ],
  };
}

/** @type {{key: string, title: string, unit: string, isBytes?: boolean, isCount?: boolean, axis: (value: number) => string, series: (Series & {value: (sample: any) => number | null})[]}[]} */
const CHARTS = [
  {
    key: "throughput", title: "Throughput", unit: "MBps", axis: (value) => mbps(value),
    series: [
      { label: "Read", color: "--live", text: inMbps, isFilled: true, value: (s) => s.readBytes },
      { label: "Written", color: "--hypervisor", text: inMbps, isFilled: true, value: (s) => s.writeBytes },
    ],
  },
  {
    key: "iops", title: "Operations", unit: "per second", axis: (value) => iops(value),
    series: [
      { label: "READ", color: "--live", text: inOps, value: (s) => s.readOps },
      { label: "WRITE", color: "--hypervisor", text: inOps, value: (s) => s.writeOps },
      { label: "Others", color: "--array", text: inOps, value: (s) => s.otherOps },
    ],
  },
  latencyChart("read", "READ"),
  latencyChart("write", "WRITE"),
  {
    key: "otherLatency", title: "Latency of other calls", unit: "ms", axis: (value) => millis(value),
    series: [{ label: "Array", color: "--array", text: inMillis, value: (s) => s.otherLatencyNanos || null }],
  },
  {
    key: "space", title: "Space", unit: "GiB", isBytes: true, axis: (value) => gib(value),
    series: [
      { label: "Physical", color: "--live", text: inBytes, isFilled: true, value: (s) => s.physicalUsedBytes },
      { label: "Provisioned", color: "--muted", text: inBytes, value: (s) => s.provisionedBytes },
      { label: "Saved by sharing", color: "--array", text: inBytes, value: (s) => s.savedBytes },
    ],
  },
  {
    key: "nas", title: "NAS clone counters", unit: "calls", isCount: true, axis: (value) => count(value),
    series: [
      { label: "fullCloneSuccess", color: "--ok", text: inCount, value: (s) => (s.offloads.fullCloneSuccess ?? 0) + (s.offloads.fastCloneSuccess ?? 0) + (s.offloads.nfsCloneSuccess ?? 0) },
      { label: "fullCloneFailure", color: "--error", text: inCount, value: (s) => (s.offloads.fullCloneFailure ?? 0) + (s.offloads.fastCloneFailure ?? 0) + (s.offloads.nfsCloneFailure ?? 0) },
      { label: "extStats", color: "--array", text: inCount, value: (s) => (s.offloads.extStatsSuccess ?? 0) + (s.offloads.extStatsFailure ?? 0) },
      { label: "unmap", color: "--hypervisor", text: inCount, value: (s) => (s.offloads.unmapSuccess ?? 0) + (s.offloads.unmapFailure ?? 0) },
    ],
  },
];

/** @param {import("../page.js").Page} page */
export async function open(page) {
  let seconds = Number(page.place.query.get("window")) || 300;
  /** @type {number | null} */
  let moment = null;
  /** @type {any[]} */
  let counters = [];
  /** @type {Map<string, Chart>} */
  const charts = new Map();
  /** @type {Map<string, HTMLElement>} */
  const hosts = new Map(CHARTS.map(({ key }) => [key, Object.assign(document.createElement("div"), { className: "chart" })]));

  page.draw = () => html`
    ${heading("Live charts", "What all clients do together, second by second. A click on a chart ranks the machines at that moment.",
      html`<label>Window <select @change=${choose}>${WINDOWS.map((each) => html`<option value=${each} ?selected=${each === seconds}>${each / 60} min</option>`)}</select></label>
        <button @click=${csv}>CSV</button><button @click=${() => saveJson("facsim-rates", rates.samples)}>JSON</button>`)}
    ${loaded(page, rates.isLoaded ? rates : null, contents, "Waiting for the first second…")}
  `;

  function contents() {
    const now = rates.samples.at(-1);
    return html`
      ${now ? html`<section class="panel"><dl class="figures">
        ${figure("Read", html`${mbps(now.readBytes)} <span class="unit">MBps</span>`)} ${figure("Written", html`${mbps(now.writeBytes)} <span class="unit">MBps</span>`)}
        ${figure("IOPS", iops(now.readOps + now.writeOps))} ${latency("READ", "read", now)} ${latency("WRITE", "write", now)}
        ${figure("Physical", html`${gib(now.physicalUsedBytes)} <span class="unit">GiB</span>`)} ${figure("Saved", html`${gib(now.savedBytes)} <span class="unit">GiB</span>`)}
      </dl></section>` : nothing}
      ${now ? whose() : nothing}
      <div class="columns charts">
        ${CHARTS.map((chart) => html`<section class="panel"><header><h2>${chart.title}</h2><small>${chart.unit}</small></header>${hosts.get(chart.key)}</section>`)}
        <section class="panel"><header><h2>${moment ? `Machines at ${time(moment * 1000)}` : "Busiest machines now"}</h2>
          ${moment ? html`<button class="quiet" @click=${() => { moment = null; page.update(); }}>Back to now</button>` : nothing}</header>${ranking()}</section>
      </div>
      <section class="panel"><h2>NAS clone counters since the start</h2>${nas()}</section>
    `;
  }

  /** @param {string} name @param {"read" | "write"} what @param {any} now */
  function latency(name, what, now) {
    const { array, outside, whole } = latencyParts(now, what);
    return figure(`${name} latency`, html`${millis(whole ?? array)} <span class="unit">ms</span>
      <small class="split">array ${millis(array)}${outside == null ? nothing : html` + host and network ${millis(outside)}`}</small>`);
  }

  /** What the latencies are of, because only some hosts tell what they see. */
  function whose() {
    return rates.samples.some((sample) => sample.hostReadLatencyNanos || sample.hostWriteLatencyNanos)
      ? html`<p class="muted">Host and network: what the simulated hosts of the lab or the demo waited for longer than the array had a call.</p>`
      : html`<p class="muted">The latencies are the array's part. What the network and a host add is known of simulated hosts only, of a lab or <a href="/start">the demo</a>.</p>`;
  }

  function ranking() {
    const rows = moment ? rates.machinesAt(moment) : ranked(machines.rows());
    if (!rows) {
      return html`<p class="muted">The console was not looking at machines at that moment; it remembers what it has seen since this page was opened.</p>`;
    }
    return rows.length
      ? html`<table class="plain">
          <thead><tr><th scope="col">Machine</th><th scope="col" class="number">IOPS</th><th scope="col" class="number">MBps</th><th scope="col" class="number">ms</th></tr></thead>
          <tbody>${rows.slice(0, 10).map((row) => html`<tr><th scope="row"><a href=${row.href}>${row.name}</a></th><td class="number">${iops(row.iops)}</td><td class="number">${mbps(row.bytesPerSecond)}</td><td class="number">${millis(row.latencyNanos)}</td></tr>`)}</tbody>
        </table>`
      : html`<p class="muted">No machine read or wrote anything.</p>`;
  }

  function nas() {
    return counters.length
      ? html`<div class="scroll-x" tabindex="0" role="region" aria-label="NAS clone counters"><table class="plain">
          <thead><tr><th scope="col">Volume</th><th scope="col">Host</th>${Object.keys(counters[0].counters).map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
          <tbody>${counters.map((each) => html`<tr><th scope="row">${each.volume}</th><td>${each.client}</td>
            ${Object.entries(each.counters).map(([name, value]) => html`<td class="number">${name.startsWith("bytes") ? bytes(Number(value)) : count(Number(value))}</td>`)}</tr>`)}</tbody>
        </table></div>`
      : html`<p class="muted">No host has asked for an offload yet.</p>`;
  }

  /** @param {Event} event */
  function choose(event) {
    seconds = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    draw();
    page.update();
  }

  function csv() {
    const names = Object.keys(rates.samples[0] ?? {}).filter((name) => name !== "offloads");
    saveCsv("facsim-rates", names.map((name) => ({ label: name, value: (row) => row[name] })), rates.samples);
  }

  function draw() {
    const from = Date.now() / 1000 - seconds;
    const samples = rates.samples.filter((sample) => sample.seconds >= from);
    for (const { key, series, ...options } of CHARTS) {
      const host = /** @type {HTMLElement} */ (hosts.get(key));
      let chart = charts.get(key);
      if (!chart && host.isConnected) {
        chart = new Chart(host, { ...options, series, sync: "facsim", moment: pick });
        charts.set(key, chart);
      }
      chart?.setData([samples.map((sample) => sample.seconds), ...series.map((each) => samples.map((sample) => each.value(sample)))]);
    }
  }

  /** @param {number} at */
  function pick(at) {
    moment = at;
    page.update();
  }

  page.drawNow();
  page.whenLeft(() => charts.forEach((chart) => chart.close()));
  page.whenLeft(machines.watch(() => rates.note(machines.rows())));
  page.whenLeft(
    rates.watch(() => {
      page.drawNow();
      draw();
    }),
  );
  const loadCounters = async () => {
    counters = (await get("/api/v1/statistics/vaai", page.signal)).items;
  };
  page.every(() => void loadCounters().then(page.update, () => {}), 5_000);
  await page.load(async () => {
    await Promise.all([rates.load(), loadCounters()]);
  });
  page.drawNow();
  draw();
}

/** @param {any[]} rows */
function ranked(rows) {
  return rows.filter((row) => row.iops > 0).sort((a, b) => b.iops - a.iops || b.bytesPerSecond - a.bytesPerSecond);
}
