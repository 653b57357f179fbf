// @ts-check
/** What changed, the newest first, as it comes. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { emptyState, heading, icon, loaded } from "../page.js";
import { exactTime, time } from "../format.js";
import { eventInWords } from "../model.js";
import { setQuery } from "../router.js";
import { saveCsv, saveJson } from "../parts/export.js";

const MAX_SHOWN = 1000;
const KINDS = {
  all: "Everything",
  clones: "Clones",
  snapshots: "Snapshots and states",
  volumes: "Volumes, exports, profiles",
  problems: "Problems",
};
const TYPES = {
  clones: ["JobChanged", "CloneExplained", "VmCloned"],
  snapshots: ["SnapshotCreated", "SnapshotDeleted", "StateSaved", "StateRestored", "StateDeleted"],
  volumes: ["VolumeCreated", "VolumeResized", "VolumeDeleted", "ExportsChanged", "ProfileChanged"],
};

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any[] | null} */
  let events = null;
  let isComplete = true;
  let kind = page.place.query.get("kind") ?? "all";

  async function load() {
    /** @type {any[]} */
    const all = [];
    let after = 0;
    for (;;) {
      const answer = await get(`/api/v1/events?after=${after}`, page.signal);
      isComplete = answer.complete;
      all.push(...answer.items);
      if (!answer.items.length || all.at(-1).sequence >= answer.lastSequence) {
        break;
      }
      after = all.at(-1).sequence;
    }
    events = all.slice(-MAX_SHOWN).reverse();
  }

  function shown() {
    return (events ?? []).filter((event) => {
      if (kind === "all") {
        return true;
      }
      if (kind === "problems") {
        return ["error", "warning"].includes(eventInWords(event).severity);
      }
      return TYPES[/** @type {keyof typeof TYPES} */ (kind)]?.includes(event.type);
    });
  }

  page.draw = () => html`
    ${heading("Events", "What changed in the array, the newest first. New ones appear by themselves.")}
    ${loaded(page, events, list, "Reading events…")}
  `;

  function list() {
    const all = shown();
    return html`
      <div class="toolbar">
        <label>Show <select @change=${choose}>${Object.entries(KINDS).map(([key, name]) => html`<option value=${key} ?selected=${key === kind}>${name}</option>`)}</select></label>
        <span class="count" role="status">${all.length} of ${events?.length}</span>
        <span class="end">
          <button @click=${() => saveCsv("facsim-events", [{ label: "sequence", value: (row) => row.sequence }, { label: "at", value: (row) => row.at }, { label: "type", value: (row) => row.type }, { label: "text", value: (row) => eventInWords(row).text }], all)}>CSV</button>
          <button @click=${() => saveJson("facsim-events", all)}>JSON</button>
        </span>
      </div>
      ${isComplete ? nothing : html`<p class="remark">${icon("info")} <span>Older events are no longer remembered.</span></p>`}
      ${all.length
        ? html`<section class="panel"><ul class="feed">${all.map(line)}</ul></section>`
        : emptyState("No event", kind === "all" ? "Nothing has changed since the array was made." : "None of this kind is remembered.")}
    `;
  }

  /** @param {any} event */
  function line(event) {
    const words = eventInWords(event);
    return html`<li>
      ${icon(words.severity)} <time datetime=${event.at} title=${exactTime(event.at)}>${time(event.at)}</time>
      <span class="what">${words.href ? html`<a href=${words.href}>${words.text}</a>` : words.text}</span>
    </li>`;
  }

  /** @param {Event} event */
  function choose(event) {
    kind = /** @type {HTMLSelectElement} */ (event.target).value;
    setQuery({ kind: kind === "all" ? null : kind });
    page.update();
  }

  page.drawNow();
  page.on("change", (event) => {
    if (events && !(events[0]?.sequence >= event.sequence)) {
      events.unshift(event);
      events.length = Math.min(events.length, MAX_SHOWN);
      page.update();
    }
  });
  await page.load(load);
}
