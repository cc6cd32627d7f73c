// The bar in which a printed figure is changed, and what the page shows of it: the new beside the old.
"use strict";
(() => {
const { all, make } = ReceiptBook, { Refused } = Live;
const MORE = 8; // of a list, before the rest is folded
const SETTLED = 250; // ms until the address follows what is typed; browsers count its changes
let changes = {}, found, bar, field, pick, said, list, opener, waiting;

const text = (parent, ...parts) => { parent.append(...parts.filter(Boolean)); return parent; };
const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;
const button = (label, act) => { const made = make("button", "", label); made.type = "button"; made.onclick = act; return made; };
const isFigure = (id) => Object.hasOwn(Live.book.figures, id);
const titled = Live.title;
Live.told = ReceiptBook.told;
const printedOf = (id) => Live.book.figures[id][0] || Live.answer(id).shown;
const nowOf = ({ now, was }) => now.failed ? `cannot be worked out: ${now.failed}` : [now.shown !== was.shown && now.shown, now.verdict !== was.verdict && now.verdict].filter(Boolean).join(", ");

// The address carries the change, so that it can be sent; links of the site carry it on.
const query = () => {
  const kept = new URLSearchParams(location.search);
  kept.delete("if");
  for (const [id, form] of Object.entries(changes)) kept.append("if", `${id}:${form}`);
  return String(kept) && `?${kept}`;
};
const address = () => {
  clearTimeout(waiting);
  waiting = 0;
  try { history.replaceState(history.state, "", location.pathname + query() + location.hash); } catch { /* a frame that may not */ }
};
const soon = () => { clearTimeout(waiting); waiting = setTimeout(address, SETTLED); };
addEventListener("pagehide", () => { if (waiting) address(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (waiting) address(); // what is left can be come back to
  if (!link || !Object.keys(changes).length || link.protocol !== location.protocol || link.host !== location.host || !/\.html$|\/$/.test(link.pathname)) return;
  if (link.pathname !== location.pathname) link.search = query();
}, true);

// On the page: numbers in sentences, cards, rows, verdicts of a scoreboard.
let places; // by id: links in sentences, cards and rows, cells of a scoreboard
const find = () => {
  places = { links: {}, cards: {}, cells: {} };
  const put = (kind, id, element) => (places[kind][id] ??= []).push(element);
  for (const link of all('main a[href*="ledger.html#"]:not(.go, .more, .why, [data-verdict-of])')) {
    if (!link.closest(".note, .card, .what-if-list")) put("links", ReceiptBook.named(link.hash), link);
  }
  for (const card of all('[id^="receipt-"], .note[data-note], .entry')) put("cards", card.dataset.note ?? card.id.replace(/^receipt-/, ""), card);
  for (const cell of all("[data-verdict-of]")) put("cells", cell.dataset.verdictOf, cell);
};
const wipe = () => {
  all(".now[data-live], .otherwise[data-live]").forEach((one) => one.remove());
  all("[data-now]").forEach((one) => { delete one.dataset.now; });
};
const beside = (look, words) => { const made = make("ins", `now ${look}`, words); made.dataset.live = ""; return made; };
const changed = (ids) => ids.map((id) => `${titled(id)}: ${changes[id]}`).join("; ");
const inWords = (state) => state.now.failed ? `Then it ${nowOf(state)}.` : `Then: ${[state.now.verdict, state.now.shown, state.now.told && state.now.told !== state.now.shown && `(${state.now.told})`].filter(Boolean).join(" ")}.`;
const show = () => {
  wipe();
  if (!found) return;
  if (!places) find();
  for (const [id, state] of Object.entries(found.states)) {
    for (const link of places.links[id] ?? []) {
      const isRange = / to |–/.test(link.textContent);
      if (state.how === "shifted" && !isRange) continue;
      const told = isRange && state.now.told !== "not worked out" ? { ...state, now: { ...state.now, shown: state.now.told } } : state;
      link.dataset.now = state.how;
      link.after(beside(state.how, ` → ${state.now.failed ? "not to be worked out" : nowOf(told)}`));
    }
    for (const card of places.cards[id] ?? []) card.append(beside(state.how, inWords(state)));
    if (state.how === "turned") for (const cell of places.cells[id] ?? []) turn(cell, state.now.verdict ?? "open");
  }
  for (const id of found.models) for (const card of places.cards[id] ?? []) card.append(beside("model", "Depends on a model; it is not worked out here."));
  const paper = make("p", "otherwise paper", `Printed with a change that nobody published: ${changed(Object.keys(changes))}.`);
  paper.dataset.live = "";
  document.querySelector("main h1")?.after(paper);
  for (const figure of all("figure[data-chart], [data-explorer]")) (figure.querySelector("figcaption") ?? figure).append(asDrawn(figure));
};
// A picture stays as it was published, and says so; Python in the page draws it anew below.
const asDrawn = (figure) => {
  const mark = beside("drawn", "Drawn from the figures as they were published."), cell = Number(figure.closest("[data-cell]")?.dataset.cell);
  if (!cell || !figure.dataset.chart) return mark;
  if (!ReceiptBook.python) return document.querySelector("button.run:not([hidden])") ? text(mark, " Run this page here, and Python can draw it anew.") : mark;
  const asked = changes, say = (words) => { press.textContent = words; press.disabled = false; };
  const press = button("Draw it with the change", () => {
    press.disabled = true;
    press.textContent = "Drawing…";
    ReceiptBook.python.redrawn(cell, asked).then((made) => {
      if (asked !== changes) return;
      if (!made) { press.replaceWith("Nothing in it moves."); return; }
      made.classList.add("otherwise");
      made.dataset.live = "";
      made.prepend(make("p", "label", "With the change"));
      figure.after(made);
      press.remove();
      made.tabIndex = -1;
      made.focus({ preventScroll: true }); // the button that was pressed is gone
    }).catch((problem) => say(`It cannot be drawn: ${problem.message} Again?`));
  });
  return text(mark, " ", press);
};
const turn = (cell, verdict) => {
  const mark = beside("turned", ""), shape = document.getElementById(`v-${verdict}`);
  cell.dataset.now = verdict;
  if (shape) {
    mark.innerHTML = "<svg viewBox='0 0 16 16' aria-hidden='true'><use></use></svg>";
    mark.querySelector("use").setAttribute("href", `#${shape.id}`);
  }
  cell.append(text(mark, make("span", shape ? "unseen" : "", ` → ${verdict}`)));
};

// The list of what follows, by chapter and by statement.
let chapters;
const chapterOf = (id) => {
  chapters ??= Object.fromEntries(all(".menu nav a").map((link) => [/([^/]*)\.html$/.exec(link.pathname)?.[1], link.textContent]));
  const page = Live.book.where[id];
  return page ? chapters[page] ?? page : "Comparisons in words";
};
const row = (id) => {
  const item = make("li"), state = found.states[id], link = make("a", "more", titled(id));
  link.href = `${document.querySelector(".find").href.replace(/search\.html.*$/, "")}${Live.book.ledger}.html#${id}`;
  text(item, link);
  if (state) {
    const was = state.was, told = (one) => one.failed ? `cannot be worked out: ${one.failed}` : [one.verdict, state.how === "shifted" ? one.told : one.shown].filter(Boolean).join(" ");
    text(item, ": ", make("span", "was", told(was)), " → ", make("b", `v-${state.now.verdict ?? "open"}`, told(state.now)));
  }
  return item;
};
const group = (title, ids, open) => {
  if (!ids.length) return null;
  const fold = make("details"), byChapter = Map.groupBy ? Map.groupBy(ids, chapterOf) : ids.reduce((map, id) => map.set(chapterOf(id), [...map.get(chapterOf(id)) ?? [], id]), new Map());
  fold.open = open;
  fold.append(make("summary", "", `${title}: ${ids.length}`));
  const fill = () => {
    for (const [chapter, some] of byChapter) {
      const items = make("ul");
      items.append(...some.map(row));
      text(fold, make("p", "label", chapter), items);
    }
  };
  if (open) fill(); else fold.addEventListener("toggle", fill, { once: true }); // a folded list costs nothing
  return fold;
};
const listed = () => {
  const box = make("div", "what-if-list");
  if (!found) return box;
  text(box,
    group("Verdicts that turn", found.turned, true),
    group("Numbers that move", found.moved, !found.turned.length || found.moved.length <= MORE),
    group("Only the range shifts", found.shifted, false),
    group("Depend on a model, and are not worked out here", found.models, false),
    group("Verdicts to be read again, since what they rest on moves", found.reread, false));
  const models = ReceiptBook.python?.models;
  if (found.models.length && models) {
    const asked = changes, run = button(`Work out the ${found.models.length} that depend on a model, with Python`, () => {
      run.disabled = true;
      run.textContent = "Working them out…";
      models(asked, found.models).then((states) => {
        if (asked !== changes) return;
        Object.assign(found.states, states);
        for (const [id, { how }] of Object.entries(states)) found[how].push(id);
        found.models = []; // the others stay as they are
        refresh();
      }).catch((problem) => { run.disabled = false; run.textContent = `That failed: ${problem.message}. Again?`; });
    });
    box.append(run);
  }
  if (!box.childElementCount) box.append(make("p", "", "Nothing in the book turns or moves."));
  return box;
};

// The bar: which figure, how it would have been printed, and what follows, said aloud.
const summary = () => {
  const parts = make("span"), lead = found.turned.find((id) => found.states[id].now.shown) ?? found.turned[0] ?? found.moved[0];
  if (lead) {
    const { now, was } = found.states[lead];
    text(parts, make("b", `v-${now.verdict ?? "open"}`, `${titled(lead)}: ${now.failed ? "not to be worked out" : now.shown ?? now.verdict}${now.shown && now.shown !== was.shown ? ` (was ${was.shown})` : ""}${now.shown && now.verdict !== was.verdict ? `, now ${now.verdict}` : ""}.`), " ");
  }
  const counts = [many(found.turned.length, "verdict turns", "verdicts turn"), many(found.moved.length, "number moves", "numbers move")];
  if (found.shifted.length) counts.push(many(found.shifted.length, "range shifts", "ranges shift"));
  if (found.models.length) counts.push(many(found.models.length, "more depends on a model", "more depend on a model"));
  text(parts, `${counts.join(", ")}.`);
  const others = Object.keys(changes).filter((id) => id !== pick.value);
  if (others.length) text(parts, ` Changed as well: ${changed(others)}.`);
  if (ReceiptBook.python) text(parts, " Cells that you run use the figures as they were published.");
  return parts;
};
const refresh = () => {
  const any = Object.keys(changes).length;
  show();
  said.replaceChildren(any ? summary() : "");
  list.replaceChildren(...any && !list.hidden ? [listed()] : []);
  for (const control of all("[data-if-any]", bar)) control.hidden = !any;
  const page = document.querySelector(".what-if");
  page?.querySelector(".what-if-list")?.remove();
  if (page && any) page.append(listed());
  dispatchEvent(new CustomEvent("receiptbook-changed", { detail: changes }));
};
const change = (id, form) => {
  const before = changes;
  try {
    const read = Live.form(id, form), same = read === Live.book.figures[id][0];
    changes = { ...changes, [id]: read };
    if (same) delete changes[id];
    found = Live.compare(changes);
    field.removeAttribute("aria-invalid");
    soon();
    refresh();
    if (read !== form.trim()) said.prepend(`Read as ${read}. `);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    changes = before;
    found = Object.keys(changes).length ? Live.compare(changes) : undefined;
    field.setAttribute("aria-invalid", "true");
    said.replaceChildren(`${problem.message.replace(/\.?$/, ".")} The page stays as it was.`);
  }
};
const reset = () => {
  changes = {};
  found = undefined;
  address();
  refresh();
  bar.hidden = true;
  document.body.classList.remove("otherwise");
  opener?.focus();
};
const offer = (ids) => {
  pick.replaceChildren(...ids.map((id) => new Option(`${titled(id)}: ${printedOf(id)}`, id)));
  pick.parentElement.hidden = ids.length < 2;
  bar.querySelector(".what").textContent = ids.length < 2 ? `${titled(ids[0])}, printed ${printedOf(ids[0])}.` : "";
  field.value = changes[pick.value] ?? printedOf(pick.value).split(" / ").pop();
  field.removeAttribute("aria-invalid");
};
const build = () => {
  bar = make("section", "if-bar");
  bar.setAttribute("aria-label", "What if it had been printed otherwise?");
  const form = make("form"), label = make("label", "", "If it had been printed "), which = make("label", "", "Figure ");
  pick = make("select");
  field = make("input");
  field.autocomplete = "off";
  field.spellcheck = false;
  said = make("p", "said");
  said.setAttribute("role", "status");
  list = make("div", "list");
  list.hidden = true;
  list.tabIndex = 0;
  list.setAttribute("role", "region");
  list.setAttribute("aria-label", "What follows");
  const see = button("See them", () => {
    list.hidden = !list.hidden;
    see.textContent = list.hidden ? "See them" : "Hide them";
    see.setAttribute("aria-expanded", String(!list.hidden));
    refresh();
  });
  see.setAttribute("aria-expanded", "false");
  const copy = button("Copy link", () => {
    address();
    navigator.clipboard?.writeText(location.href).then(() => {
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = "Copy link"; }, 1500);
    });
  });
  const back = button("Reset", reset);
  back.title = "Escape";
  [see, copy].forEach((one) => { one.dataset.ifAny = ""; });
  pick.onchange = () => offer([...pick.options].map((option) => option.value).sort((a, b) => (b === pick.value) - (a === pick.value)));
  field.oninput = () => change(pick.value, field.value);
  form.onsubmit = (event) => { event.preventDefault(); change(pick.value, field.value); };
  text(form, text(which, pick), make("span", "what"), text(label, field), see, navigator.clipboard && copy, back);
  text(bar, form, said, list);
  bar.hidden = true;
  document.body.append(bar);
};
// Opens the bar for some figures; the first can be changed at once.
Live.ask = (ids, from) => {
  const known = ids.filter(isFigure);
  if (!known.length) return;
  places = null; // cells that ran may have brought others
  opener = from?.closest(".card")?.previousElementSibling ?? from; // a card goes with the focus
  bar.hidden = false;
  document.body.classList.add("otherwise");
  offer(known);
  refresh();
  field.focus();
  field.select();
  setTimeout(() => { Live.prepare(pick.value); places ?? find(); });
};
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || bar.hidden || document.querySelector(".menu[open]")) return;
  event.preventDefault();
  reset();
});
// What the address says: changes of figures, and how many others it names that are not of this book.
const asked = () => {
  const all = new URLSearchParams(location.search).getAll("if").map((one) => [one.slice(0, one.indexOf(":")), one.slice(one.indexOf(":") + 1)]);
  const known = all.filter(([id]) => isFigure(id));
  return [known, all.length - known.length];
};
Live.ready = () => {
  build();
  addEventListener("receiptbook-python", () => { if (found) refresh(); }); // it can work out the models
  addEventListener("popstate", () => { // Back and Forward within the page: it says what the address says
    const [known] = asked();
    if (JSON.stringify(Object.fromEntries(known)) === JSON.stringify(changes)) return;
    clearTimeout(waiting);
    changes = {};
    found = undefined;
    refresh();
    bar.hidden = !known.length;
    take(known);
  });
  const [known, strange] = asked(), page = document.querySelector(".what-if");
  if (page) Live.picker(page);
  if (!known.length) {
    if (strange) document.querySelector("main h1")?.after(beside("drawn", "The address asks for a change of a figure that this book does not hold, so the page stands as it was published."));
    return;
  }
  take(known);
  if (strange) said.append(" The address also names a figure that this book does not hold.");
};
const take = (known) => {
  const unread = [];
  document.body.classList.toggle("otherwise", known.length > 0);
  for (const [id, form] of known) {
    bar.hidden = false;
    offer([id]);
    field.value = form;
    change(id, form);
    if (field.ariaInvalid === "true") unread.push(said.textContent.replace(" The page stays as it was.", ""));
  }
  if (unread.length && field.ariaInvalid !== "true") said.append(` Of the address: ${unread.join(" ")}`);
};
// A page of its own: every figure, those that most rests on first.
Live.picker = (page) => {
  const ids = Object.keys(Live.book.figures), weight = Object.fromEntries(ids.map((id) => [id, Live.weight(id)]));
  const sorted = ids.filter((id) => weight[id]).sort((a, b) => weight[b] - weight[a] || (a < b ? -1 : 1));
  const label = make("label", "", "Figure "), choose = make("select"), go = button("Change it", () => Live.ask([choose.value], go));
  choose.append(...sorted.map((id) => new Option(`${titled(id)}: ${printedOf(id)} (${weight[id]})`, id)));
  page.prepend(text(make("p", "pick"), text(label, choose), go));
};
ReceiptBook.live = Live;
})();
