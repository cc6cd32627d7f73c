// A point to guess: drawn by pointer, finger, arrow keys or typed; then what came is shown beside it.
"use strict";
(() => {
const { all, make } = ReceiptBook;
const draw = (name, look, to, text) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  if (look) made.setAttribute("class", look);
  for (const [key, value] of Object.entries(to)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};
const start = (box) => {
  const form = box.querySelector("form"), one = JSON.parse(form.dataset.guess), { x, top, bottom, end, unit, step, last, asked, others } = one;
  const svg = box.querySelector("svg"), field = form.querySelector("input"), [reveal, again] = all("button", form);
  const says = box.querySelector("[role=status]"), answer = box.querySelector(".answer"), rows = all("tbody tr", answer);
  const height = (value) => bottom - (bottom - top) * value / end;
  const word = asked.shown.replace(/^[\d.,]+/, ""); // " million", or nothing
  const told = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });
  const mine = `My guess for ${asked.label}`;
  let value = last.value, placed = false, over = false;

  const line = draw("path", "drawn", {}), came = draw("g", "", { "aria-hidden": "true" });
  const target = draw("rect", "target", { x: x - 30, y: top - 12, width: 360 - x + 30, height: bottom - top + 24 });
  const handle = draw("g", "handle", { role: "slider", tabindex: 0, "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": end, "aria-label": `Your guess for ${asked.label}` });
  const label = draw("text", "mine", { x: 10, y: 4 });
  handle.append(draw("circle", "", { r: 8 }), label);
  svg.append(came, line, target, handle);

  const show = () => {
    const y = height(value);
    line.setAttribute("d", `M${last.x} ${last.y}L${x} ${y}`);
    handle.setAttribute("transform", `translate(${x} ${y})`);
    label.setAttribute("x", 12);
    label.textContent = placed ? told(value) : "?";
    handle.setAttribute("aria-valuenow", value);
    handle.setAttribute("aria-valuetext", placed ? `${told(value)} ${unit}` : `${told(value)} ${unit}, as before: not moved yet`);
  };
  const move = (to, typed) => {
    if (over || !Number.isFinite(to)) return;
    placed = true;
    value = Math.min(end, Math.max(0, to));
    says.textContent = "";
    field.removeAttribute("aria-invalid");
    if (!typed) field.value = value;
    show();
  };
  const at = (event) => {
    const from = svg.getBoundingClientRect(), y = (event.clientY - from.top) * svg.viewBox.baseVal.height / from.height;
    move(Math.round((bottom - y) / (bottom - top) * end / step) * step);
  };
  for (const part of [target, handle]) {
    part.addEventListener("pointerdown", (event) => { part.setPointerCapture(event.pointerId); at(event); handle.focus({ preventScroll: true }); event.preventDefault(); });
    part.addEventListener("pointermove", (event) => { if (part.hasPointerCapture(event.pointerId)) at(event); });
  }
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 10 * step, PageDown: -10 * step }[event.key];
    const to = { Home: 0, End: end }[event.key] ?? (by && value + by);
    if (to === undefined && event.key !== "Enter") return;
    event.preventDefault(); // or the button that has the focus next would be pressed, too
    if (to === undefined) form.requestSubmit(); else move(to);
  });
  field.addEventListener("input", () => move(field.valueAsNumber, true));

  // How far a number is off what came, in words; none where rounding cannot tell them apart.
  const off = (guess) => {
    if (guess >= asked.low && guess <= asked.high) return "within rounding";
    const by = Math.abs(guess - asked.value);
    return `${told(Math.round(by))}${word} (${Math.round(by / asked.value * 100)}%) too ${guess > asked.value ? "high" : "low"}`;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (over) return;
    if (!placed) {
      says.textContent = `First draw your point: drag the circle above ${asked.label}, or type a number.`;
      field.setAttribute("aria-invalid", "true");
      return field.focus();
    }
    ReceiptBook.kept?.put(box.id, { given: `${told(value)}${word}`, label: mine, value });
    tell();
    again.focus({ preventScroll: true });
  });
  const tell = () => {
    over = true;
    const closer = others.filter((other) => Math.abs(other - asked.value) > Math.abs(value - asked.value)).length;
    says.textContent = `It was ${asked.shown}. Your guess of ${told(value)}${word} is ${off(value)}. Of ${others.length} simple rules, ${closer} ${closer === 1 ? "is" : "are"} further off.`;
    came.append(draw("path", "span", { d: `M${x - 9} ${(height(asked.low) + height(asked.high)) / 2}H${x + 9}` }));
    for (const [n, other] of others.entries()) {
      came.append(draw("path", "other", { d: `M${last.x} ${last.y}L${x} ${height(other)}` }), draw("text", "letters", { x: x - 14 - 12 * (others.filter((one) => one < other).length % 2), y: height(other) - 3 }, "ABCDEFGH"[n]));
    }
    came.append(draw("path", "line", { d: `M${last.x} ${last.y}L${x} ${height(asked.value)}` }), draw("circle", "real", { cx: x, cy: height(asked.value), r: 5 }));
    const apart = Math.abs(height(value) - height(asked.value)) < 13 ? (value < asked.value ? 26 : -18) : 4;
    label.setAttribute("y", apart);
    came.append(draw("text", "came", { x: x + 12, y: height(asked.value) + 4 }, asked.shown.split(" ")[0]));
    const head = make("th", "off", "Off by");
    head.scope = "col";
    answer.querySelector("thead tr").append(head);
    for (const [n, row] of rows.entries()) row.append(make("td", "off", n ? off(others[n - 1]) : ""));
    const own = make("tr", "mine"), name = make("th", "", "Your guess");
    name.scope = "row";
    own.append(name, make("td", "n", told(value) + word), make("td"), make("td", "", off(value)));
    rows[0].after(own);
    answer.open = true;
    handle.setAttribute("aria-disabled", "true");
    handle.setAttribute("aria-label", `Your guess for ${asked.label}; it was ${asked.shown}`);
    field.readOnly = true;
    reveal.hidden = true;
    again.hidden = false;
    box.dataset.told = "";
    box.dispatchEvent(new Event("receiptbook-told", { bubbles: true }));
  };
  form.addEventListener("reset", () => {
    over = placed = false;
    value = last.value;
    came.replaceChildren();
    for (const part of all(".off, .mine", answer)) if (!part.closest("svg")) part.remove();
    says.textContent = "";
    answer.open = false;
    handle.removeAttribute("aria-disabled");
    handle.setAttribute("aria-label", `Your guess for ${asked.label}`);
    field.readOnly = false;
    reveal.hidden = false;
    again.hidden = true;
    label.setAttribute("y", 4);
    show();
    handle.focus({ preventScroll: true });
  });
  form.hidden = false;
  show();
  // What was guessed before stands there again, with the answer; a class draws anew.
  const kept = ReceiptBook.kept?.get(box.id);
  if (kept?.label !== mine || !Number.isFinite(kept.value) || "class" in document.documentElement.dataset) return;
  move(kept.value);
  tell();
};
all(".guess").forEach(start);
})();
