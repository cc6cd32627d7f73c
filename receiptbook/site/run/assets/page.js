// "Run this page here": the page's cells become editors, and Python in a worker runs them.
"use strict";
(() => {
const { all, load, make, named } = ReceiptBook;
const base = document.currentScript.src.replace(/[^/]*$/, "");
let told, cells, worker, ready, bar, says, stop, running = 0, clock;
ReceiptBook.cells = (data) => { told = data; };

// ---------------------------------------------------------------------------- the worker
const calls = {};
let count = 0, fetched = 0;
const ask = (act, more, transfer) => new Promise((done, fail) => {
  calls[++count] = { done, fail };
  worker.postMessage({ id: count, act, ...more }, transfer);
});
const heard = ({ data }) => {
  if (data.fetched) return say(`Fetching Python: ${(fetched = data.fetched / 1e6).toFixed(1)} MB …`);
  if (data.told) return say(`${data.told} …`);
  const call = calls[data.id];
  delete calls[data.id];
  if (data.memory) bar.dataset.memory = Math.round(data.memory / 1e6);
  if (data.problem) call.fail(new Error(data.problem)); else call.done(data.result);
};
const NO_ROOM = /memory|allocation|RangeError/i;
const inWords = (problem) => {
  if (NO_ROOM.test(problem)) return "This tab has too little memory for Python. Close other tabs, or run the notebook in your own Jupyter.";
  if (/WebAssembly|DecompressionStream|Worker/.test(problem)) return `This browser cannot run Python in a page (${problem}). Current Firefox, Chrome, Edge and Safari can.`;
  if (/failed to fetch|network|not there|integrity|load /i.test(problem)) return `Python could not be fetched (${problem}). Check the connection and press again.`;
  return `Python did not start (${problem}).`;
};
const start = () => ready ??= (async () => {
  if (!self.WebAssembly || !self.Worker || !self.DecompressionStream) throw new Error("no WebAssembly, Worker or DecompressionStream");
  say("Starting Python …");
  let scripts;
  if (ReceiptBook.stick) ({ worker, scripts } = await ReceiptBook.stick(told));
  else worker = new Worker(`${base}worker.js`);
  worker.onmessage = heard;
  worker.onerror = (event) => {
    event.preventDefault();
    for (const [id, call] of Object.entries(calls)) { delete calls[id]; call.fail(new Error(event.message || "the worker ended")); }
  };
  await ask("start", { files: told.files, archives: told.archives, ledger: told.ledger, scripts });
})().catch((problem) => { end(); throw new Error(inWords(problem.message)); });
// The only way to end an endless loop: the worker goes, and what it held.
const end = () => {
  worker?.terminate();
  worker = ready = null;
  for (const id in calls) delete calls[id];
  for (const cell of cells) cell.ran = null;
};

// ------------------------------------------------------------------------------- the bar
const say = (words) => { says.textContent = words; };
const button = (words, act, name) => {
  const made = make("button", name, words);
  made.type = "button";
  made.onclick = act;
  return made;
};
const idle = () => {
  const changed = cells.filter((cell) => cell.text !== cell.source).length;
  const stale = cells.filter(outdatedBy).length;
  const memory = bar.dataset.memory ? `, ${bar.dataset.memory} MB of memory` : "";
  const words = [`Python ${told.python} in this page${memory}.`];
  if (changed) words.push(`${changed} ${changed > 1 ? "cells" : "cell"} changed.`);
  if (stale) words.push(`${stale} stale.`);
  say(words.join(" "));
};
const busy = (on) => {
  running += on ? 1 : -1;
  const now = running > 0;
  stop.disabled = !now;
  for (const one of all(".cell-tools .go, .python .all")) one.disabled = now;
  clearInterval(clock);
  if (!now) return;
  clock = setInterval(() => {
    const cell = cells.find((one) => one.now), seconds = Math.round((performance.now() - cell?.began) / 1000);
    if (seconds >= 3) say(`Cell ${cell.n} has been running for ${seconds} s. Stop ends it.`);
  }, 1000);
};

// --------------------------------------------------------------------------------- cells
// A cell rests on those above that set a name it uses, and on what these rest on: {number: text}.
const basis = (cell, textOf) => {
  const names = new Set(cell.uses), found = {};
  for (const one of cells.filter(({ n }) => n < cell.n).reverse()) if (one.sets.some((name) => names.has(name))) {
    found[one.n] = textOf(one);
    one.uses.forEach((name) => names.add(name));
  }
  return found;
};
const typed = ({ text }) => text, seen = ({ shown }) => shown;
const other = (a, b) => Object.keys({ ...a, ...b }).find((n) => a[n] !== b[n]);
// What stands on the page was made from other text above than now stands there: which cell's.
const outdatedBy = (cell) => other(cell.madeFrom, basis(cell, seen));
const note = (cell) => {
  if (!cell.tools) return;
  const edited = cell.text !== cell.shown, stale = outdatedBy(cell);
  cell.box.classList.toggle("stale", Boolean(stale));
  cell.reset.disabled = cell.text === cell.source && !cell.drawn;
  const below = edited ? cells.filter((one) => cell.n in basis(one, typed)).map((one) => one.n) : [];
  const rest = below.length ? ` Below, ${below.length > 1 ? "cells" : "cell"} ${below.slice(0, 8).join(", ")}${below.length > 8 ? " and more" : ""} ${below.length > 1 ? "rest" : "rests"} on it.` : "";
  cell.says.textContent = stale ? `Stale: cell ${stale} above has changed. Run it again.` : (edited ? `Changed, not run yet.${rest}` : cell.told ?? "");
};
const once = async (cell) => {
  cell.now = true;
  if (cell.says) cell.says.textContent = "Running …";
  const began = cell.began = performance.now(), { text } = cell; // it may be edited while it runs
  try {
    const result = await ask("run", { source: text, printed: cell.digest });
    Object.assign(cell, { ran: text, shown: text, sets: result.sets, uses: result.uses });
    cell.ranOn = cell.madeFrom = basis(cell, typed);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const printed = result.digest === cell.digest;
    cell.failed = result.outputs.some((one) => one.output_type === "error");
    cell.told = printed ? `Ran in ${seconds} s: exactly what is printed.` : `Ran in ${seconds} s.`;
    if (!cell.failed && !printed) cell.told = `Ran in ${seconds} s: other than printed.`;
    await show(cell, printed ? null : result.outputs);
  } finally {
    cell.now = false;
    cells.forEach(note);
  }
};
// Runs some cells, and before each of them what it has not yet got from above.
const run = async (targets) => {
  if (running) return;
  busy(true);
  try {
    await start();
    for (const target of targets) for (const cell of cells) {
      if (cell.n > target.n) break;
      const asked = cell === target;
      if (!asked && cell.ran === cell.text && !other(cell.ranOn, basis(cell, typed))) continue;
      say(`Running cell ${cell.n} of ${cells.at(-1).n} …`);
      await once(cell);
      if (cell.failed) {
        if (!asked) target.told = `Not run: cell ${cell.n} above fails.`;
        note(target);
        throw new Error(`Cell ${cell.n} fails; what it says stands below it.`);
      }
      if (asked) break;
    }
    idle();
  } catch (problem) {
    say(problem.message);
    bar.dataset.problem = problem.message;
  } finally { busy(false); }
};
const halt = () => {
  end();
  cells.forEach((cell) => { if (cell.now) { cell.now = false; cell.told = "Stopped."; } note(cell); });
  if (running) busy(false);
  say("Stopped. The next run starts Python anew; what you typed stays.");
};
const restore = async (cell) => {
  Object.assign(cell, { text: cell.source, shown: cell.source, told: "", ...cell.printed });
  if (cell.area) { cell.area.value = cell.source; paint(cell); }
  await show(cell, null);
};

// -------------------------------------------------------------------------------- output
const BAD = "style, script, link, iframe, object, embed, meta, base";
const safe = (html) => { // nothing of it runs, and the page's own style applies
  const plain = html.replace(/<style\b[^]*?<\/style>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, ""); // parsing alone would break the policy
  const body = new DOMParser().parseFromString(plain, "text/html").body;
  for (const one of all(BAD, body)) one.remove();
  for (const one of all("*", body)) for (const { name } of [...one.attributes]) {
    if (/^on|^style$|^border$/.test(name) || (/^(href|src)$/.test(name) && /^\s*javascript:/i.test(one.getAttribute(name)))) one.removeAttribute(name);
  }
  return [...body.childNodes].map((node) => document.importNode(node, true));
};
const patched = (target, patch) => {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const made = { ...(typeof target === "object" && !Array.isArray(target) ? target : {}) };
  for (const [name, value] of Object.entries(patch)) if (value === null) delete made[name]; else made[name] = patched(made[name], value);
  return made;
};
const drawn = async (spec, words) => {
  await load("vega.js");
  await load("run/vega-lite.js");
  const narrow = matchMedia("(max-width: 480px)").matches && (spec.usermeta?.receiptbook?.narrow ?? { width: 300 });
  const { title, description, usermeta, ...bare } = patched(spec, narrow || {});
  const { spec: whole } = vegaLite.compile(bare);
  const view = new vega.View(vega.parse({ ...whole, background: null }, {}, { ast: true }), {
    expr: vega.expressionInterpreter, renderer: "svg", hover: true, logLevel: vega.Error,
  });
  const figure = make("figure", "chart"), box = make("div", "live");
  await view.initialize(box).runAsync();
  for (const name of ["role", "aria-label", "aria-roledescription", "style"]) box.removeAttribute(name);
  const picture = box.querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", words.alt || "Chart");
  if (words.title) { const line = make("p", "finding"); line.append(...safe(words.title)); figure.append(line); }
  figure.append(box);
  if (words.caption) { const line = make("figcaption"); line.append(...safe(words.caption)); figure.append(line); }
  return figure;
};
const failed = (one) => {
  const box = make("div", "failed"), first = make("p");
  first.append(make("b", "", one.ename), `${one.line ? ` in line ${one.line}` : ""}: ${one.evalue}`);
  box.append(first);
  if (one.hint) box.append(make("p", "", one.hint));
  const more = make("details"), text = make("pre", "", one.traceback.join(""));
  more.append(make("summary", "", "What Python says"), text);
  text.tabIndex = 0;
  box.append(more);
  return box;
};
const piece = async (one, n) => {
  if (one.output_type === "error") return failed(one);
  if (one.output_type === "stream") return text(one.text, n);
  if (one.cards) { const box = make("div"); box.append(...one.cards.flatMap(safe)); return box; }
  if (one.chart) return drawn(one.chart, one.words).catch((problem) => text(`This chart cannot be drawn in the page: ${problem.message}`, n));
  const html = one.data["text/html"] ?? one.html;
  if (!html) return text(one.data["text/plain"] ?? "", n);
  const box = make("div", "made");
  box.append(...safe(html));
  for (const table of all("table", box)) {
    const region = make("div", "table");
    region.tabIndex = 0;
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", `Table: output of cell ${n}`);
    table.replaceWith(region);
    region.append(table);
  }
  return box;
};
const text = (words, n) => {
  const pre = make("pre", "", words);
  pre.tabIndex = 0;
  pre.setAttribute("role", "region");
  pre.setAttribute("aria-label", `Output of cell ${n}`);
  return pre;
};
// What a run shows stands below its code; what is printed there gives way, and comes back by Reset.
const show = async (cell, outputs) => {
  if (!cell.box) return;
  cell.drawn?.remove();
  cell.drawn = null;
  const printed = all(".cell_output", cell.box);
  for (const one of printed) one.hidden = Boolean(outputs);
  if (!outputs) return;
  const box = make("div", "ran");
  box.append(make("p", "label", "Your run"));
  for (const one of outputs) box.append(await piece(one, cell.n));
  if (outputs.length === 0) box.append(make("p", "", "It shows nothing."));
  const elsewhere = all(`[data-cell="${cell.n}"] figure[id]`).find((figure) => !cell.box.contains(figure));
  if (elsewhere) {
    const line = make("p", "label", "Printed: "), link = make("a", "", "the figure above");
    link.href = `#${elsewhere.id}`;
    line.append(link);
    box.append(line);
  }
  cell.place.after(box);
  cell.drawn = box;
};

// ------------------------------------------------------------------------------- editors
const WORDS = "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
const TOKENS = new RegExp(`(?<c1>#[^\\n]*)|(?<s2>(?:\\b[rbfRBF]{1,2})?(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?))|(?<k>\\b(?:${WORDS.replaceAll(" ", "|")})\\b)`, "g");
const paint = (cell) => { // the same few colours as the printed code
  const parts = [];
  let at = 0;
  for (const found of cell.text.matchAll(TOKENS)) {
    const [kind] = Object.entries(found.groups).find(([, value]) => value);
    parts.push(cell.text.slice(at, found.index), make("span", kind, found[0]));
    at = found.index + found[0].length;
  }
  cell.pre.replaceChildren(...parts, cell.text.slice(at), "\n");
};
const indent = (area) => { // a new line begins where the last one did, one step in after a colon
  const { selectionStart: at, value } = area;
  const line = value.slice(value.lastIndexOf("\n", at - 1) + 1, at);
  const more = /:\s*$/.test(line) ? "    " : "";
  area.setRangeText(`\n${/^\s*/.exec(line)[0]}${more}`, at, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
};
const edit = (cell) => {
  const input = document.querySelector(`[data-cell="${cell.n}"] .cell_input`);
  if (!input) return; // it is hidden on the page, and runs with the others
  cell.box = input.closest("[data-cell]");
  cell.place = input;
  cell.pre = input.querySelector("pre");
  const area = cell.area = make("textarea");
  Object.assign(area, { value: cell.source, spellcheck: false, wrap: "soft", autocapitalize: "off", autocomplete: "off", rows: 1 });
  area.setAttribute("aria-label", `Python, cell ${cell.n}. Control and Enter run it.`);
  area.oninput = () => { cell.text = area.value; paint(cell); note(cell); if (!running) idle(); };
  area.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); run([cell]); }
    else if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); indent(area); }
    else if (event.key === "Escape") cell.go.focus();
  };
  const box = make("div", "editor");
  cell.pre.replaceWith(box);
  cell.pre.tabIndex = -1;
  cell.pre.setAttribute("aria-hidden", "true");
  box.append(cell.pre, area);
  cell.tools = make("p", "cell-tools");
  cell.says = make("span");
  cell.go = button("Run", () => run([cell]), "go");
  cell.go.setAttribute("aria-label", `Run cell ${cell.n}`);
  cell.reset = button("Reset", () => { restore(cell).then(() => { cells.forEach(note); idle(); }); });
  cell.reset.setAttribute("aria-label", `Reset cell ${cell.n}`);
  cell.tools.append(make("b", "", `[${cell.n}]`), cell.go, cell.reset, cell.says);
  input.append(cell.tools);
  paint(cell);
  note(cell);
};

