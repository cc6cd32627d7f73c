// From a folder a page may not fetch: what Python needs is held by scripts, and the worker starts from memory.
"use strict";
(() => {
const held = {};
ReceiptBook.held = (name, text) => {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n++) bytes[n] = raw.charCodeAt(n);
  held[name] = bytes.buffer;
};
const every = ["worker", "pyodide.asm.bin", "python_stdlib.bin", "lock.json", "core.bin", "charts.bin", "models.bin", "chapters.bin"];
ReceiptBook.stick = async () => {
  for (const name of every) if (!held[name]) await ReceiptBook.load(`run/stick/${name}.js`);
  const { worker: code, ...scripts } = held;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  return { worker, scripts };
};
})();
