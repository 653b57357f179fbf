// @ts-check
/** Which blocks of a disk are shared, private, or holes; alone, or side by side with its source. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { errorState, loadingState } from "../page.js";
import { baseName, bytes, percent } from "../format.js";
import { machines } from "../stores.js";

/** @typedef {import("../page.js").Page} Page */

const COLUMNS = 160;
const ROWS = 8;

/** @type {Record<string, {name: string, color: string, text: string}>} */
const KINDS = {
  SHARED: { name: "shared", color: "--shared", text: "another file or a snapshot has them, too" },
  PRIVATE: { name: "private", color: "--private", text: "only this file has them" },
  DIFFERENT: { name: "private", color: "--private", text: "written since: each has its own" },
  FIRST: { name: "private", color: "--private", text: "only the first has blocks here" },
  SECOND: { name: "private", color: "--private", text: "only the second has blocks here" },
  HOLE: { name: "hole", color: "--hole", text: "never written: takes no space" },
};

export class Sharing {
  /** @param {Page} page @param {string} volume */
  constructor(page, volume) {
    this.page = page;
    this.volume = volume;
    /** @type {string[]} */
    this.paths = [];
    /** @type {string | null} */
    this.path = page.place.query.get("disk");
    /** @type {string | null} */
    this.other = page.place.query.get("with");
    /** @type {any} */
    this.alone = null;
    /** @type {any} */
    this.both = null;
    /** @type {any} */
    this.error = null;
    page.every(() => void this.load(), 2_000);
  }

  /** @param {string[]} paths @param {string | null} parent */
  offer(paths, parent) {
    this.paths = paths;
    if (!this.path || !paths.includes(this.path)) {
      this.path = paths.find((path) => path.endsWith("-flat.vmdk")) ?? paths[0] ?? null;
    }
    this.other ??= parent;
  }

  async load() {
    if (!this.path || this.isBusy) {
      return;
    }
    this.isBusy = true;
    try {
      const alone = await get(address(this.path, null), this.page.signal);
      let both = null;
      if (this.other && this.other !== this.path) {
        try {
          both = await get(address(this.path, this.other), this.page.signal);
        } catch {
          this.other = null; // the source is gone, or has another name
        }
      }
      this.alone = alone;
      this.both = both;
      this.error = null;
    } catch (e) {
      this.error = e;
    }
    this.isBusy = false;
    this.page.update();
  }

  isBusy = false;

  draw() {
    if (!this.path) {
      return html`<p class="muted">There is no disk here whose blocks could be shown.</p>`;
    }
    if (this.error) {
      return errorState(this.error, () => void this.load());
    }
    if (!this.alone) {
      return loadingState("Reading block maps…");
    }
    return html`
      <div class="toolbar">
        <label>Disk <select @change=${this.#choose}>${this.paths.map((path) => html`<option value=${path} ?selected=${path === this.path}>${baseName(path)}</option>`)}</select></label>
        <label>Side by side with
          <select @change=${this.#compare}>
            <option value="" ?selected=${!this.other}>nothing</option>
            ${this.#others().map((path) => html`<option value=${path} ?selected=${path === this.other}>${path}</option>`)}
          </select>
        </label>
      </div>
      <div class="blocks">
        ${picture(baseName(this.path), this.alone, "alone")}
        ${this.both ? picture(`with ${baseName(this.other ?? "")}: the same blocks in both`, this.both, "both") : nothing}
      </div>
      <ul class="legend">
        <li><span class="swatch shared"></span>shared</li>
        <li><span class="swatch private"></span>private</li>
        <li><span class="swatch hole"></span>hole</li>
        <li>From the start of the disk, left to right and line by line. It is read anew every two seconds.</li>
      </ul>
    `;
  }

