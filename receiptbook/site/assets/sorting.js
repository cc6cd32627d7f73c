"use strict";
(() => {
// Claim cards: a few are dealt, sorted by verdict, and compared with the ledger. Without this script all
// cards stand on the page, each with its verdict folded.
const { all, make, ready } = ReceiptBook;
const DEAL = 8; // cards at a time, if the round has more
const shuffled = (list) => {
  const order = [...list];
  for (let n = order.length - 1; n > 0; n -= 1) {
    const other = Math.floor(Math.random() * (n + 1));
    [order[n], order[other]] = [order[other], order[n]];
  }
  return order;
};
const play = (box) => {
  const find = (selector) => box.querySelector(selector);
  const game = find(".game"), hand = find(".hand"), at = find(".at"), piles = find(".piles"), result = find(".result");
  const back = find(".back"), again = find(".again"), cards = all(".claim", box);
  let rest = [], dealt = [], laid = [];
  game.hidden = false;
  find(".all").open = false;
  // a card as it is held: without its key, and without ids that would stand twice
  const face = (card) => {
    const copy = card.cloneNode(true);
    copy.querySelector(".turned").remove();
    return [...copy.childNodes];
  };
  const show = (said = "") => {
    const over = laid.length === dealt.length;
    hand.hidden = piles.hidden = over;
    result.hidden = again.hidden = !over;
    back.disabled = !laid.length;
    if (over) return tell();
    hand.replaceChildren(...face(dealt[laid.length]));
    at.textContent = `${said}Card ${laid.length + 1} of ${dealt.length}.`;
  };
  const tell = () => {
    const wrong = dealt.filter((card, n) => card.dataset.verdict !== laid[n]);
    const score = `${dealt.length - wrong.length} of ${dealt.length} as the ledger has them.`;
    at.textContent = score;
    const list = make("ol", "claims");
    for (const card of wrong) {
      const row = make("li", "claim"), key = card.querySelector(".turned").cloneNode(true);
      key.querySelector("summary").remove();
      row.append(...face(card), make("p", "said", `You said: ${laid[dealt.indexOf(card)]}. The ledger says:`), ...key.childNodes);
      list.append(row);
    }
    result.replaceChildren(make("p", "score", score));
    result.append(...(wrong.length ? [make("p", "", wrong.length === 1 ? "This one differs. Who is right?" : "These differ. Who is right?"), list] : []));
    result.focus();
  };
  const deal = (kept) => {
    if (!kept) {
      if (rest.length < Math.min(DEAL, cards.length)) rest = shuffled(cards); // what was not seen yet comes first
      dealt = rest.splice(0, DEAL);
    }
    laid = [];
    show();
  };
  const lay = (verdict) => {
    laid.push(verdict);
    show(`Laid under ${verdict}. `);
    if (!hand.hidden) hand.focus();
  };
  for (const pile of all("[data-pile]", piles)) pile.onclick = () => lay(pile.dataset.pile);
  back.onclick = () => { laid.pop(); show("Taken back. "); hand.focus(); };
  again.onclick = () => { deal(true); hand.focus(); };
  find(".new").onclick = () => { deal(false); hand.focus(); };
  deal(false);
};
ready(() => { for (const box of all(".sorting")) play(box); });
})();
