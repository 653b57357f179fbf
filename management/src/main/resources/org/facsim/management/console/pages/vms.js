// @ts-check
/** All machines in one table, with the article's breakdown of "Used". One machine's page is in vm.js. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { emptyState, errorState, heading, loadingState } from "../page.js";
import { gib, iops, mbps, millis, plural } from "../format.js";
import { go, setQuery } from "../router.js";
import { machines } from "../stores.js";
import { saveCsv, saveJson } from "../parts/export.js";
import { Table } from "../parts/table.js";
import { attach, refresh } from "../parts/card.js";
import { openVm } from "./vm.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("../parts/table.js").Column} Column */

/** @type {Column[]} */
const COLUMNS = [
  { key: "name", label: "Virtual machine", short: "Machine", width: 234, narrowWidth: 112, value: (row) => row.name, draw: drawName },
  { key: "used", label: "Used", short: "Used", unit: "GiB", isNumber: true, width: 82, narrowWidth: 62, value: (row) => row.usedBytes, draw: drawUsed },
  bytesColumn("provisioned", "Provisioned", 118, "Prov."),
  bytesColumn("unique", "Unique", 86, "Unique"),
  bytesColumn("shared", "Shared", 86, "Shared"),
  { key: "iops", label: "IOPS", isNumber: true, width: 66, value: (row) => row.iops, text: (row) => iops(row.iops) },
  { key: "mbps", label: "MBps", isNumber: true, width: 64, value: (row) => row.bytesPerSecond, text: (row) => mbps(row.bytesPerSecond) },
  { key: "latency", label: "Latency", unit: "ms", isNumber: true, width: 90, value: (row) => row.latencyNanos, text: (row) => millis(row.latencyNanos) },
  { key: "volume", label: "Volume", width: 94, value: (row) => row.volume },
  { key: "origin", label: "Cloned from", width: 104, value: (row) => row.parent?.path ?? "", text: (row) => row.parent?.path || "" },
];

const EXPORTED = [
  { label: "vm", value: (/** @type {any} */ row) => row.name },
  { label: "volume", value: (/** @type {any} */ row) => row.volume },
  { label: "path", value: (/** @type {any} */ row) => row.path },
  ...["usedBytes", "provisionedBytes", "uniqueBytes", "sharedBytes", "liveBytes", "hypervisorSnapshotBytes", "arraySnapshotBytes", "iops", "bytesPerSecond", "latencyNanos"].map((name) => ({
    label: name,
    value: (/** @type {any} */ row) => row[name],
  })),
];

/** @param {string} key @param {string} label @param {number} width @param {string} short @returns {Column} */
function bytesColumn(key, label, width, short) {
  const value = (/** @type {any} */ row) => row[key + "Bytes"];
  return { key, label, short, narrowWidth: 60, unit: "GiB", isNumber: true, width, value, text: (row) => gib(value(row)) };
}

/** @param {HTMLElement} cell @param {any} row */
function drawName(cell, row) {
  let link = /** @type {HTMLAnchorElement | null} */ (cell.firstElementChild);
  if (!link) {
    link = document.createElement("a");
    link.tabIndex = -1;
    cell.append(link);
  }
  if (link.textContent !== row.name) {
    link.textContent = row.name;
    cell.title = `${row.volume}/${row.path}`;
  }
  if (link.getAttribute("href") !== row.href) {
    link.href = row.href;
  }
}

/** @type {WeakMap<HTMLElement, any>} */
const rowOfButton = new WeakMap();

/** @param {HTMLElement} cell @param {any} row */
function drawUsed(cell, row) {
  let button = /** @type {HTMLButtonElement | null} */ (cell.firstElementChild);
  if (!button) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "figure-button";
    attach(made, () => rowOfButton.get(made));
    cell.append(made);
    button = made;
  }
  const text = gib(row.usedBytes);
  if (button.textContent !== text) {
    button.textContent = text;
  }
  if (rowOfButton.get(button) !== row) {
    rowOfButton.set(button, row);
    button.setAttribute("aria-label", `Used ${text} GiB of ${row.name}: what it is made of`);
  }
}

