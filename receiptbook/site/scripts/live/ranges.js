// Exact fractions, intervals with open ends, and derivations worked out over them, as receiptbook.numbers does.
"use strict";
const Live = {};
(() => {
class Refused extends Error {}
const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
// A fraction is [top, bottom]; no bound is [±1, 0].
const frac = (n, d = 1n) => {
  if (d < 0n) { n = -n; d = -d; }
  const g = gcd(n, d) || 1n;
  return [n / g, d / g];
};
const ten = (power) => power < 0 ? [1n, 10n ** BigInt(-power)] : [10n ** BigInt(power), 1n];
const INF = [1n, 0n], ZERO = [0n, 1n], ONE = [1n, 1n];
const parse = (text) => {
  const [top, bottom] = text.split("/"), [, sign, whole, tail = ""] = /^([-+]?)(\d*)\.?(\d*)$/.exec(top);
  return div(frac(BigInt(sign + (whole + tail || "0")), 10n ** BigInt(tail.length)), [BigInt(bottom ?? 1), 1n]);
};
const neg = ([n, d]) => [-n, d];
const add = (a, b) => a[1] && b[1] ? frac(a[0] * b[1] + b[0] * a[1], a[1] * b[1]) : a[1] ? b : a;
const sub = (a, b) => add(a, neg(b));
const mul = (a, b) => a[0] && b[0] ? frac(a[0] * b[0], a[1] * b[1]) : ZERO;
const div = (a, b) => frac(a[0] * b[1], a[1] * b[0]);
const cmp = (a, b) => {
  const d = a[1] || b[1] ? a[0] * b[1] - b[0] * a[1] : a[0] - b[0];
  return d < 0n ? -1 : d > 0n ? 1 : 0;
};
const abs = ([n, d]) => [n < 0n ? -n : n, d];
const floor = ([n, d]) => n / d - (n % d < 0n ? 1n : 0n);
const halfUp = (x, decimals) => { // away from zero
  const whole = floor(add(mul(abs(x), ten(decimals)), [1n, 2n]));
  return mul([x[0] < 0n ? -whole : whole, 1n], ten(-decimals));
};
// The nearest double, as Python's float() gives it.
const toNumber = ([n, d]) => {
  if (!d) return n < 0n ? -Infinity : Infinity;
  const sign = n < 0n ? -1 : 1, top = n < 0n ? -n : n;
  const shift = Math.max(0, 66 + d.toString(2).length - top.toString(2).length);
  const scaled = top << BigInt(shift), whole = scaled / d;
  return sign * Number(whole | (scaled % d ? 1n : 0n)) / 2 ** shift;
};
const fromNumber = (x) => {
  let shift = 0;
  while (!Number.isInteger(x)) { x *= 2; shift += 1; }
  return frac(BigInt(x), 1n << BigInt(shift));
};
// An interval is [lower, upper, lower is open, upper is open].
const point = (x, open = false) => [x, x, open, open];
const bounded = ([low, high]) => low[1] !== 0n && high[1] !== 0n;
const first = (list, better) => list.reduce((a, b) => better(b, a) ? b : a);
const order = (a, b) => cmp(a[0], b[0]) || a[1] - b[1];
const both = (a, b) => {
  const [low, lowOpen] = first([[a[0], a[2]], [b[0], b[2]]], (x, y) => order(x, y) > 0);
  const [high, closed] = first([[a[1], !a[3]], [b[1], !b[3]]], (x, y) => order(x, y) < 0);
  const d = cmp(low, high);
  return d > 0 || (!d && (lowOpen || !closed)) ? null : [low, high, lowOpen, !closed];
};
const within = (a, b) => {
  const low = cmp(a[0], b[0]), high = cmp(a[1], b[1]);
  return (low > 0 || (!low && (a[2] || !b[2]))) && (high < 0 || (!high && (a[3] || !b[3])));
};
const scaled = (a, x) => [mul(a[0], x), mul(a[1], x), a[2], a[3]];
const minus = (a) => [neg(a[1]), neg(a[0]), a[3], a[2]];
const plus = (a, b) => [add(a[0], b[0]), add(a[1], b[1]), a[2] || b[2], a[3] || b[3]];
// From the least to the largest of corners [number, is never reached]; one that two share is reached if one of them is.
const spanned = (corners) => {
  const [low, lowOpen] = first(corners, (x, y) => order(x, y) < 0);
  const [high, reached] = first(corners.map(([x, isOpen]) => [x, !isOpen]), (x, y) => order(x, y) > 0);
  return [low, high, lowOpen, !reached];
};
const times = (a, b) => {
  const corners = [], isZero = (x, i) => !x[i][0] && !x[2 + i];
  for (const i of [0, 1]) for (const j of [0, 1]) corners.push([mul(a[i], b[j]), (a[2 + i] || b[2 + j]) && !isZero(a, i) && !isZero(b, j)]);
  return spanned(corners);
};
// An end of the inverse: no bound gives zero, and zero no bound; neither is ever reached.
const inverse = (x, open, beyond) => !x[0] ? [beyond, true] : x[1] ? [div(ONE, x), open] : [ZERO, true];
const over = (a, b) => {
  const above = b[0][0] > 0n || (!b[0][0] && b[2] && b[1][0] > 0n), below = b[1][0] < 0n || (!b[1][0] && b[3] && b[0][0] < 0n);
  if (!above && !below) throw new Refused("a range in a denominator includes zero");
  const [low, lowOpen] = inverse(b[1], b[3], neg(INF)), [high, highOpen] = inverse(b[0], b[2], INF);
  return times(a, [low, high, lowOpen, highOpen]);
};
const power = (x, e) => e[1] === 1n ? [x[0] ** e[0], x[1] ** e[0]] : fromNumber(toNumber(x) ** toNumber(e));
const raised = (a, e) => {
  if (!e[0]) return point(ONE);
  if (e[0] < 0n) return over(point(ONE), raised(a, neg(e)));
  if (a[0][0] < 0n && e[1] !== 1n) throw new Refused("a fractional power of what may be negative");
  const ends = [[power(a[0], e), a[2]], [power(a[1], e), a[3]]];
  if (e[0] % 2n === 0n && a[0][0] < 0n && a[1][0] > 0n) ends.push([ZERO, false]);
  return spanned(ends);
};
const hull = (list) => {
  const low = first(list.map((i) => [i[0], i[2]]), (x, y) => order(x, y) < 0);
  const high = first(list.map((i) => [i[1], !i[3]]), (x, y) => order(x, y) > 0);
  return [low[0], high[0], low[1], !high[1]];
};

// An expression as a tree: [operator, left, right], {key} for a leaf, {n} for a plain number.
const tree = (text) => {
  const rest = text.split(/(?<!\S)(\*\*|[-+*/])(?!\S)|([()])/).filter((part) => part?.trim()).map((part) => part.trim());
  const atom = () => {
    const token = rest.shift();
    if (token === "(") { const inside = sum(); rest.shift(); return inside; }
    return /^-?\d+(\.\d+)?$/.test(token) ? { n: parse(token) } : { key: token };
  };
  const chain = (next, signs) => {
    let node = next();
    while (signs.includes(rest[0])) node = join(rest.shift(), node, next());
    return node;
  };
  const raise = () => { const base = atom(); return rest[0] === "**" ? join(rest.shift(), base, atom()) : base; };
  const sum = () => chain(() => chain(raise, ["*", "/"]), ["+", "-"]);
  return sum();
};
const PLAIN = { "+": add, "-": sub, "*": mul, "/": div, "**": power };
const join = (op, a, b) => a.n && b.n ? { n: PLAIN[op](a.n, b.n) } : [op, a, b];
const leaves = (node) => node.held ??= node.key ? [node.key] : node.n ? [] : [...leaves(node[1]), ...leaves(node[2])];
const rangeOver = (node, box) => {
  if (node.n) return point(node.n);
  if (node.key) return box[node.key];
  const [a, b] = [rangeOver(node[1], box), rangeOver(node[2], box)];
  switch (node[0]) {
    case "+": return plus(a, b);
    case "-": return plus(a, minus(b));
    case "*": return times(a, b);
    case "/": return over(a, b);
    default: return raised(a, b[0]);
  }
};
const degrees = (node, key) => { // of numerator and denominator, written as one fraction
  if (node.n) return [0, 0];
  if (node.key) return [Number(node.key === key), 0];
  const [[a, b], [c, d]] = [degrees(node[1], key), degrees(node[2], key)];
  switch (node[0]) {
    case "+": case "-": return [Math.max(a + d, c + b), b + d];
    case "*": return [a + c, b + d];
    case "/": return [a + d, b + c];
    default: return a || b ? [99, 99] : [0, 0];
  }
};
const slope = (node, box, key) => { // an enclosure of the derivative
  if (node.n) return point(ZERO);
  if (node.key) return point(node.key === key ? ONE : ZERO);
  const [, one, two] = node, a = rangeOver(one, box), b = rangeOver(two, box), da = slope(one, box, key), db = slope(two, box, key);
  switch (node[0]) {
    case "+": return plus(da, db);
    case "-": return plus(da, minus(db));
    case "*": return plus(times(da, b), times(a, db));
    case "/": return plus(over(da, b), minus(over(times(a, db), raised(b, [2n, 1n]))));
    default: return b[0][0] ? times(times(b, raised(a, sub(b[0], ONE))), da) : point(ZERO);
  }
};
const rangeOf = (node, own) => {
  const keys = leaves(node), box = Object.fromEntries(keys.map((key) => [key, own(key)[1]]));
  const repeated = Object.keys(box).filter((key) => keys.indexOf(key) !== keys.lastIndexOf(key));
  const everywhere = rangeOver(node, box);
  if (!repeated.length || !repeated.every((key) => bounded(box[key]))) return everywhere;
  const end = (key, i) => point(box[key][i], box[key][2 + i]);
  if (repeated.length <= 8 && repeated.every((key) => Math.max(...degrees(node, key)) <= 1)) {
    const corners = [];
    for (let m = 0; m < 1 << repeated.length; m++) {
      corners.push(rangeOver(node, { ...box, ...Object.fromEntries(repeated.map((key, i) => [key, end(key, m >> i & 1)])) }));
    }
    return hull(corners);
  }
  const low = { ...box }, high = { ...box };
  for (const key of repeated) {
    const rise = slope(node, box, key);
    if (rise[0][0] < 0n && rise[1][0] > 0n) throw new Refused("it neither rises nor falls throughout");
    const up = rise[0][0] >= 0n ? 0 : 1;
    low[key] = end(key, up);
    high[key] = end(key, 1 - up);
  }
  const [bottom, top] = [rangeOver(node, low), rangeOver(node, high)];
  return [bottom[0], top[1], bottom[2], top[3]];
};
const valueOf = (node, own) => rangeOver(node, Object.fromEntries(leaves(node).map((key) => [key, point(own(key)[0])])))[0];

// Numbers and ranges in words, as receiptbook.numbers.words; a unit is {name, kind, scale, whole}.
const scaleWord = (size, unit) => {
  if (unit.kind === "amount") for (const [p, word] of [[12, " trillion"], [9, " billion"], [6, " million"]]) {
    if (cmp(size, ten(p)) >= 0) return [ten(p), word];
  }
  return [unit.scale, ""];
};
const fixed = (x, decimals, grouped = true) => {
  const rounded = halfUp(x, decimals), digits = String(floor(mul(abs(rounded), ten(decimals)))).padStart(decimals + 1, "0");
  let whole = digits.slice(0, digits.length - decimals);
  if (grouped) whole = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (rounded[0] < 0n ? "−" : "") + whole + (decimals ? `.${digits.slice(-decimals)}` : "");
};
const magnitude = (x) => { // the power of ten at or below
  let p = String(floor(x)).length - 1;
  if (cmp(x, ONE) < 0) for (p = -1; cmp(x, ten(p)) < 0;) p--;
  return p;
};
const suffix = (unit, number) => {
  if (unit.name === "percent") return "%";
  if (unit.kind === "points") return number === "1" || number === "−1" ? " percentage point" : " percentage points";
  return ["ratio", "persons"].includes(unit.name) ? "" : ` ${unit.name}`;
};
const larger = (a, b) => cmp(abs(a), abs(b)) > 0 ? abs(a) : abs(b);
const decimalsOf = (range, unit) => {
  if (!bounded(range)) return 0;
  const [scale] = scaleWord(larger(range[0], range[1]), unit), width = div(sub(range[1], range[0]), scale);
  return width[0] ? Math.max(0, 1 - magnitude(width)) : div(range[0], scale)[1] === 1n ? 0 : 2;
};
const mostDecimals = (value, unit) => {
  const [scale] = scaleWord(abs(value), unit), size = div(abs(value), scale);
  if (scale[0] === 1n && scale[1] === 1n && unit.whole && size[1] === 1n) return 0;
  return size[0] ? Math.max(0, 3 - magnitude(size)) : 3;
};
// Where one end is known: its words, a floor rounded down and a ceiling up, so that they hold for all of the range.
const oneSided = (range) => bounded(range) ? !range[0][0] && range[2] : !range[0][1] !== !range[1][1];
const openRange = (range, unit, decimals) => {
  const up = !!range[1][1], end = up ? range[1] : range[0];
  const head = up ? range[3] ? "less than " : "at most " : range[2] ? "more than " : "at least ";
  const [scale, word] = scaleWord(abs(end), unit), size = div(end, scale);
  let whole = 0;
  while (whole < 7 && mul(size, ten(whole))[1] !== 1n) whole++;
  decimals = Math.min(whole, decimals ?? (whole < 7 ? whole : mostDecimals(end, unit)));
  const many = mul(size, ten(decimals)), near = frac(up ? -floor(neg(many)) : floor(many), ten(decimals)[0]);
  const text = fixed(near, decimals) + word;
  return head + text + suffix(unit, text);
};
const show = (value, range, unit) => {
  if (oneSided(range)) {
    const end = range[1][1] ? range[1] : range[0], most = mostDecimals(end, unit);
    return openRange(range, unit, bounded(range) ? Math.min(most, decimalsOf(range, unit)) : most);
  }
  const [scale, word] = scaleWord(abs(value), unit);
  const text = fixed(div(value, scale), Math.min(decimalsOf(range, unit), mostDecimals(value, unit)));
  return text + word + suffix(unit, text);
};
const outward = (low, high, decimals) => { // both ends rounded, a half away from the middle
  const whole = (x) => floor(add(mul(x, ten(decimals)), [1n, 2n])), places = ten(decimals)[0];
  return cmp(low, high) ? [frac(-whole(neg(low)), places), frac(whole(high), places)] : [low, high];
};
const showRange = (range, unit) => {
  let [low, high] = range;
  if (!low[1] && !high[1]) return "any value";
  if (!bounded(range)) return openRange(range, unit);
  const [scale, word] = scaleWord(larger(low, high), unit);
  let decimals = decimalsOf(range, unit);
  if (oneSided(range)) return openRange(range, unit, decimals); // a divisor without an upper end: so much at the most
  const halves = [low, high].every((x) => mul(x, [2n, 1n])[1] === 1n);
  if (scale[0] === 1n && scale[1] === 1n && unit.whole && halves) {
    [low, high, decimals] = [[-floor(neg(low)), 1n], [floor(high), 1n], 0];
  }
  const [from, to] = outward(div(low, scale), div(high, scale), decimals).map((x) => fixed(x, decimals)), tail = suffix(unit, "");
  if (from === to) return from + word + tail;
  return tail === "%" ? `${from}% to ${to}%` : `${from} to ${to}${word}${tail}`;
};
Object.assign(Live, {
  Refused, frac, ten, INF, parse, neg, add, sub, mul, div, cmp, abs, floor, halfUp, toNumber, fixed,
  point, bounded, both, within, scaled, times, over, raised, tree, leaves, rangeOf, valueOf, show, showRange, decimalsOf,
});
})();
