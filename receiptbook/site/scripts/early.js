"use strict";
(() => {
// Before the first paint: scripts run; what the reader chose: light or dark, working shown.
const root = document.documentElement;
root.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (localStorage.getItem("working") === "shown" || /[?&]working\b/.test(location.search)) root.dataset.working = "";
} catch { /* a private window */ }
})();
