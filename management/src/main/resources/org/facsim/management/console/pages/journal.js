// @ts-check
/** The latest calls of all doors: filtered, as they come, and what they prove. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { follow, get, send } from "../api.js";
import { emptyState, figure, heading, icon, loaded } from "../page.js";
import { count, duration, exactTime } from "../format.js";
import { setQuery } from "../router.js";
import { attempt } from "../parts/ask.js";
import { saveCsv, saveJson } from "../parts/export.js";
import { Table } from "../parts/table.js";

const FILTERS = [
  { name: "door", label: "Door", options: ["", "NFS", "MOUNT", "NLM", "NSM", "PORTMAP", "VAAI", "OPENSDS", "HTTP"] },
  { name: "procedure", label: "Procedure", hint: "WRITE" },
  { name: "path", label: "Path", hint: "/datastore1/**" },
  { name: "volume", label: "Volume", hint: "datastore1" },
  { name: "client", label: "Client", hint: "10.0.0.0/8" },
  { name: "status", label: "Status", hint: "JUKEBOX" },
  { name: "fault", label: "Fault", hint: "any" },
  { name: "outcome", label: "Outcome", options: ["", "UNDER_WAY", "ANSWERED", "ANSWERED_FROM_MEMORY", "REPLY_LOST", "NOT_ANSWERED"] },
  { name: "since", label: "Since", hint: "5m" },
  { name: "min-duration", label: "At least as long as", hint: "20ms" },
];
const MAX_ROWS = 5_000;
const ENTRIES = 100_000;

/** More calls than this nobody reads, and the array would only be kept from its work. */
const MOST_PER_SECOND = 200;

