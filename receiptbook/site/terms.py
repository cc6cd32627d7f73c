"""Terms of the glossary, which open in place as numbers do."""

from __future__ import annotations

import json
import re

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.site import languages
from receiptbook.site.templates import render


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the links to terms on every page but the glossary's own."""
    glossary = app.env.receiptbook_settings.glossary
    if not glossary or docname == glossary:
        return
    page = f"{glossary.rsplit('/', 1)[-1]}.html#"
    for link in doctree.findall(nodes.reference):
        if page in link.get("refuri", ""):
            link["classes"].append("term")


def definitions(app: Sphinx) -> dict[str, str]:
    """The card of each term by its id: every section of the glossary, with its paragraphs."""
    glossary = app.env.receiptbook_settings.glossary
    if glossary not in app.env.all_docs:
        return {}
    found = {}
    for section in app.env.get_doctree(glossary).findall(nodes.section):
        texts = [child.astext() for child in section if isinstance(child, nodes.paragraph)]
        texts, elsewhere = apart(texts)
        card = render("term.html", name=section[0].astext(), texts=texts, elsewhere=elsewhere)
        found |= dict.fromkeys(section["ids"], languages.marked(card))
    return found


def apart(texts: list[str]) -> tuple[list[str], str]:
    """The paragraphs of a term, and the term in another language, where their last sentence gives it.

    >>> apart(["Water from clouds.\\nIn Latin: pluvia."])
    (['Water from clouds.'], 'pluvia')
    """
    match = re.fullmatch(r"(.*?)\s*In [A-Z]\w+: ([^:]+)\.", texts[-1], re.S) if texts else None
    if not match:
        return texts, ""
    return [*texts[:-1], *([match[1]] if match[1] else [])], match[2]


def script(app: Sphinx) -> str:
    """The cards as a call, for scripts/receipts.js."""
    return f"ReceiptBook.terms({json.dumps(definitions(app), ensure_ascii=False)});\n"
