"""What axe finds on a page that keeps somebody from reading or using it.

Nearly all of axe's time goes into the contrast of each text with what lies below it. It is judged
once for each way in which the page paints text: colours, size and weight, and the grounds of all that
it stands in. One text of each way is looked at, wherever it stands, in a fold too.
"""

from axe_playwright_python.base import AXE_SCRIPT

FIND = """async ([within, only]) => {
  const root = document.querySelector(within), found = [];
  const run = async (where, rules) => {
    const options = { resultTypes: ['violations'], preload: false, ...rules };
    found.push(...(await axe.run(where, options)).violations);
  };
  const others = only.filter((rule) => rule !== 'color-contrast');
  // a control of at least 24 pixels, or room around it: axe asks for it only when it is named
  if (!only.length) await run(root, { rules: {
    'color-contrast': { enabled: false }, 'target-size': { enabled: true } } });
  else if (others.length) await run(root, { runOnly: others });

  const ways = new Map();
  const ground = (at) => {
    const style = getComputedStyle(at);
    return [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join();
  };
  for (const one of root.querySelectorAll('*')) {
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const way = [one.namespaceURI, style.color, style.fill, style.stroke, style.fontSize,
      style.fontWeight, style.textShadow];
    for (let at = one; at; at = at.parentElement) way.push(ground(at));
    const painted = way.filter((part, place) => part !== way[place - 1]).join('|');
    if (!ways.has(painted)) ways.set(painted, one);
  }
  if (ways.size) await run({ include: [...ways.values()] }, { runOnly: ['color-contrast'] });
  return found.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`);
}"""
#: the rules that read colours, which another theme can turn, and the one for what folds hide
COLOURS = ("color-contrast", "link-in-text-block", "target-size")


def faults(page, within: str = "html", only: tuple[str, ...] = ()) -> list[str]:
    """Each rule that is broken within a part of a page, and the markup of the first place.

    only : names of axe's rules; without them all, and the size of what is pressed
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FIND, [within, [*only]])
