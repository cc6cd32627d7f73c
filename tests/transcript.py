"""What a screen reader meets on a page, in order, from Chromium's accessibility tree, as lines."""

from __future__ import annotations

from collections.abc import Mapping

LANDMARKS = {
    "banner",
    "navigation",
    "main",
    "contentinfo",
    "region",
    "search",
    "complementary",
    "form",
}
CONTROLS = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "link", "radio", "searchbox", "slider",
    "spinbutton", "switch", "textbox",
}  # fmt: skip
WHOLE = CONTROLS | {"heading", "image", "graphics-document", "math"}  # what is inside is its name
TOLD = LANDMARKS | WHOLE | {"dialog", "figure", "note", "radiogroup", "status", "alert", "table"}
BLOCKS = TOLD | {
    "paragraph", "listitem", "row", "caption", "Figcaption", "cell", "gridcell", "columnheader",
    "rowheader", "group", "list", "term", "definition",
}  # fmt: skip
PASSED = {
    "InlineTextBox",
    "LineBreak",
    "ListMarker",
    "LabelText",
    "Legend",
}  # the last two are names
STATES = ("level", "pressed", "checked", "invalid", "disabled")
SAID = {"DisclosureTriangle": "disclosure", "graphics-document": "image"}


def transcript(page) -> list[str]:
    """A page line by line: what it is, its name, its state; running text with its links in brackets.

    page : an open page of Playwright on Chromium
    """
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    reader = _Reader({node["nodeId"]: node for node in nodes})
    for node in nodes:
        if "parentId" not in node:
            reader.read(node, 0)
    reader.end(0)
    return reader.lines


class _Reader:
    def __init__(self, nodes: Mapping[str, Mapping]) -> None:
        self.nodes, self.lines, self.running = nodes, [], []

    def end(self, depth: int) -> None:
        """The running text ends here."""
        if text := " ".join(" ".join(self.running).split()):
            self.lines.append(f"{'  ' * depth}text: {text}")
        self.running.clear()

    def read(self, node: Mapping, depth: int) -> None:
        """A node and what is in it."""
        role, name = _role(node), _words(node, "name")
        if role in PASSED:
            return
        if role in ("StaticText", "link") and not (
            role == "link" and not self.running and self._alone(node)
        ):
            self.running.append(f"[{name}]" if role == "link" else name)
            return
        told = role in TOLD or (role == "group" and bool(name))
        if role in BLOCKS:
            self.end(depth)
        if told:
            self.lines.append("  " * depth + self._line(node, role, name))
        if role not in WHOLE:
            for child in node.get("childIds", ()):
                if child in self.nodes:
                    self.read(self.nodes[child], depth + told)
        if role in BLOCKS:
            self.end(depth + told)

    def _alone(self, node: Mapping) -> bool:
        """Whether a link stands outside of running text."""
        parent = self.nodes.get(node.get("parentId"))
        while parent and _role(parent) in ("", "none", "generic"):
            parent = self.nodes.get(parent.get("parentId"))
        return not parent or _role(parent) not in (
            "paragraph",
            "caption",
            "cell",
            "listitem",
            "Figcaption",
        )

    def _line(self, node: Mapping, role: str, name: str) -> str:
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        parts = [
            f"{one} {states[one]}"
            for one in STATES
            if states.get(one) not in (None, False, "false")
        ]
        if role == "DisclosureTriangle" and (level := self._heading(node)):
            parts.append(f"heading level {level}")
        line = SAID.get(role, role) + (f" ({', '.join(parts)})" if parts else "")
        about = _words(node, "description")
        return line + (f": {name}" if name else "") + (f" / described as: {about}" if about else "")

    def _heading(self, node: Mapping) -> int | None:
        for id in node.get("childIds", ()):
            child = self.nodes.get(id, {})
            if _role(child) == "heading":
                return next(
                    p["value"]["value"] for p in child["properties"] if p["name"] == "level"
                )
        return None


def _role(node: Mapping) -> str:
    return "" if node.get("ignored") else node.get("role", {}).get("value", "")


def _words(node: Mapping, what: str) -> str:
    return " ".join(str(node.get(what, {}).get("value", "")).split())
