// Explorers without a chart runtime: evaluate the traced formulas, redraw the hooked marks, change the words.
// What the first answer does not need is in settings.js, which this loads.
"use strict";
(() => {
  const MINUS = "\u2212", FAR = 1e5;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const fixed = (value, decimals, missing, comma) => {
    if (!Number.isFinite(value)) return missing;
    let text = Math.abs(value).toFixed(decimals);
    if (text >= 1000) text = text.replace(/(?<!\..*)\B(?=(\d{3})+(?!\d))/g, comma);
    return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
  };
  const px = (value) => String(Math.round(Math.max(-FAR, Math.min(FAR, value)) * 10) / 10);
  // The document is touched only where something changes: the rest of the page need not be laid out.
  const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const setAttribute = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };

  // A mark's path; x and y turn values into pixels. Each kind has a twin in receiptbook/explorers/shapes.py.
  const path = (kind, shape, x, y, r, seen) => {
    const at = (a, b) => {
      const one = a === null ? NaN : x(a), two = b === null ? NaN : y(b);
      return Number.isFinite(one) && Number.isFinite(two) && `${px(one)},${px(two)}`;
    };
    const joined = (points) => {
      let text = "", pen = "M";
      for (const p of points) {
        if (p) { text += pen + p; pen = "L"; } else pen = "M";
      }
      return text;
    };
    const ring = (points) => points.length ? joined(points) + "Z" : "";
    const whole = () => shape.filter((p) => p.every(Number.isFinite));
    switch (kind) {
      case "line": case "path": return joined(shape.map(([a, b]) => at(a, b)));
      case "area": return ring([...whole().map(([t, low]) => at(t, low)),
        ...whole().reverse().map(([t, , high]) => at(t, high))]);
      case "polygon": return ring(shape.map(([a, b]) => at(a, b)));
      case "rules": return shape.map(([a, b, c, d]) => joined([at(a, b), at(c, d)])).join("");
      case "bars": return whole().map(([a, b, c, d]) =>
        ring([at(a, b), at(c, b), at(c, d), at(a, d)])).join("");
      default: return shape.filter(seen).map(([a, b]) => at(a, b)).filter(Boolean).map((p) =>
        `M${p}m-${r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`).join("");
    }
  };
  const toPixels = ([low, high, log], length) => log
    ? (v) => Math.log(v / low) / Math.log(high / low) * length
    : (v) => (v - low) / (high - low) * length;

  const start = (s) => {
    const box = document.querySelector(`[data-scenario="${s.id}"]`);
    if (!box || box.dataset.live) return;
    box.dataset.live = "yes";
    const find = (selector) => box.querySelector(selector);
    const hooks = s.marks.map(() => []), names = s.marks.map(([name]) => `${s.id} ${name}`);
    for (const hook of all("[data-s]", box.closest("figure") || document)) hooks[names.indexOf(hook.dataset.s)]?.push([hook, ...hook.dataset.size.split(" ").map(Number)]);
    const outputs = all("[data-o]", box), numbers = all("[data-d], [data-f]", box);
    const inputs = all("[data-p]", box), presets = all("[data-preset]", box), reasons = all("[data-why]", box);
    const words = find(".words"), done = find(".done"), problem = find(".problem"), settings = find(".settings span"), assumed = find(".assumed span");
    const parameters = new Map(s.p.map(([name, label, unit, kind, value, min, max, step, decimals, options, comma, only]) =>
      [name, { name, label, unit, kind, value, min, max, step, decimals, options: new Map(options), comma, only }]));
    const holds = ([low, high], v) => v !== null && v >= low && v <= high, inside = ([a, b]) => holds(s.x, a) && holds(s.y, b);
    const defaults = Object.fromEntries(s.p.map((p) => [p[0], p[4]]));
    const values = { ...defaults };

    const show = (p, value) => p.kind === "select" ? p.options.get(value) : fixed(value, p.decimals, "", p.comma);
    const used = (only) => !only || only[1].includes(values[only[0]]);
    const unit = (text) => text === "%" ? "%" : text && ` ${text}`;

    // The model at the current settings.
    const run = (given = values) => {
      const frame = Object.assign({}, ...s.frames.map((f) => f.rows[f.keys.map((k) => given[k]).join("|")]));
      const inputs = [...s.p.map((p) => given[p[0]]), ...s.frames.flatMap((f) => f.numbers).map((n) => frame[n])];
      const outputs = s.out.map((o) => o[3](...inputs));
      const args = [...inputs, ...outputs];
      const words = {}, results = {};
      for (const p of parameters.values()) words[p.name] = show(p, given[p.name]);
      s.out.forEach(([name, decimals, missing, , comma, unit], n) => {
        words[name] = fixed(outputs[n], decimals, missing, comma);
        results[name] = words[name] + (Number.isFinite(outputs[n]) ? unit : "");
      });
      for (const name of s.frames.flatMap((f) => f.texts)) words[name] = frame[name];
      const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => words[name]);
      const sentence = fill(s.say.find(([when]) => !when || when(...args))[1]);
      return { args, frame, fill, words, results, sentence, outputs: Object.fromEntries(s.out.map((o, n) => [o[0], outputs[n]])) };
    };
    const shapeOf = ([, kind, , formula, more], state) => {
      const { args, frame } = state;
      if (typeof formula === "string") return frame[formula];
      if (Array.isArray(formula)) { // a label on a line
        const [line, share] = formula, seen = shapeOf(s.marks.find(([name]) => name === line), state).filter(inside);
        return seen.length ? [seen[Math.floor(share * (seen.length - 1))]] : [[NaN, NaN]];
      }
      if (kind !== "line" && kind !== "area") return formula(...args);
      const [low, high, steps] = more, shape = [];
      for (let i = 0; i <= steps; i++) {
        const t = s.x[2] ? low * Math.pow(high / low, i / steps) : low + (high - low) * (i / steps);
        shape.push([t].concat(formula(...args, t)));
      }
      return shape;
    };
    const draw = () => {
      const state = run();
      s.marks.forEach((m, i) => {
        const shape = shapeOf(m, state);
        for (const [hook, width, height] of hooks[i]) {
          const x = toPixels(s.x, width), up = toPixels(s.y, height), y = (v) => height - up(v);
          if (m[1] !== "text") { setAttribute(hook, "d", path(m[1], shape, x, y, m[2], inside)); continue; }
          shape.forEach(([a, b], n) => {
            const text = hook.children[n], seen = inside([a, b]);
            setText(text, seen ? state.fill(m[4][n]) : "");
            if (seen) { setAttribute(text, "x", px(x(a))); setAttribute(text, "y", px(y(b))); }
          });
        }
      });
      for (const out of outputs) {
        setText(out, state.results[out.dataset.o]);
        if (out.parentNode.localName === "dd") out.parentNode.parentNode.hidden = !out.textContent;
      }
      for (const reason of reasons) reason.hidden = values[reason.dataset.why] !== defaults[reason.dataset.why];
      for (const number of numbers) setText(number, state.words[number.dataset.d || number.dataset.f]);
      setText(words, state.sentence);
      setText(settings, s.p.filter((p) => used(p[11])).map(([name, label, u]) => `${label} ${state.words[name]}${unit(u)}`).join("; "));
      if (assumed) {
        const n = s.p.filter((p) => p[12] && used(p[11])).length;
        setText(assumed, `from ${n} assumed value${n > 1 ? "s" : ""}`);
      }
      for (const button of presets) {
        const preset = s.presets[button.dataset.preset];
        const on = s.p.every(([name, , , , value]) => values[name] === (name in preset ? preset[name] : value));
        setAttribute(button, "aria-pressed", String(on));
      }
    };
    // The first change is drawn at once, those that follow within its frame together in the next.
    let due = 0, more = false;
    const redraw = () => {
      if (due) { more = true; return; }
      draw();
      due = requestAnimationFrame(() => { due = 0; if (more) { more = false; redraw(); } });
    };
    const write = (source) => {
      for (const input of inputs) {
        const value = values[input.dataset.p], only = parameters.get(input.dataset.p).only;
        if (only) input.disabled = !used(only);
        if (input === source) continue;
        if (input.type === "radio") input.checked = input.value === value;
        else if (input.value !== String(value)) input.value = value;
        if (input.ariaInvalid) input.removeAttribute("aria-invalid");
      }
    };
    const changed = (source) => {
      write(source);
      setText(done, "");
      problem.hidden = true;
      redraw();
      box.dispatchEvent(new Event("receiptbook:set"));
    };
    const set = (given, source) => { Object.assign(values, given); changed(source); };

    // What a control or an address may say; undefined if the explorer does not have it.
    const read = (p, text) => {
      if (p.kind === "select") return p.options.has(text) ? text : undefined;
      const value = text.trim() === "" ? NaN : Number(text);
      return value >= p.min && value <= p.max ? value : undefined;
    };

    box.addEventListener("input", ({ target }) => {
      const p = parameters.get(target.dataset.p);
      if (!p) return;
      const value = read(p, target.value);
      if (value === undefined) return target.setAttribute("aria-invalid", "true");
      target.removeAttribute("aria-invalid");
      set({ [p.name]: value }, target);
    });
    box.addEventListener("change", ({ target }) => {
      if (target.getAttribute("aria-invalid") !== "true") return;
      const p = parameters.get(target.dataset.p);
      const typed = Number(target.value || NaN), nearest = Math.min(p.max, Math.max(p.min, typed));
      if (Number.isFinite(nearest)) set({ [p.name]: nearest }); else write();
      done.textContent = `${p.label} goes from ${show(p, p.min)} to ${show(p, p.max)}${unit(p.unit)}${Number.isFinite(nearest) ? `: set to ${show(p, nearest)}${unit(p.unit)}.` : "."}`;
    });
    box.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      if (button.dataset.preset) set({ ...defaults, ...s.presets[button.dataset.preset] });
      if (button.dataset.act === "reset") { set(defaults); done.textContent = "Back to the defaults."; }
    });
    const controls = find(".controls");
    controls.hidden = controls.inert = false;
    box.receiptbook = { id: s.id, box, find, parameters, defaults, values, set, read, show, unit, run };
    (window.receiptbookStarted ||= []).push(box.receiptbook);
  };

  const address = document.currentScript.src.replace(/scenario\.js/, "settings.js");
  const noLink = () => all('[data-act="copy"]').forEach((button) => { button.hidden = true; });
  const later = !location.hash && window.requestIdleCallback || setTimeout;
  later(() => document.head.append(Object.assign(document.createElement("script"), { src: address, onerror: noLink })), { timeout: 1000 });
  const waiting = window.receiptbookScenarios || [];
  const begin = () => {
    window.receiptbookScenarios = { push: start };
    waiting.forEach(start);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
