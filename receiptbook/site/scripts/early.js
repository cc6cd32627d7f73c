"use strict";
(() => {
// Before the first paint: scripts run; what the reader chose: light or dark, working shown, class mode.
const root = document.documentElement;
root.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (localStorage.getItem("working") === "shown" || /[?&]working\b/.test(location.search)) root.dataset.working = "";
} catch { /* a private window */ }
// Class mode lasts as long as the tab; a link asks for it (?class), and going back to one does not.
let kept, back;
try {
  kept = sessionStorage.getItem("class");
  back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
} catch { /* a private window */ }
if (kept || (!back && /[?&]class(?=[=&]|$)/.test(location.search))) root.dataset.class = "";
// A page whose script did not come is read as one without scripts.
addEventListener("DOMContentLoaded", () => {
  if (window.ReceiptBook) return;
  root.classList.remove("js");
  delete root.dataset.class;
});
})();
