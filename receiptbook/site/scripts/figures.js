"use strict";
(() => {
// A chart that has something to point at becomes live when it comes near or is touched.
const { all, load, make, ready, record } = ReceiptBook;
const charts = {};
ReceiptBook.chart = (id, variants) => {
  charts[id] = variants;
  for (const { data } of variants) for (const table of data ?? []) {
    const { names, rows } = table.values ?? {};
    if (names) table.values = rows.map((row) => record(names, row));
  }
};
const chartOf = (figure) => load(`charts/${figure.dataset.chart}.js`).then(() => charts[figure.dataset.chart]);
const slim = matchMedia("(max-width: 40rem)");
const tip = make("div", "tip");
tip.hidden = true;
const point = (handler, event, item, value) => {
  if (event.pointerType === "touch" && event.type !== "pointermove") return; // the finger lifts, the words stay
  tip.textContent = "";
  tip.hidden = value == null || value === "";
  if (tip.hidden) return;
  if (typeof value === "object") {
    for (const key in value) {
      const row = make("div");
      row.append(make("b", "", key), String(value[key]));
      tip.append(row);
    }
  } else tip.textContent = value;
  const left = Math.max(8, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8));
  const top = Math.max(8, event.clientY - tip.offsetHeight - 12);
  tip.style.transform = `translate(${left}px, ${top}px)`; // left and top would count as a shift of the page
};

// Draws off the page, then swaps boxes of exactly the same size, so nothing below moves. The plot
// keeps its place in the picture too: a reader's font is not the one that the picture was measured in.
const enliven = async (figure) => {
  const still = all(".still", figure).find((box) => box.offsetParent);
  if (!still) return null;
  return still.alive ??= (async () => {
    const variants = await chartOf(figure);
    await load("vega.js");
    const picture = still.querySelector("svg");
    const { e: left, f: top } = picture.querySelector("g").transform.baseVal.consolidate().matrix;
    const spec = {
      ...variants[0], ...(still.classList.contains("narrow") ? variants[1] : {}),
      autosize: "none", padding: { left, top },
    };
    const box = make("div", "live");
    const view = new vega.View(vega.parse(spec, spec.config ? {} : ReceiptBook.look, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: "svg", hover: true, logLevel: vega.Warn,
    }).tooltip(point);
    view.initialize(box);
    await view.runAsync();
    const drawn = box.querySelector("svg");
    drawn.setAttribute("viewBox", picture.getAttribute("viewBox"));
    for (const side of ["width", "height"]) drawn.setAttribute(side, picture.getAttribute(side));
    for (const name of ["role", "aria-label", "aria-roledescription", "style"]) box.removeAttribute(name);
    drawn.setAttribute("aria-hidden", "true");
    picture.replaceWith(box);
    figure.dataset.live = "";
    return view;
  })().catch((problem) => { still.alive = null; throw problem; });
};
// A finger is wide and does not hover: a touch points at the nearest mark that has words.
document.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "touch") return;
  tip.hidden = true;
  if (!event.target.closest(".live")) return;
  const { clientX: x, clientY: y } = event;
  for (let far = 0; far <= 24; far += 6) for (let turn = 0; turn < (far ? 12 : 1); turn++) {
    const at = [x + far * Math.cos(turn * Math.PI / 6), y + far * Math.sin(turn * Math.PI / 6)];
    const mark = document.elementFromPoint(...at), item = mark?.closest(".live") && mark.__data__;
    if (item?.tooltip == null || ["line", "area"].includes(item.mark.marktype)) continue;
    const told = { bubbles: true, pointerType: "touch", clientX: at[0], clientY: at[1] };
    mark.dispatchEvent(new PointerEvent("pointermove", told));
    return;
  }
});
ready(() => {
  const figures = all("figure[data-chart]");
  if (!figures.length) return;
  document.body.append(tip);
  const wake = (figure) => enliven(figure).catch((problem) => console.warn(problem));
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { near.unobserve(entry.target); wake(entry.target); }
  }, { rootMargin: "200px" });
  figures.forEach((figure) => near.observe(figure));
  for (const figure of figures) for (const kind of ["pointerenter", "pointerdown", "focusin"]) {
    figure.addEventListener(kind, () => wake(figure), { once: true, passive: true });
  }
  slim.addEventListener("change", () => figures.filter((f) => "live" in f.dataset).forEach(wake));
});
})();
