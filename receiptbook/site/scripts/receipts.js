// A number linked to its receipt opens a card: hover, focus, tap; Escape closes it.
const { all, make, receiptOf, record } = ReceiptBook;
let columns, receipts, sources, inputs, shapes, card, owner, held, opening, closing;
ReceiptBook.receipts = (names, every, cited, used, drawn) => { columns = names; receipts = every; sources = cited; inputs = used; shapes = drawn; };
const SVG = "http://www.w3.org/2000/svg";
const draw = (name, attributes, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const fill = (r, link) => {
  const box = make("div", `card v-${r.verdict}`);
  const add = (look, ...parts) => { const p = make("p", look); p.append(...parts); box.append(p); };
  const mark = make("span", `verdict v-${r.verdict}`);
  mark.append(draw("svg", { viewBox: "0 0 16 16", "aria-hidden": true },
    draw("path", { "fill-rule": "evenodd", d: shapes[r.verdict] ?? "" })), ` ${capital(r.verdict)}`);
  add("top", mark);
  add("statement", `${r.statement.replace(/\.$/, "")}.`);
  if (r.formula) add("formula", make("code", "", r.formula), " = ", make("b", "", r.shown));
  else if (r.shown) add("formula", make("b", "", r.shown));
  const from = r.range_kind ?? "from rounding";
  const ranges = [r.range && r.range !== r.shown && `${capital(from)}: ${r.range}`, r.passes && `Would pass: ${r.passes}`].filter(Boolean);
  if (ranges.length) { add("ranges", ranges.join(" · ")); const b = bar(r); if (b) box.lastChild.prepend(b); }
  if (r.formula && r.inputs?.length) {
    const list = make("ul");
    for (const i of r.inputs) { const [label, printed] = inputs[i], item = make("li", "", `${label}: `); item.append(make("b", "", printed)); list.append(item); }
    box.append(list);
  }
  for (const g of r.grounds ?? []) add("ground", `${g.holds ? "Found" : "Not so"}: ${g.text}`);
  if (r.would_change) add("", `Would change it: ${r.would_change}`);
  if (r.sources?.length) {
    const names = [...new Set(r.sources.map((s) => sources[s]).filter(Boolean))];
    add("credit", `${names.length > 1 ? "Sources" : "Source"}: ${names.slice(0, 3).join("; ")}${names.length > 3 ? `; and ${names.length - 3} more` : ""}.`);
  }
  const go = make("a", "go", "Open in the ledger");
  go.href = link.href;
  const last = make("p", "last");
  last.append(go);
  box.append(last);
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", `Receipt: ${r.statement}`);
  return box;
};
const bar = (r) => {
  const ends = [r.lower, r.upper, r.passes_lower, r.passes_upper].filter((value) => value != null);
  const low = Math.min(...ends), high = Math.max(...ends);
  const judged = r.passes_lower != null || r.passes_upper != null;
  if (r.lower == null || r.upper == null || low === high || !judged) return null;
  const at = (value) => 8 + (value - low) * 224 / (high - low);
  const drawn = draw("svg", { class: "bar", "aria-hidden": true });
  const left = r.passes_lower == null ? 0 : at(r.passes_lower), right = r.passes_upper == null ? 240 : at(r.passes_upper);
  drawn.append(draw("rect", { class: "p", x: left, y: 2, width: Math.max(1, right - left), height: 20 }));
  drawn.append(draw("path", { class: "r", d: `M${at(r.lower)} 7v10M${at(r.lower)} 12H${at(r.upper)}M${at(r.upper)} 7v10` }));
  return drawn;
};

const shut = (back) => {
  clearTimeout(opening);
  if (!card) return;
  card.remove();
  card = null;
  owner.setAttribute("aria-expanded", "false");
  held = null;
  if (back) owner.focus();
  clearTimeout(opening);
  owner = null;
};
const open = (link) => {
  clearTimeout(closing);
  if (owner === link) return;
  const id = decodeURIComponent(link.hash.slice(1));
  if (!receipts[id] || owner === link) return;
  shut();
  owner = link;
  card = fill(record(columns, receipts[id]), link);
  link.after(card); // the next stop for the Tab key
  if (card.showPopover) { card.popover = "manual"; card.showPopover(); }
  const at = link.getClientRects()[0] ?? link.getBoundingClientRect(), gap = 8;
  const left = Math.max(gap * 2, Math.min(at.left, innerWidth - card.offsetWidth - gap * 2));
  const below = at.bottom + gap + card.offsetHeight < innerHeight || at.top < card.offsetHeight + gap;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(below ? at.bottom + gap : at.top - card.offsetHeight - gap) + scrollY}px`;
  link.setAttribute("aria-expanded", "true");
};
for (const link of all('main a[href*="ledger.html#"]:not(.more)')) {
  link.setAttribute("aria-haspopup", "dialog");
  link.setAttribute("aria-expanded", "false");
}
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const link = receiptOf(event.target);
  if (link) { clearTimeout(opening); clearTimeout(closing); opening = setTimeout(() => open(link), 120); }
  else if (card?.contains(event.target)) clearTimeout(closing);
});
document.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "mouse") return;
  clearTimeout(opening);
  const from = receiptOf(event.target) ?? card?.contains(event.target);
  if (from && owner !== held && owner !== document.activeElement && !card?.contains(document.activeElement)) {
    clearTimeout(closing);
    closing = setTimeout(() => shut(), 250);
  }
});
document.addEventListener("focusin", (event) => {
  const link = receiptOf(event.target);
  if (link && link.matches(":focus-visible:not(.why)")) open(link);
  else if (card && !card.contains(event.target) && event.target !== owner) shut();
});
document.addEventListener("pointerdown", (event) => {
  if (card && !card.contains(event.target) && receiptOf(event.target) !== owner) shut();
});
document.addEventListener("click", (event) => {
  const link = receiptOf(event.target);
  if (!link || !ReceiptBook.pressed(event, link)) return;
  event.preventDefault(); // the first press opens the card and holds it; the card leads to the ledger
  if (held === link) return shut();
  open(link);
  if (owner === link) held = link; else location.assign(link.href);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && card) { event.preventDefault(); shut(true); }
});
// What the reader did while this file was on its way.
ReceiptBook.greet = (kind, link) => {
  if (kind === "click" || (kind === "focusin" ? link === document.activeElement && !link.matches(".why") : link.matches(":hover"))) open(link);
  if (kind === "click") held = owner;
};
