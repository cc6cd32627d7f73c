// Builds the chart runtime that the site serves: Vega's parser, its view and the interpreter of
// expressions (no eval, so a strict Content-Security-Policy holds), drawing SVG only.
// dist/vega.js has the transforms of transforms.json, about two thirds of all Vega; it is one classic
// script, so that it loads from a folder as well as from a server.
import { build } from "esbuild";
import { minify } from "terser";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const modules = path.resolve("node_modules");
const inside = (name) => path.join(modules, name);
const rooms = ["vega-transforms", "vega-view-transforms", "vega-encode"];
const { data, inner } = JSON.parse(fs.readFileSync("transforms.json", "utf8"));

async function entry() {
  const lines = [
    `export {View} from "vega-view";`,
    `export {parse} from "vega-parser";`,
    `export {expressionInterpreter} from "vega-interpreter";`,
    `import {transforms} from "vega-dataflow";`,
  ];
  const found = new Set();
  for (const [n, room] of rooms.entries()) {
    const names = Object.keys(await import(room)).filter((k) => [...data, ...inner].includes(k));
    names.forEach((name) => found.add(name));
    const list = names.map((name) => `${name} as ${name}_${n}`).join(",");
    const table = names.map((name) => `${name}:${name}_${n}`).join(",");
    lines.push(`import {${list}} from "${room}";`, `Object.assign(transforms,{${table}});`);
  }
  const missing = [...data, ...inner].filter((name) => !found.has(name));
  if (missing.length) throw Error(`no such transforms: ${missing.join(", ")}`);
  return lines.join("\n");
}

// What a chart of this book never asks for. Each stub fails by name if it is called after all.
const never = (names) => names.map((n) => `export const ${n}=()=>{throw Error("${n} is not in this build")};`).join("");
const stubs = {
  "d3-geo": never(["geoArea", "geoBounds", "geoCentroid"]),
  "d3-dsv": never(["dsvFormat"]),
  "topojson-client": never(["feature", "mesh"]),
  "d3-scale-chromatic": null, // see palettes below
};
const swaps = {
  // SVG only: no canvas renderer, no hybrid
  "vega-scenegraph/src/modules.js": `import renderer from "./SVGRenderer.js";import handler from "./SVGHandler.js";
    export const RenderType={Canvas:"canvas",Hybrid:"hybrid",PNG:"png",SVG:"svg",None:"none"};
    const modules={svg:{renderer,headless:renderer,handler},none:{}};
    export const renderModule=(name)=>modules[String(name||"").toLowerCase()];`,
  // the book's colours are its own: no named colour schemes
  "vega-scale/src/palettes.js": "export const discrete={};export const continuous={};",
};

const plugin = {
  name: "vega-from-source", // the published bundles have side effects and cannot be shaken
  setup(b) {
    b.onResolve({ filter: /^vega-[a-z-]+$/ }, ({ path: name }) => {
      const file = ["index.browser.js", "index.js", "src/index.js"].map((f) => path.join(inside(name), f)).find(fs.existsSync);
      return { path: file, sideEffects: false };
    });
    b.onResolve({ filter: /^\.\.?\// }, ({ path: name, importer }) => {
      if (!/node_modules\/vega-/.test(importer)) return;
      const base = path.join(path.dirname(importer), name);
      const file = [base, `${base}.js`, path.join(base, "index.js")].find((f) => fs.existsSync(f) && fs.statSync(f).isFile());
      return { path: file, sideEffects: false };
    });
    b.onResolve({ filter: /^(d3-geo|d3-dsv|topojson-client)$/ }, ({ path: name }) => stubs[name] ? { path: name, namespace: "stub" } : undefined);
    b.onLoad({ filter: /.*/, namespace: "stub" }, ({ path: name }) => ({ contents: stubs[name], loader: "js" }));
    b.onLoad({ filter: /vega-(scenegraph\/src\/modules|scale\/src\/palettes)\.js$/ }, ({ path: file }) => {
      const key = Object.keys(swaps).find((k) => file.endsWith(k));
      return key ? { contents: swaps[key], loader: "js", resolveDir: path.dirname(file) } : undefined;
    });
    b.onLoad({ filter: /vega-view\/src\/initialize\.js$/ }, ({ path: file }) => ({
      contents: fs.readFileSync(file, "utf8").replace("{CanvasHandler, renderModule}", "{SVGHandler as CanvasHandler, renderModule}"),
      loader: "js", resolveDir: path.dirname(file),
    }));
    // the canvas module for Node waits at its top level, which a classic script cannot
    b.onLoad({ filter: /vega-canvas\/(index|index\.browser)\.js$/ }, ({ path: file }) => ({
      contents: `export {domCanvas as canvas, domCanvas, domImage as image} from "./src/domCanvas.js";`,
      loader: "js", resolveDir: path.dirname(file),
    }));
  },
};

const outfile = "dist/vega.js";
const result = await build({
  stdin: { contents: await entry(), resolveDir: process.cwd() },
  bundle: true, minify: true, format: "iife", globalName: "vega", target: "es2020",
  legalComments: "none", plugins: [plugin], metafile: true, write: false,
});
const version = (name) => JSON.parse(fs.readFileSync(path.join(inside(name), "package.json"), "utf8")).version;
const { code } = await minify(result.outputFiles[0].text, { compress: { passes: 3 }, ecma: 2020 });
const banner = `/* Vega ${version("vega")}, BSD-3-Clause, with D3 parts, ISC; texts in LICENSES.txt; built by build.mjs */\n`;
fs.writeFileSync(outfile, banner + code.replace(/\n$/, "") + "\n");

const used = [...new Set(Object.keys(result.metafile.inputs).map((f) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(f)?.[1]).filter(Boolean))].sort();
const text = (name) => {
  const file = ["LICENSE", "LICENSE.md", "license"].map((f) => path.join(inside(name), f)).find(fs.existsSync);
  return file ? fs.readFileSync(file, "utf8").trim() : "BSD-3-Clause, as vega";
};
const groups = new Map();
for (const name of used) groups.set(text(name), [...(groups.get(text(name)) ?? []), `${name} ${version(name)}`]);
fs.writeFileSync("dist/LICENSES.txt", [...groups].map(([licence, names]) => `${names.join(", ")}\n\n${licence}\n`).join(`\n${"-".repeat(72)}\n\n`));
const bytes = fs.readFileSync(outfile);
console.log(outfile, bytes.length, "bytes,", zlib.gzipSync(bytes, { level: 9 }).length, "gzip");
