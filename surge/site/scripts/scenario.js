// A scenario: inputs, results in words, presets, and an address that carries its settings.
const number = (value, decimals) => value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");
const settingsOf = (form) => Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name,
  e.type === "checkbox" ? e.checked : e.type === "range" || (e.value !== "" && !isNaN(e.value)) ? +e.value : e.value]));
const applyTo = (form, values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value === true || value === "true" || value === "1";
    else field.value = value;
  }
};
const answer = (form, { outputs, words }) => {
  const settings = settingsOf(form), shown = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    shown[field.name] = field.type === "range" ? number(+field.value, +field.dataset.decimals) : field.selectedOptions?.[0].text ?? field.value;
    const beside = form.querySelector(`output[for="${field.id}"]`);
    if (beside) beside.textContent = shown[field.name];
  }
  const unit = (text) => text ? (text === "percent" ? "%" : `\u00a0${text}`) : "";
  for (const o of outputs) {
    const value = o.of(settings);
    shown[o.name] = Number.isFinite(value) ? number(value, o.decimals) + unit(o.unit) : "no answer";
    const place = form.querySelector(`[data-output="${o.name}"]`);
    if (place) place.textContent = shown[o.name];
  }
  const sentence = words.find(([when]) => when(settings));
  if (sentence) form.querySelector(".words").textContent = sentence[1].replace(/\{(\w+)\}/g, (all, name) => shown[name] ?? all);
};
ready(() => {
  for (const form of all("form.controls")) {
    const figure = form.closest("figure");
    figure.settings = () => settingsOf(form);
    let frame = 0;
    const follow = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(async () => {
        const { scenario } = await chartOf(figure);
        answer(form, scenario);
        const view = await enliven(figure);
        if (!view) return;
        const { signals } = view.getState();
        for (const [name, value] of Object.entries(settingsOf(form))) if (name in signals) view.signal(name, value);
        await view.runAsync();
      });
    };
    form.addEventListener("input", follow);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(follow));
    form.addEventListener("click", async ({ target }) => {
      if (target.dataset.preset) {
        const { scenario } = await chartOf(figure);
        applyTo(form, scenario.presets[+target.dataset.preset]);
        follow();
      } else if ("share" in target.dataset) {
        const settings = Object.entries(settingsOf(form)).map(([k, v]) => `${k}:${encodeURIComponent(v)}`).join(",");
        history.replaceState(null, "", `#s=${settings}`);
        try { await navigator.clipboard.writeText(location.href); target.textContent = "Link copied"; } catch { target.textContent = "Link is in the address bar"; }
        setTimeout(() => { target.textContent = "Copy link"; }, 2000);
      }
    });
    chartOf(figure).then(({ scenario }) => {
      const given = /^#s=(.+)/.exec(location.hash);
      const values = given ? Object.fromEntries(given[1].split(",").map((pair) => pair.split(":").map(decodeURIComponent))) : null;
      if (values && Object.keys(values).every((name) => form.elements[name])) {
        applyTo(form, values);
        figure.scrollIntoView();
        follow();
      }
      answer(form, scenario);
    });
  }
});
