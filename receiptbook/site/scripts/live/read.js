// Reading a printed number, also in Han characters: the patterns are those of receiptbook.numbers.reading.
"use strict";
(() => {
const { Refused, frac, ten, INF, parse, neg, add, sub, mul, div, cmp, both, scaled } = Live;
let grammar, units, all;
const HAN = "零一二三四五六七八九", SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const WORDS = Object.fromEntries(SMALL.map((word, i) => [word, i]));
TENS.forEach((word, n) => { for (let i = 0; i < 10; i++) WORDS[i ? `${word}-${SMALL[i]}` : word] = 20 + 10 * n + i; });
const either = (words) => words.sort((a, b) => b.length - a.length).join("|");
const whole = (n) => [BigInt(n), 1n];

Live.learn = (learnt, known) => {
  [grammar, units] = [learnt, known];
  const word = either(Object.keys(WORDS)), scale = either(Object.keys(grammar.scales));
  all = Object.fromEntries(Object.entries(grammar.patterns).map(([name, text]) => {
    const source = text.replaceAll("\x01", word).replaceAll("\x02", scale).replaceAll("(?P<", "(?<").replace(/\(\?P=(\w+)\)/g, "\\k<$1>");
    return [name, source];
  }));
};
const compiled = {};
const matched = (name, text, part) => {
  const pattern = compiled[name + (part ?? "")] ??= new RegExp(part ? all[name] : `^(?:${all[name]})$`, part ?? "i");
  return pattern.exec(text);
};
const which = (groups, letter, names) => names.find((_, i) => groups[letter + i]);
const refuse = (text, why) => { throw new Refused(`“${text}” cannot be read: ${why}`); };

// Han numerals, each as [value, what its last place is worth], or null.
const digit = (c) => HAN.indexOf(c);
const plain = (text) => text.replace(/[萬億點〇两兩]/g, (c) => "万亿点零二二"["萬億點〇两兩".indexOf(c)]);
const section = (text) => {
  const alone = { 零: [0, 1], 百: [100, 100], 千: [1000, 1000] }[text];
  if (alone) return alone;
  const found = text && matched("section", text);
  if (!found) return null;
  const g = found.groups, [k, h, u] = ["k", "h", "u"].map((name) => Math.max(0, g[name] ? digit(plain(g[name])) : 0));
  const isTen = Boolean(g.ten), t = g.t ? digit(plain(g.t)) : isTen ? 1 : 0;
  if (Boolean(g.zero1) !== Boolean(k && !h && isTen) || Boolean(g.zero2) !== Boolean((k || h) && !isTen && u)) return null;
  if (isTen && !g.t && (k || h)) return null;
  return [1000 * k + 100 * h + 10 * t + u, u ? 1 : isTen ? 10 : h ? 100 : 1000];
};
const SCALES = { 万亿: 12, 千万: 7, 百万: 6, 亿: 8, 万: 4 };
const han = (given) => {
  const text = given.replace(/[萬億點〇]/g, (c) => "万亿点零"["萬億點〇".indexOf(c)]);
  let found = matched("decimal", text);
  if (found) {
    const g = found.groups, head = section(g.whole), scale = ten(SCALES[g.scale] ?? 0), tail = [...plain(g.tail)].map(digit).join("");
    return head && [mul(add(whole(head[0]), frac(BigInt(tail), 10n ** BigInt(tail.length))), scale), mul(scale, ten(-tail.length))];
  }
  found = text && matched("whole", text);
  if (!found) return null;
  let total = 0n, step = 1n, higher = 0n;
  for (const [name, power] of [["wy", 12n], ["y", 8n], ["w", 4n], ["u", 0n]]) {
    const part = found.groups[name];
    if (!part) continue;
    const skipped = higher > power + 4n && !part.startsWith("零");
    if (higher && !power && (part.length === 1 || skipped)) return null; // 六亿二 says 620 million for short, 一亿五千 150 million
    const one = section(higher ? part.replace(/^零/, "") : part);
    if (!one) return null;
    total += BigInt(one[0]) * 10n ** power;
    step = BigInt(one[1]) * 10n ** power;
    higher = power;
  }
  return [[total, 1n], [step, 1n]];
};
const english = (words) => {
  let rest = words.toLowerCase().trim(), total = 0n, step = 0n, lowest = 10n ** 15n;
  if (/(?:\band|,)$/.test(rest)) return null;
  rest = rest.replace(/^an?\s+(?=thousand|million|billion|trillion)/, "one ");
  while (rest) {
    const found = matched("group", rest, "y");
    compiled.groupy.lastIndex = 0;
    const { h, u, scale: named } = found?.groups ?? {};
    if (!found?.[0] || !(h || u)) return null;
    const hundreds = !h ? 0 : /^an?$/.test(h) ? 1 : WORDS[h], ones = u ? WORDS[u] : 0;
    const scale = 10n ** BigInt({ thousand: 3, million: 6, billion: 9, trillion: 12 }[named] ?? 0);
    if (hundreds > 9 || (h && !hundreds) || scale >= lowest || (lowest < 10n ** 15n && !(hundreds || ones))) return null;
    total += BigInt(100 * hundreds + ones) * scale;
    step = u ? scale : 100n * scale;
    lowest = scale;
    rest = rest.slice(found[0].length);
  }
  return step ? [[total, 1n], [step, 1n]] : null;
};

// What stands around a number: its unit, its scale, its qualifier, what it counts.
const powerOf = (word) => word ? ten(grammar.scales[word.toLowerCase()]) : whole(1);
const around = (text, g, large = false) => {
  const name = which(g, "u", grammar.units), counter = g.counter, currency = grammar.currencies[(g.currency ?? "").toUpperCase()];
  if (name && name !== "times" && (large || g.scale || g.currency)) refuse(text, `a scale word or a currency does not go with ${name}`);
  const scale = name === "basis points" ? ten(-4) : mul(powerOf(g.scale), name ? units[name].scale : whole(1));
  const ascii = (word) => [...word].every((c) => c < "\x80");
  let counts = null;
  if (!name) {
    const noun = !counter ? null : !ascii(counter) ? grammar.counted[counter] ?? null
      : [counter, counter.toLowerCase(), `${counter.toLowerCase()}s`, counter.toUpperCase()].map((word) => units[word]?.name).find(Boolean) ?? null;
    if (currency && counter && currency !== noun) refuse(text, `it is in ${currency} and counts ${counter}`);
    counts = currency ?? noun;
  }
  const behind = Object.entries({ above: g.more1 || g.more2 || g.more3, "at least": g.least, "at most": g.most, about: g.round }).filter(([, word]) => word).map(([told]) => told);
  if (behind.length > 1) refuse(text, `it says “${behind[0]}” and “${behind[1]}” at once`);
  return { unit: name === "basis points" ? "percentage points" : name ?? null, scale, counts, qualifier: behind[0] ?? "" };
};
const inDigits = (text, body) => {
  const g = matched("body", body)?.groups;
  if (!g) return null;
  const said = around(text, g), lone = new RegExp(`^(?:${all.comma})$`).test(g.number);
  const digits = (lone ? g.number.replace(",", ".") : g.number).replace(/[, '’]/g, "");
  const value = mul(parse(digits), said.scale), places = digits.includes(".") ? digits.length - digits.indexOf(".") - 1 : 0;
  return { ...said, value: "-−–".includes(g.sign || "+") ? neg(value) : value, step: mul(ten(-places), said.scale), digits: true };
};
const isLarge = (word) => new RegExp(all.large, "i").test(word);
const withRest = (text, value, step, rest, digits = false, large = false) => {
  const g = /^\s*\d/.test(rest) ? null : matched("body", `1 ${rest.trim()}`.trim())?.groups;
  if (!g) return null;
  const said = around(text, g, large);
  return { ...said, value: mul(value, said.scale), step: mul(step, said.scale), digits };
};
const least = (a, b) => cmp(a, b) < 0 ? a : b;
const twentieth = (value) => least([1n, 20n], div(value, whole(5)));
const ratio = (value, step, unit, scale = whole(1), digits = false) => ({ value, step, unit, scale, qualifier: "", counts: null, digits });
const FORMS = {
  multiple: (text, body) => {
    const times = grammar.multiples[body.toLowerCase()];
    if (!times) return null;
    const value = frac(...times.map(BigInt));
    return ratio(value, div(value, whole(5)), "times");
  },
  per: (text, body) => {
    const g = matched("per", body)?.groups;
    if (!g) return null;
    const per = { 百: 2, 千: 3 }[g.per] ?? 4;
    let number, tail;
    if (/^\d/.test(g.number)) [number, tail] = [parse(g.number), (g.number.split(".")[1] ?? "").length];
    else [number, tail] = [(han(g.number) ?? refuse(text, "the numeral in Han characters is malformed"))[0], (g.number.split(/[点點]/)[1] ?? "").length];
    return ratio(mul(number, ten(-per)), ten(-per - tail), { 2: "percent", 3: "per thousand", 4: "per ten thousand" }[per], ten(-per));
  },
  tenths: (text, body) => {
    const found = matched("tenths", body);
    if (!found) return null;
    const head = frac(BigInt(section(plain(found[1]))[0]), 10n), part = found[2];
    if (part === "半") return ratio(add(head, [1n, 20n]), [1n, 20n], "percent");
    return part ? ratio(add(head, frac(BigInt(digit(part)), 100n)), [1n, 100n], "percent") : ratio(head, [1n, 10n], "percent");
  },
  parts: (text, body) => {
    const found = matched("parts", body);
    if (!found) return null;
    const [bottom, top] = [section(found[1]), section(found[2])];
    if (!bottom || !top || !(top[0] > 0 && top[0] <= bottom[0])) refuse(text, "no well-formed part of a whole");
    const value = frac(BigInt(top[0]), BigInt(bottom[0]));
    return ratio(value, twentieth(value), "ratio");
  },
  outof: (text, body) => {
    const found = matched("outof", body);
    if (!found) return null;
    const [top, bottom] = [found[1], found[2]].map((m) => BigInt(/^\d+$/.test(m) ? m : WORDS[m.toLowerCase()]));
    if (!(bottom > 0n && bottom >= top)) refuse(text, "a part is no larger than its whole");
    return ratio(frac(top, bottom), frac(1n, top === 1n && bottom > 2n ? bottom ** 2n : bottom), "percent", frac(1n, bottom), true);
  },
  fraction: (text, body) => {
    const g = matched("fraction", body)?.groups;
    if (!g) return null;
    const top = (g.top ?? "a").toLowerCase();
    const value = frac(/^an?$/.test(top) ? 1n : BigInt(WORDS[top]), BigInt(grammar.fractions[g.part.toLowerCase()]));
    if (cmp(value, whole(1)) > 0) refuse(text, "a part is no larger than its whole");
    const step = twentieth(value), scale = powerOf(g.scale);
    if (g.one) return ratio(mul(value, ten(-2)), mul(step, ten(-2)), /point/i.test(g.one) ? "percentage points" : "percent", ten(-2));
    return ratio(mul(value, scale), mul(step, scale), g.scale ? null : "ratio", scale);
  },
  half: (text, body) => {
    const g = matched("half", body)?.groups, head = g?.whole.toLowerCase();
    return g ? withRest(text, add(whole(/^\d+$/.test(head) ? head : WORDS[head]), [1n, 2n]), [1n, 10n], g.rest) : null;
  },
  spelled: (text, body) => {
    const g = matched("spelled", body)?.groups;
    if (!g) return null;
    const word = g.number.toLowerCase();
    if (word === "a" || word === "an") {
      const scale = new RegExp(`^\\s+(${either(Object.keys(grammar.scales))})(?![A-Za-z])`).test(g.rest);
      return scale ? withRest(text, whole(1), whole(1), g.rest) : null;
    }
    if (word in WORDS) return withRest(text, whole(WORDS[word]), whole(1), g.rest, true);
    const number = english(g.number);
    return number && withRest(text, ...number, g.rest, false, isLarge(word));
  },
  numeral: (text, body) => {
    const g = matched("numeral", body)?.groups, number = g && han(g.number);
    return number ? withRest(text, ...number, g.rest, false, isLarge(g.number)) : null;
  },
};
const spelledOut = (text, body) => {
  const names = /^\d/.test(body) ? ["outof", "half"] : ["multiple", "per", "tenths", "parts", "outof", "fraction", "half", "spelled", "numeral"];
  for (const name of names) { const number = FORMS[name](text, body); if (number) return number; }
  return null;
};
const tidy = (given) => {
  let text = given.trim();
  const sign = grammar.signs[text[0]];
  if (sign && !/\d/.test(text)) text = sign + (/^\p{L}/u.test(text.slice(1)) ? " " : "") + text.slice(1);
  if (/[^\x00-\x7f]/.test(text)) {
    for (const c of text) {
      if (c < "\x80" || `${HAN}〇两兩`.includes(c) || /[\ufb00-\ufb06\uff00-\uffef]/.test(c)) continue;
      if (/[\p{No}\p{Nl}]/u.test(c) || /^\(?[A-Za-z]/.test(c.normalize("NFKC"))) refuse(given, `${c} would join the number; leave out a footnote’s mark`);
    }
    text = text.normalize("NFKC").trim();
    if (/(?![0-9])\p{Nd}/u.test(text)) refuse(given, "its digits are of another script");
  }
  return text.replace(/(?<=\d)-(?=thousand|million|billion|trillion|percent|point)/g, " ").replace(/(thousand|million|billion|trillion)-(?=[A-Za-z])/g, "$1 ");
};
const withoutRemark = (text, given) => {
  const found = /\s*\(([^()\d]*)\)$/.exec(given);
  if (!found?.index) return given;
  const inner = found[1].trim(), head = given.slice(0, found.index), joined = `${head} ${inner}`;
  if (inner && matched("body", `1 ${inner}`)) return matched("body", joined) ? joined : refuse(text, `what the bracket (${inner}) says does not fit the number`);
  if (new RegExp(all.loaded, "i").test(inner)) refuse(text, `the bracket (${inner}) may change what the number says`);
  return head;
};
const meaning = (value, last, qualifier, rounder) => {
  const unbounded = { above: [value, INF, true, false], "at least": [value, INF, false, false], below: [neg(INF), value, false, true], "at most": [neg(INF), value, false, false] }[qualifier];
  if (unbounded) return unbounded;
  if (qualifier && rounder) while (value[0] && div(div(value, last), whole(10))[1] === 1n) last = mul(last, whole(10));
  const half = div(last, whole(2));
  if (qualifier === "just over") return [value, add(value, half), true, false];
  if (qualifier === "nearly") return [sub(value, half), value, false, true];
  return [sub(value, half), add(value, half), false, false];
};
const readForm = (text, step) => {
  let given = tidy(text);
  if (grammar.free.includes(given.toLowerCase())) return { value: whole(0), step: whole(1), range: [whole(0), whole(0), false, false], unit: null, counts: null, qualifier: "", scale: whole(1) };
  const column = /(?<=\S)\s*\((10(?:0+|0?(?:,000)+))\)$/.exec(given), factor = column ? whole(column[1].replaceAll(",", "")) : whole(1);
  given = withoutRemark(text, column ? given.slice(0, column.index) : given);
  const prefixed = matched("prefix", given, "i"), prefix = prefixed?.[0] ?? "";
  let body = given.slice(prefix.length);
  if (/\p{L}$/u.test(prefix) && /^[-−–]/.test(body)) refuse(text, "is the hyphen behind the qualifier a minus?");
  const accounting = /^\(([^()]*)\)(.*)$/s.exec(body);
  if (accounting) {
    if (prefix || /^\s*[-−–+]/.test(accounting[1])) refuse(text, "brackets mean minus, and a sign or qualifier stands there already");
    if (!text.includes("(")) refuse(text, "do its wide brackets mean minus? Write a minus, or no brackets");
    body = accounting[1] + accounting[2];
  }
  const number = spelledOut(text, body) ?? inDigits(text, body);
  if (!number) refuse(text, "write it as 602 million, 6.02亿, 42.8%, 25.2 percentage points or more than 254,000");
  const qualifier = prefixed ? which(prefixed.groups, "q", grammar.qualifiers) : number.qualifier;
  if (number.qualifier && number.qualifier !== qualifier) refuse(text, `it says “${qualifier}” and “${number.qualifier}” at once`);
  const value = mul(mul(number.value, factor), whole(accounting ? -1 : 1)), last = step ?? mul(number.step, factor);
  const inFractions = !number.digits && ["ratio", null].includes(number.unit);
  return { value, step: last, range: meaning(value, last, qualifier, !step && !inFractions), unit: number.unit, counts: number.counts, qualifier, scale: number.scale };
};
// One printed form, or two of one figure parted by " / ".
const read = (text, step) => {
  if ([...text].length > grammar.longest) throw new Refused("This is longer than any number.");
  const forms = text.split(" / ").filter((form) => form.trim());
  if (!forms.length) throw new Refused("Nothing is written there.");
  const readings = forms.map((form) => readForm(form, step));
  if (forms.length === 1) return readings[0];
  const range = readings.map((one) => one.range).reduce((a, b) => a && both(a, b));
  const fitting = readings.filter((one) => range && cmp(one.value, range[0]) >= 0 && cmp(one.value, range[1]) <= 0);
  for (const name of ["unit", "counts"]) {
    const named = readings.map((one) => units[one[name]]).filter(Boolean);
    if (named.some((one) => !like(one, named[0]))) refuse(text, mismatch(named[0], named.find((one) => !like(one, named[0]))));
  }
  if (!fitting.length) refuse(text, "its two forms contradict each other");
  const best = fitting.reduce((a, b) => (cmp(b.step, a.step) || (b.qualifier ? 1 : 0) - (a.qualifier ? 1 : 0)) < 0 ? b : a);
  const told = (name) => best[name] ?? readings.map((one) => one[name]).find(Boolean) ?? null;
  return { ...best, range, unit: told("unit"), counts: told("counts") };
};
const other = (text, why) => { throw new Refused(`“${text}” is another kind of number: ${why}`); };
const like = (a, b) => a.kind === b.kind && a.things === b.things;
const mismatch = (a, b) => {
  if (a.kind !== b.kind && a.kind !== "amount" && b.kind !== "amount") return "a percentage is no percentage point";
  const told = (unit) => unit.kind === "amount" ? unit.name : unit.kind === "ratio" ? "a ratio" : "a difference";
  return `one is ${told(a)}, the other ${told(b)}`;
};
const countsAnother = (noun, unit) => {
  if (noun === "things") return grammar.never.includes(unit.things.split(/[\^|]/)[0]) ? `one counts things, the other ${unit.name}` : "";
  if (!noun || noun === unit.name.split(" per ")[0]) return "";
  const named = units[noun];
  if (named && unit.things.split(" ").includes(named.things.split(" ")[0])) return "";
  return named ? mismatch(named, unit) : `one is in ${noun}, the other in ${unit.name}`;
};
// A figure of a unit, read from its printed form; precision as the table gives it.
Live.figure = (printed, unit, precision) => {
  let one = read(printed);
  const step = precision && parse(precision);
  if (!one.unit) {
    const why = countsAnother(one.counts, unit), named = units[one.counts] ?? unit;
    if (why) other(printed, why);
    if (step) one = read(printed, div(mul(step, unit.scale), named.scale));
    return { value: mul(one.value, named.scale), range: scaled(one.range, named.scale), step: mul(one.step, named.scale) };
  }
  if (units[one.unit].kind !== unit.kind) other(printed, mismatch(units[one.unit], unit));
  return step ? read(printed, mul(step, unit.scale)) : one;
};
Live.read = read;
})();
