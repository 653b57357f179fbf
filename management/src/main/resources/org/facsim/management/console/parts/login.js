// @ts-check
/** Asks for the token, if the array wants one. */
import { html, render, nothing } from "../vendor/lit-html/lit-html.js";
import { send } from "../api.js";

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** @param {() => void} done */
export function login(done) {
  if (dialog) {
    return;
  }
  const shown = document.createElement("dialog");
  dialog = shown;
  document.body.append(shown);
  let error = "";
  const draw = () =>
    render(
      html`<form @submit=${enter}>
        <h2>Who are you?</h2>
        <p>
          This array listens on more than its own machine, so it wants its token. It was printed once
          when the array was first started, and stands in a file that only its owner can read.
        </p>
        <label>Token <input name="token" type="password" autocomplete="current-password" required /></label>
        ${error ? html`<p class="remark error" role="alert">${error}</p>` : nothing}
        <div class="actions"><button class="primary">Enter</button></div>
      </form>`,
      shown,
    );
  /** @param {SubmitEvent} event */
  async function enter(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    try {
      await send("POST", "/api/v1/login", { token: new FormData(form).get("token") });
      shown.close();
      shown.remove();
      dialog = null;
      done();
      location.reload();
    } catch (e) {
      error = e instanceof Error ? e.message : String(e);
      draw();
    }
  }
  shown.addEventListener("cancel", (event) => event.preventDefault());
  draw();
  shown.showModal();
}
