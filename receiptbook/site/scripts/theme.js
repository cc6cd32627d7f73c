// The reader's choice of light or dark; early.js has painted what was chosen before.
const root = document.documentElement;
const THEMES = ["auto", "light", "dark"];
const recall = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const remember = (name) => { try { localStorage.setItem("theme", name); } catch { /* a private window */ } };
const paint = (name) => { if (name === "light" || name === "dark") root.dataset.theme = name; else delete root.dataset.theme; };
const ready = (start) => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start();
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
ready(() => {
  const button = document.querySelector("button.theme");
  let at = Math.max(0, THEMES.indexOf(recall()));
  const say = () => { button.textContent = `Theme: ${THEMES[at]}`; };
  button.hidden = false;
  say();
  button.onclick = () => { at = (at + 1) % 3; paint(THEMES[at]); remember(THEMES[at]); say(); };
});
