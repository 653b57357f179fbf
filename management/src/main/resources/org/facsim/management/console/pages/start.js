// @ts-check
/** The first run: starts the article's demo with one click, and explains what is seen while it happens. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { heading, icon, loaded } from "../page.js";
import { bytes, duration, percent } from "../format.js";
import { CLONED_BY, storyAddress, vmAddress } from "../model.js";
import { toast } from "../parts/ask.js";

const DISK_BYTES = 33 * 2 ** 29;

/** What is to be watched at each clone. @type {Record<string, string>} */
const WATCH = {
  "windows-7-hot": "A running Windows 7. Its VSS comes to rest at file-system level, and the snapshot leaves one redo log. The base is one whole file, so the host asks the array, and the array shares its blocks.",
  "windows-2008r2-hot": "The one that is not free. Application-level quiescing of Windows 2008 R2 leaves two redo logs that are siblings on the base. The quiesced state is in no single file. The host does not even ask: it reads and writes the whole disk over the network.",
  "windows-2008r2-vss-disabled": "The same guest with VSS switched off (KB 1031298): one redo log, and the clone is free again.",
  "windows-2008r2-sync-driver": "With the sync driver of VMware Tools instead of VSS: one redo log, free.",
  "windows-2008r2-tools-stopped": "With VMware Tools stopped nobody quiesces the guest: one redo log, free.",
  "windows-2008r2-dynamic-disk": "A dynamic disk in the guest rules application-level quiescing out: one redo log, free.",
  "windows-2008r2-cold": "Powered off there is nothing to quiesce and no snapshot: free.",
  "windows-2008r2-array-ui": "Made in the array's own console, which knows nothing of guests: always free.",
};

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let demo = null;

  async function load() {
    demo = await get("/api/v1/demo", page.signal);
  }

  page.draw = () => html`
    ${heading("Why was one clone free and one not?", "A storage administrator cloned running machines on an NFS array. Seven of eight clones took no space and no time. One took as much as its source.")}
    ${loaded(page, demo, contents, "Asking the array…")}
  `;

  function contents() {
    return html`
      <section class="panel">${demo.state === "idle" ? offer() : progress()}</section>
      ${demo.cases.length || demo.state === "running" ? cases() : explanation()}
      ${demo.state === "done" ? next() : nothing}
    `;
  }

  function offer() {
    return html`
      <p class="lead">
        The demo starts simulated ESXi hosts beside this array. They mount a volume over real NFS, make two machines, let their
        guests write 16.5 GiB each, and clone them eight times. It takes well under a minute.
      </p>
      ${demo.isOffered
        ? html`<button class="primary" @click=${start}>Start the demo</button>`
        : html`<p class="remark">${icon("info")} <span>This array offers no demo: a lab runs beside it, or a test embeds it. <code>./facsim demo --console</code> starts an array with one.</span></p>`}
    `;
  }

  function progress() {
    const { state } = demo;
    const severity = state === "running" ? "running" : state === "done" ? "ok" : "error";
    return html`
      <h2>${icon(severity)} ${state === "running" ? "It runs" : state === "done" ? "Done" : "It ended early"}</h2>
      ${demo.error ? html`<p class="remark error" role="alert">${icon("error")} <span>${demo.error}</span></p>` : nothing}
      <progress max=${demo.caseCount} .value=${demo.cases.length} aria-label="Clones that are made"></progress>
      <p role="status">
        ${demo.cases.length} of ${demo.caseCount} clones${demo.step ? html` – <b>${demo.step}</b>` : nothing}${demo.totalBytes ? html`, ${percent(demo.doneBytes, demo.totalBytes)} of ${bytes(demo.totalBytes)}` : nothing}
      </p>
    `;
  }

  function cases() {
    return html`<section class="panel">
      <h2>Clone by clone</h2>
      <ol class="story">
        ${demo.cases.map(
          (/** @type {any} */ each) => {
            const by = CLONED_BY[each.clonedBy] ?? { word: each.clonedBy, severity: "info" };
            return html`<li>
              <h3><a href=${vmAddress(demo.volume, each.name)}>${each.name}</a> <span class="badge ${by.severity}">${icon(by.severity)} ${by.word}</span></h3>
              <p>${WATCH[each.name] ?? each.reason}</p>
              <p class="muted">
                ${each.redoLogsPerDisk} ${each.redoLogsPerDisk === 1 ? "redo log" : "redo logs"} on each disk; ${bytes(each.writeBytes)} written over NFS;
                ${bytes(each.addedPhysicalBytes)} added to the array; ${duration(each.elapsedMillis * 1e6)}.
                ${each.isAsExpected ? nothing : html`<b>Not as the article tells.</b>`}
                <a href=${storyAddress(`/${demo.volume}/${each.name}/${each.source}-flat.vmdk`)} @click=${(/** @type {Event} */ event) => toStory(event, each)}>Its story, step by step</a>
              </p>
            </li>`;
          },
        )}
        ${demo.state === "running" ? html`<li><h3>${icon("running")} ${demo.step ?? "…"}</h3><p>${demo.cases.length === 0 ? "Two machines are made, and their guests write their disks over NFS. Watch throughput under Live charts." : nothing}</p></li>` : nothing}
      </ol>
    </section>`;
  }

  /** Names of files are the hosts' business, so they are looked up. @param {Event} event @param {any} each */
  async function toStory(event, each) {
    event.preventDefault();
    event.stopPropagation();
    try {
      const detail = await get(`/api/v1/vms/${demo.volume}/${each.name}`);
      const flat = detail.files.find((/** @type {any} */ file) => file.kind === "DISK");
      const { go } = await import("../router.js");
      go(storyAddress(`/${demo.volume}/${each.name}/${flat.name}`));
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e), "error");
    }
  }

  function explanation() {
    return html`<div class="columns">
      <section class="panel"><h2>What to watch</h2>
        <ul>
          <li><a href="/vms">Virtual machines</a>: rest on “Used”. The free clones take 0.00 GiB; one takes 16.50.</li>
          <li><a href="/clones">Clones</a>: each clone's story: what the host asked, what the array answered, what crossed the wire.</li>
          <li><a href="/live">Live charts</a>: the one clone that is copied is the only one that moves data.</li>
        </ul></section>
      <section class="panel"><h2>The words</h2>
        <dl>
          <dt><b>Offloaded</b></dt><dd>The host asks the array to clone a file; no data crosses the network.</dd>
          <dt><b>Host copy</b></dt><dd>The host reads and writes all of it itself, and says nothing of it.</dd>
          <dt><b>Redo log</b></dt><dd>What a snapshot of a host opens: new writes go there, the base stays as it is.</dd>
          <dt><b>Quiesce</b></dt><dd>The guest is brought to rest, so that what is on its disk is consistent.</dd>
        </dl></section>
    </div>`;
  }

  function next() {
    return html`<section class="panel"><h2>And now</h2>
      <p>Everything is still there. See <a href="/vms">the machines</a>, <a href="/capacity">where the space went</a>, and <a href="/clones">why</a>.</p></section>`;
  }

  async function start() {
    try {
      demo = await send("POST", "/api/v1/demo", { diskSizeBytes: Number(page.place.query.get("disk")) || DISK_BYTES });
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e), "error");
    }
    page.update();
  }

  page.drawNow();
  await page.load(load);
  page.every(() => {
    if (demo?.state === "running") {
      void page.reload();
    }
  }, 400);
}
