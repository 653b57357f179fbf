// @ts-check
/** The lab's hosts: what runs on them, their tasks, an esxtop-like view, and their shell. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get } from "../api.js";
import { emptyState, figure, heading, icon, loaded } from "../page.js";
import { bytes, count, time } from "../format.js";
import { CLONED_BY, vmAddress } from "../model.js";
import { machines, offers } from "../stores.js";
import { hostCommand } from "./vm-actions.js";

/** @param {import("../page.js").Page} page */
export async function open(page) {
  /** @type {any[] | null} */
  let hosts = null;
  /** @type {any[]} */
  let tasks = [];
  let isLab = true;
  /** What the demo's hosts did, if there is no lab. @type {any} */
  let demo = null;
  const wanted = page.place.rest;
  let output = "";
  let isTyping = false;
  /** @type {Map<string, Record<string, string>[]>} */
  let top = new Map();
  let topError = "";
  let isTopOn = false;

  async function load() {
    isLab = await offers.lab();
    if (isLab) {
      const [all, done] = await Promise.all([get("/api/v1/lab/hosts", page.signal), get("/api/v1/lab/tasks", page.signal)]);
      hosts = all.items;
      tasks = done.items;
    } else {
      demo = await get("/api/v1/demo", page.signal);
      hosts = [];
    }
  }

  page.draw = () => html`
    ${heading("Hosts", wanted ? html`<a href="/hosts">All hosts</a> / ${wanted}` : "The simulated ESXi hosts of the lab or the demo, with what an administrator sees on them.")}
    ${loaded(page, hosts, contents, "Asking the hosts…")}
  `;

  function contents() {
    if (!isLab) {
      return demo.state === "idle"
        ? emptyState("No lab runs here", html`Hosts belong to a lab. <code>./facsim lab start riddle</code> serves an array with one; <a href="/start">the demo</a> brings hosts of its own.`)
        : ofDemo();
    }
    if (wanted) {
      const host = hosts?.find((each) => each.name === wanted);
      return host ? one(host) : emptyState("No such host", `The lab has no host ${wanted}.`, html`<a href="/hosts">All hosts</a>`);
    }
    return html`<div class="columns">${hosts?.map(summary)}</div>${taskTable(tasks)}`;
  }

  /** The demo's hosts follow the article and take no commands, so what they did is all there is. */
  function ofDemo() {
    return html`<section class="panel scroll-x" tabindex="0" role="region" aria-label="What the demo's hosts did">
      <h2>What the demo's hosts did</h2>
      <p class="muted">They follow <a href="/start">the demo</a> and take no commands. Hosts of a lab do: <code>./facsim lab start riddle</code>.</p>
      <table class="plain">
        <thead><tr><th scope="col">Clone</th><th scope="col">Of</th><th scope="col">Guest</th><th scope="col">Quiescing</th><th scope="col" class="number">Redo logs</th><th scope="col">Cloned by</th><th scope="col" class="number">Read</th><th scope="col" class="number">Written</th></tr></thead>
        <tbody>
          ${demo.cases.map((/** @type {any} */ each) => {
            const by = CLONED_BY[each.clonedBy] ?? { word: each.clonedBy, severity: "info" };
            return html`<tr>
              <th scope="row" class="whole"><a href=${vmAddress(demo.volume, each.name)}>${each.name}</a></th><td>${each.source}</td><td>${each.guest}</td>
              <td class="whole">${each.quiescing}</td><td class="number">${each.redoLogsPerDisk}</td>
              <td><span class="badge ${by.severity}">${icon(by.severity)} ${by.word}</span></td>
              <td class="number">${bytes(each.readBytes)}</td><td class="number">${bytes(each.writeBytes)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      ${demo.state === "running" ? html`<p role="status">${icon("running")} ${demo.step ?? "…"}</p>` : nothing}
    </section>`;
  }

  /** @param {any} host */
  function summary(host) {
    const on = host.virtualMachines.filter((/** @type {any} */ vm) => vm.isPoweredOn).length;
    return html`<section class="panel">
      <header><h2><a href=${"/hosts/" + host.name}>${host.name}</a></h2><small>${host.version}</small></header>
      <dl class="figures">${figure("Machines", count(host.virtualMachines.length))} ${figure("Powered on", count(on))}</dl>
      ${datastores(host)}
    </section>`;
  }

  /** @param {any} host */
  function datastores(host) {
    return html`<table class="plain">
      <thead><tr><th scope="col">Datastore</th><th scope="col">Export</th><th scope="col">Hardware acceleration</th></tr></thead>
      <tbody>
        ${host.datastores.map(
          (/** @type {any} */ each) => html`<tr>
            <th scope="row">${icon(each.isAccessible ? "ok" : "error", each.isAccessible ? "accessible" : "all paths down")} ${each.name}</th>
            <td class="mono">${each.exportPath}</td><td>${each.hardwareAcceleration}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** @param {any} host */
  function one(host) {
    return html`
      <div class="columns">
        <section class="panel"><header><h2>${host.name}</h2><small>${host.version}</small></header>${datastores(host)}</section>
        <section class="panel"><h2>Machines</h2>
          <table class="plain"><tbody>
            ${host.virtualMachines.map((/** @type {any} */ vm) => html`<tr><th scope="row">${icon(vm.isPoweredOn ? "ok" : "off", vm.isPoweredOn ? "on" : "off")} ${machineLink(vm)}</th><td>${vm.datastore}</td><td>${vm.isPoweredOn ? "on" : "off"}</td></tr>`)}
          </tbody></table></section>
      </div>
      <section class="panel"><header><h2>esxtop</h2><button aria-pressed=${isTopOn} @click=${toggleTop}>${isTopOn ? "Stop" : "Start"}</button></header>${esxtop()}</section>
      <section class="panel"><h2>Shell</h2>
        <div class="terminal" tabindex="0" role="log" aria-label="What the host printed"><pre>${output || `Type a command of ${host.name}, for example: esxcli storage nfs list`}</pre></div>
        <form class="command" @submit=${(/** @type {SubmitEvent} */ event) => type(event, host.name)}>
          <label class="visually-hidden" for="command">Command</label>
          <input id="command" name="command" autocomplete="off" spellcheck="false" placeholder="vim-cmd vmsvc/getallvms" ?disabled=${isTyping} />
          <button class="primary" ?disabled=${isTyping}>${isTyping ? "Running…" : "Run"}</button>
        </form></section>
      ${taskTable(tasks.filter((task) => task.host === host.name))}
    `;
  }

  /** @param {any} vm */
  function machineLink(vm) {
    const row = [...machines.byId.values()].find((each) => each.name === vm.name);
    return row ? html`<a href=${row.href}>${vm.name}</a>` : vm.name;
  }

  function esxtop() {
    if (topError) {
      return html`<p class="remark error">${icon("error")} <span>${topError}</span></p>`;
    }
    if (!top.size) {
      return html`<p class="muted">${isTopOn ? "The first sample comes in two seconds…" : "Takes a sample every few seconds while it is on, as esxtop in batch mode does."}</p>`;
    }
    return [...top].map(([group, lines]) => {
      const names = Object.keys(lines[0]);
      return html`<div class="scroll-x" tabindex="0" role="region" aria-label=${group}><table class="plain">
        <thead><tr>${names.map((name, i) => html`<th scope="col" class=${i ? "number" : ""}>${name}</th>`)}</tr></thead>
        <tbody>${lines.map((line) => html`<tr>${names.map((name, i) => (i ? html`<td class="number">${line[name]}</td>` : html`<th scope="row">${line[name]}</th>`))}</tr>`)}</tbody>
      </table></div>`;
    });
  }

  async function toggleTop() {
    isTopOn = !isTopOn;
    page.update();
    while (isTopOn && page.isOpen) {
      try {
        const answer = await hostCommand(wanted, ["esxtop", "-b", "-n", "2", "-d", "2"]);
        top = samples(answer.stdout);
        topError = "";
      } catch (e) {
        topError = e instanceof Error ? e.message : String(e);
        isTopOn = false;
      }
      page.update();
    }
  }

  /** @param {SubmitEvent} event @param {string} host */
  async function type(event, host) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const line = String(new FormData(form).get("command")).trim();
    if (!line) {
      return;
    }
    isTyping = true;
    page.update();
    let printed = "";
    try {
      printed = (await hostCommand(host, words(line))).stdout;
    } catch (e) {
      printed = e instanceof Error ? e.message : String(e);
    }
    output = (output + `${output ? "\n" : ""}[${host}] $ ${line}\n${printed.trimEnd()}\n`).slice(-60_000);
    isTyping = false;
    form.reset();
    page.drawNow();
    const terminal = page.root.querySelector(".terminal");
    terminal?.scrollTo(0, terminal.scrollHeight);
    /** @type {HTMLElement | null} */ (page.root.querySelector("#command"))?.focus();
  }

  page.drawNow();
  page.whenLeft(machines.watch(page.update));
  page.every(() => {
    if (isLab || demo?.state === "running") {
      void page.reload();
    }
  }, 2_000);
  await page.load(load);
}

/** @param {any[]} tasks */
export function taskTable(tasks) {
  if (!tasks.length) {
    return nothing;
  }
  return html`<section class="panel scroll-x" tabindex="0" role="region" aria-label="Tasks">
    <h2>Tasks</h2>
    <table class="plain">
      <thead><tr><th scope="col">Task</th><th scope="col">Of</th><th scope="col">Host</th><th scope="col">State</th><th scope="col">Since</th><th scope="col">What was wrong</th><th scope="col"><span class="visually-hidden">Cancel</span></th></tr></thead>
      <tbody>
        ${tasks.slice(0, 50).map((task) => {
          const severity = task.state === "success" ? "ok" : task.state === "error" ? "error" : "running";
          return html`<tr>
            <th scope="row">${task.name}</th><td>${task.entity}</td><td>${task.host}</td>
            <td><span class="badge ${severity}">${icon(severity)} ${task.state}${severity === "running" ? ` ${task.percent} %` : ""}</span></td>
            <td>${time(task.queuedAt)}</td><td>${task.error ?? ""}</td>
            <td>${severity === "running" ? html`<button class="danger" @click=${() => void hostCommand(task.host, ["vim-cmd", "vimsvc/task_cancel", task.id])}>Cancel</button>` : nothing}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

/** Words of a line as a shell splits them: quotes keep blanks. @param {string} line */
export function words(line) {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]);
}

/**
 * The last sample of esxtop's batch output, by the kind of what is counted. Figures have two digits
 * behind the point at most.
 *
 * @param {string} csv @returns {Map<string, Record<string, string>[]>}
 */
export function samples(csv) {
  const lines = csv.trim().split("\n").map((line) => [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map((match) => match[1] ?? match[2]));
  const names = lines[0] ?? [];
  const last = lines.at(-1) ?? [];
  /** @type {Map<string, Map<string, Record<string, string>>>} */
  const groups = new Map();
  names.forEach((name, i) => {
    // \\host\NFS Volume(name)\Reads/sec
    const match = /\\([^\\]+)\(([^)]*)\)\\([^\\]+)$/.exec(name);
    if (match) {
      const rows = groups.get(match[1]) ?? new Map();
      groups.set(match[1], rows);
      const row = rows.get(match[2]) ?? { [match[1]]: match[2] };
      rows.set(match[2], row);
      row[match[3]] = last[i] ?? "";
    }
  });
  return new Map([...groups].map(([group, rows]) => [group, [...rows.values()]]));
}
