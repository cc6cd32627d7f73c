// On every page: light and dark, loading on demand, menu, anchors, copy buttons, the first touch of a number.
"use strict";
(() => {
// The reader's choice of light or dark; early.js has painted what was chosen before.
const root = document.documentElement;
const THEMES = ["auto", "light", "dark"];
const recall = (what) => { try { return localStorage.getItem(what); } catch { return null; } };
const remember = (what, value) => { try { localStorage.setItem(what, value); } catch { /* a private window */ } };
const paint = (name) => { if (name === "light" || name === "dark") root.dataset.theme = name; else delete root.dataset.theme; };
const ready = (start) => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start();
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
ready(() => {
  const button = document.querySelector("button.theme");
  let at = Math.max(0, THEMES.indexOf(recall("theme")));
  const say = () => { button.lastElementChild.textContent = `Theme: ${THEMES[at]}`; };
  button.hidden = false;
  say();
  button.onclick = () => { at = (at + 1) % 3; paint(THEMES[at]); remember("theme", THEMES[at]); say(); };
});

// Loading on demand by tags for classic scripts and style sheets, which work from a folder too; menu; copy buttons.
const here = document.currentScript.src.replace(/[^/]*$/, "");
const loads = {}, MISSING = "This could not be loaded. Try again";
const load = (name) => loads[name] ??= new Promise((done, fail) => {
  const styles = name.endsWith(".css"), tag = document.createElement(styles ? "link" : "script");
  if (styles) tag.rel = "stylesheet";
  tag[styles ? "href" : "src"] = here + name;
  tag.onload = done;
  tag.onerror = () => { delete loads[name]; fail(new Error(`cannot load ${name}`)); };
  document.head.append(tag);
});
const make = (name, look, text) => {
  const element = document.createElement(name);
  if (look) element.className = look;
  if (text !== undefined) element.textContent = text;
  return element;
};
// One of many rows that share their names.
const record = (names, row) => Object.fromEntries(names.map((name, n) => [name, row[n]]));
window.ReceiptBook = { all, load, make, ready, record };
// What an address names after #, without the tail that trackers add or the mark of the sentence it stood
// in; messengers may have re-encoded it.
ReceiptBook.bare = (text) => text.replace(/[^\p{L}\p{N}_-]+$/u, "");
ReceiptBook.named = (hash = location.hash) => {
  const name = hash.replace(/^#/, "").replace(/[&?].*$/s, "");
  try { return ReceiptBook.bare(decodeURIComponent(name)); } catch { return name; }
};
ready(() => {
  // explorers and questions: once the page stands; charts: when the reader first stirs
  const explorers = all("[data-explorer]").map((figure) => `charts/${figure.dataset.explorer}.js`);
  const quiet = [...explorers];
  if (explorers.length) quiet.unshift("scenario.js");
  if (document.querySelector(".question")) quiet.push("questions.js");
  if (document.querySelector(".guess")) quiet.push("guess.js");
  if (document.querySelector(".came-out")) quiet.push("labs.js");
  const gather = () => load("questions.js").then(() => load("answers.js"));
  const start = () => { quiet.forEach(load); if (document.querySelector(".answers")) gather(); };
  if (document.querySelector(".sorting")) quiet.push("sorting.js");
  if (document.readyState === "complete") start(); else addEventListener("load", start);
  if (document.querySelector("[data-chart]")) {
    const wake = () => load("figures.js");
    for (const kind of ["pointermove", "pointerdown", "scroll", "keydown"]) addEventListener(kind, wake, { once: true, passive: true });
  }
  if (matchMedia("(max-width: 480px)").matches) document.querySelector(".kicker")?.append(document.querySelector(".tools")); // the header is full
  for (const menu of all(".menu")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.firstElementChild.focus(); }
    });
  }
  for (const verdict of all(".receipt .verdict")) { // what it means stands once, in the page's sheet of shapes
    verdict.title = document.querySelector(verdict.querySelector("use").getAttribute("href")).dataset.means;
  }
  for (const head of all("main section[id] > :is(h2, h3, h4)")) {
    const anchor = make("a", "anchor", "#");
    anchor.href = `#${head.parentElement.id}`;
    anchor.tabIndex = -1;
    anchor.setAttribute("aria-hidden", "true");
    head.append(anchor);
  }
});
// The switch that opens the working of all sections; remembered, and a link may ask for it (?working).
ready(() => {
  const folds = all("details.working"), button = document.querySelector("button.switch");
  if (!button) return;
  const set = (shown) => {
    delete root.dataset.working;
    for (const fold of folds) fold.open = shown;
    button.setAttribute("aria-pressed", shown);
  };
  button.hidden = false;
  set("working" in root.dataset);
  button.onclick = () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    set(shown);
    remember("working", shown ? "shown" : "folded");
  };
  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "w" && !busy) button.click();
  });
});
// Class mode keeps findings back until they are asked for; early.js knows whether the tab is in it.
ready(() => {
  const button = document.querySelector("button.in-class");
  const turn = (on) => load("class-mode.js").then(() => ReceiptBook.inClass(on)).catch(() => { delete root.dataset.class; });
  button.hidden = false;
  button.onclick = () => turn(!("class" in root.dataset));
  if ("class" in root.dataset) turn(true);
  addEventListener("pageshow", (event) => { // a page as it was left, before the tab changed its mind
    if (!event.persisted) return;
    let kept = null;
    try { kept = sessionStorage.getItem("class"); } catch { return; }
    if (Boolean(kept) !== "class" in root.dataset) turn(Boolean(kept));
  });
});
// The section being read, in the list of sections.
ready(() => {
  const links = new Map(all(".here a").map((link) => [document.getElementById(ReceiptBook.named(link.hash)), link]));
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    const now = [...links.keys()].filter((section) => seen.has(section)).pop();
    if (now) for (const [section, link] of links) section === now ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current");
  }, { rootMargin: "-72px 0px -80% 0px" });
  for (const section of links.keys()) if (section) watch.observe(section);
});
// A link into a fold opens it.
const reveal = () => {
  const name = location.hash && ReceiptBook.named(), target = name && document.getElementById(name);
  if (!target) return;
  const closed = [];
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) if (!fold.open && fold.closest("main, .foot")) closed.push(fold);
  for (const fold of closed) fold.open = true;
  if (closed.length || location.hash.slice(1) !== name) target.scrollIntoView();
};
ready(reveal);
addEventListener("hashchange", reveal);
document.addEventListener("click", (event) => { // the same link once more changes no address
  const link = event.target.closest?.('a[href^="#"]');
  if (link && link.hash && link.hash === location.hash) reveal();
});
// The card behind a number is fetched at the first touch of one; see receipts.js.
ReceiptBook.receiptOf = (target) => target.closest?.('main :is(a[href*="ledger.html#"], a.term):not(.go, .more)');
// A "Why?" beside a control opens on a press only: focus passes it on the way to the next control.
ReceiptBook.pressed = (event, link) => (event.detail || link.matches(".why")) && !event.ctrlKey && !event.metaKey && !event.shiftKey;
for (const kind of ["pointerover", "focusin", "click"]) document.addEventListener(kind, (event) => {
  const link = !ReceiptBook.greet && ReceiptBook.receiptOf(event.target);
  if (!link || (kind === "click" && !ReceiptBook.pressed(event, link))) return;
  if (kind === "click") event.preventDefault();
  link.setAttribute("aria-busy", "true");
  load("receipts.js")
    .then(() => ReceiptBook.greet(kind, link)) // the file may have come cut short, or be another's page
    .catch(() => { if (kind === "click") location.assign(link.href); })
    .finally(() => link.removeAttribute("aria-busy"));
});

