// @ts-check
/**
 * A table of many thousand rows. Only the rows in view are in the document; they are drawn by hand
 * instead of by templates, because figures change every second and rows with every scroll.
 *
 * Keyboard: arrows, Page Up and Down, Home and End move from row to row, Enter opens a row; Tab goes
 * on to what is inside of it. Sorting is by the buttons of the head.
 */

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {string} [unit]
 * @property {boolean} [isNumber] right-aligned, sorted from the largest
 * @property {number} width in pixels, of the whole in proportion
 * @property {number} [narrowWidth] the same on a telephone
 * @property {string} [short] the label on a telephone
 * @property {(row: any) => any} value sorts and filters and is exported
 * @property {(row: any) => string} [text] shown; the value as text if absent
 * @property {(cell: HTMLElement, row: any) => void} [draw] instead of text
 */

const ROW_PIXELS = 34;
const OVERSCAN = 8;
const NARROW = matchMedia("(max-width: 600px)");

export class Table {
  /** @type {any[]} all rows */
  rows = [];
  /** @type {any[]} as shown */
  shown = [];
  filterText = "";

  /**
   * @param {HTMLElement} host
   * @param {{columns: Column[], label: string, id: (row: any) => string, sort: string,
   *   open?: (row: any) => void, changed?: () => void, rowDrawn?: (tr: HTMLElement, row: any) => void,
   *   filter?: (row: any) => boolean, empty?: string}} options sort: a key, "-" before it from the largest
   */
  constructor(host, options) {
    this.options = options;
    this.sortKey = options.sort.replace(/^-/, "");
    this.isDescending = options.sort.startsWith("-");
    this.active = 0;
    /** @type {{tr: HTMLTableRowElement, cells: HTMLElement[], row: any, index: number, texts: string[]}[]} */
    this.pool = [];
    this.#build(host);
  }

  /** @param {any[]} rows */
  setRows(rows) {
    this.rows = rows;
    this.arrange();
  }

  /** @param {string} text */
  setFilter(text) {
    this.filterText = text.toLowerCase();
    this.scroller.scrollTop = 0;
    this.arrange();
  }

  /** @param {string} key */
  sortBy(key) {
    const column = this.#column(key);
    if (this.sortKey === key) {
      this.isDescending = !this.isDescending;
    } else {
      this.sortKey = key;
      this.isDescending = column.isNumber ?? false;
    }
    this.arrange();
    this.options.changed?.();
  }

  get sort() {
    return (this.isDescending ? "-" : "") + this.sortKey;
  }

  /** Filters and sorts anew, and draws. */
  arrange() {
    const words = this.filterText.split(/\s+/).filter((word) => word);
    const texts = this.options.columns.filter((column) => !column.isNumber);
    const admitted = this.options.filter;
    this.shown = this.rows.filter(
      (row) =>
        (!admitted || admitted(row)) &&
        words.every((word) => texts.some((column) => String(column.value(row)).toLowerCase().includes(word))),
    );
    const column = this.#column(this.sortKey);
    const sign = this.isDescending ? -1 : 1;
    // one look at each value: comparing asks for each of them a dozen times
    const keyed = this.shown.map((row, index) => ({ row, index, value: column.value(row) }));
    keyed.sort((a, b) => sign * compared(a.value, b.value) || a.index - b.index);
    this.shown = keyed.map((each) => each.row);
    this.active = Math.min(this.active, Math.max(0, this.shown.length - 1));
    this.#drawHead();
    this.table.setAttribute("aria-rowcount", String(this.shown.length + 1));
    this.blank.hidden = this.shown.length > 0;
    this.blank.textContent = this.rows.length ? "Nothing matches the filter." : (this.options.empty ?? "");
    this.draw();
  }

