// @ts-check
/** Where did the space go? All figures of the ledger, by volume. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { emptyState, figure, heading, loaded } from "../page.js";
import { bytes, gib, isLimit, percent, plural } from "../format.js";
import { bar } from "../parts/card.js";
import { saveCsv, saveJson } from "../parts/export.js";

/** @typedef {{kind: string, name: string, bytes: number, text: string}} Part */

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let array = null;
  /** @type {any} */
  let total = null;
  /** @type {any[]} */
  let volumes = [];
  /** @type {any[]} */
  let states = [];

  async function load() {
    const report = await get("/api/v1/space", page.signal);
    ({ array, total, volumes, states } = report);
  }

  /** What the physical blocks are held by. @param {any} use @returns {Part[]} */
  function partsOf(use) {
    // what clones retain is held by several, so it is a part of what is shared
    const retained = Math.min(use.retainedByClonesBytes, use.sharedBytes);
    return [
      { kind: "exclusive", name: "Exclusive", bytes: use.exclusiveBytes, text: "only one file has it; deleting that file frees it" },
      { kind: "shared", name: "Shared", bytes: use.sharedBytes - retained, text: "several files have it" },
      { kind: "clones", name: "Retained by clones", bytes: retained, text: "of deleted files; their clones or states still have it" },
      { kind: "states", name: "Retained by states", bytes: use.retainedByStatesBytes, text: "only named states still have it" },
      { kind: "pending", name: "On its way back", bytes: use.reclaimPendingBytes, text: "freed, and reclaimed in a moment" },
    ];
  }

  page.draw = () => html`
    ${heading("Capacity", "Where did the space go? Physical space is counted once, however many files share it.", array ? html`<button @click=${csv}>CSV</button><button @click=${() => saveJson("facsim-capacity", { array, total, volumes, states })}>JSON</button>` : nothing)}
    ${loaded(page, array, contents, "Reading the ledger…")}
  `;

  function contents() {
    const all = partsOf(total);
    return html`
      <section class="panel">
        <dl class="figures">
          ${figure("Physical", html`${gib(total.physicalUsedBytes)} <span class="unit">GiB</span>`, "blocks in use")}
          ${figure("Mapped by files", html`${gib(total.referencedBytes)} <span class="unit">GiB</span>`, "snapshots included: what it would take without sharing")}
          ${figure("Saved by sharing", html`${gib(total.savedBytes)} <span class="unit">GiB</span>`, total.referencedBytes > 0 ? percent(total.savedBytes, total.referencedBytes) + " of what is mapped" : nothing)}
          ${figure("Promised", html`${gib(total.reservedBytes)} <span class="unit">GiB</span>`, "reserved for thick disks, not used yet")}
          ${figure("Provisioned", bytes(total.provisionedBytes), "sizes of all files")}
          ${figure("Free", isLimit(array.freeBytes) ? bytes(array.freeBytes) : "no limit", isLimit(array.capacityBytes) ? "of " + bytes(array.capacityBytes) : "as the host's disk has room")}
        </dl>
        ${all.length ? html`<div class="capacity-bar">${bar(all, "Physical space by who holds it")}</div><div class="narrow">${table(all, total.physicalUsedBytes)}</div>` : nothing}
      </section>
      ${volumes.length === 0 ? emptyState("No volume", "There is nothing that could hold space.") : nothing}
      <div class="columns">${volumes.map(one)}</div>
      ${states.length
        ? html`<section class="panel">
            <h2>${plural(states.length, "state")}</h2>
            <table class="plain">
              <thead><tr><th scope="col">State</th><th scope="col" class="number">Only it still has</th></tr></thead>
              <tbody>${states.map((state) => html`<tr><th scope="row"><a href="/states">${state.name}</a></th><td class="number">${bytes(state.keptBytes)}</td></tr>`)}</tbody>
            </table>
          </section>`
        : nothing}
    `;
  }

  /** @param {Part[]} parts @param {number} whole */
  function table(parts, whole) {
    return html`<table class="parts">
      <caption class="visually-hidden">Physical space by who holds it</caption>
      <tbody>
        ${parts.map(
          (part) => html`<tr>
            <th scope="row"><span class="swatch ${part.kind}"></span>${part.name}<small>${part.text}</small></th>
            <td class="number">${gib(part.bytes)} <span class="unit">GiB</span></td>
            <td class="number share">${percent(part.bytes, whole)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** @param {any} volume */
  function one(volume) {
    const { use } = volume;
    return html`<section class="panel">
      <header><h2>${volume.name}</h2><small>${bytes(use.physicalUsedBytes)} of ${bytes(volume.sizeBytes)}</small></header>
      ${bar([...partsOf(use), { kind: "promised", bytes: use.reservedBytes }], "Space of " + volume.name)}
      <table class="plain">
        <tbody>
          ${[
            ["Sizes of its files", use.provisionedBytes],
            ["Mapped by its files", use.referencedBytes],
            ["Saved by sharing", use.savedBytes],
            ["Exclusive", use.exclusiveBytes],
            ["Promised", use.reservedBytes],
            ["Retained by clones", use.retainedByClonesBytes],
            ["Retained by states", use.retainedByStatesBytes],
            ["Can be written now", volume.availableBytes],
          ].map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="number">${bytes(Number(value))}</td></tr>`)}
        </tbody>
      </table>
    </section>`;
  }

  function csv() {
    saveCsv(
      "facsim-capacity",
      ["name", "sizeBytes", ...Object.keys(total), "freeBytes", "availableBytes", "vms", "snapshots"].map((name) => ({ label: name, value: (row) => row[name] })),
      volumes.map(({ use, ...volume }) => ({ ...volume, ...use })),
    );
  }

  page.drawNow();
  page.every(() => void page.reload(), 2_000);
  await page.load(load);
}
