// @ts-check
/** Named states of the whole array: saving, going back, deleting; as the tree they form. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, heading, icon, loaded } from "../page.js";
import { bytes, time } from "../format.js";
import { ask, toast } from "../parts/ask.js";

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any[] | null} */
  let states = null;

  async function load() {
    states = (await get("/api/v1/states", page.signal)).items;
  }

  page.draw = () => html`
    ${heading(
      "States",
      "A state keeps the whole array as it is now: volumes, profiles, export rules. Going back takes milliseconds, whatever the size.",
      html`<button class="primary" @click=${save}>Save a state…</button>`,
    )}
    ${loaded(page, states, list, "Reading states…")}
  `;

  function list() {
    if (!states?.length) {
      return emptyState("No state", "Save one before you try something, and come back to it.");
    }
    const roots = states.filter((state) => !states?.some((other) => other.name === state.parent));
    return html`<section class="panel"><ul class="tree">${roots.map(node)}</ul></section>`;
  }

  /** @param {any} state @returns {any} */
  function node(state) {
    const children = (states ?? []).filter((other) => other.parent === state.name);
    return html`<li>
      <div class="node">
        ${icon(state.isCurrent ? "ok" : "off", state.isCurrent ? "the array comes from this one" : "a state")}
        <span class="name">${state.name}</span> <small>${time(state.created)}${state.isCurrent ? ", the array comes from this one" : ""}</small>
        <span class="number">keeps ${bytes(state.keptBytes)} alone</span>
        <button @click=${() => restore(state.name)}>Go back…</button>
        <button class="quiet" @click=${() => remove(state.name)}>Delete…</button>
      </div>
      ${children.length ? html`<ul class="tree">${children.map(node)}</ul>` : nothing}
    </li>`;
  }

  /** @param {string} text */
  async function done(text) {
    toast(text);
    await page.reload();
  }

  async function save() {
    const isDone = await ask({
      title: "Save a state",
      text: "It takes no space until something changes.",
      fields: html`<label>Name <input name="name" required pattern="[A-Za-z0-9_\\-][A-Za-z0-9._\\-]{0,63}" title="letters, digits, . _ -" /></label>`,
      action: "Save",
      run: (form) => send("POST", "/api/v1/states", { name: String(form.get("name")) }),
    });
    if (isDone) {
      await done("The state is saved.");
    }
  }

  /** @param {string} name */
  async function restore(name) {
    const isDone = await ask({
      title: `Go back to ${name}?`,
      text: "Everything that was written since is lost, unless a state has it. Clone jobs under way are lost; counters and locks stay.",
      action: "Go back",
      isDangerous: true,
      run: () => send("POST", `/api/v1/states/${encodeURIComponent(name)}/restore`),
    });
    if (isDone) {
      await done(`The array is as it was in ${name}.`);
    }
  }

  /** @param {string} name */
  async function remove(name) {
    const isDone = await ask({ title: `Delete state ${name}?`, text: "Space that only it kept comes back.", action: "Delete", isDangerous: true, run: () => send("DELETE", `/api/v1/states/${encodeURIComponent(name)}`) });
    if (isDone) {
      await done("The state is deleted.");
    }
  }

  page.drawNow();
  for (const name of ["StateSaved", "StateRestored", "StateDeleted"]) {
    page.on(name, () => void page.reload());
  }
  await page.load(load);
}
