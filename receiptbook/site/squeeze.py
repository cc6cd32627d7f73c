"""Smaller pages: classes without a rule, colours of code, white space and optional tags go.

Code is coloured by scripts/code.js when it comes into sight; without scripts it is plain.
"""

from __future__ import annotations

import re
from pathlib import Path

import minify_html
from sphinx.application import Sphinx

from receiptbook.site.assets import lean

IDLE = tuple(
    (re.compile(pattern, re.S), by)
    for pattern, by in (
        (r'<span class="[a-z][a-z0-9]{0,2}">([^<]*)</span>', r"\1"),  # Pygments' colours
        (r"<span></span>", ""),
        (
            r'<div class="highlight-[\w-]+ notranslate"><div class="highlight">'
            r"(<pre[^>]*>(?:(?!</pre>).)*</pre>)\s*</div>\s*</div>",
            r'<div class="highlight">\1</div>',
        ),
        (r'<span class="(?:std std-ref|std std-doc|doc|pre|xref myst)">([^<]*)</span>', r"\1"),
        (r' class="reference (?:in|ex)ternal"', ""),
        (r' docutils container"', '"'),
        (r' docutils literal notranslate"', ' literal"'),
        (r' class="tex2jax_ignore mathjax_ignore"', ""),
    )
)

END = re.compile(  # end tags that every parser infers from what follows; minify-html drops more
    r"</t[dh]>(?=</?t[dhr]\b|</t)|</tr>(?=<tr\b|</t)|</thead>(?=<tbody)|</tbody>(?=</table)"
    r"|</li>(?=<li\b|</[uo]l>)|</p>(?=<p\b|</(?!a>|noscript))|</d[dt]>(?=<d[dt]\b|</dl)"
)
REMARK = re.compile(r"^ */\*((?!\*/|copyright).)*\*/\n", re.M | re.S | re.I)  # notices stay
MATH = re.compile(r"<math.*?</math>", re.S)
STANDIN = "\uf8ff"  # a letter that stands for nothing


def setup_squeeze(app: Sphinx) -> None:
    """After all pages and their copies are written."""
    app.connect("build-finished", squeeze, priority=950)


def squeeze(app: Sphinx, problem: Exception | None) -> None:
    """Write each new page again, smaller."""
    if problem or app.builder.format != "html" or not app.receiptbook.config.squeeze:
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        if not squeezed(text):
            page.write_text(smaller(text), "utf-8")
    for script in ("doctools", "language_data", "searchtools", "sphinx_highlight"):  # Sphinx's own
        file = Path(app.outdir) / "_static" / f"{script}.js"
        if file.exists():
            file.write_text(lean(REMARK.sub("", file.read_text("utf-8"))), "utf-8")


def squeezed(page: str) -> bool:
    """Whether a page went through `smaller`, which takes off such quotes, in an earlier build."""
    return '<html lang="' not in page


def bare(page: str) -> str:
    """Without markup that no style sheet and no script asks for."""
    for pattern, by in IDLE:
        page = pattern.sub(by, page)
    return page


def smaller(page: str) -> str:
    """The same page in fewer bytes. Texts of scripts and styles stay, the policy has their hashes.

    >>> smaller('<html lang="en"><body><p class="b">\\n  <span class="k">if</span>  c</p><p>d</p>')
    '<html lang=en><body><p class=b>if c<p>d</p>'
    """
    page = bare(page)
    formulas = MATH.findall(page)  # minify-html does not close MathML's empty elements
    page = MATH.sub(STANDIN, page)
    page = minify_html.minify(page, keep_closing_tags=True, keep_html_and_head_opening_tags=True)
    page = END.sub("", page)
    return re.sub(STANDIN, lambda _: formulas.pop(0), page)
