// Builds vega-lite.js, which turns a chart that was run in the page into one that the site's vega.js
// draws. Run `npm ci && npm run build` here after a change of the version, and commit the result.
import { build } from "esbuild";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const inside = (...names) => path.join("node_modules", ...names);
const made = await build({
  stdin: { contents: 'export { compile } from "vega-lite";', resolveDir: process.cwd() },
  bundle: true, minify: true, format: "iife", globalName: "vegaLite", target: "es2020",
  legalComments: "none", metafile: true, write: false,
  alias: { vega: "vega-util" }, // all that it takes of Vega, which the site has already
});
if (made.warnings.length) throw Error(made.warnings[0].text);
const used = Object.keys(made.metafile.inputs).map((file) => /node_modules\/([^/]+)/.exec(file)?.[1]);
const about = (name) => JSON.parse(fs.readFileSync(inside(name, "package.json"), "utf8"));
const names = [...new Set(used.filter(Boolean))].sort();
const banner = `/* Vega-Lite ${about("vega-lite").version}, BSD-3-Clause; text in LICENSES.txt; built by build.mjs */\n`;
fs.writeFileSync("../assets/vega-lite.js", banner + made.outputFiles[0].text);
const licence = fs.readFileSync(inside("vega-lite", "LICENSE"), "utf8").trim();
const told = names.map((name) => `${name} ${about(name).version}`).join(", ");
fs.writeFileSync("../assets/vega-lite.LICENSE.txt", `${told}\n\n${licence}\n`);
const bytes = fs.readFileSync("../assets/vega-lite.js");
console.log(bytes.length, "bytes,", zlib.gzipSync(bytes, { level: 9 }).length, "gzip");
