// What a reader writes is kept in this browser, one entry a box by its id, and sent nowhere.
"use strict";
const Kept = (() => {
  const start = "KEPT", page = location.pathname.replace(/^.*\//, "").replace(/\.html$/, "");
  const held = new Map(), heard = []; // held: what the browser refused to keep, until the page is closed
  const store = (work) => { try { return work(localStorage); } catch { return undefined; } };
  const get = (id) => {
    try {
      const entry = JSON.parse(held.get(id) ?? store((kept) => kept.getItem(start + id)) ?? "null");
      return typeof entry?.given === "string" ? entry : null;
    } catch { return null; }
  };
  const tell = () => { for (const hear of heard) hear(!held.size); };
  const put = (id, entry) => {
    const text = JSON.stringify({ page, ...entry, when: entry.when ?? new Date().toISOString().slice(0, 16) });
    const kept = store((kept) => { kept.setItem(start + id, text); return true; });
    if (kept) held.delete(id); else held.set(id, text);
    tell();
  };
  const forget = (ids) => {
    for (const id of ids) { held.delete(id); store((kept) => kept.removeItem(start + id)); }
    tell();
  };
  const ids = () => {
    const kept = store((kept) => Object.keys(kept).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length))) ?? [];
    return [...new Set([...kept, ...held.keys()])];
  };
  const all = () => Object.fromEntries(ids().map((id) => [id, get(id)]).filter(([, entry]) => entry));
  const here = () => Object.fromEntries(Object.entries(all()).filter(([, entry]) => entry.page === page));
  // A text box with data-kept="its id" fills itself and is kept while it is written in.
  const mind = (box) => {
    const id = box.dataset.kept, label = box.dataset.label ?? box.labels?.[0]?.textContent.trim() ?? "";
    let waiting = 0;
    const save = () => {
      clearTimeout(waiting);
      waiting = 0;
      if (box.value.trim()) put(id, { given: box.value, label }); else forget([id]);
    };
    box.value ||= get(id)?.given ?? "";
    box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(save, 300); });
    box.addEventListener("change", save);
    addEventListener("pagehide", () => { if (waiting) save(); });
  };
  const hear = (hears) => { heard.push(hears); hears(!held.size); };
  return { get, put, forget, all, here, mind, hear };
})();
(window.ReceiptBook ??= {}).kept = Kept;
