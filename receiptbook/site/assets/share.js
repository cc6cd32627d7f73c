// A chart to take along: its picture as SVG or PNG with title, source and address; its link; code that embeds it.
"use strict";
(() => {
const { make } = ReceiptBook;
const EDGE = 24, LEAST = 560, SCALE = 2; // px around and across; pixels of the PNG to one of the picture
const page = () => document.querySelector('link[rel="canonical"]')?.href ?? location.href.replace(/[?#].*/, "");
const linkTo = (figure) => `${page()}#${figure.id}`;
const published = () => /^https?:/.test(page());
const words = (figure, selector) => figure.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const pen = document.createElement("canvas").getContext("2d");
const lines = (text, font, width) => {
  pen.font = font;
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = `${found.at(-1)} ${word}`.trim();
    if (found.at(-1) && pen.measureText(longer).width > width) found.push(word); else found[found.length - 1] = longer;
  }
  return found;
};

// The picture as it stands, of an explorer at its settings, with real colours in the place of the page's names.
const poster = (figure) => {
  const still = figure.querySelector(".still:not(.narrow)"), svg = still.querySelector("svg").cloneNode(true);
  const [, , width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  const family = getComputedStyle(still.querySelector("svg")).fontFamily.replaceAll('"', "'");
  const across = Math.max(LEAST, width), texts = [];
  let y = EDGE;
  const write = (text, size, bold, colour) => {
    for (const line of lines(text, `${bold ? "bold " : ""}${size}px ${family}`, across)) {
      y += Math.round(size * 1.3);
      texts.push(`<text x="${EDGE}" y="${y}" font-size="${size}"${bold ? ' font-weight="bold"' : ""} fill="var(--${colour})">${escape(line)}</text>`);
    }
  };
  write(words(figure, ".finding"), 19, true, "ink");
  if (figure.dataset.explorer) {
    y += 6;
    write([...figure.querySelectorAll(".result > :is(span, output)")].map((e) => e.textContent.trim()).join(" · "), 14, true, "accent");
    write(words(figure, ".words"), 14, false, "ink");
  }
  y += 14;
  const top = y;
  y += height + 6;
  write(words(figure, ".credit"), 12, false, "quiet");
  write(published() ? linkTo(figure) : document.title, 12, false, "quiet"); // not the folder of a copy
  for (const [name, value] of Object.entries({ x: EDGE, y: top, width, height, overflow: "visible" })) svg.setAttribute(name, value);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const size = [across + 2 * EDGE, y + EDGE];
  const colours = getComputedStyle(document.documentElement);
  const text = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(" ")}" width="${size[0]}" height="${size[1]}" font-family="${family}" font-size="12"><title>${escape(words(figure, ".finding"))}</title><rect width="100%" height="100%" fill="var(--paper)"/>${texts.join("")}${new XMLSerializer().serializeToString(svg)}</svg>`;
  return { size, text: text.replace(/var\(--([\w-]+)\)/g, (_, name) => colours.getPropertyValue(`--${name}`).trim()) };
};

const save = (blob, name) => {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
const png = async ({ size, text }) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = make("canvas");
  [canvas.width, canvas.height] = size.map((side) => side * SCALE);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((blob) => blob ? done(blob) : fail(new Error("no picture")), "image/png"));
};
const copy = async (text, name, told) => {
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = `${name} copied.`;
  } catch {
    const field = make("input");
    field.value = text;
    field.readOnly = true;
    field.setAttribute("aria-label", name);
    told.replaceChildren("Copy this: ", field);
    field.select();
  }
};
const embedded = (figure) => {
  const root = new URL(document.documentElement.dataset.content_root || "./", page());
  const still = figure.querySelector(".still:not(.narrow) svg");
  const height = figure.dataset.explorer ? 900 : +still.getAttribute("height") + 190;
  const title = escape(words(figure, ".finding"));
  return `<iframe src="${new URL(`embed/${figure.id}.html`, root)}" title="${title}" width="100%" height="${height}" style="border:0" loading="lazy"></iframe>`;
};
ReceiptBook.share = async (button) => {
  const figure = button.closest("figure"), told = button.parentElement.querySelector("[role=status]");
  told.textContent = "";
  try {
    switch (button.dataset.share) {
      case "png": save(await png(poster(figure)), `${figure.id}.png`); break;
      case "svg": save(new Blob([poster(figure).text], { type: "image/svg+xml" }), `${figure.id}.svg`); break;
      case "embed":
        if (!published()) { told.textContent = "This copy has no address that another site could show; embed from the published book."; break; }
        await copy(embedded(figure), "Code to embed", told);
        break;
      default: await copy(linkTo(figure), "Link", told);
    }
  } catch (problem) {
    console.warn(problem);
    told.textContent = "This browser could not make the picture.";
  }
};
})();
