// @ts-check
/** For who trains others: inject something now, watch the score with its evidence, begin anew. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, figure, heading, icon, loaded } from "../page.js";
import { count, time } from "../format.js";
import { ask } from "../parts/ask.js";
import { saveJson } from "../parts/export.js";
import { offers } from "../stores.js";
import { taskTable } from "./hosts.js";

/** Presets that make a good surprise, the most asked for first. */
const SURPRISES = ["apd", "takeover", "slow", "full", "busy"];

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let check = null;
  /** @type {any} */
  let lab = null;
  /** What was injected from here. The rules in force are not asked for: the score counts that as peeking. @type {{at: number, name: string}[]} */
  const injected = [];
  /** @type {any[]} */
  let presets = [];
  /** @type {any[]} */
  let tasks = [];
  /** @type {{at: number, score: number}[]} */
  const history = [];
  let isLab = true;

  async function load() {
    if (!presets.length) {
      presets = (await get("/api/v1/fault-presets", page.signal)).items;
      presets.sort((a, b) => rank(a.name) - rank(b.name));
    }
    isLab = await offers.lab();
    if (isLab) {
      [lab, check, tasks] = await Promise.all([get("/api/v1/lab", page.signal), get("/api/v1/lab/check", page.signal), get("/api/v1/lab/tasks", page.signal).then((answer) => answer.items)]);
      if (history.at(-1)?.score !== check.score) {
        history.push({ at: Date.now(), score: check.score });
      }
    } else {
      lab = {};
    }
  }

  /** @param {string} name */
  function rank(name) {
    const at = SURPRISES.indexOf(name);
    return at < 0 ? SURPRISES.length : at;
  }

  page.draw = () => html`
    ${heading("Instructor", "What the trainees do not see. Inject something now, and watch how they do.", isLab && check ? html`<button @click=${() => saveJson("score", { lab, check })}>JSON</button><button class="danger" @click=${reset}>Begin anew…</button>` : nothing)}
    ${loaded(page, lab, contents, "Asking the lab…")}
  `;

  function contents() {
    return html`
      ${isLab ? score() : emptyState("No lab runs here", html`The score needs one: <code>./facsim lab start riddle</code>. Faults can be injected all the same.`)}
      <section class="panel">
        <header><h2>Inject now</h2><small><a href="/faults">the rules in force</a></small></header>
        ${injected.length ? html`<p>${injected.map((each) => html`<span class="badge warning">${icon("warning", "injected")} ${time(each.at)} ${each.name}</span> `)}</p>` : nothing}
        ${isLab ? html`<p class="muted">Injecting does not touch the score. Looking at the rules in force, or ending them, counts as peeking: let a preset end by itself (“for”).</p>` : nothing}
        <div class="columns">
          ${presets.map((preset) => html`<div class="preset"><div><b>${preset.name}</b><p>${preset.text}</p></div><button aria-label=${"Inject " + preset.name} @click=${() => inject(preset)}>Inject…</button></div>`)}
        </div>
      </section>
      ${taskTable(tasks)}
    `;
  }

  function score() {
    const severity = check.verdict === "solved" ? "ok" : check.verdict === "wrong" ? "error" : "info";
    return html`<section class="panel">
      <header><h2>${lab.title}</h2><span class="badge ${severity}">${icon(severity)} ${check.verdict}</span></header>
      <dl class="figures">
        <div class="figure"><dt>Score</dt><dd class="score">${check.score} <span class="unit">of 100</span></dd></div>
        ${figure("Hints taken", count(lab.hintsTaken))} ${figure("Minutes", count(Math.floor(lab.elapsedSeconds / 60)))}
        ${figure("Machines on", html`${lab.poweredOn} <span class="unit">of ${lab.virtualMachines}</span>`)}
      </dl>
      <div class="scroll-x" tabindex="0" role="region" aria-label="Parts of the score"><table class="plain">
        <thead><tr><th scope="col">What is judged</th><th scope="col" class="number">Points</th><th scope="col">Evidence</th></tr></thead>
        <tbody>
          ${check.parts.map((/** @type {any} */ part) => html`<tr>
            <th scope="row">${icon(part.points < 0 ? "error" : part.points >= part.most ? "ok" : "off", part.points < 0 ? "takes points" : part.points >= part.most ? "done" : "open")} ${part.what}</th>
            <td class="number">${part.points}${part.most ? ` of ${part.most}` : ""}</td><td>${part.evidence.join("; ")}</td></tr>`)}
        </tbody>
      </table></div>
      ${history.length > 1 ? html`<h3>How it went</h3><p>${history.map((each) => html`<span class="badge">${time(each.at)} ${each.score}</span> `)}</p>` : nothing}
    </section>`;
  }

  /** @param {any} preset */
  async function inject(preset) {
    const isDone = await ask({
      title: `Inject ${preset.name}`,
      text: preset.text,
      fields: preset.parameters.map((/** @type {any} */ parameter) => html`<label>${parameter.name}: ${parameter.text} <input name=${parameter.name} placeholder=${parameter.standard || "any"} /></label>`),
      action: "Inject now",
      run: (form) => {
        /** @type {Record<string, string>} */
        const parameters = {};
        form.forEach((value, name) => {
          if (String(value).trim()) {
            parameters[name] = String(value).trim();
          }
        });
        return send("POST", `/api/v1/fault-presets/${preset.name}`, { parameters });
      },
    });
    if (isDone) {
      injected.push({ at: Date.now(), name: preset.name });
      await page.reload();
    }
  }

  async function reset() {
    if (await ask({ title: "Begin anew?", text: "The array and the hosts go back to where the lab began, and it counts anew.", action: "Begin anew", isDangerous: true, run: () => send("POST", "/api/v1/lab/reset") })) {
      history.length = 0;
      await page.reload();
    }
  }

  page.drawNow();
  page.every(() => void page.reload(), 3_000);
  await page.load(load);
}
