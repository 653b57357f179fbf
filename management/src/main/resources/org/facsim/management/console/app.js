// @ts-check
/** The frame around all pages: navigation, the state of the connection, and the way from an address to a page. */
import { html, render, nothing } from "./vendor/lit-html/lit-html.js";
import { Refusal, whenUnknown } from "./api.js";
import { live } from "./live.js";
import { Page, errorState, heading, icon } from "./page.js";
import { place, whenMoved } from "./router.js";
import { array } from "./stores.js";
import { theme, setTheme } from "./settings.js";
import { login } from "./parts/login.js";

/** @type {{path: string, name: string, group: string, load: () => Promise<{open: (page: Page) => void | Promise<void>}>}[]} */
const PAGES = [
  { path: "/vms", name: "Virtual machines", group: "Array", load: () => import("./pages/vms.js") },
  { path: "/clones", name: "Clones", group: "Array", load: () => import("./pages/clones.js") },
  { path: "/live", name: "Live charts", group: "Array", load: () => import("./pages/charts.js") },
  { path: "/capacity", name: "Capacity", group: "Array", load: () => import("./pages/capacity.js") },
  { path: "/volumes", name: "Volumes", group: "Array", load: () => import("./pages/volumes.js") },
  { path: "/states", name: "States", group: "Array", load: () => import("./pages/states.js") },
  { path: "/events", name: "Events", group: "What happened", load: () => import("./pages/events.js") },
  { path: "/journal", name: "Journal of calls", group: "What happened", load: () => import("./pages/journal.js") },
  { path: "/faults", name: "Faults", group: "Test and train", load: () => import("./pages/faults.js") },
  { path: "/hosts", name: "Hosts", group: "Test and train", load: () => import("./pages/hosts.js") },
  { path: "/lab", name: "Lab", group: "Test and train", load: () => import("./pages/lab.js") },
  { path: "/instructor", name: "Instructor", group: "Test and train", load: () => import("./pages/instructor.js") },
  { path: "/start", name: "First run", group: "Console", load: () => import("./pages/start.js") },
  { path: "/settings", name: "Settings", group: "Console", load: () => import("./pages/settings.js") },
];
/** The browser's own words would be about a module. */
const NOT_FETCHED = new Refusal(0, "No connection", "This page could not be fetched from the array. It comes as soon as the array answers again.");
const ROOTS = PAGES.map((page) => page.path);

/** @type {Page | null} */
let current = null;
let currentKey = "";
let isMenuOpen = false;
let isFirst = true;
let movesUnderWay = 0;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

const LOGO = html`<svg viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="7" fill="#12607a"></rect>
  <rect x="6" y="6" width="13" height="13" rx="2.5" fill="#fff"></rect>
  <rect x="13" y="13" width="13" height="13" rx="2.5" fill="#8fd3e8" stroke="#12607a" stroke-width="1.5"></rect>
</svg>`;

function drawFrame() {
  const here = place(ROOTS).path;
  const groups = [...new Set(PAGES.map((page) => page.group))];
  render(
    html`<a class="skip" href="#page" @click=${toPage}>Skip to the page</a>
      ${notice()}
      <div class="frame">
        <header class=${"side" + (isMenuOpen ? " is-open" : "")}>
          <div class="menu-row">
            <a class="brand" href="/vms">${LOGO} Facsim</a>
            <button class="menu" aria-expanded=${isMenuOpen} @click=${toggleMenu}>Menu</button>
          </div>
          <nav aria-label="Pages">
            ${groups.map(
              (group) => html`<h2>${group}</h2>
                <ul>
                  ${PAGES.filter((page) => page.group === group).map(
                    (page) => html`<li><a href=${page.path} aria-current=${page.path === here ? "page" : "false"}>${page.name}</a></li>`,
                  )}
                </ul>`,
            )}
          </nav>
          <div class="foot">
            <span class="connection" role="status">${connection()}</span>
            <button @click=${nextTheme}>Colours: ${theme() === "auto" ? "as the system" : theme()}</button>
          </div>
        </header>
        <main id="page" tabindex="-1"></main>
      </div>`,
    root,
  );
}

