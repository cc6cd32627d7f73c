"""Formulas become MathML while the book is built: nothing to load, nothing to run."""

from __future__ import annotations

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx


def _inline(translator, node: nodes.math) -> None:
    translator.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def _block(translator, node: nodes.math_block) -> None:
    ids = "".join(f' id="{i}"' for i in node.get("ids", [])[:1])
    translator.body.append(f'<div class="math" tabindex="0"{ids}>')
    translator.body.append(convert(node.astext(), display="block"))
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup_math(app: Sphinx) -> None:
    """Select with `html_math_renderer: mathml`."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
