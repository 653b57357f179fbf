// @ts-check
/**
 * The card that says what a VM's "Used" is made of, as array consoles show it when the pointer rests
 * on the figure. It comes by pointer, by keyboard focus and by touch, and goes with Escape.
 */
import { html, svg, render, nothing } from "../vendor/lit-html/lit-html.js";
import { bytes, percent } from "../format.js";

/** @type {HTMLElement | null} */
let card = null;
/** @type {{anchor: HTMLElement, row: () => any} | null} */
let shown = null;

/** @param {any} row */
export function parts(row) {
  return [
    { kind: "live", name: "Live", bytes: row.liveBytes, text: "the VM's files without snapshots" },
    { kind: "hypervisor", name: "Hypervisor snapshots", bytes: row.hypervisorSnapshotBytes, text: "redo logs and memory of snapshots that a host took" },
    { kind: "array", name: "Array snapshots", bytes: row.arraySnapshotBytes, text: "no longer in the files; kept by snapshots and clones" },
  ];
}

/** A bar of parts, side by side. @param {{kind: string, bytes: number}[]} all @param {string} label */
export function bar(all, label) {
  const sum = all.reduce((total, part) => total + part.bytes, 0);
  let at = 0;
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=${label}>
    <rect class="track" width="1000" height="10"></rect>
    ${all.map((part) => {
      const width = sum > 0 ? (1000 * part.bytes) / sum : 0;
      at += width;
      return rect(part.kind, at - width, width);
    })}
  </svg>`;
}

/** @param {string} kind @param {number} x @param {number} width */
function rect(kind, x, width) {
  return svg`<rect class="part ${kind}" x=${x} width=${width} height="10"></rect>`;
}

/** @param {any} row */
export function breakdown(row) {
  const all = parts(row);
  return html`<table class="parts">
    <caption>What “Used” of <b>${row.name}</b> is made of</caption>
    <tbody>
      ${all.map(
        (part) => html`<tr>
          <th scope="row"><span class="swatch ${part.kind}"></span>${part.name}<small>${part.text}</small></th>
          <td class="number">${bytes(part.bytes)}</td>
          <td class="number share">${percent(part.bytes, row.usedBytes)}</td>
        </tr>`,
      )}
      <tr class="sum">
        <th scope="row">Used</th>
        <td class="number">${bytes(row.usedBytes)}</td>
        <td></td>
      </tr>
    </tbody>
  </table>`;
}

/** @param {any} row */
function contents(row) {
  return html`${bar(parts(row), "Used by part")} ${breakdown(row)}
    <p class="verdict">
      ${row.uniqueBytes === 0
        ? html`Deleting it would free <b>nothing</b>: every block is shared.`
        : html`Deleting it would free <b>${bytes(row.uniqueBytes)}</b>.
            ${row.sharedBytes ? html`${bytes(row.sharedBytes)} are shared with others.` : nothing}`}
    </p>`;
}

/** Shows the card at a figure. @param {HTMLElement} anchor @param {() => any} row */
export function show(anchor, row) {
  if (!card) {
    card = document.createElement("div");
    card.id = "breakdown";
    card.className = "card";
    card.setAttribute("role", "tooltip");
  }
  if (!card.isConnected) {
    // inside of the page, because readers of the screen look for contents there; leaving it removes the card
    (document.getElementById("page") ?? document.body).append(card);
  }
  shown = { anchor, row };
  anchor.setAttribute("aria-describedby", "breakdown");
  render(contents(row()), card);
  card.hidden = false;
  const at = anchor.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8));
  const isBelow = at.bottom + size.height + 8 < innerHeight;
  card.style.left = left + "px";
  card.style.top = (isBelow ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)) + "px";
}

/** @param {HTMLElement} [anchor] only if it is shown there */
export function hide(anchor) {
  if (card && shown && (!anchor || shown.anchor === anchor)) {
    shown.anchor.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  }
}

/** Draws the card anew if it is shown, because figures changed. */
export function refresh() {
  if (card && shown) {
    if (shown.anchor.isConnected) {
      render(contents(shown.row()), card);
    } else {
      hide();
    }
  }
}

/** Gives a figure its card. @param {HTMLElement} anchor @param {() => any} row */
export function attach(anchor, row) {
  anchor.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch") {
      show(anchor, row);
    }
  });
  anchor.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && document.activeElement !== anchor) {
      hide(anchor);
    }
  });
  anchor.addEventListener("focus", () => show(anchor, row));
  anchor.addEventListener("blur", () => hide(anchor));
  anchor.addEventListener("click", () => show(anchor, row)); // touch
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    hide();
  }
});
addEventListener("scroll", () => hide(), { capture: true, passive: true });
addEventListener("pointerdown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (shown && !shown.anchor.contains(target) && !card?.contains(target)) {
    hide();
  }
});
