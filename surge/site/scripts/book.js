// Loading on demand by classic script tags, which work from a folder too; menu; copy buttons.
const here = document.currentScript.src.replace(/[^/]*$/, "");
const loads = {};
const load = (name) => loads[name] ??= new Promise((done, fail) => {
  const tag = document.createElement("script");
  tag.src = here + name;
  tag.onload = done;
  tag.onerror = () => { delete loads[name]; fail(new Error(`cannot load ${name}`)); };
  document.head.append(tag);
});
const make = (name, look, text) => {
  const element = document.createElement(name);
  if (look) element.className = look;
  if (text !== undefined) element.textContent = text;
  return element;
};
window.Surge = { all, load, make, ready };
ready(() => {
  // explorers: once the page is quiet; charts: when the reader first stirs
  const explorers = all("[data-explorer]").map((figure) => `charts/${figure.dataset.explorer}.js`);
  const explore = () => ["scenario.js", ...explorers].forEach(load);
  if (explorers.length) {
    if (document.readyState === "complete") explore(); else addEventListener("load", explore);
    addEventListener("pointerdown", explore, { once: true });
  }
  if (document.querySelector("[data-chart]")) {
    const wake = () => load("figures.js");
    for (const kind of ["pointermove", "pointerdown", "scroll", "keydown"]) addEventListener(kind, wake, { once: true, passive: true });
  }
  const menu = document.querySelector(".menu");
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.firstElementChild.focus(); }
  });
  for (const box of all(".cell_input .highlight")) {
    const button = make("button", "copy", "Copy");
    button.type = "button";
    button.onclick = () => navigator.clipboard?.writeText(box.querySelector("pre").textContent).then(() => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    if (navigator.clipboard) box.append(button);
  }
});