  #others() {
    const all = new Set(this.other ? [this.other] : []);
    for (const row of machines.byId.values()) {
      if (row.volume === this.volume && row.disks > 0 && all.size < 400) {
        all.add(`/${row.volume}/${row.path}/${row.name}-flat.vmdk`);
      }
    }
    all.delete(this.path ?? "");
    return [...all].sort();
  }

  /** @param {Event} event */
  #choose = (event) => {
    this.path = /** @type {HTMLSelectElement} */ (event.target).value;
    this.alone = null;
    void this.load();
  };

  /** @param {Event} event */
  #compare = (event) => {
    this.other = /** @type {HTMLSelectElement} */ (event.target).value || null;
    void this.load();
  };
}

/** @param {string} path @param {string | null} other */
function address(path, other) {
  const query = new URLSearchParams({ path });
  if (other) {
    query.set("with", other);
  }
  return `/api/v1/sharing?${query}`;
}

/** @param {any} sharing @returns {Record<string, number>} bytes by name of kind */
function sums(sharing) {
  /** @type {Record<string, number>} */
  const sum = { shared: 0, private: 0, hole: 0 };
  for (const range of sharing.ranges) {
    sum[KINDS[range.sharing].name] += range.lengthBytes;
  }
  return sum;
}

/** @param {string} name @param {any} sharing @param {string} key */
function picture(name, sharing, key) {
  const sum = sums(sharing);
  const mapped = sum.shared + sum.private;
  const words = `shared ${bytes(sum.shared)} (${percent(sum.shared, mapped)}), private ${bytes(sum.private)}, holes ${bytes(sum.hole)}`;
  queueMicrotask(() => requestAnimationFrame(() => paint(key, sharing)));
  return html`<figure>
    <figcaption><b>${name}</b> <span data-sharing=${key}>${words}</span></figcaption>
    <canvas id=${"blocks-" + key} width=${COLUMNS * 6} height=${ROWS * 12} role="img" aria-label=${`${name}: ${words}`}></canvas>
  </figure>`;
}

/** @param {string} key @param {any} sharing */
function paint(key, sharing) {
  const canvas = /** @type {HTMLCanvasElement | null} */ (document.getElementById("blocks-" + key));
  const context = canvas?.getContext("2d");
  if (!canvas || !context) {
    return;
  }
  const styles = getComputedStyle(canvas);
  const cells = COLUMNS * ROWS;
  const cellBytes = Math.max(1, sharing.sizeBytes / cells);
  /** @type {Record<string, Float64Array>} */
  const amounts = { shared: new Float64Array(cells), private: new Float64Array(cells), hole: new Float64Array(cells) };
  for (const range of sharing.ranges) {
    const amount = amounts[KINDS[range.sharing].name];
    const end = Math.min(sharing.sizeBytes, range.offsetBytes + range.lengthBytes);
    for (let cell = Math.floor(range.offsetBytes / cellBytes); cell < cells && cell * cellBytes < end; cell++) {
      amount[cell] += Math.min(end, (cell + 1) * cellBytes) - Math.max(range.offsetBytes, cell * cellBytes);
    }
  }
  const colors = { hole: resolved(styles, "--hole"), private: resolved(styles, "--private"), shared: resolved(styles, "--shared") };
  const width = canvas.width / COLUMNS;
  const height = canvas.height / ROWS;
  for (let cell = 0; cell < cells; cell++) {
    const x = (cell % COLUMNS) * width;
    let y = Math.floor(cell / COLUMNS) * height;
    for (const kind of /** @type {const} */ (["private", "shared", "hole"])) {
      // a cell of several kinds is divided, and nothing private is too little to be seen
      let part = (amounts[kind][cell] / cellBytes) * height;
      if (kind === "private" && part > 0) {
        part = Math.max(3, part);
      }
      context.fillStyle = colors[kind];
      context.fillRect(x, y, width - 1, kind === "hole" ? Math.floor(cell / COLUMNS + 1) * height - y - 1 : Math.max(0, part - 1));
      y += part;
    }
  }
}

/** @param {CSSStyleDeclaration} styles @param {string} name */
function resolved(styles, name) {
  const probe = document.createElement("span");
  probe.style.color = styles.getPropertyValue(name) || `var(${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
