// @ts-check
/** What can be done with a machine: through the array, or as a host of the lab would do it. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { get, send } from "../api.js";
import { ask, toast } from "../parts/ask.js";
import { vmAddress } from "../model.js";
import { offers } from "../stores.js";

/** The hosts of the lab that know a machine, if a lab runs. @param {any} row @returns {Promise<{host: string}[]>} */
async function hostsOf(row) {
  try {
    if (!(await offers.lab())) {
      return [];
    }
    const hosts = (await get("/api/v1/lab/hosts")).items;
    return hosts
      .filter((/** @type {any} */ host) => host.virtualMachines.some((/** @type {any} */ vm) => vm.name === row.displayName))
      .map((/** @type {any} */ host) => ({ host: host.name }));
  } catch {
    return []; // the array can clone all the same
  }
}

/** The number that a host has for a machine. @param {string} host @param {any} row @returns {Promise<string>} */
async function vmid(host, row) {
  const { stdout } = await hostCommand(host, ["vim-cmd", "vmsvc/getallvms"]);
  const line = stdout.split("\n").find((/** @type {string} */ each) => each.trim().split(/\s{2,}/)[1] === row.displayName);
  if (!line) {
    throw new Error(`${host} does not know ${row.displayName} any more.`);
  }
  return line.trim().split(/\s+/)[0];
}

/** A name in the directory that a path is in. @param {string} path @param {string} name */
function besides(path, name) {
  return path.slice(0, path.lastIndexOf("/") + 1) + name;
}

/** @param {{host: string}[]} hosts @param {string} arrayText @param {string} hostText */
function ways(hosts, arrayText, hostText) {
  return html`<fieldset>
    <legend>Who does it</legend>
    <label><input type="radio" name="way" value="array" checked /> <span><b>The array.</b> <small>${arrayText}</small></span></label>
    ${hosts.map(
      (each) => html`<label><input type="radio" name="way" value=${"host:" + each.host} /> <span><b>Host ${each.host}.</b> <small>${hostText}</small></span></label>`,
    )}
    ${hosts.length
      ? nothing
      : html`<label><input type="radio" name="way" disabled /> <span class="muted">A host. <small>No host of a lab has this machine; ./facsim lab start runs a lab.</small></span></label>`}
  </fieldset>`;
}

/** @param {string} volume @param {string} path @param {any} row @param {() => void} done */
export async function cloneVm(volume, path, row, done) {
  const hosts = await hostsOf(row);
  const suggested = `${row.name}-clone`;
  let name = "";
  let way = "array";
  const isDone = await ask({
    title: `Clone ${row.name}`,
    fields: html`<label>Name of the clone <input name="name" required maxlength="255" .value=${suggested} /></label>
      ${ways(hosts, "Shares every block, whatever the guest is. No data moves.", "Quiesces the guest, takes a snapshot, and asks the array to clone the base; if it cannot, it copies over the network.")}`,
    action: "Clone",
    run: async (form) => {
      name = String(form.get("name")).trim();
      way = String(form.get("way"));
      if (way === "array") {
        const started = await send("POST", "/api/v1/clones", { source: { volume, path }, destination: { path: besides(path, name) } });
        if (!started.done) {
          toast(`The array clones ${name}.`, "info", html`<a href="/clones">Its progress</a>`);
        }
      } else {
        await hostCommand(way.slice(5), ["vim-cmd", "vmsvc/clone", await vmid(way.slice(5), row), name]);
      }
    },
  });
  if (isDone) {
    toast(way === "array" ? `${name} is there: all blocks shared.` : `The host clones ${name}; see its task.`, "ok", html`<a href=${way === "array" ? vmAddress(volume, besides(path, name)) : "/hosts/" + way.slice(5)}>Look at it</a>`);
    done();
  }
}

/** @param {string} volume @param {string} path @param {any} row @param {() => void} done */
export async function snapshotVm(volume, path, row, done) {
  const hosts = await hostsOf(row);
  const suggested = "by-hand-" + new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
  const isDone = await ask({
    title: `Take a snapshot of ${row.name}`,
    fields: html`<label>Name <input name="name" required maxlength="64" .value=${suggested} /></label>
      ${ways(hosts, "Keeps the machine's blocks as they are now; no redo log.", "Quiesces the guest and opens redo logs, as vSphere does.")}`,
    action: "Take it",
    run: async (form) => {
      const name = String(form.get("name")).trim();
      const way = String(form.get("way"));
      if (way === "array") {
        await send("POST", `/api/v1/volumes/${encodeURIComponent(volume)}/snapshots`, { name, path });
      } else {
        await hostCommand(way.slice(5), ["vim-cmd", "vmsvc/snapshot.create", await vmid(way.slice(5), row), name, "", "0", "1"]);
      }
    },
  });
  if (isDone) {
    toast("The snapshot is taken.");
    done();
  }
}

/** @param {string} volume @param {string} name @param {() => void} done */
export async function deleteSnapshot(volume, name, done) {
  const isDone = await ask({
    title: `Delete snapshot ${name}?`,
    text: "Space that only this snapshot kept comes back. It cannot be undone.",
    action: "Delete",
    isDangerous: true,
    run: () => send("DELETE", `/api/v1/volumes/${encodeURIComponent(volume)}/snapshots/${encodeURIComponent(name)}`),
  });
  if (isDone) {
    toast("The snapshot is deleted.");
    done();
  }
}

/** @param {string} volume @param {string} name @param {() => void} done */
export async function revertTo(volume, name, done) {
  const isDone = await ask({
    title: `Go back to snapshot ${name}?`,
    text: "What it was taken of becomes what it was then, in place and in one step. What was written since is lost. Power the machine off first: its guest would not know.",
    action: "Go back",
    isDangerous: true,
    run: () => send("POST", `/api/v1/volumes/${encodeURIComponent(volume)}/snapshots/${encodeURIComponent(name)}/revert`),
  });
  if (isDone) {
    toast("It is what it was when the snapshot was taken.");
    done();
  }
}

/** @param {string} host @param {string[]} argv */
export async function hostCommand(host, argv) {
  let answer = await send("POST", `/api/v1/lab/hosts/${encodeURIComponent(host)}/commands`, { argv });
  while (answer.isRunning) {
    answer = await get(`/api/v1/lab/hosts/${encodeURIComponent(host)}/commands/${answer.id}`);
  }
  if (answer.exitCode !== 0) {
    throw new Error((answer.stderr || answer.stdout || `exit code ${answer.exitCode}`).trim());
  }
  return answer;
}
