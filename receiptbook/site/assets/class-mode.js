// Class mode: what tells a finding waits until it is asked for. early.js and class.css have hidden it.
"use strict";
(() => {
const { all, make } = ReceiptBook, root = document.documentElement, main = document.querySelector("main");
const ASKED = /[?&]class(?=[=&]|$)/, known = new WeakSet(), headings = new Map(), asked = []; // {box, targets, label}: who asks, for what, and what bears its name
const store = (on) => { try { on ? sessionStorage.setItem("class", "on") : sessionStorage.removeItem("class"); } catch { /* a private window */ } };
const button = ReceiptBook.button = (words, act, { unseen, name } = {}) => {
  const made = make("button", "", words);
  made.type = "button";
  made.onclick = act;
  if (unseen) made.append(make("span", "unseen", unseen));
  if (name) made.setAttribute("aria-label", name);
  return made;
};

const tell = (one, told) => {
  for (const target of one.targets) told ? target.dataset.told = "" : delete target.dataset.told;
  one.box.hidden = told;
  one.label?.(told);
};
// Puts a button beside what is hidden; it makes room for what it shows, which then has the focus.
const ask = (beside, targets, words, { unseen, lead, inline, label } = {}) => {
  const box = make(inline ? "span" : "p", "asks", lead), one = { box, targets, label };
  box.append(button(words, () => {
    tell(one, true);
    for (const [section, heading] of headings) { // with the last of its section a heading is told as well
      if (section.contains(one.targets[0]) && asked.every((other) => other.box.hidden || other === heading || !section.contains(other.box))) tell(heading, true);
    }
    targets[0].tabIndex = -1;
    targets[0].focus();
  }, { unseen }));
  beside.before(box);
  asked.push(one);
  tell(one, false);
  return one;
};
// Of a figure that is not told, no name that is only heard gives the title away either.
const askFigure = (figure) => {
  const finding = figure.querySelector(":scope > .finding"), number = figure.querySelector(".caption b");
  if (!finding) return;
  const title = finding.textContent, named = all("[aria-label]", figure).filter((one) => one.ariaLabel.includes(title)).map((one) => [one, one.ariaLabel]);
  const plain = (number?.textContent ?? "the chart").replace(/\.$/, "");
  ask(finding, [finding, ...all(".rest", figure)], "Show", {
    lead: "What does this chart show?", unseen: ` what ${plain} shows`,
    label: (told) => {
      for (const [part, name] of named) part.setAttribute("aria-label", told ? name : name.replace(title, plain));
    },
  });
};
// A heading that may tell is its section's number, in the contents of the page as well.
const askHeading = (section) => {
  const place = (one) => [...one.parentElement.querySelectorAll(":scope > section:not(.guess, .question)")].indexOf(one) + 1;
  const heading = section.firstElementChild, says = heading.querySelector(".says"), link = document.querySelector(`.here a[href="#${section.id}"]`);
  if (!says) return;
  const plain = `Section ${heading.matches("h3") ? `${place(section.parentElement)}.` : ""}${place(section)}`, words = [...link?.childNodes ?? []].filter((one) => !one.matches?.("ul"));
  headings.set(section, ask(says, [says], "Show", {
    inline: true, unseen: ` the heading of ${plain.toLowerCase()}`,
    label: (told) => link?.replaceChildren(...told ? words : [plain]),
  }));
};
const veil = (part) => {
  if (document.body.matches(".ledger")) return;
  const fresh = (selector) => [...part.matches?.(selector) ? [part] : [], ...all(selector, part)].filter((one) => !known.has(one) && known.add(one));
  const ledes = fresh(".lede"); // and the notes in the margin of the opening, which tell the same
  if (ledes.length) ask(ledes[0], [...ledes, ...all(":scope > .note", ledes[0].parentElement)], "Show the finding");
  fresh(".waits").forEach(askHeading);
  const told = fresh("section section:not(.sums-up) > :is(.found, .note.v-derived)"); // what stands together is told together
  for (const first of told.filter((one) => !told.includes(one.previousElementSibling))) {
    const run = [first];
    while (told.includes(run.at(-1).nextElementSibling)) run.push(run.at(-1).nextElementSibling);
    const title = first.closest("section").firstElementChild;
    ask(first, run, run.every((one) => one.matches(".note")) ? "Show the number" : "Show the text", { unseen: ` of ${title.querySelector(".says") ? "this section" : title.firstChild.textContent}` });
  }
  fresh("figure.chart").forEach(askFigure);
  for (const guess of fresh(".guess")) { // the chart below it gives it away
    guess.firstElementChild.open = true;
    let next = guess.closest(".cell")?.nextElementSibling;
    if (next?.matches(".note")) next = next.nextElementSibling;
    const figure = next?.querySelector("figure");
    if (!figure) continue;
    const one = ask(figure, [figure, guess], "Show it", { lead: "The next chart waits for your drawing." });
    guess.addEventListener("receiptbook-told", () => tell(one, true));
  }
  for (const section of fresh(".sums-up")) {
    const rest = [...section.children].slice(1);
    if (rest.length) ask(rest[0], rest, "Show", { unseen: ` ${section.firstElementChild.firstChild.textContent}` });
  }
  for (const choices of fresh(".question [role=radiogroup]")) {
    const line = make("p", "hands"), open = button("Show of hands", () => Promise.all(["tally.css", "tally.js"].map(ReceiptBook.load)).then(() => ReceiptBook.tally(choices.closest(".question"), open)));
    line.append(open);
    choices.after(line);
  }
  for (const board of fresh(".board")) ask(board, [board], "Show the verdicts");
  for (const key of fresh(".key")) ask(key, [key], "Show what the shapes mean");
  for (const verdict of fresh(".verdict")) {
    if (!verdict.closest(".ruling, .key")) ask(verdict, [verdict], "Show verdict", { inline: true });
  }
};

// The bar says that something is hidden, and holds the two keys out of it.
const bar = make("section", "class-bar"), says = make("span");
bar.setAttribute("aria-label", "Class mode");
says.setAttribute("role", "status");
const every = button("", () => turn(root.dataset.class === "all" ? "on" : "all"));
every.setAttribute("aria-keyshortcuts", "f");
const leave = button("Leave", () => { turn(""); document.querySelector(".menu summary").focus(); }, { unseen: " class mode" });
leave.setAttribute("aria-keyshortcuts", "x");
const key = (name) => make("kbd", "", ` ${name}`);
bar.append(says, every, key("F"), leave, key("X"));
document.body.append(bar);

const turn = (mode) => {
  const shown = mode === "all";
  if (mode === "on") veil(main);
  if (mode) root.dataset.class = mode; else delete root.dataset.class;
  for (const one of asked) {
    tell(one, false);
    if (mode !== "on") one.label?.(true);
  }
  for (const fold of all(".question :is(.hint, .answer)")) fold.open = shown;
  document.querySelector("button.in-class")?.setAttribute("aria-pressed", Boolean(mode));
  every.textContent = shown ? "Hide again" : "Show all";
  says.textContent = !mode ? "" : shown ? "Class mode: all is shown." : "Class mode: findings wait until asked.";
  store(mode);
  if (mode || !ASKED.test(location.search)) return;
  const search = location.search.replace(/([?&])class(=[^&]*)?(&|$)/, (_, before, value, after) => after && before);
  try { history.replaceState(history.state, "", location.pathname + search + location.hash); } catch { /* a frame that may not */ }
};
ReceiptBook.inClass = (on) => turn(on ? "on" : "");

// What comes later is asked for as well: the cards behind numbers, what a cell that ran puts out.
new MutationObserver((changes) => {
  if (root.dataset.class !== "on") return;
  for (const { addedNodes } of changes) for (const part of addedNodes) if (part instanceof HTMLElement && !part.matches(".asks")) veil(part);
}).observe(main, { childList: true, subtree: true });
document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog, [contenteditable]");
  if (busy || !("class" in root.dataset)) return;
  if (event.key === "f") every.click();
  if (event.key === "x") leave.click();
});
// Links of the site carry it on, into a new tab and from a folder too; a press that opened a card is none.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || link.download || !("class" in root.dataset) || link.protocol !== location.protocol || link.host !== location.host) return;
  if (!/\.html$|\/$/.test(link.pathname) || link.pathname === location.pathname || ASKED.test(link.search)) return;
  const plain = link.search;
  link.search += plain ? "&class" : "?class";
  setTimeout(() => { link.search = plain; });
});
})();
