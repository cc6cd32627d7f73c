// What reveal.js lacks for a class: a clock for the step of the plan, and a key for the theme.
(() => {
  let step, left, ticking;
  const words = (s) => (s < 0 ? "time is up" : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`);
  const show = () => {
    for (const one of document.querySelectorAll(".timer")) {
      const mine = one.closest(".slide").dataset.step === step && left !== undefined;
      one.textContent = mine ? words(left) + (ticking || left < 0 ? "" : " (stopped)") : "";
      one.classList.toggle("over", mine && left < 0);
    }
  };
  const stop = () => { clearInterval(ticking); ticking = undefined; };
  const tick = () => { left -= 1; if (left < 0) stop(); show(); };
  const toggle = () => {
    const { step: here, minutes } = Reveal.getCurrentSlide().dataset;
    if (ticking && here === step) { stop(); return show(); }
    if (!here) return;
    if (here !== step || left < 0) { step = here; left = Math.round(minutes * 60); }
    stop();
    ticking = setInterval(tick, 1000);
    show();
  };
  const theme = () => {
    const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
  };
  Reveal.initialize({
    width: 1280, height: 720, margin: 0, maxScale: 4, center: false, controls: false, hash: true,
    transition: "none", backgroundTransition: "none", display: "flex", scrollActivationWidth: 600,
    plugins: [RevealNotes], defaultTiming: document.querySelector("[data-step]") ? 0 : null,
    keyboard: { 38: "prev", 40: "next" },
  });
  Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Start or stop the step's clock" }, toggle);
  Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Dark or light" }, theme);
})();
