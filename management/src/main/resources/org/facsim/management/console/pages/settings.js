// @ts-check
/** What is chosen in this browser, and what the array itself is set to. */
import { html } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { heading, loaded } from "../page.js";
import { setTheme, theme } from "../settings.js";

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let configuration = null;

  page.draw = () => html`
    ${heading("Settings", "Colours are chosen in this browser. The array's own settings are shown, not changed, here.")}
    <section class="panel">
      <h2>Colours</h2>
      <fieldset>
        <legend class="visually-hidden">Colours</legend>
        ${/** @type {const} */ ([["auto", "As the system has it"], ["light", "Light"], ["dark", "Dark"]]).map(
          ([value, name]) => html`<label><input type="radio" name="theme" value=${value} ?checked=${theme() === value} @change=${() => choose(value)} /> ${name}</label>`,
        )}
      </fieldset>
    </section>
    <section class="panel"><h2>The array's settings</h2>${loaded(page, configuration, table, "Reading settings…")}</section>
    <section class="panel">
      <h2>The same by other ways</h2>
      <p>Everything here is the management API: <a data-plain href="/openapi.yaml">its description</a>, <a data-plain href="/metrics">metrics</a>. On a terminal: <code>./facsim help</code>.</p>
    </section>
  `;

  function table() {
    const { settings, ...others } = configuration;
    const rows = flat(others, "").filter(([, value]) => value);
    return html`${options(settings)}<h3>As it runs</h3><div class="scroll-x" tabindex="0" role="region" aria-label="The array's settings"><table class="plain">
      <tbody>${rows.map(([name, value]) => html`<tr><th scope="row" class="mono">${name}</th><td class="mono">${value}</td></tr>`)}</tbody>
    </table></div>`;
  }

  /** @param {{name: string, value: string, source: string, where: string}[]} settings */
  function options(settings) {
    if (!settings.length) {
      return html`<p class="muted">A program embeds this array and tells no options.</p>`;
    }
    return html`<div class="scroll-x" tabindex="0" role="region" aria-label="The options of its start"><table class="plain">
      <caption class="visually-hidden">The options of its start, and where each value comes from</caption>
      <thead><tr><th scope="col">Option</th><th scope="col">Value</th><th scope="col">From</th></tr></thead>
      <tbody>${settings.map(
        (each) => html`<tr>
          <th scope="row" class="mono">${each.name}</th><td class="mono">${each.value || "–"}</td>
          <td>${each.source === "default" ? html`<span class="muted">default</span>` : html`<b>${each.source}</b> <span class="mono">${each.where}</span>`}</td>
        </tr>`,
      )}</tbody>
    </table></div>`;
  }

  /** @param {import("../settings.js").Theme} value */
  function choose(value) {
    setTheme(value);
    page.update();
  }

  page.drawNow();
  await page.load(async () => {
    configuration = await get("/api/v1/configuration", page.signal);
  });
}

/** @param {any} value @param {string} name @returns {[string, string][]} */
function flat(value, name) {
  if (Array.isArray(value)) {
    return value.every((each) => typeof each !== "object")
      ? [[name, value.join(", ")]]
      : value.flatMap((each, i) => flat(each, `${name}[${each?.name ?? i}]`));
  }
  if (value && typeof value === "object") {
    return Object.entries(value).flatMap(([key, each]) => flat(each, name ? `${name}.${key}` : key));
  }
  return [[name, String(value ?? "")]];
}
