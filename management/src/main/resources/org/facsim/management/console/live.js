// @ts-check
/**
 * The one connection that hears what changes. It comes back by itself, names the last event that it
 * knows, and says when what is shown may be stale.
 */
import { follow, Refusal } from "./api.js";

const CHANGES = "/api/v1/changes";

/** Nothing for so long, comments included, and what is shown counts as stale. */
const STALE_MILLIS = 6_000;
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 5_000;

/** @typedef {"connecting" | "live" | "stale"} Connection */

class Live {
  /** @type {Connection} */
  state = "connecting";
  /** Since when nothing was heard. */
  heardAt = 0;
  why = "";
  lastId = "";

  /** @type {Map<string, Set<(data: any, id: string) => void>>} */
  #listeners = new Map();
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #waitMillis = FIRST_WAIT_MILLIS;
  /** @type {AbortController | null} */
  #current = null;
  #wasLive = false;

  start() {
    setInterval(() => this.#look(), 1_000);
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.state !== "live") {
        this.retry();
      }
    });
    this.#run();
  }

  /**
   * @param {string} name of the event, or of the type of a change; "change" for all changes; "back"
   *   when the connection has come back, and everything may differ
   * @param {(data: any, id: string) => void} listener
   * @returns {() => void} ends it
   */
  on(name, listener) {
    const those = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, those);
    those.add(listener);
    return () => those.delete(listener);
  }

  /** @param {() => void} watcher told when the state has changed */
  watch(watcher) {
    this.#watchers.add(watcher);
  }

  retry() {
    this.#waitMillis = FIRST_WAIT_MILLIS;
    this.#current?.abort();
  }

  async #run() {
    for (;;) {
      this.#current = new AbortController();
      try {
        await follow(CHANGES, {
          lastId: this.lastId,
          signal: this.#current.signal,
          onOpen: () => this.#opened(),
          onAlive: () => this.#heard(),
          onEvent: (event) => this.#event(event),
        });
        this.why = "The array ended the connection.";
      } catch (e) {
        this.why = e instanceof Refusal ? e.message : "The connection broke.";
      }
      if (this.state === "live") {
        this.#set("stale");
      }
      await this.#pause();
    }
  }

  /** @returns {Promise<void>} */
  #pause() {
    const wait = this.#waitMillis;
    this.#waitMillis = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    return new Promise((done) => setTimeout(done, wait));
  }

  #opened() {
    this.#waitMillis = FIRST_WAIT_MILLIS;
    this.#heard();
    if (this.#wasLive) {
      this.#tell("back", null, "");
    }
    this.#wasLive = true;
  }

  #heard() {
    this.heardAt = Date.now();
    this.#set("live");
  }

  /** @param {{id: string, name: string, data: any}} event */
  #event(event) {
    if (event.id) {
      this.lastId = event.id;
    }
    if (event.name === "reload") {
      this.#tell("back", null, event.id); // events are forgotten meanwhile: everything may differ
      return;
    }
    this.#tell(event.name, event.data, event.id);
    if (event.name === "change") {
      this.#tell(event.data.type, event.data, event.id);
    }
  }

  /** @param {string} name @param {any} data @param {string} id */
  #tell(name, data, id) {
    this.#listeners.get(name)?.forEach((listener) => listener(data, id));
  }

  #look() {
    if (this.state === "live" && Date.now() - this.heardAt > STALE_MILLIS) {
      this.why = "Nothing was heard from the array.";
      this.#set("stale");
    }
    if (this.state === "stale") {
      this.#watchers.forEach((watcher) => watcher()); // the age that is shown
    }
  }

  /** @param {Connection} state */
  #set(state) {
    if (state !== this.state) {
      this.state = state;
      this.#watchers.forEach((watcher) => watcher());
    }
  }
}

export const live = new Live();
