"""The one Chinese family of the paper: embedded TrueType subsets, measured and checked for missing glyphs.

reportlab draws a missing glyph as an empty box and drops it from the text layer without a word, so every text passes
``Lettering.fit`` first: what the font lacks is printed as 〔U+20BB7〕 and counted.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from desktop import resource
from desktop.reports import visible

REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"


@cache
def _font(name: str) -> Any:
    """The parsed font, registered once for the life of the program (0.1 s, 23 MB each)."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    made = TTFont(name, str(resource.path("fonts", f"{name}.ttf")))
    pdfmetrics.registerFont(made)
    return made


def font(bold: bool) -> Any:
    """reportlab's font of the weight."""
    return _font(BOLD if bold else REGULAR)


@cache
def _letters() -> frozenset[str]:
    """What both weights can draw, so that a text never changes between them."""
    both = _font(REGULAR).face.charToGlyph.keys() & _font(BOLD).face.charToGlyph.keys()
    return frozenset(chr(code) for code in both if not visible.hidden(chr(code))) | {"\n"}


@cache
def _advances(name: str) -> dict[str, int]:
    """Advance of each character in thousandths of an em."""
    widths = {chr(code): int(width) for code, width in _font(name).face.charWidths.items()}
    return widths | {"\n": widths[" "]}  # where a text has one line only, a line end is drawn as a space


class Lettering:
    """Measures text for one document and remembers what the font could not draw."""

    def __init__(self) -> None:
        self._known = _letters()
        self._plain = _advances(REGULAR)
        self._bold = _advances(BOLD)
        self._fitted: dict[str, str] = {}
        self.missing: Counter[str] = Counter()
        self.hidden: Counter[str] = Counter()

    def fit(self, text: str) -> str:
        """The text with every character that has no glyph, or no picture, made visible."""
        if self._known.issuperset(text):
            return text
        known = self._fitted.get(text)
        if known is None:
            tidy = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
            known = self._fitted[text] = "".join(self._drawn(char) for char in tidy)
        return known

    def _drawn(self, char: str) -> str:
        if char in self._known:
            return char
        (self.hidden if visible.hidden(char) else self.missing)[char] += 1
        return visible.mark(char)

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """The width in points of one line that has passed ``fit``."""
        advances = self._bold if bold else self._plain
        return size * sum(map(advances.__getitem__, text)) / 1000
