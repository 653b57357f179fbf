// @ts-check
/** Volumes: size, use, how they behave (profile), who may use them (exports). */
import { html } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { emptyState, heading, loaded } from "../page.js";
import { bytes, GIB, gib, percent } from "../format.js";
import { ask, toast } from "../parts/ask.js";

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any[] | null} */
  let volumes = null;
  /** @type {any[]} */
  let profiles = [];
  /** @type {Map<string, any>} */
  let rules = new Map();

  async function load() {
    const [all, shipped, exports] = await Promise.all([get("/api/v1/volumes", page.signal), get("/api/v1/profiles", page.signal), get("/api/v1/exports", page.signal)]);
    volumes = all.items;
    profiles = shipped.items;
    rules = new Map(exports.items.map((/** @type {any} */ each) => [each.volume, each]));
  }

  page.draw = () => html`
    ${heading("Volumes", "A volume is what hosts mount. Its profile says how it behaves toward hosts that offload, from the next call on.", html`<button class="primary" @click=${create}>New volume…</button>`)}
    ${loaded(page, volumes, list, "Reading volumes…")}
  `;

  function list() {
    return volumes?.length
      ? html`<section class="panel scroll-x" tabindex="0" role="region" aria-label="Volumes">
          <table class="plain">
            <thead><tr><th scope="col">Volume</th><th scope="col">Export</th><th scope="col" class="number">Size</th><th scope="col" class="number">Physical GiB</th><th scope="col" class="number">Full</th><th scope="col">Profile</th><th scope="col">Who may use it</th><th scope="col">Change</th></tr></thead>
            <tbody>${volumes.map(line)}</tbody>
          </table>
        </section>`
      : emptyState("No volume", "Make one, and hosts can mount it at once.");
  }

  /** @param {any} volume */
  function line(volume) {
    const exported = rules.get(volume.name);
    return html`<tr>
      <th scope="row">${volume.name}</th>
      <td class="mono">${volume.exportPath}</td>
      <td class="number">${bytes(volume.space.sizeBytes)}</td>
      <td class="number">${gib(volume.space.physicalUsedBytes)}</td>
      <td class="number">${percent(volume.space.physicalUsedBytes, volume.space.sizeBytes)}</td>
      <td>
        <select aria-label=${"Profile of " + volume.name} @change=${(/** @type {Event} */ event) => behave(volume.name, /** @type {HTMLSelectElement} */ (event.target).value)}>
          ${[...new Set([volume.profile, ...profiles.map((each) => each.name)])].map((name) => html`<option value=${name} ?selected=${name === volume.profile}>${name}</option>`)}
        </select>
      </td>
      <td class="mono">${exported ? (exported.exported === false ? "not exported" : (exported.rules ?? []).join(" ")) : ""}</td>
      <td>
        <button @click=${() => resize(volume)}>Size…</button> <button @click=${() => admit(volume.name, exported)}>Rules…</button>
        <button class="danger" @click=${() => remove(volume.name)}>Delete…</button>
      </td>
    </tr>`;
  }

  /** @param {string} text */
  async function done(text) {
    toast(text);
    await page.reload();
  }

  async function create() {
    const isDone = await ask({
      title: "New volume",
      fields: html`<label>Name <input name="name" required pattern="[A-Za-z0-9_\\-][A-Za-z0-9._\\-]{0,63}" /></label>
        <label>Size in GiB <input name="size" type="number" min="1" step="1" value="100" required /></label>`,
      action: "Make it",
      run: (form) => send("POST", "/api/v1/volumes", { name: String(form.get("name")), sizeBytes: Number(form.get("size")) * GIB }),
    });
    if (isDone) {
      await done("The volume is exported.");
    }
  }

  /** @param {any} volume */
  async function resize(volume) {
    const isDone = await ask({
      title: `Size of ${volume.name}`,
      text: `It is ${bytes(volume.space.sizeBytes)} now. A size is a limit, not a claim.`,
      fields: html`<label>Size in GiB <input name="size" type="number" min="1" step="1" required .value=${String(Math.round(volume.space.sizeBytes / GIB))} /></label>`,
      action: "Change",
      run: (form) => send("PATCH", `/api/v1/volumes/${volume.name}`, { sizeBytes: Number(form.get("size")) * GIB }),
    });
    if (isDone) {
      await done("The size is changed.");
    }
  }

  /** @param {string} name @param {any} exported */
  async function admit(name, exported) {
    const isDone = await ask({
      title: `Who may use ${name}`,
      text: "One rule on each line, for example 10.0.0.0/8(ro) or *(rw). Without any, nobody is admitted.",
      fields: html`<label>Rules <textarea name="rules" .value=${(exported?.rules ?? []).join("\n")}></textarea></label>`,
      action: "Set",
      run: (form) => send("PUT", `/api/v1/volumes/${name}/exports`, { rules: String(form.get("rules")).split("\n").map((line) => line.trim()).filter(Boolean) }),
    });
    if (isDone) {
      await done("The rules hold from the next call on.");
    }
  }

  /** @param {string} name @param {string} profile */
  async function behave(name, profile) {
    try {
      await send("PUT", `/api/v1/volumes/${name}/profile`, { profile });
      await done(`${name} behaves as ${profile} from the next call on.`);
    } catch (e) {
      toast(e instanceof Error ? e.message : String(e), "error");
      await page.reload();
    }
  }

  /** @param {string} name */
  async function remove(name) {
    const isDone = await ask({
      title: `Delete volume ${name}?`,
      text: "With everything in it, whoever uses it. It cannot be undone.",
      fields: html`<label>Type its name to be sure <input name="name" required autocomplete="off" /></label>`,
      action: "Delete",
      isDangerous: true,
      run: async (form) => {
        if (form.get("name") !== name) {
          throw new Error(`That is not its name: ${name}`);
        }
        await send("DELETE", `/api/v1/volumes/${name}`);
      },
    });
    if (isDone) {
      await done("The volume is deleted.");
    }
  }

  page.drawNow();
  for (const name of ["VolumeCreated", "VolumeResized", "VolumeDeleted", "ProfileChanged", "ExportsChanged", "StateRestored"]) {
    page.on(name, () => void page.reload());
  }
  page.every(() => void page.reload(), 10_000);
  await page.load(load);
}
