"use strict";
(() => {
// A number linked to its receipt, and a term, open a card: hover, focus, tap; Escape closes it. Where
// the receipt stands in the margin beside it, hover and focus light that note instead.
const { all, make, receiptOf } = ReceiptBook;
let receipts, shapes, terms, card, owner, held, opening, closing;
ReceiptBook.receipts = (drawn, ofVerdicts) => { receipts = drawn; shapes = ofVerdicts; };
ReceiptBook.terms = (drawn) => { terms = drawn; };
// The statement of a receipt, in words.
ReceiptBook.told = (id) => {
  if (!receipts[id]) return undefined;
  const plain = /<p class="statement">([^<&]*)\.<\/p>/.exec(receipts[id]); // most hold no more than text
  if (plain) return plain[1];
  const box = make("template");
  box.innerHTML = receipts[id];
  return box.content.querySelector(".statement").textContent.replace(/\.$/, "");
};

const drawn = (link) => (link.matches(".term") ? terms : receipts)[ReceiptBook.named(link.hash)];
const draw = (link) => {
  const box = make("template");
  box.innerHTML = drawn(link);
  box.content.querySelector(".go").href = link.href;
  for (const shape of box.content.querySelectorAll("[data-shape]")) shape.outerHTML = shapes[shape.dataset.shape];
  return box.content.firstElementChild;
};

const dim = () => { for (const note of all(".note.lit")) note.classList.remove("lit"); };
const light = (link) => {
  dim();
  const id = !link.matches(".term") && ReceiptBook.named(link.hash), top = (one) => one.getBoundingClientRect().top;
  // A link that got the focus out of sight is still on its way to the middle of the screen.
  const way = top(link) > 0 && top(link) < innerHeight ? 0 : innerHeight / 2 - top(link);
  const seen = (note) => note.dataset.note === id && note.getClientRects().length && top(note) + way > 0 && top(note) + way < innerHeight - 60;
  const away = (note) => Math.abs(top(note) - top(link));
  const [note] = all(".note").filter(seen).sort((a, b) => away(a) - away(b));
  note?.classList.add("lit");
  return Boolean(note);
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
  if (!drawn(link)) return;
  shut();
  owner = link;
  card = draw(link);
  link.after(card); // the next stop for the Tab key
  if (card.showPopover) { card.popover = "manual"; card.showPopover(); }
  const at = link.getClientRects()[0] ?? link.getBoundingClientRect(), gap = 8;
  const left = Math.max(gap * 2, Math.min(at.left, innerWidth - card.offsetWidth - gap * 2));
  const below = at.bottom + gap + card.offsetHeight < innerHeight || at.top < card.offsetHeight + gap;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(below ? at.bottom + gap : at.top - card.offsetHeight - gap) + scrollY}px`;
  link.setAttribute("aria-expanded", "true");
};
const greet = (link) => { if (!light(link)) open(link); };
for (const link of all('main :is(a[href*="ledger.html#"]:not(.more), a.term)')) {
  link.setAttribute("aria-haspopup", "dialog");
  link.setAttribute("aria-expanded", "false");
}
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const link = receiptOf(event.target);
  if (link) { clearTimeout(opening); clearTimeout(closing); opening = setTimeout(() => greet(link), 120); }
  else if (card?.contains(event.target)) clearTimeout(closing);
});
document.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "mouse") return;
  clearTimeout(opening);
  dim();
  const from = receiptOf(event.target) ?? card?.contains(event.target);
  if (from && owner !== held && owner !== document.activeElement && !card?.contains(document.activeElement)) {
    clearTimeout(closing);
    closing = setTimeout(() => shut(), 250);
  }
});
document.addEventListener("focusin", (event) => {
  const link = receiptOf(event.target);
  dim();
  if (link && link.matches(":focus-visible:not(.why)")) greet(link);
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
  if (kind === "click" || (kind === "focusin" ? link === document.activeElement && !link.matches(".why") : link.matches(":hover"))) (kind === "click" ? open : greet)(link);
  if (kind === "click") held = owner;
};
})();
