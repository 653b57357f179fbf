// @ts-check
/** Faults on demand: presets by one click, the rules that are in force, and a rule of one's own. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, heading, icon, loaded } from "../page.js";
import { count, time } from "../format.js";
import { attempt, toast } from "../parts/ask.js";
import { offers } from "../stores.js";

const EXAMPLE = `{
  "name": "every third WRITE is told to wait",
  "match": {"doors": ["nfs"], "procedures": ["WRITE"]},
  "act": {"status": "JUKEBOX"},
  "limits": {"every": 3}
}`;

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any[] | null} */
  let rules = null;
  /** @type {any[]} */
  let presets = [];
  /** In a lab, looking at the rules costs the trainee points, so it is not done unasked. */
  let mayLook = false;

  async function load() {
    if (!mayLook) {
      mayLook = !(await offers.lab());
    }
    if (!mayLook) {
      return;
    }
    const [installed, shipped] = await Promise.all([get("/api/v1/faults", page.signal), presets.length ? { items: presets } : get("/api/v1/fault-presets", page.signal)]);
    rules = installed.items;
    presets = shipped.items;
  }

  page.draw = () => html`
    ${heading(
      "Faults",
      "What is to go wrong, and for whom. A rule holds for the next call that it matches.",
      rules?.length ? html`<button class="danger" @click=${removeAll}>End all</button>` : nothing,
    )}
    ${!mayLook && !page.isLoading && !page.error
      ? emptyState("A lab runs here", "Looking at the fault rules says what is wrong, so the lab takes points for it. The instructor's page injects faults without a look.", html`<button class="danger" @click=${look}>Look all the same</button>`)
      : loaded(page, rules, contents, "Reading fault rules…")}
  `;

  function look() {
    mayLook = true;
    void page.reload();
  }

  function contents() {
    return html`
      <section class="panel">
        <h2>In force</h2>
        ${rules?.length ? html`<div class="scroll-x" tabindex="0" role="region" aria-label="Fault rules">${table()}</div>` : html`<p class="muted">${icon("ok")} Nothing is to go wrong.</p>`}
      </section>
      <div class="two-one">
        <section class="panel"><h2>Presets</h2>${presets.length ? presets.map(preset) : emptyState("No preset", "None ships.")}</section>
        <section class="panel">
          <h2>A rule of your own</h2>
          <form @submit=${add}>
            <label>As JSON; docs/faults.md has every part <textarea name="rule" rows="9" class="mono" .value=${EXAMPLE} spellcheck="false"></textarea></label>
            <p></p>
            <button class="primary">Add the rule</button>
          </form>
        </section>
      </div>
    `;
  }

  function table() {
    return html`<table class="plain">
      <thead><tr><th scope="col">Rule</th><th scope="col">What it does</th><th scope="col" class="number">Matched</th><th scope="col" class="number">Applied</th><th scope="col">Last</th><th scope="col"><span class="visually-hidden">End it</span></th></tr></thead>
      <tbody>
        ${rules?.map(
          (each) => html`<tr>
            <th scope="row">${icon("warning", "in force")} ${each.id} ${each.rule.name ?? ""}</th>
            <td class="mono">${JSON.stringify(each.rule.match ?? {})} → ${JSON.stringify(each.rule.act)}</td>
            <td class="number">${count(each.matched)}</td>
            <td class="number">${count(each.hits)}</td>
            <td>${each.lastHit ? html`${time(each.lastHit.at)} ${each.lastHit.procedure} ${each.lastHit.path ?? ""}` : "never"}</td>
            <td><button @click=${() => remove(each.id)}>End</button> <button class="quiet" @click=${() => resume(each.id)} title="What waits goes on; the rule stays">Resume</button></td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** @param {any} each */
  function preset(each) {
    const inForce = rules?.some((installed) => installed.rule.name?.startsWith(each.name));
    return html`<form class="preset" @submit=${(/** @type {SubmitEvent} */ event) => start(event, each)}>
      <div><b>${each.name}</b> ${inForce ? html`<span class="badge warning">${icon("warning")} in force</span>` : nothing}<p>${each.text}</p></div>
      <button>Switch on</button>
      ${each.parameters.length
        ? html`<div class="parameters">${each.parameters.map((/** @type {any} */ parameter) => html`<label title=${parameter.text}>${parameter.name} <input name=${parameter.name} placeholder=${parameter.standard || "any"} /></label>`)}</div>`
        : nothing}
    </form>`;
  }

  /** @param {SubmitEvent} event @param {any} each */
  async function start(event, each) {
    event.preventDefault();
    /** @type {Record<string, string>} */
    const parameters = {};
    new FormData(/** @type {HTMLFormElement} */ (event.target)).forEach((value, name) => {
      if (String(value).trim()) {
        parameters[name] = String(value).trim();
      }
    });
    await attempt(`${each.name} is on.`, () => send("POST", `/api/v1/fault-presets/${each.name}`, { parameters }));
    await page.reload();
  }

  /** @param {SubmitEvent} event */
  async function add(event) {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("rule"));
    let rule;
    try {
      rule = JSON.parse(text);
    } catch (e) {
      toast("That is no JSON: " + (e instanceof Error ? e.message : e), "error");
      return;
    }
    await attempt("The rule is in force.", () => send("POST", "/api/v1/faults", { rules: [rule] }));
    await page.reload();
  }

  /** @param {number} id */
  async function remove(id) {
    await attempt(`Rule ${id} has ended.`, () => send("DELETE", `/api/v1/faults/${id}`));
    await page.reload();
  }

  /** @param {number} id */
  async function resume(id) {
    await attempt("What waited goes on.", () => send("POST", `/api/v1/faults/${id}/resume`));
    await page.reload();
  }

  async function removeAll() {
    await attempt("Nothing goes wrong any more.", () => send("DELETE", "/api/v1/faults"));
    await page.reload();
  }

  page.drawNow();
  page.every(() => {
    if (rules) {
      void page.reload();
    }
  }, 2_000);
  await page.load(load);
}
