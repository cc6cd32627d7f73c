// Code: a button that copies it; its colours, when it comes into sight.
const COLOURS = new RegExp([
  "(?<c>#.*)",
  String.raw`(?<s>(?:\b[rbfuRBFU]{1,2})?(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
  String.raw`(?<nf>(?<=\b(?:def|class) )\w+)`,
  String.raw`(?<k>\b(?:and|as|assert|break|class|continue|def|del|elif|else|except|False|finally|for|from|if|import|in|is|lambda|None|not|or|pass|raise|return|True|try|while|with|yield)\b)`,
  String.raw`(?<nb>(?<![.\w])(?:abs|all|any|dict|enumerate|float|int|len|list|map|max|min|print|range|round|set|sorted|str|sum|tuple|zip)(?=\())`,
].join("|"), "g");
const colour = (pre) => {
  if (pre.firstElementChild) return;
  const text = pre.textContent;
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(COLOURS)) {
    parts.push(text.slice(end, match.index), make("span", Object.keys(match.groups).find((k) => match.groups[k]), match[0]));
    end = match.index + match[0].length;
  }
  pre.replaceChildren(...parts, text.slice(end));
};
ready(() => {
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) { colour(target); seen.unobserve(target); }
  });
  for (const pre of all(".cell_input pre")) seen.observe(pre);
  for (const box of all(".cell_input .highlight")) {
    const button = make("button", "copy", "Copy");
    button.type = "button";
    button.onclick = () => navigator.clipboard?.writeText(box.querySelector("pre").textContent).then(() => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    if (navigator.clipboard) box.append(button);
  }
});
