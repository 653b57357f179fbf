// @ts-check
/** What several pages show: machines, and whether the array is there. Loaded once, and kept up to date. */
import { get, Refusal } from "./api.js";
import { live } from "./live.js";
import { vmRow } from "./model.js";

const LONGEST_PAGE = 20_000;

class Machines {
  /** @type {Map<string, any>} by id */
  byId = new Map();
  version = 0;
  isLoaded = false;
  /** @type {any} */
  error = null;
  /** @type {Set<(isNew: boolean) => void>} */
  #watchers = new Set();
  /** @type {Promise<void> | null} */
  #loading = null;

  constructor() {
    live.on("back", () => this.#again());
    live.on("vms", ({ version }) => {
      if (this.#watchers.size > 0 && version !== this.version && !document.hidden) {
        void this.refresh();
      }
    });
  }

  rows() {
    return [...this.byId.values()];
  }

  /** @param {(isNew: boolean) => void} watcher told of new figures, and whether machines came or went @returns {() => void} */
  watch(watcher) {
    this.#watchers.add(watcher);
    if (this.isLoaded) {
      void this.refresh(); // nobody may have looked for a while
    }
    return () => this.#watchers.delete(watcher);
  }

  load() {
    return this.isLoaded ? Promise.resolve() : this.reload();
  }

  reload() {
    this.version = 0;
    return this.refresh();
  }

  #again() {
    if (this.isLoaded || this.error) {
      void this.reload();
    }
  }

  /** Asks for what changed. */
  refresh() {
    this.#loading ??= this.#ask().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #ask() {
    try {
      const since = this.version ? `&since=${this.version}` : "";
      this.#apply(await get(`/api/v1/vms?limit=${LONGEST_PAGE}${since}`));
      this.error = null;
      this.isLoaded = true;
    } catch (e) {
      this.error = e;
      this.#watchers.forEach((watcher) => watcher(true));
    }
  }

  /** @param {any} page */
  #apply(page) {
    let isNew = !this.isLoaded;
    if (!this.version || page.complete === false) {
      this.byId.clear();
      isNew = true;
    }
    for (const vm of page.items) {
      const row = vmRow(vm);
      const before = this.byId.get(row.id);
      if (before) {
        Object.assign(before, row);
      } else {
        this.byId.set(row.id, row);
        isNew = true;
      }
    }
    for (const id of page.gone ?? []) {
      isNew = this.byId.delete(id) || isNew;
    }
    const isChanged = isNew || page.items.length > 0;
    this.version = page.version ?? 0;
    if (isChanged) {
      this.#watchers.forEach((watcher) => watcher(isNew));
    }
  }
}

export const machines = new Machines();

class ArrayState {
  /** Why the array is away; empty while it is there. */
  away = "";
  /** @type {Set<() => void>} */
  #watchers = new Set();

  constructor() {
    live.on("ArrayWentAway", (data) => this.#set(data.change?.reason || "it is expected back"));
    live.on("ArrayCameBack", () => {
      this.#set("");
      void machines.reload();
    });
    live.on("back", () => void this.#ask());
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher);
  }

  async hasMachines() {
    await machines.load();
    return machines.byId.size > 0;
  }

  async #ask() {
    try {
      await get("/api/v1/array");
      this.#set("");
    } catch (e) {
      this.#set(e instanceof Refusal && e.status === 503 ? e.message : "");
    }
  }

  /** @param {string} away */
  #set(away) {
    this.away = away;
    this.#watchers.forEach((watcher) => watcher());
  }
}

export const array = new ArrayState();

class Offers {
  /** @type {Promise<any> | null} */
  #configuration = null;

  constructor() {
    live.on("back", () => (this.#configuration = null)); // another start may offer something else
  }

  #asked() {
    this.#configuration ??= get("/api/v1/configuration").catch((e) => {
      this.#configuration = null;
      throw e;
    });
    return this.#configuration;
  }

  /** Whether a lab runs beside the array: without one, nothing of it need be asked for. @returns {Promise<boolean>} */
  async lab() {
    return (await this.#asked()).lab;
  }
}

export const offers = new Offers();

/** As long as charts go back. */
const RATES_KEPT = 900;

class Rates {
  /** @type {any[]} */
  samples = [];
  isLoaded = false;
  /** Machines with I/O, by the second in which they were seen. @type {Map<number, any[]>} */
  #seen = new Map();
  /** @type {Set<() => void>} */
  #watchers = new Set();

  constructor() {
    live.on("rates", (sample) => {
      const last = this.samples.at(-1);
      if (this.isLoaded && (!last || sample.sequence > last.sequence)) {
        this.#add([sample]);
        this.#watchers.forEach((watcher) => watcher());
      }
    });
    live.on("back", () => {
      if (this.isLoaded) {
        void this.load().then(() => this.#watchers.forEach((watcher) => watcher()), () => {});
      }
    });
  }

  /** @param {() => void} watcher told of each second @returns {() => void} */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Loads what the array remembers. */
  async load() {
    const answer = await get(`/api/v1/statistics/rates?limit=${RATES_KEPT}`);
    this.samples = [];
    this.#add(answer.items);
    this.isLoaded = true;
  }

  /** @param {any[]} more */
  #add(more) {
    this.samples.push(...more.map((sample) => ({ ...sample, seconds: Date.parse(sample.at) / 1000 })));
    this.samples = this.samples.slice(-RATES_KEPT);
  }

  /** Remembers who is busy now. @param {any[]} rows */
  note(rows) {
    const busy = rows
      .filter((row) => row.iops > 0)
      .sort((a, b) => b.iops - a.iops)
      .slice(0, 20)
      .map(({ name, href, iops, bytesPerSecond, latencyNanos }) => ({ name, href, iops, bytesPerSecond, latencyNanos }));
    this.#seen.set(Math.round(Date.now() / 1000), busy);
    for (const at of this.#seen.keys()) {
      if (this.#seen.size <= RATES_KEPT) {
        break;
      }
      this.#seen.delete(at);
    }
  }

  /** The machines that were busy at a moment; null if nobody looked then. @param {number} seconds @returns {any[] | null} */
  machinesAt(seconds) {
    const at = Math.round(seconds);
    for (const near of [0, 1, -1, 2, -2]) {
      const found = this.#seen.get(at + near);
      if (found) {
        return found;
      }
    }
    return null;
  }
}

export const rates = new Rates();
