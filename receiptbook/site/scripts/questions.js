// Judges answers as receiptbook.exercises.judge does; needs nothing but the page it stands on.
"use strict";
(() => {
  const words = "WORDS", tidy = "TIDY", between = new RegExp("BETWEEN", "i"), sum = new RegExp("SUM"), power = new RegExp("POWER", "gi");
  const units = Object.fromEntries(Object.entries("UNITS").map(([word, [name, kind, scale]]) => [word, { name, kind, scale: Live.parse(scale) }]));
  const floats = Live.toNumber;
  Live.learn("GRAMMAR", units);
  const ENOUGH = 100;
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
    if (tens > step && fits(x, tens)) return tens <= Math.abs(value) / ENOUGH ? "right" : "coarse";
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
    const fits = (f) => {
      const [[x, inner], [y, outer]] = [low, high].map((end) => end.map((part) => part * f));
      return Math.max(inner, outer) <= most - least + slack && x - least + slack >= -inner && x - least <= inner / 2 + slack
        && y - most + slack >= -outer / 2 && y - most <= outer + slack;
    };
    if (fits(1)) return "right";
    if (factors[one.measures].some(fits)) return "unit";
    if (high[0] < value - slack) return "low";
    if (low[0] > value + slack) return "high";
    return low[0] < least - slack || high[0] > most + slack ? "wide" : "narrow";
  };
  const single = (one, text) => {
    if (sum.test(text)) {
      const result = workedOut(text);
      return Number.isFinite(result) ? judge(one, result, 0) : "unread";
    }
    const [kind, x, step] = taken(one, text);
    if (kind === "unread") return kind;
    const outcome = judge(one, x, step);
    return kind === "own" || outcome.startsWith("slip") ? outcome : ["right", "coarse", "unit"].includes(outcome) ? "unit" : "kind";
  };
  const number = (one, given) => {
    if (given.trim().length > 200) return "unread";
    const text = tidy.reduce((told, [form, to]) => told.replace(new RegExp(form, "i"), to), given.trim())
      .replace(power, (found) => String(Number(Number(found).toPrecision(12))));
    const range = ends(one, text);
    if (range) return judgeRange(one, ...range);
    const outcome = single(one, text);
    return one.asks === "range" && outcome !== "unread" && !outcome.startsWith("slip") ? "ends" : outcome;
  };
  const outcomeOf = (one, given) => one.form === "choice" ? (given === one.choices[one.right] ? "right" : "wrong") : number(one, given);
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const ask = (form) => {
    const one = JSON.parse(form.dataset.judged), section = form.parentElement, { edition } = form.dataset;
    const id = form.id.replace(/-form$/, ""), fields = [...section.querySelectorAll(".reply input, [role=radiogroup] input")];
    const status = form.querySelector("[role=status]"), choice = one.form === "choice";
    const tag = section.querySelector(".ask > summary > span"), kind = tag?.textContent;
    const field = choice ? section.querySelector("[role=radiogroup]") : fields[0];
    if (choice) one.choices = fields.map((box) => plain(box.labels[0].textContent));
    for (const hidden of section.querySelectorAll("[hidden]")) hidden.hidden = false;
    const given = () => choice ? one.choices[fields.findIndex((box) => box.checked)] ?? "" : fields[0].value;
    const say = (outcome) => {
      const said = document.createElement("p"), [named, slip] = outcome.split(" ");
      said.textContent = slip ? one.slips[slip].says : words[named].replace("{unit}", one.asked);
      const part = { right: ".answer", choose: null, unread: null, ends: null }[outcome];
      const more = part !== null && section.querySelector(part ?? ".hint");
      const told = more ? [...more.children].slice(1).map((child) => child.cloneNode(true)) : [];
      status.replaceChildren(said, ...told);
      status.dataset.outcome = named;
      const refused = ["unread", "ends", "choose"].includes(named);
      field.setAttribute("aria-invalid", refused);
      field.setAttribute("aria-describedby", status.id);
      if (tag && !refused) tag.textContent = `${kind}: ${named === "right" ? "right" : "tried"}`;
    };
    const clear = () => {
      status.replaceChildren();
      delete status.dataset.outcome;
      for (const name of ["aria-invalid", "aria-describedby"]) field.removeAttribute(name);
      if (tag) tag.textContent = kind;
    };
    const keep = (tries) => {
      if (given().trim()) Kept.put(id, { given: given(), checked: tries > 0, tries: (Kept.get(id)?.tries ?? 0) + tries, edition });
      else Kept.forget([id]);
    };
    const show = () => {
      const entry = Kept.get(id), asked = entry?.edition === edition;
      clear();
      for (const [n, box] of fields.entries()) if (choice) box.checked = entry?.given === one.choices[n]; else box.value = entry?.given ?? "";
      if (!entry || !(asked ? entry.checked : entry.edition)) return;
      if (asked) return say(outcomeOf(one, given()));
      status.textContent = "The question has changed since you answered it. Check your answer again.";
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const outcome = choice && !given() ? "choose" : outcomeOf(one, given());
      say(outcome);
      keep(["choose", "ends", "unread"].includes(outcome) ? 0 : 1);
      if (field.getAttribute("aria-invalid") === "true") fields[0].focus();
    });
    for (const box of fields) box.addEventListener("change", () => { if (Kept.get(id)?.given !== given()) keep(0); });
    if (Kept.get(id)) show();
    return show;
  };
  const start = () => {
    const shows = [...document.querySelectorAll(".question form")].map(ask);
    const boxes = [...document.querySelectorAll("[data-kept]")];
    boxes.forEach(Kept.mind);
    const end = document.querySelector(".kept");
    if (!end) return;
    const status = end.querySelector("[role=status]"), mine = end.querySelector(".mine"), page = mine.href;
    end.hidden = false;
    Kept.hear((works) => {
      status.textContent = works ? "" : "This browser keeps nothing here: its storage is full or blocked. What you wrote stays until you close the page. “All your answers” takes it along.";
      mine.href = works && location.protocol !== "file:" ? page : `${page}#kept=${encodeURIComponent(JSON.stringify(Kept.here()))}`;
    });
    end.querySelector(".forget").onclick = () => {
      if (!confirm("Forget all answers and notes of this chapter? They cannot be brought back.")) return;
      Kept.forget(Object.keys(Kept.here()));
      for (const box of boxes) box.value = "";
      for (const show of shows) show();
      status.textContent = "Forgotten.";
    };
  };
  ReceiptBook.judge = outcomeOf;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
