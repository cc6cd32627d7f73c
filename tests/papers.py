"""What a printed file holds, read back."""

import io
import re
from functools import lru_cache

from pypdf import PdfReader

from receiptbook import paper
from receiptbook.site import pdf

POINT = 25.4 / 72  # mm
FEW = pdf.FEW  # words of a page that is nearly empty


def texts(file):
    """What stands on each page of a printed file; the same file is read once."""
    return _texts(file.read_bytes())


@lru_cache(maxsize=128)
def _texts(printed):
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages]


def words(text):
    """How many words stand on a page; each Chinese letter is one."""
    return len(re.findall(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+", text))


def fonts(file):
    """Each font of a file as (kind, name, whether its outlines are in the file)."""
    found = {}
    for page in PdfReader(file).pages:
        _gather(page["/Resources"], found)
    return sorted(found.values())


def _gather(resources, found) -> None:
    resources = resources.get_object()
    for font in resources.get("/Font", {}).values():
        one = font.get_object()
        inner = one["/DescendantFonts"][0].get_object() if "/DescendantFonts" in one else one
        held = {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {}))
        found[font.idnum] = (one["/Subtype"], str(one.get("/BaseFont")), bool(held))
    for form in resources.get("/XObject", {}).values():
        if "/Resources" in form.get_object():
            _gather(form.get_object()["/Resources"], found)


def faults(file):
    """What keeps a file from being printed anywhere: fonts, size, pages without a number."""
    told = [f"{file.name}: {font} is a drawing" for font in fonts(file) if font[0] == "/Type3"]
    told += [f"{file.name}: {font} is not in the file" for font in fonts(file) if not font[2]]
    for number, page in enumerate(PdfReader(file).pages, 1):
        width, height = (float(side) * POINT for side in page.mediabox[2:])
        if width > paper.WIDTH + 0.5 or height > paper.HEIGHT + 0.5:
            told.append(f"{file.name}, page {number}: {width:.1f} x {height:.1f} mm")
    return told
