"use strict";
(() => {
// The ledger: find, narrow down, sort. Without this script the page is complete and in order.
const { all, make, ready } = ReceiptBook, FRAMES = 10;
ready(() => {
  const rows = all(".ledger .entry");
  if (!rows.length) return;
  const facts = rows.map((row, place) => ({
    row, place, home: row.parentElement,
    text: row.textContent.toLowerCase(),
    verdict: row.className.match(/\bv-(\w+)/)[1],
    part: row.querySelector(".mark").dataset.part ?? "",
    name: row.id,
  }));
  const form = make("form", "filters");
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "The ledger");
  const field = (label, control) => {
    const box = make("div"), name = make("label", "", label);
    control.id = name.htmlFor = `ledger-${label.toLowerCase().replace(" ", "-")}`;
    box.append(name, control);
    form.append(box);
    return control;
  };
  const choose = (label, options) => {
    const list = make("select");
    for (const [value, text] of options) list.append(new Option(text, value));
    return field(label, list);
  };
  const distinct = (key) => [...new Set(facts.map((f) => f[key]).filter(Boolean))];
  const words = field("Find", make("input"));
  words.type = "search";
  const verdict = choose("Verdict", [["", "all"], ...distinct("verdict").map((v) => [v, v])]);
  // a claim's part in one word, and the book's part whose title has that word
  const titles = all(".menu nav p").map((title) => title.textContent);
  const titled = (word) => titles.find((title) => title.toLowerCase().split(" ").includes(word)) ?? word;
  const part = choose("Part", [["", "all"], ...distinct("part").map((p) => [p, titled(p)])]);
  const order = choose("Sort by", [["place", "order of the texts"], ["verdict", "verdict"], ["name", "name"]]);
  const count = make("p", "count");
  count.setAttribute("role", "status");
  form.append(count);
  const clear = make("button", "", "Clear the filters");
  clear.type = "button";
  clear.onclick = () => { words.value = verdict.value = part.value = ""; show(); words.focus(); };
  const first = rows[0].closest("section:not(.entry)");
  first.before(form);
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const f of facts) {
      const fits = wanted.every((w) => f.text.includes(w)) && (!verdict.value || f.verdict === verdict.value) && (!part.value || f.part === part.value);
      f.row.hidden = !fits;
      seen += fits;
    }
    for (const group of new Set(facts.map((f) => f.home))) group.classList.toggle("empty", facts.every((f) => f.home !== group || f.row.hidden));
    count.textContent = `${seen} of ${facts.length}`;
    if (!seen) { count.textContent = "Nothing matches. "; count.append(clear); }
  };
  const sort = () => {
    const key = order.value;
    const sorted = [...facts].sort((a, b) => (a[key] > b[key]) - (a[key] < b[key]) || a.place - b.place);
    for (const f of sorted) f.home.append(f.row);
  };
  form.addEventListener("input", show);
  order.addEventListener("change", sort);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
  // Rows above it get their real heights only when they come near, so it is aimed at again.
  const land = (row, frames) => {
    row.scrollIntoView();
    if (frames) requestAnimationFrame(() => land(row, frames - 1));
  };
  const arrive = () => {
    const row = document.getElementById(ReceiptBook.named());
    if (!row?.matches(".entry")) return;
    if (row.hidden) { words.value = verdict.value = part.value = ""; show(); } // the filters give way
    row.querySelector("details").open = true;
    land(row, FRAMES);
  };
  addEventListener("hashchange", arrive);
  arrive();
});
addEventListener("beforeprint", () => all(".entry details").forEach((fold) => { fold.open = true; }));
})();
