// The search page: sections found by MiniSearch, each with the line in which the words stand.
"use strict";
(() => {
if (!window.ReceiptBook) {
  document.getElementById("search-status").textContent = "The search could not be loaded. Open this page again.";
  return;
}
const { make, ready, load } = ReceiptBook;
const FIRST = 20; // results shown before the reader asks for more
const ROUND = 90; // characters shown on either side of what was found
const OPENING = 1.4; // the opening of a page sums it up
const LEDGER = 0.1; // a row of the ledger counts less than a section that tells it
let sections = [], index, ledger;

// A number keeps its point and loses its thousands' commas; a script without blanks is cut into
// characters and pairs of them.
const PARTS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|\d+(?:[.,]\d+)*|[\p{L}\p{M}]+/gu;
const EAST = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const THOUSANDS = /^\d{1,3}(,\d{3})+(\.\d+)?$/;
const plain = (text) => text.normalize("NFKC").toLowerCase();
const tokens = (text, single) => [...text.matchAll(PARTS)].flatMap(({ 0: part, index: at }) => {
  if (THOUSANDS.test(part)) return [{ word: part.replaceAll(",", ""), at, end: at + part.length }];
  if (!EAST.test(part)) return [{ word: part, at, end: at + part.length }];
  const cut = (size) => Array.from({ length: Math.max(0, part.length - size + 1) },
    (_, n) => ({ word: part.slice(n, n + size), at: at + n, end: at + n + size }));
  return part.length === 1 || single ? [...cut(1), ...cut(2)] : cut(2);
});
const words = (text) => tokens(plain(text), true).map((token) => token.word);
const asked = (text) => tokens(plain(text), false).map((token) => token.word);

const build = () => {
  index = new MiniSearch({
    fields: ["heading", "text"],
    tokenize: words,
    processTerm: (word) => word,
    searchOptions: {
      tokenize: asked,
      boost: { heading: 2 },
      prefix: (word) => /^[a-z]{3}/.test(word), // "user" finds "users"; 602 is not 6021
      combineWith: "AND",
    },
  });
  index.addAll(sections.map(([, heading, , text], id) => ({ id, heading, text })));
};

// All sections that hold all words, those first that hold them as they were typed; else what comes near.
const search = (typed) => {
  const phrase = plain(typed).trim();
  const boostDocument = (id) => {
    const [address, heading, , text] = sections[id];
    const whole = plain(`${heading} ${text}`).includes(phrase) ? 2 : 1;
    const early = 2 - id / sections.length; // what the book tells first comes first
    const opening = address.includes("#") ? 1 : OPENING;
    return whole * early * opening * (address.startsWith(ledger) ? LEDGER : 1);
  };
  const whole = index.search(typed, { boostDocument });
  if (whole.length) return { found: whole, near: false };
  return { found: index.search(typed, { boostDocument, combineWith: "OR", fuzzy: (word) => /^[a-z]{5}/.test(word) && 0.2 }), near: true };
};

// The line in which most of the words stand, with each of them marked.
const line = (text, terms, phrase) => {
  const flat = plain(text).length === text.length ? plain(text) : text.toLowerCase();
  const hits = tokens(flat, true).filter(({ word }) => terms.has(word));
  if (!hits.length) return make("p", "line", text.slice(0, 2 * ROUND));
  const whole = flat.indexOf(phrase);
  const near = (from) => hits.filter(({ at }) => at >= from && at < from + 2 * ROUND).length;
  const best = whole >= 0 ? whole : hits.map(({ at }) => at).reduce((a, b) => (near(b) > near(a) ? b : a));
  let from = Math.max(0, best - ROUND), to = Math.min(text.length, best + 2 * ROUND);
  if (from) from = text.indexOf(" ", from) < best && text.indexOf(" ", from) > 0 ? text.indexOf(" ", from) + 1 : from;
  if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), best + ROUND);
  const shown = make("p", "line", from ? "… " : "");
  let at = from;
  for (const hit of hits) {
    if (hit.end <= at || hit.at < from || hit.end > to) continue;
    const start = Math.max(hit.at, at);
    shown.append(text.slice(at, start), make("mark", "", text.slice(start, hit.end)));
    at = hit.end;
  }
  shown.append(text.slice(at, to), to < text.length ? " …" : "");
  return shown;
};

const item = ({ id, terms }, phrase) => {
  const [address, heading, page, text] = sections[id];
  const entry = make("li"), link = make("a", "", heading);
  link.href = address;
  entry.append(link, " ", make("span", "page", heading === page ? "" : page), line(text, new Set(terms), phrase));
  return entry;
};

const count = (n, one, many) => (n === 1 ? `1 ${one}` : `${n} ${many}`);
ready(() => {
  const form = document.querySelector("form.search"), box = form.querySelector("input");
  const status = document.getElementById("search-status"), list = document.getElementById("search-results");
  const more = document.getElementById("search-more");
  const show = ({ found, near }, all) => {
    const phrase = plain(box.value).trim(), shown = all ? found : found.slice(0, FIRST);
    list.replaceChildren(...shown.map((one) => item(one, phrase)));
    more.hidden = shown.length === found.length;
    more.textContent = `Show all ${found.length}`;
    more.onclick = () => { show({ found, near }, true); list.children[FIRST].querySelector("a").focus(); };
    status.textContent = !found.length ? "Nothing in the book has these words or numbers. The ledger lists every number, the contents every page."
      : near ? `No section has all of this. ${count(found.length, "comes", "come")} near:`
      : `${count(found.length, "section", "sections")} found.`;
  };
  const run = () => {
    const typed = box.value.trim();
    if (!index) return;
    if (!typed) { list.replaceChildren(); status.textContent = ""; more.hidden = true; return; }
    show(search(typed));
  };
  let waiting;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(run, 120); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
    try { history.replaceState(null, "", `?q=${encodeURIComponent(box.value.trim())}`); } catch { /* a folder may forbid it */ }
  });
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  status.textContent = "Opening the index …";
  ReceiptBook.sections = (rows) => { sections = rows; };
  ledger = form.dataset.ledger;
  Promise.all([load("minisearch.js"), load("sections.js")]).then(() => {
    if (!sections.length) throw new Error("sections.js holds nothing");
    build();
    status.textContent = "";
    run();
  }).catch(() => {
    status.textContent = "The index of this book could not be opened: one of its files (_static/sections.js, _static/minisearch.js) is missing, cut short or blocked. Load the page again; until then the contents list every page and the ledger every number.";
  });
});
})();
