// Judges answers as receiptbook.exercises.judge does; needs nothing but the page it stands on.
"use strict";
(() => {
  const words = "WORDS", counters = /^("COUNTERS")$/i;
  const scales = { thousand: 1e3, k: 1e3, million: 1e6, m: 1e6, mn: 1e6, billion: 1e9, bn: 1e9, trillion: 1e12, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8 };
  const marks = [
    ["points", 0.01, /^(percentage[ -]points?|percent points?|points?|pp|ppts?|个百分点)$/],
    ["ratio", 0.01, /^(%|percent|per cent|pct|pc)$/],
    ["ratio", 0.001, /^(‰|per thousand|per mille)$/],
    ["ratio", 1, /^(times|-?fold|x|×|倍)$/],
  ];
  const factors = {
    ratio: [100, 0.01], points: [100, 0.01],
    amount: [1e2, 1e-2, 1e3, 1e-3, 1e4, 1e-4, 1e6, 1e-6, 1e8, 1e-8, 1e9, 1e-9],
  };
  const nouns = (one) => {
    if (one.measures !== "amount") return [];
    const unit = one.unit.replace(/^(thousand|million|billion) /, "").toLowerCase();
    const [, first, rest] = /^(.*?)( per .*)?$/.exec(unit), single = first.replace(/s$/, "");
    return [unit, single + (rest ?? ""), first, single];
  };
  const read = (text, named) => {
    const plain = text.normalize("NFKC").trim().toLowerCase();
    const found = plain.match(/^([-−–+])?\s*(\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d+(?:\.\d+)?|\.\d+)\s*(.*)$/);
    if (!found) return null;
    const digits = found[2].replace(/^(\d+),(\d{1,2})$/, "$1.$2").replace(/[,\s]/g, "");
    let rest = found[3], scale = 1;
    const word = rest.match(/^(thousand|million|billion|trillion|mn|bn|[km](?![a-z])|[万萬亿億])\s*/);
    if (word) { scale = scales[word[1]]; rest = rest.slice(word[0].length); }
    const mark = marks.find(([, , form]) => form.test(rest));
    if (rest && !mark && !named.includes(rest) && !counters.test(rest)) return null;
    const sign = found[1] && found[1] !== "+" ? -1 : 1;
    return { x: sign * Number(digits), step: 10 ** -(digits.split(".")[1] ?? "").length, scale, mark, noun: !mark && found[3] !== "" };
  };
  const judge = (one, x, step) => {
    const { value, lower, upper } = one, slack = Math.abs(value) * 1e-9;
    const rounds = (x, step) => x - step / 2 <= upper + slack && x + step / 2 >= lower - slack;
    const fits = (x, step) => rounds(x, 0) || (rounds(x, step) && step <= Math.abs(value) / 5);
    if (fits(x, step)) return "right";
    if (rounds(x, step)) return "coarse";
    if (fits(-x, step)) return "sign";
    const tens = 10 ** (/^-?\d*[1-9](0+)$/.exec(x)?.[1].length ?? -Infinity), whole = one.unit === "percent" ? 100 : 1;
    if (tens > step && fits(x, tens)) return "coarse";
    if (one.growth && (fits(x - whole, step) || fits(x * whole - whole, step * whole))) return "growth";
    if (factors[one.measures].some((f) => fits(x * f, step * f))) return "unit";
    return x > value ? "high" : "low";
  };
  const number = (one, text) => {
    const typed = read(text, nouns(one));
    if (!typed) return "unread";
    const { x, step, scale, mark, noun } = typed;
    if (!mark && (!noun || one.measures === "amount")) {
      const per = scale === 1 ? 1 : scale / one.worth;
      return judge(one, x * per, step * per);
    }
    const [kind, part] = mark ?? [];
    if (kind === one.measures) return judge(one, x * scale * part / one.worth, step * scale * part / one.worth);
    const outcome = judge(one, x * scale, step * scale);
    return ["right", "coarse", "unit"].includes(outcome) ? "unit" : "kind";
  };
  const start = () => {
    for (const form of document.querySelectorAll(".question form")) {
      const one = JSON.parse(form.dataset.judged);
      const section = form.parentElement;
      for (const hidden of section.querySelectorAll("[hidden]")) hidden.hidden = false;
      const status = form.querySelector("[role=status]");
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        let outcome;
        if (one.form === "choice") {
          const chosen = section.querySelector(":checked");
          outcome = !chosen ? "choose" : Number(chosen.value) === one.right ? "right" : "wrong";
        } else outcome = number(one, form.querySelector("input").value);
        const said = document.createElement("p");
        said.textContent = words[outcome].replace("{unit}", one.unit);
        const part = { right: ".answer", choose: null, unread: null }[outcome];
        const more = part !== null && section.querySelector(part ?? ".hint");
        const told = more ? [...more.children].slice(1).map((child) => child.cloneNode(true)) : [];
        status.replaceChildren(said, ...told);
        status.dataset.outcome = outcome;
        const field = form.querySelector("input") ?? section.querySelector("[role=radiogroup]");
        field.setAttribute("aria-invalid", ["unread", "choose"].includes(outcome));
        field.setAttribute("aria-describedby", status.id);
      });
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
