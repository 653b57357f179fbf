// @ts-check
/** Addresses of pages. Every page has one that can be sent to a colleague, filters included. */

/** @typedef {{path: string, rest: string, query: URLSearchParams}} Place */

/** @type {Set<() => void>} */
const listeners = new Set();

/** Where we are. @param {readonly string[]} roots the first parts of paths that have pages @returns {Place} */
export function place(roots) {
  // name by name, as pathInAddress() wrote them: decodeURI() leaves escapes of & + , : ; = ? @ $ # as they are
  const full = location.pathname.split("/").map(decodeURIComponent).join("/");
  const root = roots.find((each) => full === each || full.startsWith(each + "/")) ?? full;
  return { path: root, rest: full.slice(root.length + 1), query: new URLSearchParams(location.search) };
}

/** @param {string} address */
export function go(address) {
  history.pushState(null, "", address);
  listeners.forEach((each) => each());
}

/** Changes parameters of the address in place, without a new page. @param {Record<string, string | null>} changes */
export function setQuery(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) {
      query.set(name, value);
    } else {
      query.delete(name);
    }
  }
  const text = query.toString();
  history.replaceState(null, "", location.pathname + (text ? "?" + text : ""));
}

/** @param {() => void} listener told when the address has changed */
export function whenMoved(listener) {
  listeners.add(listener);
}

addEventListener("popstate", () => listeners.forEach((each) => each()));

addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const link = /** @type {HTMLAnchorElement | null} */ (target.closest?.("a[href]"));
  if (
    !link ||
    link.target ||
    link.hasAttribute("download") ||
    link.origin !== location.origin ||
    link.dataset.plain !== undefined ||
    event.defaultPrevented ||
    event.button !== 0 ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey
  ) {
    return;
  }
  if (link.hash && link.pathname === location.pathname) {
    return;
  }
  event.preventDefault();
  go(link.pathname + link.search);
});
