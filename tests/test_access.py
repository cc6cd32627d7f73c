"""The search for faults of access finds them where one text stands for others of its kind."""

import pytest
from access import COLOURS, faults

pytestmark = pytest.mark.slow  # a browser

PAGE = """<!doctype html><html lang="en"><title>Rain</title><body style="background: #fff">
<main><h1>Rain</h1><p>It rains.</p><p>It rains again.</p>%s</main></body></html>"""


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ('<p style="color: #bbb">It is dry.</p>', "color-contrast"),
        ('<div style="background: #222"><p style="color: #333">Dry.</p></div>', "color-contrast"),
        ('<div style="background: #222"><p>Dry.</p></div>', "color-contrast"),
        ('<div style="opacity: .3"><p>It is dry.</p></div>', "color-contrast"),
        ('<p>It rains on <a href="#x" style="color: #030; text-decoration: none">a link</a>.</p>',
         "link-in-text-block"),
        ('<button style="width: 9px; height: 9px; padding: 0">a</button>' * 2, "target-size"),
        ("<img src='data:,'>", "image-alt"),
    ],
)  # fmt: skip
def test_a_fault_is_found_in_a_fold_and_outside(browser, planted, rule):
    tab = browser.new_page()
    tab.set_content(PAGE % "")
    assert faults(tab) == []
    for around in ("%s", "<details open><summary>More</summary>%s</details>"):
        tab.set_content(PAGE % (around % planted))
        assert [one.partition(":")[0] for one in faults(tab)] == [rule]
        assert bool(faults(tab, only=COLOURS)) == (rule in COLOURS)
        assert faults(tab, "h1") == []
    tab.close()
