// @ts-check
/** Figures as text. Numbers have a fixed count of digits, so that columns line up. */

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
export const TIB = 1024 * GIB;

/** The array's "no limit": 2^63 - 1, which a double rounds up. */
const UNLIMITED = 2 ** 62;

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const two = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const one = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {number} value */
export function count(value) {
  return whole.format(value);
}

/** GiB without the unit, for columns that name it. @param {number | null | undefined} bytes */
export function gib(bytes) {
  return bytes == null ? "–" : two.format(bytes / GIB);
}

/** Bytes with the unit that fits. @param {number | null | undefined} bytes */
export function bytes(bytes) {
  if (bytes == null) {
    return "–";
  }
  const size = Math.abs(bytes);
  if (size >= UNLIMITED) {
    return "no limit";
  }
  if (size >= TIB) {
    return two.format(bytes / TIB) + " TiB";
  }
  if (size >= GIB) {
    return two.format(bytes / GIB) + " GiB";
  }
  if (size >= MIB) {
    return one.format(bytes / MIB) + " MiB";
  }
  return size >= KIB ? one.format(bytes / KIB) + " KiB" : whole.format(bytes) + " B";
}

/** @param {number} bytes */
export function isLimit(bytes) {
  return bytes < UNLIMITED;
}

/** Decimal megabytes per second without the unit. @param {number | null | undefined} bytesPerSecond */
export function mbps(bytesPerSecond) {
  if (bytesPerSecond == null) {
    return "–";
  }
  const value = bytesPerSecond / 1e6;
  return value === 0 ? "0" : value < 100 ? one.format(value) : whole.format(value);
}

/** @param {number | null | undefined} value */
export function iops(value) {
  return value == null ? "–" : whole.format(value);
}

/** Milliseconds without the unit. @param {number | null | undefined} nanos */
export function millis(nanos) {
  return nanos ? two.format(nanos / 1e6) : "–"; // 0: nothing was timed
}

/** A time that something took. @param {number | null | undefined} nanos */
export function duration(nanos) {
  if (nanos == null) {
    return "–";
  }
  if (nanos >= 60e9) {
    return `${Math.floor(nanos / 60e9)} min ${whole.format((nanos % 60e9) / 1e9)} s`;
  }
  if (nanos >= 1e9) {
    return two.format(nanos / 1e9) + " s";
  }
  return nanos >= 1e6 ? one.format(nanos / 1e6) + " ms" : whole.format(nanos / 1e3) + " µs";
}

/** A share of a whole in percent. @param {number} part @param {number} all */
export function percent(part, all) {
  return all > 0 ? whole.format((100 * part) / all) + " %" : "–";
}

/** The time of day; the date too if it is another day. @param {string | number} when */
export function time(when) {
  const date = new Date(when);
  const clock = date.toLocaleTimeString("en-GB");
  return date.toDateString() === new Date().toDateString()
    ? clock
    : `${date.toLocaleDateString("en-CA")} ${clock}`;
}

/** The time of day with milliseconds. @param {string | number} when */
export function exactTime(when) {
  const date = new Date(when);
  return `${date.toLocaleTimeString("en-GB")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** The last part of a path. @param {string} path */
export function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** @param {number} n @param {string} one @param {string} [many] */
export function plural(n, one, many = one + "s") {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Escapes each part of a path for an address. @param {string} path */
export function pathInAddress(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}
