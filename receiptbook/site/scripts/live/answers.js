// What every receipt says while some figures are printed otherwise.
"use strict";
(() => {
const { Refused, parse, cmp, both, within, point, tree, leaves, rangeOf, valueOf, show, showRange } = Live;
const WORST = ["reproduced", "consistent", "contradicted"], UNKNOWN = "range not worked out", LONGEST = 60;
let book, units, changes = {}, otherwise = {};
const read = {}, published = {};
const trees = {}, uses = {};
const treeOf = (text) => trees[text] ??= tree(text);
const sidesOf = (test) => test.split(/ (?:above|below|meets|misses) /);
const named = (text) => leaves(treeOf(text)).map((key) => key[0] === "@" ? key.slice(1) : key);

Live.start = (facts) => {
  book = facts;
  units = Object.fromEntries(Object.entries(book.units).map(([name, [kind, scale, whole, things]]) => [name, { name, kind, scale: parse(scale), whole, things }]));
  for (const [word, name] of Object.entries(book.aliases)) units[word] ??= units[name];
  Live.learn(book.grammar, units);
  const use = (id, key, how) => ((uses[key] ??= {})[how] ??= new Set()).add(id);
  const rest = (id, text, how) => {
    for (const key of named(text)) if (key[0] === "{") key.slice(1, -1).split("|").slice(3).forEach((behind) => use(id, behind, "models"));
    else use(id, key, how);
  };
  for (const [id, [text, , ...targets]] of Object.entries(book.receipts)) for (const one of [text, ...targets]) rest(id, one, "receipts");
  for (const how of ["rulings", "guards"]) for (const [id, told] of Object.entries(book[how])) {
    for (const test of how === "rulings" ? told[1] : told) for (const side of sidesOf(test)) rest(id, side, how);
  }
  const figures = Object.keys(book.figures);
  for (const [id, behind] of Object.entries(book.models)) for (const n of behind) use(id, figures[n], "models");
  const ids = Object.keys({ ...book.receipts, ...book.rulings, ...book.models });
  book.where = Object.fromEntries(ids.map((id, n) => [id, book.where[n]]));
  Live.book = book;
  Live.ready?.();
};
// Value and range of a leaf: a figure as it is printed now, a form in quotes, a value in braces, a receipt.
const asPublished = (key) => {
  if (key[0] === "{" || !book.figures[key]?.[0] && key[0] !== "'") {
    const [value, low, high] = (key[0] === "{" ? key.slice(1).replace(/[|}].*$/s, "") : book.figures[key][2]).split("~").map(parse);
    return [value, low ? [low, high, false, false] : point(value)];
  }
  const [printed, unit, precision] = book.figures[key] ?? /^'(.+)' (.+)$/.exec(key).slice(1);
  const one = Live.figure(printed, units[unit], precision);
  return [one.value, one.range];
};
const own = (key) => {
  if (key[0] === "@") { const one = Live.answer(key.slice(1)); return [one.value, one.range]; }
  return otherwise[key] ?? (read[key] ??= asPublished(key));
};
const spread = (text) => leaves(treeOf(text)).some((key) => key[0] === "{" && key.split("|")[2]?.replace("}", "") === UNKNOWN);
const above = (a, b) => cmp(a[0], b[1]) >= 0 && !both(a, b);
const RELATIONS = Live.RELATIONS = {
  above, below: (a, b) => above(b, a),
  meets: (a, b) => both(a, b) !== null, misses: (a, b) => both(a, b) === null,
};
const holds = (test) => {
  const [, relation] = / (above|below|meets|misses) /.exec(test), [a, b] = sidesOf(test).map((side) => rangeOf(treeOf(side), own));
  return RELATIONS[relation](a, b);
};
const judge = (range, target) => within(range, target) ? 0 : both(range, target) ? 1 : 2;
// One receipt, verdict or comparison as things stand: {verdict, value, range, shown, told} or {failed}.
Live.answer = (id) => {
  try {
    if (id in book.rulings) {
      const fallen = book.rulings[id][1].find((test) => !holds(test));
      return fallen ? { failed: "a ground of it no longer holds" } : { verdict: book.rulings[id][0] };
    }
    if (id in book.guards) return { verdict: book.guards[id].every(holds) ? "supported" : "contradicted" };
    const [text, name, ...targets] = book.receipts[id] ?? [id, book.figures[id][1]];
    const unit = units[name], node = treeOf(text), value = valueOf(node, own), range = rangeOf(node, own);
    const form = /^'(.+)' /.exec(node.key ?? "")?.[1], printed = form ?? changes[node.key] ?? book.figures[node.key]?.[0];
    const passes = targets.map((one) => rangeOf(treeOf(one), own));
    const isInput = node.key && node.key[0] !== "{";
    const verdict = isInput ? passes.some((one) => !both(range, one)) ? "contradicted" : book.figures[node.key]?.[4] ?? (form ? "assumed" : "stated")
      : passes.length ? WORST[Math.max(...passes.map((one) => judge(range, one)))] : "derived";
    return { verdict, value, range, unit, passes, shown: printed || show(value, range, unit), said: show(value, range, unit), told: spread(text) ? "not worked out" : showRange(range, unit) };
  } catch (problem) {
    if (problem instanceof Refused) return { failed: problem.message };
    throw problem;
  }
};
// What a figure or a receipt is called; the page may know it from its receipts.
const titles = {};
Live.title = (id) => titles[id] ??= book.figures[id]?.[3] || Live.told?.(id) || id;
// How many receipts, verdicts and comparisons rest on a figure.
Live.weight = (id) => new Set(Object.values(uses[id] ?? {}).flatMap((some) => [...some])).size;
const set = (next) => {
  changes = next;
  otherwise = Object.fromEntries(Object.entries(next).map(([id, form]) => {
    const [printed, unit, precision] = book.figures[id], one = Live.figure(form, units[unit], printed && precision);
    return [id, [one.value, one.range]];
  }));
};
// What a change does, by id: what turns, moves, only shifts its range; what models decide; verdicts to read again.
Live.compare = (next) => {
  const ids = Object.keys(next), resting = (how) => new Set(ids.flatMap((key) => [...uses[key]?.[how] ?? []]));
  const moved = new Set([...ids, ...resting("receipts"), ...resting("rulings")]);
  for (const id of resting("receipts")) uses[id]?.guards?.forEach((one) => moved.add(one));
  resting("guards").forEach((id) => moved.add(id));
  const models = [...resting("models")];
  models.forEach((id) => moved.delete(id));
  set({});
  for (const id of moved) published[id] ??= Live.answer(id);
  set(next);
  const found = { turned: [], moved: [], shifted: [], models, reread: [], states: {} };
  for (const id of moved) {
    const now = Live.answer(id), before = published[id];
    const how = now.failed || now.verdict !== before.verdict ? "turned" : now.shown !== before.shown ? "moved" : now.told !== before.told ? "shifted" : "";
    if (!how) continue;
    found.states[id] = { how, now, was: before };
    if (!ids.includes(id)) found[how].push(id);
  }
  const touched = new Set([...Object.keys(found.states), ...models]);
  for (const [id, [, , because]] of Object.entries(book.rulings)) if (!touched.has(id) && because.some((one) => touched.has(one))) found.reread.push(id);
  return found;
};
// The same once without a change, as soon as one is likely: what is published is then worked out, and the browser has read the code.
Live.prepare = (id) => {
  const now = changes, [printed] = book.figures[id];
  if (printed) Live.compare({ [id]: printed });
  set(now);
};
// A printed form for a figure, or words why it cannot stand there. A bare number is read in the figure's own scale.
Live.form = (id, text) => {
  const [printed, name] = book.figures[id], unit = units[name], limit = book.limits[id];
  let form = text.trim();
  if (form.length > LONGEST) throw new Refused(`That is longer than any number is printed (${form.length} characters).`);
  if (unit.kind === "amount" && /^0+(\.0*)?$/.test(form)) throw new Refused(`“${form}” alone would mean none at all; if that is meant, write 0 ${unit.name}.`);
  let one = Live.figure(form, unit);
  const scale = unit.kind === "amount" && (/(thousand|million|billion|trillion)/.exec(printed || "")?.[0] ?? /[万亿]+/.exec(printed)?.[0]);
  if (scale && /^[a-z -]+$/i.test(form) && one.value[0] > 0n && cmp(one.value, [1000n, 1n]) < 0) form = String(Number(one.value[0]) / Number(one.value[1])); // six hundred
  if (scale && /^\d{1,3}(\.\d+|,\d{1,2})?$/.test(form)) one = Live.figure(form = /[万亿]/.test(scale) ? form + scale : `${form} ${scale}`, unit);
  else if (unit.name === "percent" && /^\d+(\.\d+)?$/.test(form)) one = Live.figure(form += "%", unit);
  set({});
  if (one.value[0] < 0n && own(id)[0][0] >= 0n) throw new Refused(`${form} is below zero, which it cannot be.`);
  if (limit === "1" && cmp(one.range[0], [1n, 1n]) > 0) throw new Refused(`${form} is more than the whole.`);
  if (limit && limit !== "1" && cmp(one.range[0], own(limit)[1][1]) > 0) throw new Refused(`${form} is more than there are: ${Live.title(limit)}, ${Live.answer(limit).said}.`);
  return form;
};
})();
