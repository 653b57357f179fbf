// @ts-check
/** The clones that hosts asked for and the jobs under way; one clone's story is in story.js. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, heading, icon, loaded } from "../page.js";
import { baseName, bytes, percent, time } from "../format.js";
import { outcomeOf, storyAddress, wholePath } from "../model.js";
import { ask, attempt } from "../parts/ask.js";
import { saveCsv, saveJson } from "../parts/export.js";
import { openStory } from "./story.js";

/** @typedef {import("../page.js").Page} Page */

const EXPORTED = ["at", "volume", "client", "dialect", "kind", "dryRun", "source", "destination", "jobId", "outcome", "status", "reason"].map((name) => ({
  label: name,
  value: (/** @type {any} */ row) => row[name],
}));

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
    const [explained, running] = await Promise.all([get("/api/v1/explanations", page.signal), get("/api/v1/jobs", page.signal)]);
    clones = explained.items.reverse();
    jobs = running.items.filter((/** @type {any} */ each) => !each.job.done);
  }

  page.draw = () => html`
    ${heading(
      "Clones",
      "Which clones were free and which were not, as the array saw it. A host that falls back to copying says nothing of it; the array does.",
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
            ({ volume, client, job }) => html`<tr>
              <th scope="row">${job.jobId}</th>
              <td>${volume}</td>
              <td>${client}</td>
              <td><progress max=${job.totalBytes || 1} .value=${job.doneBytes} aria-label=${"Progress of job " + job.jobId}></progress></td>
              <td class="number">${percent(job.doneBytes, job.totalBytes)} of ${bytes(job.totalBytes)}</td>
              <td><button class="danger" @click=${() => cancel(job.jobId)}>Cancel…</button></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  /** @param {string} id */
  async function cancel(id) {
    const isSure = await ask({ title: `Cancel clone job ${id}?`, text: "Nothing of its destination will be left. The host may copy over the network instead.", action: "Cancel the clone", isDangerous: true, run: () => send("DELETE", `/api/v1/jobs/${id}`) });
    if (isSure) {
      await attempt("The job is cancelled.", async () => page.reload());
    }
  }

  function table() {
    if (!clones?.length) {
      return emptyState("No clone yet", "No host has asked for a clone since the array started.", html`<a href="/start">Start the demo</a>`);
    }
    return html`<section class="panel scroll-x" tabindex="0" role="region" aria-label="Clones">
      <table class="plain">
        <thead><tr><th scope="col">When</th><th scope="col">How it came out</th><th scope="col">Clone</th><th scope="col">Of</th><th scope="col">Asked by</th><th scope="col">Why</th></tr></thead>
        <tbody>
          ${clones.map((clone) => {
            const outcome = outcomeOf(clone.outcome);
            return html`<tr>
              <td class="number">${time(clone.at)}</td>
              <td><span class="badge ${outcome.severity}">${icon(outcome.severity)} ${outcome.word}</span></td>
              <th scope="row"><a href=${storyAddress(wholePath(clone.volume, clone.destination))}>${baseName(clone.destination)}</a></th>
              <td>${baseName(clone.source)}</td>
              <td>${clone.client} <small>${clone.dialect}</small></td>
              <td>${clone.reason || clone.firstFailed || ""}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </section>`;
  }

  page.drawNow();
  for (const name of ["JobChanged", "CloneExplained", "VmCloned"]) {
    page.on(name, () => void page.reload());
  }
  page.every(() => {
    if (jobs.length) {
      void page.reload();
    }
  }, 1_000);
  await page.load(load);
}
