"""Formulas become MathML while the book is built: nothing to load, nothing to run."""

from __future__ import annotations

from docutils import nodes
from latex2mathml.converter import convert


def visit_inline(translator, node: nodes.math) -> None:
    """A formula in a line."""
    translator.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def visit_block(translator, node: nodes.math_block) -> None:
    """A formula of its own, which the keyboard can scroll."""
    ids = "".join(f' id="{i}"' for i in node.get("ids", [])[:1])
    translator.body.append(f'<div class="math" tabindex="0"{ids}>')
    translator.body.append(convert(node.astext(), display="block"))
    translator.body.append("</div>\n")
    raise nodes.SkipNode
