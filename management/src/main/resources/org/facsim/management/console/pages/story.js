// @ts-check
/** A clone's story, step by step: what the host asked, what the array answered, what crossed the wire, and why. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, Refusal } from "../api.js";
import { emptyState, figure, heading, icon, loaded } from "../page.js";
import { baseName, bytes, count, duration, exactTime, plural, time } from "../format.js";
import { CLONED_BY, outcomeOf, storyAddress, vmAddress } from "../model.js";
import { saveJson } from "../parts/export.js";

/** @typedef {import("../page.js").Page} Page */

const JUDGED = {
  holds: "ok",
  failed: "error",
  "would also fail": "warning",
  "not evaluated": "off",
};

/** @param {Page} page @param {string} path /VOLUME/FILE */
export async function openStory(page, path) {
  /** @type {any} */
  let story = null;
  /** @type {any[]} */
  let calls = [];
  let isJournalOn = true;
  /** @type {any} */
  let demo = null;
  document.title = `Story of ${baseName(path)} – Facsim`;
  const volume = path.split("/")[1];
  const folder = path.slice(volume.length + 2, Math.max(volume.length + 2, path.lastIndexOf("/")));

  async function load() {
    const [told, heard, status, shown] = await Promise.all([
      get(`/api/v1/explanation?path=${encodeURIComponent(path)}`, page.signal),
      get(`/api/v1/journal/calls?path=${encodeURIComponent(path)}&limit=1000`, page.signal).catch(() => null),
      get("/api/v1/journal", page.signal).catch(() => null),
      get("/api/v1/demo", page.signal).catch(() => null),
    ]);
    story = told;
    calls = heard?.items ?? [];
    isJournalOn = (status?.entries ?? 0) > 0;
    demo = shown?.volume === volume ? (shown.cases.find((/** @type {any} */ each) => each.name === folder) ?? null) : null;
  }

  page.draw = () => html`
    ${heading(
      `The story of ${baseName(path)}`,
      html`<a href="/clones">Clones</a> / ${volume} / ${folder ? html`<a href=${vmAddress(volume, folder)}>${folder}</a>` : volume}`,
      story ? html`<button @click=${() => saveJson("story-" + baseName(path), { story, calls, host: demo })}>JSON</button>` : nothing,
    )}
    ${page.error instanceof Refusal && page.error.status === 404
      ? emptyState("Nothing is remembered of this file", page.error.message)
      : loaded(page, story, told, "Asking the array…")}
  `;

  function told() {
    const outcome = outcomeOf(story.outcome);
    return html`
      <div class="verdict-banner ${outcome.severity}" role="status">
        ${icon(outcome.severity)}
        <div><h2>${story.headline}</h2><p>${outcome.text}</p></div>
      </div>
      <div class="two-one">
        <section class="panel"><h2>Step by step</h2><ol class="story">${steps()}</ol></section>
        <div>
          <section class="panel"><h2>On the wire</h2>${wire()}</section>
          <section class="panel"><h2>In the ledger</h2>${ledger()}</section>
          ${story.advice.length
            ? html`<section class="panel"><h2>What to change</h2>${story.advice.map((/** @type {string} */ line) => html`<p class="remark">${icon("info")} <span>${line}</span></p>`)}</section>`
            : nothing}
        </div>
      </div>
      <section class="panel"><h2>The calls about this file</h2>${journal()}</section>
      <details class="panel"><summary>All of it as text</summary><pre>${story.text.join("\n")}</pre></details>
    `;
  }

  function steps() {
    const wasAsked = story.kind !== "";
    return html`
      ${demo ? hostStep() : nothing} ${story.sections.filter((/** @type {any} */ section) => section.teller !== "array").map(sectionStep)}
      ${wasAsked
        ? html`<li>
              <h3>The host asked <span class="who">${story.client || "a host"}${story.dialect ? " by " + story.dialect : ""}</span></h3>
              <p>“${story.kind}” ${story.at ? html`at ${time(story.at)}` : nothing}. The call had ${bytes(story.moved.argumentBytes)} and its answer ${bytes(story.moved.resultBytes)}.</p>
            </li>
            <li>
              <h3>The array checked <span class="who">in this order</span></h3>
              ${checks()}
            </li>
            <li>
              <h3>The array answered</h3>
              <p>${story.status || "OK"}${story.jobId ? html`, job ${story.jobId}` : nothing}: ${story.offloaded ? "it did the work." : "it did not do the work."}</p>
            </li>`
        : html`<li>
            <h3>Nobody asked the array</h3>
            <p>No clone call for this file has arrived. A host decides by itself not to ask, for example when the disk has two redo logs that are siblings.</p>
          </li>`}
      <li>
        <h3>What then moved</h3>
        <p>
          ${story.moved.writes
            ? html`${plural(story.moved.writes, "WRITE")} brought <b>${bytes(story.moved.writtenBytes)}</b> over the network into the file.`
            : html`<b>Nothing</b> was written over the network into the file.`}
          ${story.moved.sharedBytes ? html`The array shared <b>${bytes(story.moved.sharedBytes)}</b> instead of moving them.` : nothing}
          ${story.moved.copiedBytes ? html`The array copied <b>${bytes(story.moved.copiedBytes)}</b> inside.` : nothing}
        </p>
      </li>
    `;
  }

  function hostStep() {
    const by = CLONED_BY[demo.clonedBy] ?? { word: demo.clonedBy, severity: "info" };
    return html`<li>
      <h3>The host decided <span class="who">esx1, for ${demo.guest}</span></h3>
      <p><span class="badge ${by.severity}">${icon(by.severity)} ${by.word}</span> ${demo.reason}</p>
      <p>Quiescing: ${demo.quiescing}${demo.redoLogsPerDisk ? html`; it left <b>${plural(demo.redoLogsPerDisk, "redo log")}</b> on each disk` : nothing}.</p>
      ${demo.text.length ? html`<details><summary>All that the host weighed</summary><pre>${demo.text.join("\n")}</pre></details>` : nothing}
    </li>`;
  }

  /** @param {any} section */
  function sectionStep(section) {
    return html`<li><h3>${section.title} <span class="who">${section.teller}</span></h3><pre>${section.lines.join("\n")}</pre></li>`;
  }

  function checks() {
    return html`<ul class="checks">
      ${story.preconditions.map(
        (/** @type {any} */ each) => html`<li>
          ${icon(/** @type {any} */ (JUDGED[/** @type {keyof typeof JUDGED} */ (each.judgement)] ?? "off"), each.judgement)}
          <span>${each.words}<small>${each.judgement === "not evaluated" ? "not evaluated" : each.evidence}</small></span>
        </li>`,
      )}
    </ul>`;
  }

  function wire() {
    const moved = story.moved;
    // descriptors and the like are read for other reasons
    const read = moved.readMeanwhile.filter((/** @type {any} */ each) => each.path.endsWith(".vmdk") && each.readBytes >= 1 << 20);
    return html`<dl class="figures">
        ${figure("Clone calls", count(moved.cloneCalls))} ${figure("Questions about the job", count(moved.statusCalls))}
        ${figure("WRITEs into it", count(moved.writes), bytes(moved.writtenBytes))}
      </dl>
      ${moved.byClient.length
        ? html`<table class="plain">
            <thead><tr><th scope="col">Host</th><th scope="col" class="number">Written</th><th scope="col" class="number">Read</th></tr></thead>
            <tbody>${moved.byClient.map((/** @type {any} */ each) => html`<tr><th scope="row">${each.client}</th><td class="number">${bytes(each.writtenBytes)}</td><td class="number">${bytes(each.readBytes)}</td></tr>`)}</tbody>
          </table>`
        : nothing}
      ${read.length
        ? html`<h3>Read at the same time</h3>
            <ul class="tree">${read.map((/** @type {any} */ each) => html`<li><div class="node"><a class="name" href=${storyAddress(each.path)}>${each.path.split("/").slice(2).join("/")}</a><span class="number">${bytes(each.readBytes)}</span></div></li>`)}</ul>`
        : nothing}`;
  }

  function ledger() {
    const { cost } = story;
    const rows = [
      ["Source before", cost.sourceBefore],
      ["Source after", cost.sourceAfter],
      ["Source now", cost.sourceNow],
      ["This file before", cost.destinationBefore],
      ["This file after", cost.destinationAfter],
      ["This file now", cost.now],
    ].filter((row) => row[1]);
    return rows.length
      ? html`<table class="plain">
          <thead><tr><th scope="col">When</th><th scope="col" class="number">Mapped</th><th scope="col" class="number">Charged</th><th scope="col" class="number">Unique</th></tr></thead>
          <tbody>${rows.map(([name, figures]) => html`<tr><th scope="row">${name}</th><td class="number">${bytes(figures.referencedBytes)}</td><td class="number">${bytes(figures.chargedBytes)}</td><td class="number">${bytes(figures.exclusiveBytes)}</td></tr>`)}</tbody>
        </table>`
      : html`<p class="muted">Nothing was noted.</p>`;
  }

  function journal() {
    if (calls.length) {
      return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Calls">
        <table class="plain">
          <thead><tr><th scope="col">Time</th><th scope="col">Call</th><th scope="col">Arguments</th><th scope="col">From</th><th scope="col" class="number">In</th><th scope="col" class="number">Out</th><th scope="col">Answer</th><th scope="col" class="number">Took</th></tr></thead>
          <tbody>
            ${gathered(calls).map(
              (call) => html`<tr>
                <td class="number">${exactTime(call.time)}</td><th scope="row">${call.procedure}${call.count > 1 ? html` <small>× ${count(call.count)}</small>` : nothing}</th><td class="mono">${call.count > 1 ? "" : (call.arguments ?? "")}</td><td>${call.client}</td>
                <td class="number">${bytes(call.requestBytes)}</td><td class="number">${bytes(call.replyBytes)}</td><td>${call.status ?? call.outcome}</td><td class="number">${call.durationNanos ? duration(call.durationNanos) : "–"}</td>
              </tr>`,
            )}
          </tbody>
        </table></div>
        <p class="muted">READs and WRITEs in a row are gathered. <a href=${"/journal?path=" + encodeURIComponent(path)}>One by one in the journal</a></p>`;
    }
    return isJournalOn
      ? html`<p class="muted">The journal has no call about this file any more.</p>`
      : html`<p class="remark">${icon("info")} <span>The journal is off, so no single call was kept. <a href="/journal">Turn it on</a> before the next clone.</span></p>`;
  }

  page.drawNow();
  await page.load(load);
  page.every(() => {
    if (story?.outcome === "under-way") {
      void page.reload();
    }
  }, 1_000);
}


/** READs and WRITEs that follow each other, as one line with their sums. @param {any[]} calls @returns {any[]} */
function gathered(calls) {
  /** @type {any[]} */
  const lines = [];
  for (const call of calls) {
    const last = lines.at(-1);
    const client = call.client.replace(/:\d+$/, "");
    if (last && ["READ", "WRITE"].includes(call.procedure) && last.procedure === call.procedure && last.client === client) {
      last.count++;
      last.requestBytes += call.requestBytes;
      last.replyBytes += call.replyBytes;
      last.durationNanos += call.durationNanos ?? 0;
    } else {
      lines.push({ ...call, client, count: 1 });
    }
  }
  return lines;
}
