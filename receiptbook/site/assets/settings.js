// An explorer's settings beyond its controls: the address, the link to copy, numbers to drag.
"use strict";
(() => {
  const MARKS = /[^\p{L}\p{N}_-]+$/u; // the mark of a sentence behind an address, as in book.js, which an explorer on another site lacks
  const pages = () => [...document.querySelectorAll("[data-scenario]")].map((box) => box.dataset.scenario);

  const addAddressAndDragging = ({ id, box, find, parameters, defaults, values, set, read, show, unit }) => {
    const key = `explorer ${id}`;
    const written = (name) => encodeURIComponent(values[name]);
    const link = (names) => names.length
      ? `#s=${pages().length > 1 ? `${id}/` : ""}${names.map((name) => `${name}:${written(name)}`).join()}` : "";
    const changed = () => Object.keys(defaults).filter((name) => values[name] !== defaults[name]);

    // each entry of the history knows its settings, so that Back restores them
    const keep = (url) => {
      const kept = Object.fromEntries(changed().map((name) => [name, values[name]]));
      try { history.replaceState({ ...history.state, [key]: kept }, "", url); } catch { /* a locked-down page */ }
    };

    // the address follows the settings, a moment later
    let timer = 0;
    const noteSettings = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const hash = link(changed());
        if (!hash && !location.hash.startsWith("#s=")) return;
        keep(hash || location.pathname + location.search);
      }, 250);
    };

    // and the settings the address; the first explorer answers one that belongs to none
    const asks = (hash) => {
      const found = /^#s=(?:([^/:,]*)\/)?([^&?]*)/.exec(hash);
      if (!found) return null;
      const [, owner] = found, asked = found[2].replace(MARKS, ""), mine = pages(), known = mine.includes(owner);
      const given = {};
      let wrong = known || owner === undefined ? "" : owner;
      for (const part of asked ? asked.split(",") : []) {
        let [name, text = ""] = part.split(":");
        try { text = decodeURIComponent(text); } catch { wrong ||= part; }
        const p = parameters.get(name), value = p && read(p, text);
        if (value === undefined) wrong ||= part; else given[name] = value;
      }
      return { given, wrong, here: (known ? owner : mine[0]) === id };
    };
    const open = (url) => {
      let hash = url.replace(/^[^#]*/, ""), first = asks(hash), found = first;
      for (let turn = 0; turn < 2 && (!found || found.wrong); turn++) { // a messenger may have encoded it once more
        try { hash = decodeURIComponent(hash); } catch { break; }
        found = asks(hash);
      }
      if (!found || found.wrong) found = first;
      if (!found?.here) return;
      const { given, wrong } = found;
      set({ ...defaults, ...(wrong ? {} : given) });
      if (wrong) {
        find(".problem").textContent = `The address asks for “${wrong}”, which this explorer does not have. The defaults are shown.`;
        find(".problem").hidden = false;
      }
      (box.closest("figure") || box).scrollIntoView();
    };

    find('[data-act="copy"]').addEventListener("click", async () => {
      const names = changed(), done = find(".done");
      const url = location.href.replace(/#.*/, "") + link(names.length ? names : Object.keys(defaults).slice(0, 1));
      try { await navigator.clipboard.writeText(url); done.textContent = "Link copied."; } catch {
        const field = document.createElement("input");
        field.value = url;
        field.readOnly = true;
        field.setAttribute("aria-label", "Link to these settings");
        done.replaceChildren("Copy this: ", field);
        field.select();
      }
    });

    // a number in the sentence is a slider
    const spans = [...box.querySelectorAll("[data-d]")];
    const snap = (p, value) => Math.min(p.max, Math.max(p.min,
      +(p.min + Math.round((value - p.min) / p.step) * p.step).toPrecision(12)));
    const updateSliders = () => {
      for (const span of spans) {
        const p = parameters.get(span.dataset.d);
        span.setAttribute("aria-valuenow", values[p.name]);
        span.setAttribute("aria-valuetext", show(p, values[p.name]) + unit(p.unit));
      }
    };
    for (const span of spans) {
      const p = parameters.get(span.dataset.d);
      for (const [name, value] of Object.entries({ role: "slider", tabindex: 0, "aria-label": `${p.label}, in the sentence`, "aria-valuemin": p.min, "aria-valuemax": p.max })) span.setAttribute(name, value);
      let from = 0, base = 0;
      span.addEventListener("pointerdown", (event) => {
        from = event.clientX; base = values[p.name];
        span.setPointerCapture(event.pointerId);
        span.focus();
        event.preventDefault();
      });
      span.addEventListener("pointermove", (event) => {
        if (!span.hasPointerCapture(event.pointerId)) return;
        const reach = Math.max(p.step, (p.max - p.min) / 300);
        set({ [p.name]: snap(p, base + (event.clientX - from) * reach) });
      });
      span.addEventListener("keydown", (event) => {
        const leaps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
        const to = event.key === "Home" ? p.min : event.key === "End" ? p.max
          : leaps[event.key] && snap(p, values[p.name] + leaps[event.key] * p.step);
        if (to === undefined) return;
        event.preventDefault();
        set({ [p.name]: to });
      });
    }
    box.addEventListener("receiptbook:set", () => { updateSliders(); noteSettings(); });
    window.addEventListener("hashchange", (event) => open(event.newURL));
    window.addEventListener("popstate", ({ state }) => {
      const kept = state?.[key];
      if (kept && Object.keys(kept).every((name) => name in defaults)) set({ ...defaults, ...kept });
    });
    updateSliders();
    if (changed().length) noteSettings(); else { open(location.href); keep(); }
  };

  const waiting = window.receiptbookStarted || [];
  window.receiptbookStarted = { push: addAddressAndDragging };
  waiting.forEach(addAddressAndDragging);
})();
