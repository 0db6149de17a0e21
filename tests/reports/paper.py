"""Reading printed reports back, and the checks that more than one test makes on them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import pypdfium2

from desktop.reports.page import BOTTOM, TOP

FOOT_LINE, FOOT_TOP = 38.0, 35.5
"""Where the line over the foot is, and what no sign of the foot reaches; points from the bottom."""


def pages(data: bytes) -> list[str]:
    """The text layer of each page, as a person who searches the PDF finds it."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def size(data: bytes) -> tuple[float, float]:
    """Width and height of the first page in points."""
    document = pypdfium2.PdfDocument(data)
    try:
        return document[0].get_size()
    finally:
        document.close()


def running(text: str) -> str:
    """Text without any white space: cells wrap, words do not change."""
    return re.sub(r"\s+", "", text)


def emptiness(data: bytes) -> list[float]:
    """Of each page but the last, the part of its body below the last line that is printed there."""
    document = pypdfium2.PdfDocument(data)
    told = []
    try:
        for page in list(document)[:-1]:
            text = page.get_textpage()
            bottoms = [text.get_rect(n)[1] for n in range(text.count_rects())]
            body = page.get_height() - TOP - BOTTOM
            told.append((min(y for y in bottoms if y > BOTTOM - 5) - BOTTOM) / body)
    finally:
        document.close()
    return told


def at_the_foot(data: bytes) -> list[int]:
    """Pages on which something is printed on or below the line over the foot, beside the foot itself."""
    document = pypdfium2.PdfDocument(data)
    told = []
    try:
        for number, page in enumerate(document, 1):
            text = page.get_textpage()
            lines = [text.get_rect(n) for n in range(text.count_rects())]
            if any(bottom < FOOT_LINE + 2 for _, bottom, _, top in lines if top > FOOT_TOP):
                told.append(number)
    finally:
        document.close()
    return told


def misnumbered(texts: list[str]) -> list[int]:
    """Pages that do not say which of how many they are."""
    return [n for n, text in enumerate(texts, 1) if f"第{n}页共{len(texts)}页" not in running(text)]


def headless(texts: list[str], *heads: str) -> list[int]:
    """Pages without the table's heads."""
    return [n for n, text in enumerate(texts, 1) if not all(head in running(text) for head in heads)]


def loose_fonts(data: bytes) -> list[str]:
    """Fonts of the document that are not embedded TrueType subsets."""
    objects = re.split(rb"endobj", data)
    fonts = [o for o in objects if re.search(rb"/Type\s*/Font\b(?!Descriptor)", o)]
    embedded = sum(b"/FontFile2" in o for o in objects)
    faults = [
        o.decode("latin-1")[:80] for o in fonts if b"/Subtype /TrueType" not in o or not re.search(rb"/BaseFont /[A-Z]{6}\+", o)
    ]
    return faults + ([] if fonts and embedded >= len(fonts) else [f"{len(fonts)} fonts, {embedded} font files"])


def unpacked(workbook: bytes) -> bytes:
    """Everything inside a workbook, to look for what must not be there."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def inflated(data: bytes) -> bytes:
    """The PDF with its streams unpacked."""
    out = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            out.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(out)
