"use strict";
(() => {
// Before the first paint: scripts run; the reader's choice of light or dark.
const root = document.documentElement;
root.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch { /* a private window */ }
})();