// A printed figure can be changed on the page; see scripts/live. Nothing of it is loaded before that.
const live = () => load("receipts.js").then(() => load("live.js")).then(() => ReceiptBook.live);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.change");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  live().then((known) => known.ask((button.dataset.figures ?? button.dataset.figure).split(" "), button))
    .catch(() => { button.textContent = MISSING; })
    .finally(() => button.removeAttribute("aria-busy"));
});
ready(() => { if (document.querySelector(".what-if") || new URLSearchParams(location.search).has("if")) live(); });

// Python in the page: only where the reader asks for it.
ready(() => {
  const button = document.querySelector("button[data-run]");
  if (!button || (location.protocol === "file:" && !("stick" in button.dataset))) return;
  button.hidden = false;
  button.onclick = () => load("run/page.js").then(() => ReceiptBook.run(button)).catch(() => { button.textContent = MISSING; });
});

// What takes a chart along is fetched when it is first asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-share]");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  load("share.js").then(() => ReceiptBook.share(button))
    .catch(() => { button.parentElement.querySelector("[role=status]").textContent = MISSING; });
});

// A button that copies code.
ready(() => {
  for (const { parentElement: box } of all(".cell_input pre")) {
    const button = make("button", "copy", "Copy");
    button.type = "button";
    button.onclick = () => navigator.clipboard?.writeText(box.querySelector("pre").textContent).then(() => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    if (navigator.clipboard) box.append(button);
  }
});
})();
