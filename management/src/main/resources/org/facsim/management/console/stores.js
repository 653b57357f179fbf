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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    live.on("back", () => this.reload());
    live.on("StateRestored", () => this.reload());
  }

  rows() {
    return [...this.byId.values()];
  }

  /** @param {(isNew: boolean) => void} watcher told of new figures, and whether machines came or went @returns {() => void} */
  watch(watcher) {
    this.#watchers.add(watcher);
    this.#schedule(0);
    return () => this.#watchers.delete(watcher);
  }

  load() {
    return this.isLoaded ? Promise.resolve() : this.reload();
  }

  reload() {
    this.version = 0;
    return this.refresh();
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
    if (!this.version || page.isComplete === false) {
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

  /** Asks once a second while somebody looks. @param {number} millis */
  #schedule(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      if (this.#watchers.size === 0) {
        return;
      }
      if (!document.hidden && live.state === "live") {
        await this.refresh();
      }
      this.#schedule(1_000);
    }, millis);
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #last = 0;

  constructor() {
    live.on("back", () => {
      this.#last = 0;
    });
  }

  /** @param {() => void} watcher told of each second @returns {() => void} */
  watch(watcher) {
    this.#watchers.add(watcher);
    this.#schedule(1_000);
    return () => this.#watchers.delete(watcher);
  }

  async load() {
    const answer = await get(`/api/v1/statistics/rates?after=${this.#last}`);
    if (!this.#last || answer.isComplete === false) {
      this.samples = [];
    }
    for (const sample of answer.items) {
      this.samples.push({ ...sample, seconds: Date.parse(sample.at) / 1000 });
      this.#last = sample.sequence;
    }
    this.samples = this.samples.slice(-RATES_KEPT);
    this.isLoaded = true;
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

  /** @param {number} millis */
  #schedule(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      if (this.#watchers.size === 0) {
        return;
      }
      if (!document.hidden && live.state === "live") {
        try {
          await this.load();
          this.#watchers.forEach((watcher) => watcher());
        } catch {
          // the state of the connection says it
        }
      }
      this.#schedule(1_000);
    }, millis);
  }
}

export const rates = new Rates();
