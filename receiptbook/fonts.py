"""Fonts as a PDF keeps them: outlines of TrueType, one file a style, no more glyphs than are used.

Chromium writes a font with other outlines (most of those with Han characters on Linux), or one file
for all weights, into a PDF as Type 3: a drawing for each glyph, which readers render coarsely and
some print shops refuse. Such a font of this machine is converted for a page that names it and
stands in the page under its own name. Where no fontconfig tells the machine's fonts (Windows,
macOS) the page stays as it is.
"""

from __future__ import annotations

import base64
import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

WEIGHTS = {80: 400, 200: 700}  # fontconfig's regular and bold, and the style sheets'
EMBEDDED = "TrueType"  # the outlines that are kept
CONVERTED = {EMBEDDED, "CFF"}  # Type 1 and bitmaps, which no browser draws either, are passed over
FACE = (
    '@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
    "src: url(data:font/ttf;base64,{data}); }}\n"
)
FEATURES = ["tnum", "pwid"]  # what style sheets ask for beyond what every text has
COARSE = 1  # units of the em by which a converted curve may be off; an em has 1000


@dataclass(frozen=True)
class Face:
    """One style of a family, as fontconfig names it."""

    family: str
    file: str
    index: int
    weight: int
    italic: bool


def rules(text: str, style: str) -> str:
    """The @font-face rules that a page needs so that its fonts are embedded as such.

    text : everything that is printed, from which the glyphs are taken
    style : the style sheet, from which the families are taken

    >>> rules("rain", "p { font-family: 'A family that is nowhere' }")
    ''
    """
    characters = "".join(sorted({*text}))
    return "".join(_rule(face, characters) for face in others() if face.family in style)


@lru_cache(maxsize=1)
def others() -> tuple[Face, ...]:
    """Faces of this machine that Chromium does not embed as they are."""
    fields = ("family", "file", "index", "weight", "slant", "fontformat", "variable")
    form = "\t".join(f"%{{{field}}}" for field in fields) + "\n"
    try:
        told = subprocess.run(["fc-list", "--format", form], capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ()
    found = dict.fromkeys(faces(told.stdout.decode("utf-8", "replace")))
    return tuple(found)


def faces(listed: str) -> Iterator[Face]:
    """Faces in a list of fontconfig that are of other outlines or of all weights in one.

    >>> list(faces("A\\ta.ttf\\t0\\t80\\t0\\tTrueType\\tFalse\\nRain\\tr.otf\\t2\\t200\\t0\\tCFF\\tFalse"))
    [Face(family='Rain', file='r.otf', index=2, weight=700, italic=False)]
    """
    for line in listed.splitlines():
        families, file, index, weight, slant, outlines, variable = line.split("\t")
        place = int(index) & 0xFFFF  # above stand the named instances of a variable font
        weights = list(WEIGHTS) if variable == "True" else [int(weight)] if weight.isdigit() else []
        kept = outlines == EMBEDDED and variable != "True" and int(index) == place
        if kept or outlines not in CONVERTED:
            continue
        for family in families.split(","):
            for one in weights:
                if one in WEIGHTS:
                    yield Face(family, file, place, WEIGHTS[one], slant != "0")


@lru_cache(maxsize=16)
def _rule(face: Face, characters: str) -> str:
    """The rule for one face with the glyphs of these characters."""
    data = base64.b64encode(converted(face, characters)).decode()
    style = "italic" if face.italic else "normal"
    return FACE.format(family=face.family, weight=face.weight, style=style, data=data)


def converted(face: Face, characters: str) -> bytes:
    """The font of a face as a TrueType file that has the glyphs of these characters."""
    from fontTools import subset, ttLib  # a reader's environment does not have it
    from fontTools.varLib import instancer

    with ttLib.TTFont(face.file, fontNumber=face.index, lazy=True) as font:
        cut = subset.Subsetter(subset.Options(hinting=False, notdef_outline=True))
        cut.options.layout_features += FEATURES
        cut.populate(text=characters)
        cut.subset(font)
        if "fvar" in font:
            axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
            instancer.instantiateVariableFont(font, axes | {"wght": face.weight}, inplace=True)
        if "glyf" not in font:
            _draw_anew(font)
        file = io.BytesIO()
        font.save(file)
    return file.getvalue()


def _draw_anew(font) -> None:
    """Give a font the quadratic curves of TrueType for its cubic ones."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs, drawn = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, COARSE, reverse_direction=True))
        drawn[name] = pen.glyph()
    for table in ("CFF ", "CFF2", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\0\1\0\0"
    builder = FontBuilder(font=font)
    builder.isTTF = True
    builder.setupMaxp()
    builder.setupGlyf(drawn)
