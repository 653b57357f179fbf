// @ts-check
/** What a person has chosen in this browser. */

/** @typedef {"auto" | "light" | "dark"} Theme */

/** @returns {Theme} */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "auto";
}

/** @param {Theme} chosen */
export function setTheme(chosen) {
  if (chosen === "auto") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = chosen;
  }
  keep("theme", chosen === "auto" ? null : chosen);
}

/** @param {string} name @param {string | null} value */
export function keep(name, value) {
  try {
    if (value == null) {
      localStorage.removeItem("facsim." + name);
    } else {
      localStorage.setItem("facsim." + name, value);
    }
  } catch {
    // storage is off: it holds until the page is loaded again
  }
}

/** @param {string} name @returns {string | null} */
export function kept(name) {
  try {
    return localStorage.getItem("facsim." + name);
  } catch {
    return null;
  }
}
