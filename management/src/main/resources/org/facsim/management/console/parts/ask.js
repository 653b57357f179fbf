// @ts-check
/** Dialogs that ask before something is done, and short messages after it. */
import { html, render, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "../page.js";

/**
 * Asks, and does it. The dialog stays while it is done, and shows why it was refused.
 *
 * @param {{title: string, text?: any, fields?: any, action: string, isDangerous?: boolean,
 *   run: (form: FormData) => Promise<any>}} options
 * @returns {Promise<boolean>} whether it was done
 */
export function ask(options) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    document.body.append(dialog);
    let error = "";
    let isRunning = false;
    /** @param {boolean} isDone */
    const end = (isDone) => {
      dialog.close();
      dialog.remove();
      resolve(isDone);
    };
    const draw = () =>
      render(
        html`<form @submit=${run}>
          <h2>${options.title}</h2>
          ${options.text ? html`<p>${options.text}</p>` : nothing} ${options.fields ?? nothing}
          ${error ? html`<p class="remark error" role="alert">${icon("error")} <span>${error}</span></p>` : nothing}
          <div class="actions">
            <button type="button" @click=${() => end(false)}>Cancel</button>
            <button class=${options.isDangerous ? "danger" : "primary"} ?disabled=${isRunning}>${isRunning ? "Working…" : options.action}</button>
          </div>
        </form>`,
        dialog,
      );
    /** @param {SubmitEvent} event */
    async function run(event) {
      event.preventDefault();
      isRunning = true;
      error = "";
      draw();
      try {
        await options.run(new FormData(/** @type {HTMLFormElement} */ (event.target)));
        end(true);
      } catch (e) {
        error = e instanceof Error ? e.message : String(e);
        isRunning = false;
        draw();
      }
    }
    dialog.addEventListener("cancel", () => end(false));
    draw();
    dialog.showModal();
  });
}

/** @param {string} text @param {"ok" | "error" | "info" | "warning"} [severity] @param {any} [link] */
export function toast(text, severity = "ok", link = nothing) {
  const host = document.createElement("div");
  host.className = "toast";
  host.setAttribute("role", "status");
  document.querySelectorAll(".toast").forEach((earlier) => earlier.remove());
  document.body.append(host);
  render(html`${icon(severity)} <span>${text} ${link}</span>`, host);
  setTimeout(() => host.remove(), 7_000);
}

/** Does something, and says how it came out. @param {string} done @param {() => Promise<any>} action */
export async function attempt(done, action) {
  try {
    const answer = await action();
    toast(done);
    return answer;
  } catch (e) {
    toast(e instanceof Error ? e.message : String(e), "error");
    return undefined;
  }
}