// --------------------------------------------------------------------------------- begin
const furnish = () => {
  bar = make("section", "python");
  bar.setAttribute("aria-label", "Python in this page");
  says = make("p");
  says.setAttribute("role", "status");
  stop = button("Stop", halt);
  stop.disabled = true;
  const every = button("Run all", () => run(cells), "all");
  const reset = button("Reset all", async () => {
    if (running) halt();
    for (const cell of cells) await restore(cell);
    cells.forEach(note);
    idle();
  });
  bar.append(says, every, stop, reset);
  const shapes = new DOMParser().parseFromString(told.shapes, "text/html").body.firstElementChild;
  for (const shape of all("symbol", shapes)) if (document.getElementById(shape.id)) shape.remove(); // a run may give any verdict
  document.body.append(document.importNode(shapes, true));
  document.body.append(bar);
  new ResizeObserver(() => document.body.style.setProperty("--python", `${bar.offsetHeight}px`)).observe(bar); // the other bar stands on it
  return every;
};
ReceiptBook.run = async (pressed) => {
  pressed.disabled = true;
  load("run/run.css").catch(console.warn);
  try {
    if (!bar) {
      if ("stick" in pressed.dataset) await load("run/stick.js");
      await load(`run/pages/${pressed.dataset.run}.js`);
      cells = told.cells.map((cell) => ({ ...cell, text: cell.source, shown: cell.source, ran: null }));
      for (const cell of cells) {
        cell.madeFrom = basis(cell, typed);
        cell.printed = { sets: cell.sets, uses: cell.uses, madeFrom: cell.madeFrom };
      }
    }
    const every = bar ? bar.querySelector(".all") : furnish();
    await start();
    for (const fold of all("details:has([data-cell])")) fold.open = true;
    cells.forEach(edit);
    pressed.hidden = true;
    idle();
    dispatchEvent(new Event("receiptbook-python"));
    every.focus({ preventScroll: true });
  } catch (problem) {
    pressed.disabled = false;
    if (bar) say(problem.message); else pressed.textContent = `Python cannot be loaded: ${problem.message}`;
  }
};
// The chart of a cell over changed figures, for the live ledger; null if nothing in it moves.
const redrawn = async (n, changes) => {
  await start();
  const cell = cells.find((one) => one.n === n), sources = cells.filter((one) => one.n <= n).map(({ source }) => source);
  const { outputs } = await ask("otherwise", { changes: JSON.stringify(changes), sources: JSON.stringify(sources), printed: cell.digest });
  const failed = outputs.find((one) => one.output_type === "error"), made = outputs.find((one) => one.chart);
  if (failed) throw new Error(failed.evalue);
  return made ? drawn(made.chart, { alt: "The same chart with the changed figures" }) : null;
};
const answer = (source) => start().then(() => ask("run", { source, printed: "" }));
// What depends on a model, worked out for the live ledger: {id: state}.
const models = async (asked, ids) => {
  const pages = [...new Set(ids.map((id) => ReceiptBook.live.book.where[id]).filter(Boolean))], quoted = (x) => JSON.stringify(JSON.stringify(x));
  const { outputs } = await answer(`import json
import altair, numpy, pandas
from receiptbook.exercises import what_if
found = what_if(json.loads(${quoted(asked)}), chapters=json.loads(${quoted(pages)}), models=True)
told = lambda one: one and {"verdict": str(one.verdict), "shown": one.shown, "told": one.range}
print(json.dumps([[t.id, t.kind, told(t.before), told(t.after) or {"failed": t.because}] for t in found.turns]))`);
  const failed = outputs.find((one) => one.output_type === "error"), printed = outputs.find((one) => one.output_type === "stream");
  if (failed) throw new Error(failed.evalue);
  const states = JSON.parse([printed.text].flat().join(""));
  return Object.fromEntries(states.filter(([id]) => ids.includes(id)).map(([id, how, was, now]) => [id, { how: how === "range only" ? "shifted" : how, was, now }]));
};
ReceiptBook.python = { models, redrawn };
})();