/** @type {import("../parts/table.js").Column[]} */
const COLUMNS = [
  { key: "time", label: "Time", width: 120, value: (call) => call.sequence, text: (call) => exactTime(call.time) },
  { key: "door", label: "Door", width: 84, value: (call) => call.door },
  { key: "procedure", label: "Call", width: 150, value: (call) => call.procedure },
  { key: "path", label: "File", width: 300, value: (call) => call.path ?? "" },
  { key: "arguments", label: "Arguments", width: 190, value: (call) => call.arguments ?? "" },
  { key: "client", label: "Client", width: 145, value: (call) => call.client },
  { key: "request", label: "In", unit: "bytes", isNumber: true, width: 92, value: (call) => call.requestBytes, text: (call) => count(call.requestBytes) },
  { key: "reply", label: "Out", unit: "bytes", isNumber: true, width: 92, value: (call) => call.replyBytes, text: (call) => count(call.replyBytes) },
  { key: "status", label: "Answer", width: 120, value: (call) => call.status ?? call.outcome, text: (call) => (call.faults?.length ? "⚡ " : "") + (call.status ?? call.outcome) },
  { key: "took", label: "Took", isNumber: true, width: 90, value: (call) => call.durationNanos ?? 0, text: (call) => (call.durationNanos ? duration(call.durationNanos) : "–") },
];

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any} */
  let status = null;
  /** @type {any[]} */
  let calls = [];
  let isFollowing = page.place.query.get("follow") === "yes";
  /** @type {AbortController | null} */
  let stream = null;
  let isLeftOut = false;
  /** @type {any} */
  let proof = null;
  /** @type {Record<string, string>} */
  const wanted = {};
  FILTERS.forEach(({ name }) => (wanted[name] = page.place.query.get(name) ?? ""));
  const host = document.createElement("div");
  /** @type {Table | null} */
  let table = null;

  function query() {
    return Object.entries(wanted)
      .filter(([, value]) => value)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
  }

  async function load() {
    status = await get("/api/v1/journal", page.signal);
    const latest = await get(`/api/v1/journal/calls?limit=${MAX_ROWS}&${query()}`, page.signal);
    calls = latest.items;
    table?.setRows(calls);
    if (isFollowing) {
      startFollowing();
    }
  }

  function startFollowing() {
    stream?.abort();
    isLeftOut = false;
    const own = new AbortController();
    stream = own;
    let isDue = false;
    follow(`/api/v1/journal/stream?most=${MOST_PER_SECOND}&${query()}`, {
      lastId: String(calls.at(-1)?.sequence ?? status.lastSequence),
      signal: own.signal,
      onEvent: (event) => {
        if (event.name === "call") {
          calls.push(event.data);
        } else {
          isLeftOut = true;
        }
        if (!isDue) {
          isDue = true;
          setTimeout(() => {
            isDue = false;
            calls = calls.slice(-MAX_ROWS);
            table?.setRows(calls);
            page.update();
          }, 250);
        }
      },
    }).catch(() => {
      if (stream === own && page.isOpen) {
        setTimeout(() => page.isOpen && isFollowing && startFollowing(), 1_000);
      }
    });
  }

  page.draw = () => html`
    ${heading(
      "Journal of calls",
      "The latest calls of all doors, one by one, and what they prove.",
      status?.entries
        ? html`<button aria-pressed=${isFollowing} @click=${toggle}>${isFollowing ? "Stop following" : "Follow"}</button>
            <a data-plain download href="/api/v1/journal/export?format=pcapng&${query()}">For Wireshark</a>
            <button @click=${() => saveCsv("facsim-journal", COLUMNS.map((column) => ({ label: column.key, value: column.key === "time" ? (call) => call.time : column.value })), table?.shown ?? [])}>CSV</button>
            <button @click=${() => saveJson("facsim-journal", table?.shown ?? [])}>JSON</button>`
        : nothing,
    )}
    ${loaded(page, status, () => nothing, "Reading the journal…")}
    ${status && !status.entries
      ? emptyState("The journal is off", "It keeps no call, so that it costs nothing. Keeping 100,000 calls takes about 64 MiB.", html`<button class="primary" @click=${turnOn}>Keep ${count(ENTRIES)} calls</button>`)
      : nothing}
    <div ?hidden=${!status?.entries}>
      <form class="filters" @submit=${apply}>
        ${FILTERS.map(
          (filter) => html`<label>${filter.label}
            ${filter.options
              ? html`<select name=${filter.name}>${filter.options.map((option) => html`<option value=${option} ?selected=${wanted[filter.name] === option}>${option || "any"}</option>`)}</select>`
              : html`<input name=${filter.name} .value=${wanted[filter.name]} placeholder=${filter.hint ?? ""} />`}
          </label>`,
        )}
        <div class="actions"><button class="primary">Filter</button><button type="button" @click=${clear}>Clear</button></div>
      </form>
      ${status ? html`<dl class="figures">${figure("Shown", count(table?.shown.length ?? 0))} ${figure("Calls so far", count(status.lastSequence))} ${figure("Overwritten", count(status.overwritten))}</dl>` : nothing}
      ${isFollowing && isLeftOut ? html`<p class="remark" role="status">${icon("info")} <span>More calls come than are shown: about ${MOST_PER_SECOND} a second are followed. “Filter” loads the latest ${count(MAX_ROWS)} that meet it.</span></p>` : nothing}
      ${host}
      ${verification()}
    </div>
  `;

  function verification() {
    return html`<section class="panel">
      <h2>What do the calls prove?</h2>
      <form class="toolbar" @submit=${verify}>
        <label>Calls that meet the filter above came
          <select name="how"><option value="exactly">exactly</option><option value="atLeast">at least</option><option value="atMost">at most</option></select></label>
        <label>times <input name="number" type="number" min="0" value="0" required /></label>
        <button>Verify</button>
      </form>
      ${proof
        ? html`<p class="remark ${proof.holds ? "ok" : proof.outcome === "UNKNOWN" ? "warning" : "error"}" role="status">
              ${icon(proof.holds ? "ok" : proof.outcome === "UNKNOWN" ? "warning" : "error")} <span><b>${proof.holds ? "It holds." : proof.outcome === "UNKNOWN" ? "Not known." : "It does not hold."}</b> ${proof.explanation}</span>
            </p>
            ${proof.nearest?.length
              ? html`<h3>The nearest calls</h3><ul class="tree">${proof.nearest.map((/** @type {any} */ near) => html`<li><div class="node"><span class="name">${near.call.procedure} ${near.call.path ?? ""}</span><small>misses: ${near.misses.join("; ")}</small></div></li>`)}</ul>`
              : nothing}`
        : nothing}
    </section>`;
  }

  /** @param {SubmitEvent} event */
  function apply(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    FILTERS.forEach(({ name }) => (wanted[name] = String(form.get(name) ?? "").trim()));
    setQuery(Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, value || null])));
    void page.reload();
  }

  function clear() {
    FILTERS.forEach(({ name }) => (wanted[name] = ""));
    setQuery(Object.fromEntries(FILTERS.map(({ name }) => [name, null])));
    void page.reload();
  }

  function toggle() {
    isFollowing = !isFollowing;
    setQuery({ follow: isFollowing ? "yes" : null });
    if (isFollowing) {
      startFollowing();
    } else {
      stream?.abort();
    }
    page.update();
  }

  async function turnOn() {
    await attempt("The journal keeps calls from now on.", () => send("PUT", "/api/v1/journal", { entries: ENTRIES }));
    await page.reload();
  }

  /** @param {SubmitEvent} event */
  async function verify(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const conditions = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
    try {
      proof = await send("POST", "/api/v1/journal/verifications", { calls: conditions, [String(form.get("how"))]: Number(form.get("number")) });
    } catch (e) {
      proof = { holds: false, outcome: "UNKNOWN", explanation: e instanceof Error ? e.message : String(e) };
    }
    page.update();
  }

  page.drawNow();
  table = new Table(host, { columns: COLUMNS, label: "Calls", id: (call) => String(call.sequence), sort: "-time", empty: "No call meets the filter.", changed: page.update });
  const shown = table;
  page.whenLeft(() => {
    shown.close();
    stream?.abort();
  });
  await page.load(load);
  page.drawNow();
}

