// @ts-check
// Runs before the first paint, so that a page never flashes in the other colours. A classic script
// of its own, because the content security policy admits nothing inline.
(function () {
  /** @type {string | null} */
  let theme = null;
  try {
    theme = localStorage.getItem("facsim.theme");
  } catch {
    // storage is off: the system's colours
  }
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
})();
