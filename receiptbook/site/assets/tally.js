// A show of hands: the teacher counts, before and after the discussion, large enough for the back row.
"use strict";
(() => {
const { all, button, make } = ReceiptBook, ROUNDS = ["before", "after"], MOST = 999;
const key = (id) => `tally ${id}`;
const recall = (id, n) => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(id)));
    if (ROUNDS.every((round) => kept[round].length === n && kept[round].every(Number.isInteger))) return kept;
  } catch { /* none, or a private window */ }
  return Object.fromEntries(ROUNDS.map((round) => [round, Array(n).fill(0)]));
};
const sum = (counts) => counts.reduce((total, n) => total + n, 0);
const share = (n, total) => total ? Math.round(n / total * 100) : 0;
const hands = (n) => `${n} ${n === 1 ? "hand" : "hands"}`;

ReceiptBook.tally = (question, from) => {
  const form = question.querySelector("form"), id = form.id.replace(/-form$/, ""), { right } = JSON.parse(form.dataset.judged);
  const choices = all("[role=radiogroup] label", question).map((label) => label.textContent.trim());
  const letters = choices.map((_, n) => "ABCDEFGHIJ"[n]);
  let counts = recall(id, choices.length), round = ROUNDS[0], marked = false;

  const box = make("dialog", "tally"), head = make("h2", "", question.querySelector(":is(h2, h3, h4, h5, h6)").textContent.split(":")[0]);
  head.id = `tally-${id}`;
  box.setAttribute("aria-labelledby", head.id);
  const asked = make("p", "prompt", question.querySelector(".prompt").textContent.trim().replace(/\s+/g, " "));
  const says = make("p", "total");
  says.setAttribute("role", "status");

  const which = make("fieldset", "which");
  which.append(make("legend", "", `Keys ${letters[0]} to ${letters.at(-1)} count a hand, with Shift take one back. Counting now:`));
  for (const name of ROUNDS) {
    const label = make("label"), pick = make("input");
    Object.assign(pick, { type: "radio", name: `round-${id}`, checked: name === round });
    pick.onchange = () => { round = name; show(); };
    label.append(pick, ` ${name} the discussion`);
    which.append(label);
  }
  const cells = []; // {round, n, field, bar, told}
  const list = make("ol");
  for (const [n, choice] of choices.entries()) {
    const item = make("li"), text = make("p", "option");
    text.append(make("b", "", letters[n]), ` ${choice} `, make("span", "right"));
    const rounds = make("div", "rounds");
    for (const name of ROUNDS) {
      const group = make("div", `round ${name}`), field = make("input"), bar = make("div", "portion"), fill = make("i"), told = make("span", "percent");
      Object.assign(field, { type: "number", min: 0, max: MOST, inputMode: "numeric" });
      field.setAttribute("aria-label", `Hands for ${letters[n]}, ${name} the discussion`);
      field.oninput = () => set(name, n, field.valueAsNumber || 0, true);
      field.onblur = () => show();
      bar.append(fill);
      const less = button("−", () => set(name, n, counts[name][n] - 1), { name: `One less for ${letters[n]}, ${name}` });
      const more = button("+", () => set(name, n, counts[name][n] + 1), { name: `One more for ${letters[n]}, ${name}` });
      const count = make("div", "count");
      count.append(make("span", "when", name), less, field, more, told);
      group.append(count, bar);
      rounds.append(group);
      cells.push({ round: name, n, field, fill, told, group });
    }
    item.append(text, rounds);
    list.append(item);
  }
  const set = (name, n, to, typing) => {
    counts[name][n] = Math.min(MOST, Math.max(0, Math.round(to)));
    try { sessionStorage.setItem(key(id), JSON.stringify(counts)); } catch { /* a private window */ }
    show(typing);
  };
  const show = (typing) => {
    for (const one of cells) {
      const n = counts[one.round][one.n], percent = share(n, sum(counts[one.round]));
      if (!typing || document.activeElement !== one.field) one.field.value = n;
      one.fill.style.width = `${percent}%`;
      one.told.textContent = `${percent}%`;
      one.group.classList.toggle("now", one.round === round);
    }
    for (const [n, mark] of all(".right", list).entries()) mark.textContent = marked && n === right ? "✓ right" : "";
    const told = ROUNDS.map((name) => {
      const total = sum(counts[name]), got = counts[name][right];
      return `${name[0].toUpperCase()}${name.slice(1)}: ${hands(total)}${marked && total ? `, ${got} right (${share(got, total)}%)` : ""}.`;
    });
    says.textContent = told.join(" ");
    from.textContent = ROUNDS.some((name) => sum(counts[name])) ? `Show of hands: ${ROUNDS.map((name) => sum(counts[name])).join(", then ")}` : "Show of hands";
  };
  const mark = button("Mark the right choice", () => { marked = !marked; mark.setAttribute("aria-pressed", marked); show(); });
  mark.setAttribute("aria-pressed", "false");
  const reset = button("Reset", () => {
    if (!ROUNDS.some((name) => sum(counts[name])) || !confirm("Set both counts to zero?")) return;
    try { sessionStorage.removeItem(key(id)); } catch { /* a private window */ }
    counts = recall("", choices.length);
    show();
  });
  const acts = make("p", "acts");
  acts.append(mark, reset, button("Close", () => box.close()));
  box.append(head, asked, which, list, says, acts);
  box.addEventListener("keydown", (event) => {
    const n = letters.indexOf(event.key.toUpperCase());
    if (n < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    set(round, n, counts[round][n] + (event.shiftKey ? -1 : 1));
  });
  box.addEventListener("close", () => { box.remove(); from.focus(); });
  document.body.append(box);
  show();
  box.showModal();
};
})();
