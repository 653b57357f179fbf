// @ts-check
/** The clones that hosts asked for and the jobs under way; one clone's story is in story.js. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, heading, icon, loaded } from "../page.js";
import { baseName, bytes, percent, time } from "../format.js";
import { outcomeOf, storyAddress, vmAddress, wholePath } from "../model.js";
import { ask, attempt } from "../parts/ask.js";
import { saveCsv, saveJson } from "../parts/export.js";
import { openStory } from "./story.js";

/** @typedef {import("../page.js").Page} Page */

const EXPORTED = ["at", "volume", "client", "dialect", "kind", "dryRun", "source", "destination", "jobId", "outcome", "status", "reason"].map((name) => ({
  label: name,
  value: (/** @type {any} */ row) => row[name],
}));

/** A clone that a host asked for; a host may have named its files by handles. @param {any} clone */
function named(clone) {
  const path = clone.destinationPath ?? wholePath(clone.volume, clone.destination);
  return { ...clone, name: folder(path), file: baseName(path), href: storyAddress(path), of: folder(clone.sourcePath ?? clone.source) };
}

/** The machine that a file belongs to. @param {string} path */
function folder(path) {
  const parts = path.split("/");
  return parts.length > 2 ? parts.slice(-2, -1)[0] : path;
}

/** A clone of the demo of which the array was not asked. @param {string} volume @param {any} each */
function ofDemo(volume, each) {
  const isCopied = each.clonedBy === "host-copy";
  return {
    at: each.endedAt,
    volume,
    client: isCopied ? "esx1, which did not ask" : "the array itself",
    dialect: "",
    kind: "clone",
    outcome: isCopied ? "written" : "shared",
    reason: each.reason,
    name: each.name,
    href: vmAddress(volume, each.name),
    of: each.source,
  };
}

/** A clone that was made by the array itself, in the shape of one that a host asked for. @param {any} clone */
function madeHere(clone) {
  const isDone = clone.state === "SUCCEEDED";
  return {
    at: clone.ended ?? clone.started,
    volume: clone.destination.volume,
    client: "the array itself",
    dialect: "",
    kind: "clone",
    dryRun: false,
    source: clone.source.path,
    destination: clone.destination.path,
    outcome: isDone ? (clone.copied ? "copied-inside" : "shared") : clone.state === "ABORTED" ? "aborted" : clone.state === "LOST" ? "lost" : "failed",
    status: "",
    reason: clone.reason || `made here by profile ${clone.profile}`,
    name: clone.destination.path,
    href: vmAddress(clone.destination.volume, clone.destination.path),
    of: clone.source.path,
  };
}

/** @param {Page} page */
export async function open(page) {
  if (page.place.rest) {
    await openStory(page, "/" + page.place.rest);
    return;
  }
  /** @type {any[] | null} */
  let clones = null;
  /** @type {any[]} */
  let jobs = [];

  async function load() {
    const [explained, running, own, demo] = await Promise.all([
      get("/api/v1/explanations", page.signal),
      get("/api/v1/jobs", page.signal),
      get("/api/v1/clones", page.signal),
      get("/api/v1/demo", page.signal),
    ]);
    jobs = [
      ...own.items.map((/** @type {any} */ each) => ({ href: `/api/v1/clones/${each.id}`, name: baseName(each.destination.path), volume: each.destination.volume, client: "this array", job: each })),
      ...running.items.map((/** @type {any} */ each) => ({ href: `/api/v1/jobs/${each.job.jobId}`, name: "job " + each.job.jobId, ...each })),
    ].filter((each) => !each.job.done);
    clones = [
      ...explained.items.map(named),
      ...own.items.filter((/** @type {any} */ each) => each.done).map(madeHere),
      ...demo.cases.filter((/** @type {any} */ each) => each.clonedBy !== "array-offload").map((/** @type {any} */ each) => ofDemo(demo.volume, each)),
    ].sort((a, b) => (a.at < b.at ? 1 : -1));
  }

  page.draw = () => html`
    ${heading(
      "Clones",
      "Which clones were free and which were not, as the array saw it. A host that falls back to copying says nothing of it.",
      clones?.length
        ? html`<button @click=${() => saveCsv("facsim-clones", EXPORTED, clones ?? [])}>CSV</button>
            <button @click=${() => saveJson("facsim-clones", clones)}>JSON</button>`
        : nothing,
    )}
    ${jobs.length ? underWay() : nothing} ${loaded(page, clones, table, "Reading what the array remembers…")}
  `;

  function underWay() {
    return html`<section class="panel">
      <h2>Under way</h2>
      <table class="plain">
        <thead><tr><th scope="col">Job</th><th scope="col">Volume</th><th scope="col">Host</th><th scope="col">Progress</th><th scope="col" class="number">Done</th><th scope="col"><span class="visually-hidden">Cancel</span></th></tr></thead>
        <tbody>
          ${jobs.map(
            ({ href, name, volume, client, job }) => html`<tr>
              <th scope="row">${name}</th>
              <td>${volume}</td>
              <td>${client}</td>
              <td><progress max=${job.totalBytes || 1} .value=${job.doneBytes} aria-label=${"Progress of " + name}></progress></td>
              <td class="number">${percent(job.doneBytes, job.totalBytes)} of ${bytes(job.totalBytes)}</td>
              <td><button class="danger" @click=${() => cancel(name, href)}>Cancel…</button></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  /** @param {string} name @param {string} href */
  async function cancel(name, href) {
    const isSure = await ask({ title: `Cancel ${name}?`, text: "Nothing of its destination will be left. The host may copy over the network instead.", action: "Cancel the clone", isDangerous: true, run: () => send("DELETE", href) });
    if (isSure) {
      await attempt("The job is cancelled.", async () => page.reload());
    }
  }

  function table() {
    if (!clones?.length) {
      return html`${emptyState("No clone yet", "Nobody has asked for a clone since the array started.", html`<a href="/start">Start the demo</a>`)} ${unasked()}`;
    }
    return html`<section class="panel scroll-x" tabindex="0" role="region" aria-label="Clones">
      <table class="plain">
        <thead><tr><th scope="col">When</th><th scope="col">How it came out</th><th scope="col">Clone</th><th scope="col">Of</th><th scope="col">Asked by</th><th scope="col">Why</th></tr></thead>
        <tbody>
          ${clones.map((clone) => {
            const outcome = outcomeOf(clone.outcome);
            return html`<tr>
              <td class="number">${clone.at ? time(clone.at) : ""}</td>
              <td><span class="badge ${outcome.severity}">${icon(outcome.severity)} ${outcome.word}</span></td>
              <th scope="row" class="whole" title=${clone.file ?? ""}><a href=${clone.href}>${clone.name}</a></th>
              <td class="whole">${clone.of}</td>
              <td>${clone.client} <small>${clone.dialect}</small></td>
              <td class="words">${clone.reason || clone.firstFailed || ""}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      ${unasked()}
    </section>`;
  }

  /** What this list cannot have. */
  function unasked() {
    return html`<p class="remark">${icon("info")}
      <span>A host that copies without asking only reads and writes, so its copies are not in this list, except those of the demo. The page of a <a href="/vms">machine</a> leads to the story of each disk, which tells such a copy by its writes.</span>
    </p>`;
  }

  page.drawNow();
  for (const name of ["JobChanged", "CloneExplained", "VmCloned", "ConsoleCloneChanged"]) {
    page.on(name, () => void page.reload());
  }
  page.every(() => {
    if (jobs.length) {
      void page.reload();
    }
  }, 1_000);
  await page.load(load);
}
