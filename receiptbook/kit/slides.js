// Arrow keys turn the slides; everything else is the browser's own scrolling.
addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
  if (!step || event.target.closest("a, button")) return;
  const all = [...document.querySelectorAll(".slide")];
  const at = all.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
  const to = all[Math.max(0, Math.min(all.length - 1, at + (event.shiftKey ? -step : step)))];
  event.preventDefault();
  to.scrollIntoView();
  to.focus({ preventScroll: true });
});
