"""What axe finds on a page that keeps somebody from reading or using it.

Nearly all of axe's time goes into the contrast of each text with what lies around and below it. It is
judged once for each way in which the page paints text: colours, size and weight of the text and of what
it stands in, and all grounds below. One text of each way is looked at, wherever it stands, in a fold too.
"""

from axe_playwright_python.base import AXE_SCRIPT

FIND = """async ([within, only]) => {
  const root = document.querySelector(within), seen = new Set();
  const ground = (at) => {
    const style = getComputedStyle(at);
    return [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join();
  };
  const letters = (at) => {
    const style = getComputedStyle(at);
    return [style.color, style.fill, style.stroke, style.fontSize, style.fontWeight, style.textShadow,
      style.textDecorationLine].join();
  };
  for (const one of root.querySelectorAll('*')) {
    one.removeAttribute('data-judged');
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !one.checkVisibility()) continue;
    const way = [one.tagName, letters(one), letters(one.parentElement)];
    for (let at = one; at; at = at.parentElement) way.push(ground(at));
    const painted = way.filter((part, place) => part !== way[place - 1]).join('|');
    if (!seen.has(painted)) one.setAttribute('data-judged', '');
    seen.add(painted);
  }
  axe.configure({ rules: [
    { id: 'color-contrast', selector: '[data-judged]' },
    { id: 'link-in-text-block', selector: ':is(a[href]:not([role]), [role=link])[data-judged]' },
  ] });
  // a control of at least 24 pixels, or room around it: axe asks for it only when it is named
  const rules = only.length ? { runOnly: only } : { rules: { 'target-size': { enabled: true } } };
  const options = { resultTypes: ['violations'], preload: false, ...rules };
  const found = (await axe.run(root, options)).violations;
  return found.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`);
}"""
#: the rules that read colours, which another theme can turn
COLOURS = ("color-contrast", "link-in-text-block")


def faults(page, within: str = "html", only: tuple[str, ...] = ()) -> list[str]:
    """Each rule that is broken within a part of a page, and the markup of the first place.

    only : names of axe's rules; without them all, and the size of what is pressed
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FIND, [within, [*only]])
