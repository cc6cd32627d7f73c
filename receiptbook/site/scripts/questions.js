// Judges answers as receiptbook.exercises.judge does; needs nothing but the page it stands on.
"use strict";
(() => {
  const words = "WORDS", tidy = "TIDY", between = new RegExp("BETWEEN", "i"), sum = new RegExp("SUM");
  const units = Object.fromEntries(Object.entries("UNITS").map(([word, [name, kind, scale]]) => [word, { name, kind, scale: Live.parse(scale) }]));
  const floats = Live.toNumber;
  Live.learn("GRAMMAR", units);
  const factors = {
    ratio: [100, 0.01], points: [100, 0.01],
    amount: [1e2, 1e-2, 1e3, 1e-3, 1e4, 1e-4, 1e6, 1e-6, 1e8, 1e-8, 1e9, 1e-9],
  };
  // What one number says: "own" or "other" for its kind of unit, the number, its last digit.
  const taken = (one, text) => {
    let read;
    try { read = Live.read(text); } catch (error) {
      if (!(error instanceof Live.Refused)) throw error;
      const shorter = text.replace(/\s+\p{L}[^\s\d]*$/u, "");
      return shorter !== text ? taken(one, shorter) : ["unread"];
    }
    const { value, step, range, unit, qualifier, scale } = read, x = floats(value), last = floats(step);
    if (qualifier && !(range[0][1] && range[1][1])) return ["unread"];
    if (unit === null) {
      const scaled = Live.cmp(scale, [1n, 1n]) !== 0 || (Math.abs(x) >= 1000 && !/\d/.test(text));
      if (one.measures !== "amount" && (scaled || /\d[^\d]*\p{L}/u.test(text))) return ["other", x, last];
      const per = scaled ? one.worth : 1;
      return ["own", x / per, last / per];
    }
    if (units[unit].kind === one.measures) return ["own", x / one.worth, last / one.worth];
    const own = floats(units[unit].scale);
    return ["other", x / own, last / own];
  };
  const ends = (one, text) => {
    const parts = text.split(between);
    if (parts.length !== 2 || /[+*/×÷(]/.test(text)) return null;
    if (/^[-−–+\d.,\s]+$/.test(parts[0])) parts[0] += ` ${parts[1].replace(/^[-−–+\d.,\s]+/, "")}`;
    const both = parts.map((part) => taken(one, part.trim()));
    return both.every(([kind]) => kind === "own") && both[0][1] <= both[1][1] ? both.map((end) => end.slice(1)) : null;
  };
  // "515/249-1" and its like; NaN where it is no sum.
  const workedOut = (text) => {
    const plain = text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, "").replaceAll(",", ".").replaceAll("×", "*").replaceAll("÷", "/").replace(/[−–]/g, "-");
    const parts = plain.match(/\d+(?:\.\d+)?|\.\d+|[^\s]/g);
    const operand = () => {
      const part = parts.shift();
      if (part !== "(") return /\d/.test(part ?? "") ? Number(part) : NaN;
      const inner = terms();
      return parts.shift() === ")" ? inner : NaN;
    };
    const chain = (next, signs) => () => {
      let x = next();
      while (signs.includes(parts[0] ?? " ")) {
        const sign = parts.shift(), y = next();
        x = { "+": x + y, "-": x - y, "*": x * y, "/": y ? x / y : NaN }[sign];
      }
      return x;
    };
    const terms = chain(chain(operand, "*/"), "+-"), result = terms();
    return parts.length ? NaN : result;
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
    const wide = (upper - lower) / 2;
    const known = (one.slips ?? []).findIndex(({ value: slip }) => step <= Math.abs(slip) / 5
      && Math.abs(x - slip) <= Math.max(step / 2, wide * Math.abs(slip / (value || 1))) + Math.abs(slip) * 1e-9);
    if (known >= 0) return `slip ${known}`;
    if (factors[one.measures].some((f) => fits(x * f, step * f))) return "unit";
    if ((one.least ?? lower) - slack <= x && x <= (one.most ?? upper) + slack) return "near";
    return x > value ? "high" : "low";
  };
  const judgeRange = (one, low, high) => {
    const { value, least = one.lower, most = one.upper } = one, slack = Math.abs(value) * 1e-9;
    const fits = (f) => [[low, least], [high, most]].every(([[x, step], end]) => Math.abs(x * f - end) <= step * f + slack && step * f <= Math.abs(value) / 5);
    if (fits(1)) return "right";
    if (factors[one.measures].some(fits)) return "unit";
    if (high[0] < value - slack) return "low";
    if (low[0] > value + slack) return "high";
    return low[0] < least - slack || high[0] > most + slack ? "wide" : "narrow";
  };
  const number = (one, given) => {
    if (given.trim().length > 200) return "unread";
    const text = tidy.reduce((told, [form, to]) => told.replace(new RegExp(form, "i"), to), given.trim()), range = ends(one, text);
    if (range) return judgeRange(one, ...range);
    if (sum.test(text)) {
      const result = workedOut(text);
      return Number.isFinite(result) ? judge(one, result, 0) : "unread";
    }
    const [kind, x, step] = taken(one, text);
    if (kind === "unread") return kind;
    const outcome = judge(one, x, step);
    return kind === "own" || outcome.startsWith("slip") ? outcome : ["right", "coarse", "unit"].includes(outcome) ? "unit" : "kind";
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
        const [named, slip] = outcome.split(" ");
        said.textContent = slip ? one.slips[slip].says : words[named].replace("{unit}", one.unit);
        const part = { right: ".answer", choose: null, unread: null }[outcome];
        const more = part !== null && section.querySelector(part ?? ".hint");
        const told = more ? [...more.children].slice(1).map((child) => child.cloneNode(true)) : [];
        status.replaceChildren(said, ...told);
        status.dataset.outcome = named;
        const field = form.querySelector("input") ?? section.querySelector("[role=radiogroup]");
        field.setAttribute("aria-invalid", ["unread", "choose"].includes(outcome));
        field.setAttribute("aria-describedby", status.id);
      });
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