  /**
   * Draws the rows in view, of which only what differs is touched. A row that stays in view keeps its
   * place in the document, so that scrolling costs as much as the rows that come.
   *
   * @param {boolean} [isScrolled] the figures are those of the last time
   */
  draw(isScrolled = false) {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW_PIXELS) - OVERSCAN);
    const visible = Math.ceil(this.scroller.clientHeight / ROW_PIXELS) + 2 * OVERSCAN;
    const last = Math.min(this.shown.length, first + visible);
    while (this.pool.length < last - first) {
      this.#addRow();
    }
    /** @type {Map<number, Table["pool"][0]>} */
    const kept = new Map();
    /** @type {Table["pool"]} */
    const free = [];
    for (const each of this.pool) {
      if (each.index >= first && each.index < last) {
        kept.set(each.index, each);
      } else {
        free.push(each);
      }
    }
    const focused = document.activeElement;
    const isFocusLost = free.some((each) => each.tr.contains(focused));
    this.above.style.height = first * ROW_PIXELS + "px";
    this.below.style.height = Math.max(0, this.shown.length - last) * ROW_PIXELS + "px";
    const firstKept = kept.size > 0 ? Math.min(...kept.keys()) : last;
    const place = kept.get(firstKept)?.tr ?? this.belowRow;
    for (let index = first; index < last; index++) {
      const there = kept.get(index);
      if (!there) {
        const each = /** @type {Table["pool"][0]} */ (free.pop());
        this.body.insertBefore(each.tr, index < firstKept ? place : this.belowRow);
        this.#drawRow(each, index);
      } else if (!isScrolled || there.row !== this.shown[index]) {
        this.#drawRow(there, index);
      }
    }
    for (const each of free) {
      each.tr.hidden = true;
      each.index = -1;
      each.row = null;
    }
    if (isFocusLost) {
      this.scroller.focus({ preventScroll: true }); // its row is out of view; arrows scroll on
    }
  }

  /** @param {number} index */
  focusRow(index) {
    if (!this.shown.length) {
      return;
    }
    this.active = Math.max(0, Math.min(index, this.shown.length - 1));
    const top = this.active * ROW_PIXELS;
    const head = this.head.offsetHeight;
    const view = this.scroller.clientHeight - head;
    if (top < this.scroller.scrollTop) {
      this.scroller.scrollTop = top;
    } else if (top + ROW_PIXELS > this.scroller.scrollTop + view) {
      this.scroller.scrollTop = top + ROW_PIXELS - view;
    }
    this.draw();
    this.pool.find((each) => each.index === this.active)?.tr.focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------- the document

  /** @param {HTMLElement} host */
  #build(host) {
    this.scroller = element("div", "table-scroll");
    // reachable, so that a keyboard scrolls it also sideways
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "region");
    this.scroller.setAttribute("aria-label", this.options.label);
    this.table = /** @type {HTMLTableElement} */ (element("table", "big"));
    this.table.setAttribute("aria-label", this.options.label);
    const group = element("colgroup");
    this.cols = this.options.columns.map(() => element("col"));
    group.append(...this.cols);
    this.#setWidths();
    NARROW.addEventListener("change", this.#setWidths);
    this.head = element("thead");
    const line = element("tr");
    this.headCells = this.options.columns.map((column) => this.#headCell(column));
    line.append(...this.headCells);
    this.head.append(line);
    this.body = element("tbody");
    const [above, aboveCell] = spacer(this.options.columns.length);
    const [below, belowCell] = spacer(this.options.columns.length);
    this.above = aboveCell;
    this.below = belowCell;
    this.belowRow = below;
    this.body.append(above, below);
    this.table.append(group, this.head, this.body);
    this.blank = element("p", "blank");
    this.scroller.append(this.table, this.blank);
    host.append(this.scroller);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.body.addEventListener("keydown", (event) => this.#key(event));
    this.body.addEventListener("click", (event) => this.#click(event));
    this.body.addEventListener("focusin", (event) => {
      const row = this.#rowOf(event.target);
      if (row) {
        this.active = row.index;
        this.pool.forEach((each) => (each.tr.tabIndex = each.index === this.active ? 0 : -1));
      }
    });
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.scroller);
  }

  close() {
    this.sizes?.disconnect();
    NARROW.removeEventListener("change", this.#setWidths);
  }

  /** On a telephone the first columns get what there is, so that the main figures are seen at once. */
  #setWidths = () => {
    let sum = 0;
    this.options.columns.forEach((column, i) => {
      const width = (NARROW.matches && column.narrowWidth) || column.width;
      this.cols[i].style.width = width + "px";
      sum += width;
    });
    this.table.style.minWidth = sum + "px";
  };

  /** @param {Column} column */
  #headCell(column) {
    const cell = element("th", column.isNumber ? "number" : "");
    cell.scope = "col";
    const button = element("button", "sort");
    button.type = "button";
    button.append(column.label);
    if (column.short) {
      button.replaceChildren(labelled("wide", column.label), labelled("short", column.short));
      button.setAttribute("aria-label", column.label + (column.unit ? " " + column.unit : ""));
    }
    if (column.unit) {
      const unit = element("span", "unit");
      unit.textContent = " " + column.unit;
      button.append(unit);
    }
    const arrow = element("span", "arrow");
    arrow.setAttribute("aria-hidden", "true");
    button.append(arrow);
    button.addEventListener("click", () => this.sortBy(column.key));
    cell.append(button);
    return cell;
  }

  #drawHead() {
    this.options.columns.forEach((column, i) => {
      const cell = this.headCells[i];
      const isSorted = column.key === this.sortKey;
      cell.setAttribute("aria-sort", isSorted ? (this.isDescending ? "descending" : "ascending") : "none");
      /** @type {HTMLElement} */ (cell.querySelector(".arrow")).textContent = isSorted
        ? this.isDescending
          ? " ▾"
          : " ▴"
        : "";
    });
  }

  #addRow() {
    const tr = element("tr");
    tr.tabIndex = -1;
    const cells = this.options.columns.map((column, i) => {
      const cell = element(i === 0 ? "th" : "td", column.isNumber ? "number" : "");
      if (i === 0) {
        cell.setAttribute("scope", "row");
      }
      return cell;
    });
    tr.append(...cells);
    this.body.insertBefore(tr, this.belowRow);
    this.pool.push({ tr, cells, row: null, index: -1, texts: cells.map(() => "\0") });
  }

  /** @param {Table["pool"][0]} each @param {number} index */
  #drawRow(each, index) {
    const row = this.shown[index];
    each.row = row;
    each.tr.hidden = false;
    if (each.index !== index) {
      each.index = index;
      each.tr.setAttribute("aria-rowindex", String(index + 2));
    }
    const tabIndex = index === this.active ? 0 : -1;
    if (each.tr.tabIndex !== tabIndex) {
      each.tr.tabIndex = tabIndex;
    }
    this.options.columns.forEach((column, i) => {
      if (column.draw) {
        column.draw(each.cells[i], row);
        return;
      }
      const text = column.text ? column.text(row) : String(column.value(row) ?? "");
      if (each.texts[i] !== text) {
        each.texts[i] = text;
        each.cells[i].textContent = text;
        if (!column.isNumber) {
          each.cells[i].title = text;
        }
      }
    });
    this.options.rowDrawn?.(each.tr, row);
  }

  #scrolled() {
    if (!this.isDue) {
      this.isDue = true;
      requestAnimationFrame(() => {
        this.isDue = false;
        this.draw(true);
      });
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = this.#rowOf(event.target);
    if (!row) {
      return;
    }
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW_PIXELS) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    if (event.key in steps) {
      event.preventDefault();
      this.focusRow(row.index + steps[/** @type {keyof typeof steps} */ (event.key)]);
    } else if (event.key === "Enter" && event.target === row.tr) {
      this.options.open?.(row.row);
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const row = this.#rowOf(target);
    if (row && !target.closest("a, button, input")) {
      this.options.open?.(row.row);
    }
  }

  /** @param {EventTarget | null} target */
  #rowOf(target) {
    const tr = /** @type {Element | null} */ (target)?.closest?.("tr");
    return this.pool.find((each) => each.tr === tr && each.index >= 0);
  }

  /** @param {string} key */
  #column(key) {
    return this.options.columns.find((column) => column.key === key) ?? this.options.columns[0];
  }
}

/** @param {string} className @param {string} text */
function labelled(className, text) {
  const span = element("span", className);
  span.textContent = text;
  return span;
}

/** @param {any} a @param {any} b */
function compared(a, b) {
  if (typeof a === "number" || typeof b === "number") {
    return (a ?? -1) - (b ?? -1);
  }
  return a === b ? 0 : String(a ?? "") < String(b ?? "") ? -1 : 1;
}

/** @param {number} columns @returns {[HTMLElement, HTMLElement]} */
function spacer(columns) {
  const tr = element("tr", "spacer");
  tr.setAttribute("aria-hidden", "true");
  const cell = element("td");
  cell.setAttribute("colspan", String(columns));
  tr.append(cell);
  return [tr, cell];
}

/** @param {string} name @param {string} [className] @returns {any} */
function element(name, className = "") {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  return made;
}
