// Python in a worker of the page. What it needs comes from the site by hash, or from the page by message.
"use strict";
const PLACES = { "charts.bin": ["charts.bin", "models.bin"], "chapters.bin": ["chapters.bin"] };
const KEPT = "receiptbook-python"; // the browser's HTTP cache may forget; this one does not
const loaded = {}, there = new Set();
let wanted, given, ledger, python, runner, chapter, fetched = 0;

const told = (words) => postMessage({ told: words });
const counted = async (response) => {
  const reader = response.body.getReader(), parts = [];
  for (let part; !(part = await reader.read()).done;) {
    parts.push(part.value);
    fetched += part.value.length;
    postMessage({ fetched });
  }
  return new Blob(parts).arrayBuffer();
};
const asked = async (name) => {
  const [, hash] = wanted[name], address = `${name}?${hash.slice(7, 15).replace(/\W/g, "_")}`;
  const store = await self.caches?.open(KEPT).catch(() => null);
  const hit = await store?.match(address);
  if (hit) return hit.arrayBuffer();
  const answer = await real(new URL(address, self.location), { integrity: hash });
  if (!answer.ok) throw new Error(`${name} is not there (${answer.status})`);
  const bytes = await counted(answer);
  if (store) { // an older edition of the same file makes room
    for (const old of await store.keys()) if (old.url.split("?")[0].endsWith(`/${name}`)) await store.delete(old);
    await store.put(address, new Response(bytes)).catch(() => { /* no room: it is fetched again */ });
  }
  return bytes;
};
const bytesOf = (name) => loaded[name] ??= given ? Promise.resolve(given[name]) : asked(name);

// What is big comes gzipped, whatever a server does.
const unpacked = async (name, headers) => {
  const packed = new Response(await bytesOf(name)).body; // WebKit reads no Blob from a folder
  return new Response(packed.pipeThrough(new DecompressionStream("gzip")), { headers });
};

// Pyodide fetches its parts by name.
const real = self.fetch?.bind(self);
self.fetch = async (address) => {
  const name = String(address.url ?? address).replace(/^.*\//, "");
  if (name.endsWith(".wasm")) return unpacked(name.replace(".wasm", ".bin"), { "Content-Type": "application/wasm" });
  return name.endsWith(".zip") ? unpacked(name.replace(".zip", ".bin")) : new Response(await bytesOf(name));
};

const unpack = async (name) => {
  if (there.has(name)) return;
  const bytes = await (await unpacked(name)).arrayBuffer();
  python.unpackArchive(bytes, "zip", { extractDir: "/packed" });
  delete loaded[name];
  there.add(name);
};

const start = async ({ files, archives, scripts, ...more }) => {
  wanted = files;
  given = scripts;
  ledger = more.ledger;
  ["glue.bin", "pyodide.asm.bin", "python_stdlib.bin", ...archives].forEach((name) => bytesOf(name).catch(() => {}));
  if (!self.loadPyodide) { // from a folder both stand in the worker already
    importScripts("pyodide.js");
    const glue = await unpacked("glue.bin", { "Content-Type": "text/javascript" });
    importScripts(URL.createObjectURL(await glue.blob()));
  }
  python = await loadPyodide({
    indexURL: given ? "https://book.invalid/" : new URL(".", self.location).href,
    lockFileURL: "lock.json",
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", TZ: "UTC", COLUMNS: "80", RECEIPTBOOK_ROOT: "/packed/book" },
  });
  python.runPython("import sys; sys.path += ['/packed/site', '/packed/book']");
  for (const name of archives) await unpack(name);
  runner = python.pyimport("runner");
  chapter = runner.start();
};

const run = async ({ source, printed }) => {
  for (;;) {
    const absent = Object.keys(PLACES).filter((name) => !there.has(name));
    const result = JSON.parse(runner.run(chapter, source, python.toPy(absent), printed, ledger));
    if (!result.wants) return result;
    told(`Fetching ${result.wants}`);
    for (const name of PLACES[result.wants]) await unpack(name);
  }
};

onmessage = async ({ data: { id, act, ...more } }) => {
  try {
    let result = {};
    if (act === "start") await start(more);
    else if (act === "run") result = await run(more);
    else if (act === "otherwise") result = JSON.parse(runner.otherwise(more.changes, more.sources, more.printed, ledger));
    postMessage({ id, result, memory: python._module.HEAP8.length });
    // the longest of the first cell, done while the page draws its editors
    if (act === "start" && there.has("charts.bin")) setTimeout(() => python.runPython("import altair, pandas"));
  } catch (problem) {
    postMessage({ id, problem: String(problem?.message ?? problem).trim().split("\n").at(-1) });
  }
};
