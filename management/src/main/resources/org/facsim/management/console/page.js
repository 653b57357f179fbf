// @ts-check
/**
 * What all pages have in common: a place to draw in, loading, errors, and an end. A page is a
 * function that gets a {@link Page} and returns what draws it.
 */
import { html, render, nothing } from "./vendor/lit-html/lit-html.js";
import { Refusal } from "./api.js";
import { live } from "./live.js";

/** @typedef {import("./router.js").Place} Place */

export class Page {
  /** @param {HTMLElement} root @param {Place} place */
  constructor(root, place) {
    this.root = root;
    this.place = place;
    this.isOpen = true;
    /** @type {any} */
    this.error = null;
    this.isLoading = false;
    /** @type {() => any} */
    this.draw = () => nothing;
    this.#abort = new AbortController();
    this.signal = this.#abort.signal;
  }

  #abort;
  #isDue = false;
  /** @type {(() => void)[]} */
  #ends = [];

  /** Draws the page with the next frame. */
  update = () => {
    if (this.#isDue || !this.isOpen) {
      return;
    }
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.drawNow();
    });
  };

  drawNow() {
    if (this.isOpen) {
      render(this.draw(), this.root);
    }
  }

  /** @param {() => void} end runs when the page is left */
  whenLeft(end) {
    this.#ends.push(end);
  }

  /**
   * Loads, and again when the connection has come back. Errors are shown.
   *
   * @param {() => Promise<void>} loading
   */
  async load(loading) {
    const run = async () => {
      this.isLoading = true;
      this.update();
      try {
        await loading();
        this.error = null;
      } catch (e) {
        if (this.isOpen) {
          this.error = e;
        }
      }
      this.isLoading = false;
      this.update();
    };
    this.reload = run;
    this.on("back", () => void run());
    await run();
  }

  /** @type {() => Promise<void>} */
  reload = async () => {};

  /** Listens as long as the page is open. @param {string} name @param {(data: any, id: string) => void} listener */
  on(name, listener) {
    this.whenLeft(live.on(name, listener));
  }

  /** @param {() => void} task @param {number} millis */
  every(task, millis) {
    const timer = setInterval(() => {
      if (!document.hidden) {
        task();
      }
    }, millis);
    this.whenLeft(() => clearInterval(timer));
  }

  leave() {
    this.isOpen = false;
    this.#abort.abort();
    this.#ends.forEach((end) => end());
    render(nothing, this.root);
  }
}

/** @param {any} error @param {() => void} [again] */
export function errorState(error, again) {
  const title = error instanceof Refusal && error.title ? error.title : "This could not be loaded";
  return html`<div class="state error" role="alert">
    <h2>${icon("error")} ${title}</h2>
    <p>${error?.message ?? String(error)}</p>
    ${again ? html`<button @click=${again}>Try again</button>` : nothing}
  </div>`;
}

/** @param {string} text */
export function loadingState(text) {
  return html`<div class="state loading" role="status"><span class="spinner"></span> ${text}</div>`;
}

/** @param {string} title @param {any} text @param {any} [action] */
export function emptyState(title, text, action = nothing) {
  return html`<div class="state empty"><h2>${title}</h2><p>${text}</p>${action}</div>`;
}

/**
 * The part of a page that depends on something loaded.
 *
 * @param {Page} page @param {any} value null until it is there @param {() => any} drawn
 * @param {string} [what]
 */
export function loaded(page, value, drawn, what = "Loading…") {
  if (page.error && value == null) {
    return errorState(page.error, page.reload);
  }
  if (value == null) {
    return loadingState(what);
  }
  return html`${page.error ? errorState(page.error, page.reload) : nothing}${drawn()}`;
}

/** @typedef {"ok" | "info" | "warning" | "error" | "running" | "off"} Severity */

const SHAPES = {
  ok: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-1.1 10L3.9 8l1.2-1.2 1.8 1.8 4-4L12.100 5.800Z",
  info: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.9 3h1.800v1.800H7.100Zm0 3h1.800v5H7.100Z",
  warning: "M8 1.300 15.500 14.500H.500ZM7.200 6v4.200h1.600V6Zm0 5.300v1.600h1.600v-1.600Z",
  error: "M5 1h6l4 4v6l-4 4H5l-4-4V5Zm2.100 3v5h1.800V4Zm0 6.200V12h1.800v-1.800Z",
  running: "M8 1a7 7 0 1 0 7 7h-2a5 5 0 1 1-5-5Z",
  off: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3Z",
};

const NAMES = { ok: "good", info: "note", warning: "warning", error: "error", running: "under way", off: "off" };

/** A severity: a shape and a colour, and a word for those who see neither. @param {Severity} kind @param {string} [label] */
export function icon(kind, label = NAMES[kind]) {
  return html`<svg class="icon ${kind}" viewBox="0 0 16 16" role="img" aria-label=${label}>
    <path fill-rule="evenodd" d=${SHAPES[kind]}></path>
  </svg>`;
}

/** @param {string} title @param {any} about @param {any} [actions] */
export function heading(title, about, actions = nothing) {
  return html`<header class="page-head">
    <div><h1 tabindex="-1">${title}</h1><p>${about}</p></div>
    <div class="actions">${actions}</div>
  </header>`;
}

/** One figure with its name. @param {string} name @param {any} value @param {any} [note] */
export function figure(name, value, note = nothing) {
  return html`<div class="figure"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}