/** @param {Page} page */
export async function open(page) {
  if (page.place.rest) {
    await openVm(page);
    return;
  }
  /** @type {Table | null} */
  let table = null;
  let filter = page.place.query.get("q") ?? "";
  const isCloned = page.place.query.get("only") === "clones";
  let only = isCloned ? "clones" : "all";

  const host = document.createElement("div");
  host.className = "table-host";

  function arranged() {
    setQuery({ sort: table && table.sort !== "-used" ? table.sort : null, q: filter, only: only === "all" ? null : only });
    page.update();
  }

  function sums() {
    const rows = table?.shown ?? [];
    let used = 0;
    let unique = 0;
    for (const row of rows) {
      used += row.usedBytes;
      unique += row.uniqueBytes;
    }
    return html`${plural(rows.length, "machine")}, <b>${gib(used)}</b> GiB used, <b>${gib(unique)}</b> GiB unique`;
  }

  page.draw = () => html`
    ${heading(
      "Virtual machines",
      html`“Used” is what is charged to a machine. “Unique” is what deleting it would free. “Latency” is the array's part, without network and host. Rest on a figure of “Used”, focus it or tap it, to see what it is made of.`,
    )}
    ${machines.error && !machines.isLoaded ? errorState(machines.error, () => void machines.reload()) : nothing}
    ${!machines.isLoaded && !machines.error ? loadingState("Loading the machines…") : nothing}
    ${machines.isLoaded && machines.byId.size === 0
      ? emptyState(
          "No machine yet",
          "A machine is a directory with the files of a VM. Mount a volume on a host and make one, or let the demo make some.",
          html`<a href="/start">Start the demo</a>`,
        )
      : nothing}
    <div ?hidden=${machines.byId.size === 0}>
      <div class="toolbar">
        <label class="visually-hidden" for="filter">Filter machines</label>
        <input id="filter" type="search" placeholder="Filter by name, volume or origin" .value=${filter} @input=${filtered} />
        <label class="visually-hidden" for="only">Which machines</label>
        <select id="only" @change=${chosen} .value=${only}>
          <option value="all" ?selected=${only === "all"}>All machines</option>
          <option value="clones" ?selected=${only === "clones"}>Only clones</option>
          <option value="redo" ?selected=${only === "redo"}>Only with redo logs</option>
          <option value="busy" ?selected=${only === "busy"}>Only with I/O now</option>
        </select>
        <span class="count" role="status">${sums()}</span>
        <span class="end">
          <button @click=${() => saveCsv("facsim-vms", EXPORTED, table?.shown ?? [])}>CSV</button>
          <button @click=${() => saveJson("facsim-vms", table?.shown ?? [])}>JSON</button>
        </span>
      </div>
      ${host}
    </div>
  `;

  /** @param {Event} event */
  function filtered(event) {
    filter = /** @type {HTMLInputElement} */ (event.target).value;
    table?.setFilter(filter);
    arranged();
  }

  /** @param {Event} event */
  function chosen(event) {
    only = /** @type {HTMLSelectElement} */ (event.target).value;
    table?.arrange();
    arranged();
  }

  /** @param {any} row */
  function admits(row) {
    return only === "all" || (only === "clones" && row.parent) || (only === "redo" && row.redoLogs > 0) || (only === "busy" && row.iops > 0);
  }

  page.drawNow();
  table = new Table(host, {
    columns: COLUMNS,
    label: "Virtual machines",
    id: (row) => row.id,
    sort: page.place.query.get("sort") ?? "-used",
    open: (row) => go(row.href),
    changed: arranged,
    filter: admits,
    empty: "",
  });
  table.setFilter(filter);
  const shown = table;
  page.whenLeft(() => shown.close());
  page.whenLeft(
    machines.watch(() => {
      shown.setRows(machines.rows());
      refresh();
      page.update();
    }),
  );
  if (machines.isLoaded) {
    shown.setRows(machines.rows());
  }
  await machines.load();
  page.drawNow();
}

