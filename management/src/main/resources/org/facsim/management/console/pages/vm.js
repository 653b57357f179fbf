// @ts-check
/** One machine: what it takes, its disks as the trees they are, snapshots and clones, sharing, files. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, Refusal } from "../api.js";
import { emptyState, figure, heading, icon, loaded } from "../page.js";
import { bytes, gib, iops, mbps, millis, pathInAddress, plural, time, baseName } from "../format.js";
import { machines } from "../stores.js";
import { storyAddress, vmAddress, vmRow } from "../model.js";
import { bar, breakdown, parts } from "../parts/card.js";
import { diskTrees } from "../parts/disks.js";
import { Sharing } from "../parts/sharing.js";
import { saveJson } from "../parts/export.js";
import { cloneVm, deleteSnapshot, revertTo, snapshotVm } from "./vm-actions.js";

/** @typedef {import("../page.js").Page} Page */

const KINDS = {
  CONFIGURATION: "settings",
  DESCRIPTOR: "disk descriptor",
  DISK: "disk contents",
  REDO_LOG: "redo log",
  SNAPSHOT_STATE: "snapshot state",
  SWAP: "swap",
  LOCK: "lock of a host",
  LOG: "log",
  OTHER: "other",
};

/** @param {Page} page */
export async function openVm(page) {
  const id = page.place.rest;
  const slash = id.indexOf("/");
  const volume = slash < 0 ? id : id.slice(0, slash);
  const path = slash < 0 ? "" : id.slice(slash + 1);
  /** @type {any} */
  let detail = null;
  /** Clones that hosts asked for and got, with the paths of both files. @type {any[]} */
  let asked = [];
  const sharing = new Sharing(page, volume);
  document.title = `${baseName(id)} – Facsim`;

  async function load() {
    const [told, clones] = await Promise.all([get(`/api/v1/vms/${pathInAddress(id)}`, page.signal), get("/api/v1/explanations", page.signal)]);
    detail = told;
    asked = clones.items.filter((/** @type {any} */ each) => each.outcome === "shared" || each.outcome === "copied-inside");
    sharing.offer(flats(), parentFlat());
    await sharing.load();
  }

  /** The files that hold a disk's contents, as clients' paths. */
  function flats() {
    return detail.files
      .filter((/** @type {any} */ file) => file.kind === "DISK" || file.kind === "REDO_LOG")
      .map((/** @type {any} */ file) => `/${volume}/${path ? path + "/" : ""}${file.name}`);
  }

  /** The disk that this one was cloned from, if the array knows it. */
  function parentFlat() {
    const parent = detail.vm.parent ?? detail.files.map((/** @type {any} */ file) => file.parent).find(Boolean);
    if (!parent?.path) {
      return asked.find((each) => flats().includes(each.destinationPath))?.sourcePath ?? null;
    }
    if (parent.path.endsWith(".vmdk")) {
      return `/${parent.volume}/${parent.path}`;
    }
    return `/${parent.volume}/${parent.path}/${baseName(parent.path)}-flat.vmdk`;
  }

  page.draw = () => {
    const row = machines.byId.get(id) ?? (detail ? vmRow(detail.vm) : null);
    return html`
      ${heading(
        row?.name ?? baseName(id),
        html`<a href="/vms">Virtual machines</a> / ${volume} / ${path}
          ${row && row.displayName !== row.name ? html` – calls itself “${row.displayName}”` : nothing}
          ${row?.isRunning ? html`<span class="badge info">${icon("running", "a host holds it")} held by a host</span>` : nothing}
          ${detail?.vm.parent?.path
            ? html` – cloned from <a href=${vmAddress(detail.vm.parent.volume, folderOf(detail.vm.parent.path))}>${folderOf(detail.vm.parent.path)}</a>`
            : nothing}`,
        detail
          ? html`<button class="primary" @click=${() => cloneVm(volume, path, row, () => page.reload())}>Clone…</button>
              <button @click=${() => snapshotVm(volume, path, row, () => page.reload())}>Take a snapshot…</button>
              <button @click=${() => saveJson(baseName(id), detail)}>JSON</button>`
          : nothing,
      )}
      ${loaded(page, detail, () => contents(row), "Reading the machine…")}
    `;
  };

  /** @param {any} row */
  function contents(row) {
    const clones = [...machines.byId.values()].filter((each) => each.parent && each.volume === volume && folderOf(each.parent.path) === path);
    return html`
      <section class="panel" aria-label="Space and load">
        <dl class="figures">
          ${figure("Used", html`${gib(row.usedBytes)} <span class="unit">GiB</span>`)}
          ${figure("Provisioned", html`${gib(row.provisionedBytes)} <span class="unit">GiB</span>`)}
          ${figure("Unique", html`${gib(row.uniqueBytes)} <span class="unit">GiB</span>`)}
          ${figure("Shared", html`${gib(row.sharedBytes)} <span class="unit">GiB</span>`)}
          ${figure("IOPS", iops(row.iops))} ${figure("MBps", mbps(row.bytesPerSecond))}
          ${figure("Latency", html`${millis(row.latencyNanos)} <span class="unit">ms</span>`)}
        </dl>
        <div class="narrow">${bar(parts(row), "Used by part")} ${breakdown(row)}</div>
      </section>
      <section class="panel">
        <h2>Disks</h2>
        ${detail.disks.length ? diskTrees(detail.disks, detail.files) : emptyState("No disk", "There is no descriptor of a disk here.")}
      </section>
      <div class="columns">
        <section class="panel">
          <h2>Snapshots and clones</h2>
          ${family(clones)}
        </section>
        <section class="panel">
          <h2>How its disks got here</h2>
          ${stories()}
        </section>
      </div>
      <section class="panel">
        <h2>Blocks</h2>
        ${sharing.draw()}
      </section>
      <section class="panel">
        <h2>${plural(detail.files.length, "file")}</h2>
        ${files()}
      </section>
    `;
  }

  /** @param {any[]} clones machines whose parent is this one */
  function family(clones) {
    const told = new Set();
    const snapshots = detail.snapshots.map((/** @type {any} */ snapshot) => snapshotNode(snapshot, told));
    const others = clones.map((clone) => clone.path).filter((each) => !told.has(each));
    // hosts have single files cloned, which takes no snapshot that stays
    const ofFiles = asked.filter((each) => each.destinationPath && flats().includes(each.sourcePath)).map((each) => folderOf(each.destinationPath.slice(volume.length + 2)));
    const all = [...new Set([...others, ...ofFiles])].filter((each) => each !== path && !told.has(each));
    if (!snapshots.length && !all.length) {
      return html`<p class="muted">The array has no snapshot of this machine, and knows of no clone of it.</p>`;
    }
    return html`<ul class="tree">
      ${snapshots} ${all.map(cloneNode)}
    </ul>`;
  }

  /** @param {any} snapshot @param {Set<string>} told @returns {any} */
  function snapshotNode(snapshot, told) {
    const machinesOf = [...new Set(snapshot.clones.map((/** @type {string} */ clone) => folderOf(clone)))];
    machinesOf.forEach((each) => told.add(each));
    return html`<li>
      <div class="node">
        <span class="badge ${snapshot.isAutomatic ? "" : "info"}">${snapshot.isAutomatic ? "made for clones" : "snapshot"}</span>
        <span class="name">${snapshot.name}</span>
        <small>${time(snapshot.createdNanos / 1e6)}${snapshot.source ? " of " + snapshot.source : ""}</small>
        <span class="number">${plural(snapshot.clones.length, "clone")}</span>
        ${snapshot.isAutomatic ? nothing : html`<button class="quiet" aria-label=${"Go back to " + snapshot.name} @click=${() => revertTo(volume, snapshot.name, () => page.reload())}>Go back…</button>`}
        <button class="quiet" ?disabled=${snapshot.clones.length > 0} title=${snapshot.clones.length ? "kept until its last clone is gone" : "Delete it"}
          @click=${() => deleteSnapshot(volume, snapshot.name, () => page.reload())}>Delete</button>
      </div>
      ${machinesOf.length || snapshot.children.length
        ? html`<ul class="tree">
            ${machinesOf.map((clone) => cloneNode(/** @type {string} */ (clone)))}
            ${snapshot.children.map((/** @type {any} */ child) => snapshotNode(child, told))}
          </ul>`
        : nothing}
    </li>`;
  }

  /** @param {string} clone */
  function cloneNode(clone) {
    const row = machines.byId.get(`${volume}/${clone}`);
    return html`<li>
      <div class="node">
        <span class="badge ok">clone</span>
        <a class="name" href=${vmAddress(volume, clone)}>${row?.name ?? clone}</a>
        ${row ? html`<span class="number">unique ${bytes(row.uniqueBytes)}</span>` : nothing}
      </div>
    </li>`;
  }

  function stories() {
    const all = flats().filter((/** @type {string} */ each) => each.endsWith("-flat.vmdk"));
    return all.length
      ? html`<p>Each disk has a story: what the host asked, what the array answered, what crossed the wire.</p>
          <ul class="tree">
            ${all.map((/** @type {string} */ each) => html`<li><div class="node"><a class="name" href=${storyAddress(each)}>${baseName(each)}</a></div></li>`)}
          </ul>`
      : html`<p class="muted">There is no disk whose story could be told.</p>`;
  }

  function files() {
    return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Files">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">File</th><th scope="col">What it is</th>
            <th scope="col" class="number">Size</th><th scope="col" class="number">Used</th>
            <th scope="col" class="number">Unique</th><th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          ${detail.files.map(
            (/** @type {any} */ file) => html`<tr>
              <th scope="row" class="mono">${file.name}</th>
              <td>${KINDS[/** @type {keyof typeof KINDS} */ (file.kind)] ?? file.kind}</td>
              <td class="number">${bytes(file.sizeBytes)}</td>
              <td class="number">${bytes(file.space.chargedBytes ?? file.space.liveBytes + file.space.snapshotBytes)}</td>
              <td class="number">${bytes(file.space.exclusiveBytes)}</td>
              <td>${time(file.modifiedNanos / 1e6)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  page.drawNow();
  let seen = -1;
  page.whenLeft(
    machines.watch(() => {
      const row = machines.byId.get(id);
      page.update();
      const sign = row ? row.usedBytes + row.uniqueBytes * 3 + row.redoLogs * 7 + row.files : 0;
      if (seen >= 0 && sign !== seen && !page.isLoading) {
        void page.reload();
      }
      seen = sign;
    }),
  );
  await page.load(load);
  if (page.error instanceof Refusal && page.error.status === 404) {
    page.error = new Refusal(404, "No such machine", `There is no machine ${id}: it was deleted or moved, or the address is wrong.`);
  }
  page.drawNow();
}

/** The directory of a machine, of which a file or the directory itself is named. @param {string} path */
function folderOf(path) {
  return /\.(vmdk|vmx)$/.test(path) ? path.slice(0, Math.max(0, path.lastIndexOf("/"))) : path;
}
