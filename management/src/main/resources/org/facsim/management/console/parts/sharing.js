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

const CELLS = COLUMNS * ROWS;

/** What is shown of how blocks are shared. Of two files, what only one has is private to it. @type {Record<string, string>} */
const SHOWN = { SHARED: "shared", PRIVATE: "private", DIFFERENT: "private", FIRST: "private", SECOND: "private", HOLE: "hole" };

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
    this.isChosen = this.other != null;
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
    if (!this.isChosen) {
      this.other = parent;
    }
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
    this.isChosen = true;
    void this.load();
  };
}

/** @param {string} path /VOLUME/FILE @param {string | null} other in the same volume */
function address(path, other) {
  const [, volume] = path.split("/");
  const query = new URLSearchParams({ a: below(path), limit: "0", cells: String(CELLS) });
  if (other) {
    query.set("b", below(other));
  }
  return `/api/v1/volumes/${encodeURIComponent(volume)}/sharing?${query}`;
}

/** A path below its volume. @param {string} path */
function below(path) {
  return path.slice(path.indexOf("/", 1) + 1);
}

/** Bytes by what is shown. @param {Record<string, number>} bytes by how they are shared */
function sums(bytes) {
  /** @type {Record<string, number>} */
  const sum = { shared: 0, private: 0, hole: 0 };
  for (const [sharing, amount] of Object.entries(bytes)) {
    sum[SHOWN[sharing]] += amount;
  }
  return sum;
}

/** @param {string} name @param {any} sharing @param {string} key */
function picture(name, sharing, key) {
  const sum = sums(sharing.bytes);
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
  const colors = { hole: resolved(canvas, "--hole"), private: resolved(canvas, "--private"), shared: resolved(canvas, "--shared") };
  const width = canvas.width / COLUMNS;
  const height = canvas.height / ROWS;
  context.clearRect(0, 0, canvas.width, canvas.height);
  sharing.cells.forEach((/** @type {Record<string, number>} */ bytes, /** @type {number} */ cell) => {
    const sum = sums(bytes);
    const all = Math.max(1, sum.shared + sum.private + sum.hole);
    const x = (cell % COLUMNS) * width;
    const top = Math.floor(cell / COLUMNS) * height;
    let y = top;
    for (const kind of /** @type {const} */ (["private", "shared", "hole"])) {
      // a cell of several kinds is divided, and nothing private is too little to be seen
      const least = kind === "private" && sum.private > 0 ? 3 : 0;
      const part = Math.max(least, (sum[kind] / all) * (height - 1));
      context.fillStyle = colors[kind];
      context.fillRect(x, y, width - 1, Math.max(0, Math.min(part, top + height - 1 - y)));
      y += part;
    }
  });
}

/** A colour of the theme, as a canvas wants it. @param {Element} inside @param {string} name */
function resolved(inside, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  inside.parentElement?.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
