// @ts-check
/** Where did the space go? All figures of the ledger, by volume. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { emptyState, figure, heading, loaded } from "../page.js";
import { bytes, gib, isLimit, percent, plural } from "../format.js";
import { machines } from "../stores.js";
import { bar } from "../parts/card.js";
import { saveCsv, saveJson } from "../parts/export.js";

/** @typedef {{kind: string, name: string, bytes: number, text: string}} Part */

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let array = null;
  /** @type {any[]} */
  let volumes = [];
  /** @type {any[]} */
  let states = [];

  async function load() {
    const [space, all, kept] = await Promise.all([get("/api/v1/array", page.signal), get("/api/v1/volumes", page.signal), get("/api/v1/states", page.signal)]);
    array = space;
    volumes = all.items;
    states = kept.items;
  }

  /** What the physical blocks of a volume are held by. @param {any} volume @returns {Part[]} */
  function partsOf(volume) {
    const { space } = volume;
    let exclusive = 0;
    for (const row of machines.byId.values()) {
      if (row.volume === volume.name) {
        exclusive += row.uniqueBytes;
      }
    }
    const retained = space.retainedByClonesBytes + space.retainedByStatesBytes + space.reclaimPendingBytes;
    exclusive = Math.min(exclusive, Math.max(0, space.physicalUsedBytes - retained));
    const shared = Math.max(0, space.physicalUsedBytes - exclusive - retained);
    return [
      { kind: "exclusive", name: "Exclusive", bytes: exclusive, text: "only one machine has it; deleting that machine frees it" },
      { kind: "shared", name: "Shared", bytes: shared, text: "several files have it, and whatever is in no machine" },
      { kind: "clones", name: "Retained by clones", bytes: space.retainedByClonesBytes, text: "of deleted files; their clones or states still have it" },
      { kind: "states", name: "Retained by states", bytes: space.retainedByStatesBytes, text: "only named states still have it" },
      { kind: "pending", name: "On its way back", bytes: space.reclaimPendingBytes, text: "freed, and reclaimed in a moment" },
    ];
  }

  /** @param {Part[][]} all @returns {Part[]} */
  function sum(all) {
    return all.length ? all[0].map((part, i) => ({ ...part, bytes: all.reduce((total, each) => total + each[i].bytes, 0) })) : [];
  }

  page.draw = () => html`
    ${heading("Capacity", "Where did the space go? Physical space is counted once, however many files share it.", array ? html`<button @click=${csv}>CSV</button><button @click=${() => saveJson("facsim-capacity", { array, volumes })}>JSON</button>` : nothing)}
    ${loaded(page, array, contents, "Reading the ledger…")}
  `;

  function contents() {
    const referenced = volumes.reduce((total, volume) => total + volume.space.referencedBytes, 0);
    const promised = array.reservedBytes;
    const all = sum(volumes.map(partsOf));
    return html`
      <section class="panel">
        <dl class="figures">
          ${figure("Physical", html`${gib(array.physicalUsedBytes)} <span class="unit">GiB</span>`, "blocks in use")}
          ${figure("Mapped by files", html`${gib(referenced)} <span class="unit">GiB</span>`, "what it would take without sharing")}
          ${figure("Saved by sharing", html`${gib(Math.max(0, referenced - array.physicalUsedBytes))} <span class="unit">GiB</span>`, referenced > 0 ? percent(Math.max(0, referenced - array.physicalUsedBytes), referenced) + " of what is mapped" : nothing)}
          ${figure("Promised", html`${gib(promised)} <span class="unit">GiB</span>`, "reserved for thick disks, not used yet")}
          ${figure("Provisioned", html`${bytes(array.provisionedBytes)}`, "sizes of the volumes")}
          ${figure("Free", isLimit(array.freeBytes) ? bytes(array.freeBytes) : "no limit", isLimit(array.capacityBytes) ? "of " + bytes(array.capacityBytes) : "as the host's disk has room")}
        </dl>
        ${all.length ? html`<div class="capacity-bar">${bar(all, "Physical space by who holds it")}</div>${table(all, array.physicalUsedBytes)}` : nothing}
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
    const { space } = volume;
    return html`<section class="panel">
      <header><h2>${volume.name}</h2><small>${gib(space.physicalUsedBytes)} of ${bytes(space.sizeBytes)}</small></header>
      ${bar([...partsOf(volume).filter((part) => part.bytes > 0), { kind: "promised", bytes: space.reservedBytes }], "Space of " + volume.name)}
      <table class="plain">
        <tbody>
          ${[
            ["Sizes of its files", space.provisionedBytes],
            ["Mapped by its files", space.referencedBytes],
            ["Saved by sharing", Math.max(0, space.referencedBytes - space.physicalUsedBytes)],
            ["Promised", space.reservedBytes],
            ["Retained by clones", space.retainedByClonesBytes],
            ["Retained by states", space.retainedByStatesBytes],
            ["Can be written now", volume.availableBytes],
          ].map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="number">${bytes(Number(value))}</td></tr>`)}
        </tbody>
      </table>
    </section>`;
  }

  function csv() {
    saveCsv(
      "facsim-capacity",
      ["name", "sizeBytes", "physicalUsedBytes", "referencedBytes", "provisionedBytes", "reservedBytes", "retainedByClonesBytes", "retainedByStatesBytes", "reclaimPendingBytes", "freeBytes"].map((name) => ({ label: name, value: (row) => row[name] })),
      volumes.map((volume) => ({ name: volume.name, ...volume.space })),
    );
  }

  page.drawNow();
  page.whenLeft(machines.watch(page.update));
  page.every(() => void page.reload(), 2_000);
  await page.load(load);
}
