// @ts-check
/** The lab as a trainee sees it: what happened, hints, the answer. The score is the instructor's. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, figure, heading, icon, loaded } from "../page.js";
import { count } from "../format.js";
import { ask, toast } from "../parts/ask.js";
import { offers } from "../stores.js";

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let lab = null;
  /** @type {any} */
  let hints = null;
  /** @type {any} */
  let causes = null;
  let isLab = true;
  /** @type {any} */
  let answered = null;

  async function load() {
    isLab = await offers.lab();
    if (isLab) {
      [lab, hints, causes] = await Promise.all([get("/api/v1/lab", page.signal), get("/api/v1/lab/hints", page.signal), get("/api/v1/lab/causes", page.signal)]);
    } else {
      lab = {};
    }
  }

  page.draw = () => html`
    ${heading("Lab", isLab && lab?.title ? lab.title : "A cluster with something to find out.")}
    ${loaded(page, lab, () => (isLab ? contents() : none()), "Asking the lab…")}
  `;

  function none() {
    return emptyState("No lab runs here", html`Start one on a terminal: <code>./facsim lab start riddle</code>. <code>./facsim lab list</code> shows which ones there are.`);
  }

  function contents() {
    return html`
      <div class="two-one">
        <section class="panel"><h2>What you are told</h2>${lab.text.trim().split(/\n\s*\n/).map((/** @type {string} */ paragraph) => html`<p class="lead">${paragraph}</p>`)}</section>
        <section class="panel">
          <dl class="figures">
            ${figure("Hosts", count(lab.hosts))} ${figure("Machines", html`${count(lab.poweredOn)} <span class="unit">of ${lab.virtualMachines} on</span>`)}
            ${figure("Guest writes", html`${count(lab.writesPerSecond)} <span class="unit">per s</span>`)} ${figure("Since", html`${Math.floor(lab.elapsedSeconds / 60)} <span class="unit">min</span>`)}
          </dl>
          <p>Look around: <a href="/hosts">hosts</a>, <a href="/vms">machines</a>, <a href="/clones">clones</a>, <a href="/live">charts</a>, <a href="/events">events</a>.</p>
        </section>
      </div>
      <div class="columns">
        <section class="panel"><h2>Hints</h2>
          ${hints.taken.length ? html`<ol>${hints.taken.map((/** @type {any} */ hint) => html`<li>${hint.text} <small>cost ${hint.cost} points</small></li>`)}</ol>` : html`<p class="muted">None taken.</p>`}
          <button ?disabled=${hints.left === 0} @click=${takeHint}>${hints.left ? `Take the next hint (costs ${hints.nextCost} points)` : "No hint is left"}</button></section>
        ${lab.isIncident
          ? html`<section class="panel"><h2>What is the cause?</h2>
              <form @submit=${answer}>
                <label>Cause <select name="cause" required>${causes.items.map((/** @type {any} */ each) => html`<option value=${each.cause}>${each.text}</option>`)}</select></label>
                <p></p>
                <label>About <select name="about"><option value="">nothing in particular</option>${causes.subjects.map((/** @type {string} */ each) => html`<option>${each}</option>`)}</select></label>
                <p></p>
                <button class="primary">State it</button>
              </form>
              ${answered
                ? html`<p class="remark ${answered.isRightCause && answered.isRightSubject ? "ok" : "warning"}" role="status">${icon(answered.isRightCause && answered.isRightSubject ? "ok" : "warning")}
                    <span>${answered.isRightCause ? (answered.isRightSubject ? "That is it. Now mend it." : "The cause is right; it is about something else.") : "That is not it."} Attempt ${answered.attempts}.</span></p>`
                : nothing}</section>`
          : nothing}
      </div>
    `;
  }

  async function takeHint() {
    if (await ask({ title: "Take a hint?", text: `It costs ${hints.nextCost} points.`, action: "Take it", run: () => send("POST", "/api/v1/lab/hints") })) {
      await page.reload();
    }
  }

  /** @param {SubmitEvent} event */
  async function answer(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const about = String(form.get("about"));
    try {
      answered = await send("POST", "/api/v1/lab/answers", { cause: String(form.get("cause")), ...(about ? { about } : {}) });
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e), "error");
    }
    page.update();
  }

  page.drawNow();
  page.every(() => isLab && void page.reload(), 5_000);
  await page.load(load);
}

