// @ts-check
/** Saves what a page shows as a file. */

/**
 * @param {string} name of the file, without its ending
 * @param {{label: string, value: (row: any) => any}[]} columns
 * @param {any[]} rows
 */
export function saveCsv(name, columns, rows) {
  const lines = [columns.map((column) => cell(column.label)).join(",")];
  for (const row of rows) {
    lines.push(columns.map((column) => cell(column.value(row))).join(","));
  }
  save(name + ".csv", "text/csv", lines.join("\r\n") + "\r\n");
}

/** @param {string} name @param {any} value */
export function saveJson(name, value) {
  save(name + ".json", "application/json", JSON.stringify(value, null, 2) + "\n");
}

/**
 * A cell of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe, because
 * names of files are anybody's; also one with blanks before it, which spreadsheets skip.
 *
 * @param {any} value
 */
export function cell(value) {
  let text = value == null ? "" : String(value);
  if (typeof value === "string" && /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text)) {
    text = "'" + text;
  }
  return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

/** @param {string} name @param {string} type @param {string} text */
function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
