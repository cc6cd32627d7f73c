"""A scenario's own controls on the page, and its formulas as a script that needs no eval."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from sphinx.errors import SphinxError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TOKENS = re.compile(
    r"""\s+|[A-Za-z_]\w*|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|===|!==|==|!=|<=|>=|&&|\|\||\*\*
    |=>|[-+*/%()<>,?:!.\[\]]|"[^"\\\n]*"|'[^'\\\n]*'""",
    re.VERBOSE,
)


class ScenarioProblem(SphinxError):
    """A scenario that the page could not run."""

    category = "Scenario"


def controls(card: dict[str, Any]) -> str:
    """Labelled inputs, presets, results in words. Shown only where scripts run."""
    id = card["id"]
    fields = "".join(_control(id, p) for p in card["parameters"])
    presets = "".join(
        f'<button type="button" data-preset="{n}">{escape(p["name"])}</button>'
        for n, p in enumerate(card.get("presets", []))
        if n
    )
    outputs = "".join(
        f'<div><dt>{escape(o["label"])}</dt><dd><output data-output="{o["name"]}"></output>'
        f"</dd></div>"
        for o in card.get("outputs", [])
    )
    return (
        f'<form class="controls" data-scenario="{escape(id)}"><fieldset>'
        f'<legend>{escape(card["title"])}</legend><div class="inputs">{fields}</div>'
        f'<p class="presets">{presets}<button type="reset">Reset</button>'
        '<button type="button" data-share>Copy link</button></p></fieldset>'
        + (f'<dl class="results">{outputs}</dl>' if outputs else "")
        + '<p class="words" role="status"></p></form>\n'
    )


def _control(id: str, p: dict[str, Any]) -> str:
    name, kind, value = p["name"], p["kind"], p["default"]
    if not NAME.fullmatch(name):
        raise ScenarioProblem(f"scenario {id!r}: {name!r} is not a name a script can use")
    key = f"{id}-{name}"
    label = escape(p["label"])
    if p.get("unit"):
        label += f' <span class="unit">{escape(p["unit"])}</span>'
    head = f'<label for="{key}">{label}</label>'
    decimals = int(p.get("decimals") or 0)
    if kind == "range":
        return (
            f'<div>{head}<output for="{key}">{value:,.{decimals}f}</output>'
            f'<input type="range" id="{key}" name="{name}" min="{p["min"]}" max="{p["max"]}" '
            f'step="{p["step"]}" value="{value}" data-decimals="{decimals}"></div>'
        )
    if kind == "select":
        options = "".join(
            f'<option value="{escape(str(o["value"]), quote=True)}"'
            f"{' selected' if o['value'] == value else ''}>{escape(o['label'])}</option>"
            for o in p["options"]
        )
        return f'<div>{head}<select id="{key}" name="{name}">{options}</select></div>'
    if kind == "checkbox":
        return (
            f'<div class="check"><input type="checkbox" id="{key}" name="{name}"'
            f"{' checked' if value else ''}>{head}</div>"
        )
    raise ScenarioProblem(f"scenario {id!r}: parameter {name!r} is of unknown kind {kind!r}")


def script(card: dict[str, Any], where: str) -> str:
    """The scenario as a JavaScript object; formulas become functions of the parameters."""
    names = [p["name"] for p in card["parameters"]]

    def function(expression: str) -> str:
        if "".join(TOKENS.findall(expression)) != expression:
            raise ScenarioProblem(f"{where}: {expression!r} is not a plain formula")
        return f"({{{','.join(names)}}})=>({expression})"

    outputs = ",".join(
        f"{{name:{json.dumps(o['name'])},decimals:{int(o.get('decimals') or 0)},"
        f"unit:{_text(o.get('unit') or '')},of:{function(o['expr']['js'])}}}"
        for o in card.get("outputs", [])
    )
    words = ",".join(
        f"[{function(w['when']) if w.get('when') else '()=>true'},{_text(w['text'])}]"
        for w in card.get("words", [])
    )
    presets = json.dumps([p["values"] for p in card.get("presets", [])])
    return f"{{outputs:[{outputs}],words:[{words}],presets:{presets}}}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