/** @param {Event} event */
function toPage(event) {
  event.preventDefault();
  document.getElementById("page")?.focus();
}

function toggleMenu() {
  isMenuOpen = !isMenuOpen;
  drawFrame();
}

function nextTheme() {
  const order = /** @type {const} */ (["auto", "light", "dark"]);
  setTheme(order[(order.indexOf(theme()) + 1) % order.length]);
  drawFrame();
}

function connection() {
  if (live.state === "live") {
    return html`${icon("ok", "connected")} Live`;
  }
  return live.state === "connecting" ? html`${icon("running")} Connecting…` : html`${icon("warning")} Not connected`;
}

function notice() {
  if (live.state === "stale") {
    const seconds = Math.max(0, Math.round((Date.now() - live.heardAt) / 1000));
    return html`<div class="notice stale" role="alert">
      ${icon("warning")}
      <span><b>Stale:</b> the figures below are ${seconds} s old. ${live.why} The console tries again by itself.</span>
      <button @click=${() => live.retry()}>Try now</button>
    </div>`;
  }
  if (array.away) {
    return html`<div class="notice away" role="alert">
      ${icon("error")}<span><b>The array is away:</b> ${array.away}. What needs it waits until it is back.</span>
    </div>`;
  }
  return nothing;
}

async function move() {
  const here = place(ROOTS);
  if (here.path === "/") {
    history.replaceState(null, "", (await array.hasMachines()) ? "/vms" : "/start");
    return move();
  }
  const key = location.pathname;
  if (key === currentKey && current) {
    return;
  }
  const number = ++movesUnderWay;
  const found = PAGES.find((page) => page.path === here.path);
  isMenuOpen = false;
  current?.leave();
  current = null;
  currentKey = key;
  drawFrame();
  const host = document.createElement("div");
  host.className = "page";
  const main = /** @type {HTMLElement} */ (document.getElementById("page"));
  main.replaceChildren(host);
  const page = new Page(host, here);
  current = page;
  document.title = `${found?.name ?? "Not found"} – Facsim`;
  let isFetched = !found;
  try {
    if (!found) {
      page.draw = unknownPage;
      page.drawNow();
      focusHeading(main);
      return;
    }
    const module = await found.load();
    isFetched = true;
    if (number === movesUnderWay) {
      await module.open(page);
      focusHeading(main);
    }
  } catch (e) {
    if (!isFetched) {
      page.on("back", () => location.reload()); // a browser does not fetch a module twice that it could not fetch
    }
    page.draw = () => errorState(isFetched ? e : NOT_FETCHED, () => location.reload());
    page.drawNow();
  }
}

/** Shows the way to whoever followed an address that there is not. */
function unknownPage() {
  return html`
    ${heading("There is no such page", html`Nothing of this array is at <code>${location.pathname}</code>. The address may be mistyped, or of another version.`)}
    <section class="panel">
      <h2>Where you may want to go</h2>
      <ul>
        <li><a href="/vms">Virtual machines</a>: which clone was free, and which was not</li>
        <li><a href="/start">First run</a>: a demo that explains itself</li>
        ${PAGES.filter((each) => each.path !== "/vms" && each.path !== "/start").map((each) => html`<li><a href=${each.path}>${each.name}</a></li>`)}
      </ul>
      <p>For programs: <a data-plain href="/openapi.yaml">the description of the management API</a>, which lists every path below <code>/api/v1</code>.</p>
    </section>
  `;
}

/** So that a reader of the screen hears where it is; not on the first page, where a browser does it. @param {HTMLElement} main */
function focusHeading(main) {
  if (!isFirst) {
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (main.querySelector("h1"))?.focus({ preventScroll: true }));
    scrollTo(0, 0);
  }
  isFirst = false;
}

/** @param {string} name */
export function titled(name) {
  document.title = `${name} – Facsim`;
}

whenUnknown.add(() => login(() => live.retry()));
whenMoved(() => void move());
root.replaceChildren(); // what stood there while nothing was loaded
live.watch(drawFrame);
array.watch(drawFrame);
drawFrame();
live.start();
void move();
