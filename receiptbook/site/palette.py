"""Charts store real colours; the page names them, so that light, dark and print follow."""

from __future__ import annotations

import re

from receiptbook.charts import PALETTE

HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
# Where the reader has chosen all colours, whichever theme is stored; what is not named here is text.
FAINT = "color-mix(in srgb,CanvasText 30%,Canvas)"
FORCED = {
    "paper": "Canvas",
    "accent": "LinkText",
    **{name: FAINT for name in PALETTE if name == "rule" or name.endswith("-soft")},
}
PLAIN = {"none", "transparent", "currentColor"}


class ColourError(ValueError):
    """A chart uses a colour that the theme does not know."""


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, (light, dark) in PALETTE.items():
        twin = names.setdefault(light.lower(), name)
        if PALETTE[twin][1] != dark:
            raise ColourError(f"{twin} and {name} share {light} by day but not by night")
    return names


NAMES = _names()


def variable(colour: str) -> str:
    """`#1f5fa8` to `var(--accent)`; raises ColourError for a stranger.

    >>> variable(PALETTE["accent"][0])
    'var(--accent)'
    """
    name = NAMES.get(colour.lower())
    if name is None:
        raise ColourError(
            f"colour {colour} is not in receiptbook.charts.PALETTE; use one of "
            + ", ".join(f"{v[0]} ({k})" for k, v in PALETTE.items())
        )
    return f"var(--{name})"


def named(text: str) -> str:
    """Every hexadecimal colour in `text` replaced by its variable."""
    return HEX.sub(lambda m: variable(m[0]), text)


def rules() -> str:
    """The style sheet's variables: light, dark by system, dark and light by choice, print."""

    def block(index: int) -> str:
        return "".join(f"--{name}:{pair[index]};" for name, pair in PALETTE.items())

    forced = "".join(f"--{name}:{FORCED.get(name, 'CanvasText')};" for name in PALETTE)
    return (
        f":root{{color-scheme:light;{block(0)}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root:not([data-theme=light]){{color-scheme:dark;{block(1)}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{block(1)}}}}}\n"
        f"@media (forced-colors:active){{:root:root{{color-scheme:light dark;{forced}}}}}\n"
    )
