"""One sheet of paper after the other: margins, head and foot, and a place that moves down. The only file that draws.

Drawing is written as PDF operators in one go per page (reportlab keeps the fonts, the objects and the file): a year of records
is a million cells, and a call of the canvas for each takes as long again as everything else together.
The same sheet without a canvas only counts pages, so that the first page can say how many there are.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from desktop.reports import fonts
from desktop.reports.content import Align
from desktop.words import tr

Colour = tuple[float, float, float]

INK: Colour = (0.13, 0.15, 0.18)
QUIET: Colour = (0.42, 0.45, 0.50)
ACCENT: Colour = (0.10, 0.36, 0.55)
TINT: Colour = (0.93, 0.955, 0.975)
HAIR: Colour = (0.80, 0.83, 0.86)
ALARM: Colour = (0.72, 0.11, 0.11)
STAMP: Colour = (0.98, 0.90, 0.89)

A4 = (595.28, 841.89)
SIDE = 48.0
TOP = 60.0
BOTTOM = 52.0
# The closing notes stand with what they explain if that leaves no more than this part of the page before empty.
_EMPTY = 0.25
_RUNS_KEPT = 4_000


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands on every page: at the top left and right, at the bottom left; ``mark`` large across it, under everything else."""

    left: str
    right: str
    foot: str
    mark: str = ""


class Sheet:
    """Paper with a cursor ``y`` (points from the bottom) that moves down; ``canvas`` None counts only."""

    def __init__(self, canvas: Any, lettering: fonts.Lettering, chrome: Chrome, *, landscape: bool, n_pages: int) -> None:
        self.canvas = canvas
        self.lettering = lettering
        self.chrome = chrome
        self.width, self.height = (A4[1], A4[0]) if landscape else A4
        self.left = SIDE
        self.right = self.width - SIDE
        self.n_pages = n_pages
        self.page = 0
        self.y = 0.0
        self.notes_parted = False
        self._paint: list[str] = []
        self._ink: list[str] = []
        self._runs: dict[tuple[str, bool], list[tuple[str, str]]] = {}
        self._font: tuple[str, float] = ("", 0)
        self._colour: Colour | None = None
        self.open()

    @property
    def body(self) -> float:
        """The height a page offers."""
        return self.height - TOP - BOTTOM

    @property
    def room(self) -> float:
        """What is left of it."""
        return self.y - BOTTOM

    @property
    def breadth(self) -> float:
        """The width between the margins."""
        return self.right - self.left

    def open(self) -> None:
        """Begin a page."""
        self.page += 1
        self.y = self.height - TOP
        if self.canvas is None:
            return
        self._paint = []
        self._ink = ["BT"]
        self._font = ("", 0)
        self._colour = None
        if self.chrome.mark:
            self._stamp(self.chrome.mark)
        top = self.height - 36
        self.rule(self.left, self.right, top - 8, HAIR, 0.6)
        self.text(self.left, top, self.chrome.left, 8, colour=QUIET)
        self.text(self.right, top, self.chrome.right, 8, colour=QUIET, side="right")
        self.rule(self.left, self.right, 38, HAIR, 0.6)
        self.text(self.left, 27, self.chrome.foot, 7, colour=QUIET)
        place = tr("第 {page} 页 共 {pages} 页", page=self.page, pages=self.n_pages)
        self.text(self.right, 27, place, 8, colour=QUIET, side="right")

    def empty(self) -> Sheet:
        """A fresh sheet of the same paper that only counts: to learn how high something is."""
        return Sheet(None, self.lettering, self.chrome, landscape=self.width > self.height, n_pages=0)

    def _stamp(self, text: str) -> None:
        """A text as large as the page allows, aslant through its middle, so pale that what is printed over it can be read."""
        slope = math.atan2(self.height * 0.5, self.width)
        size = min(60.0, 0.8 * self.width / max(self.lettering.width(text, 1, True), 1))
        half = self.lettering.width(text, size, True) / 2
        turned, risen = math.cos(slope), math.sin(slope)
        x, y = self.width / 2 - half * turned + size / 3 * risen, self.height / 2 - half * risen - size / 3 * turned
        self._ink.append(f"{_rgb(STAMP)} rg {turned:.4f} {risen:.4f} {-risen:.4f} {turned:.4f} {x:.2f} {y:.2f} Tm")
        for subset, shown in self._encoded(text, True):
            self._ink.append(f"{subset} {size:.2f} Tf ({shown}) Tj")

    def close(self) -> None:
        """End the page."""
        if self.canvas is None:
            return
        self.canvas._code.append("\n".join(["q", *self._paint, "Q", *self._ink, "ET"]))
        self.canvas.showPage()
        _pack(self.canvas)

    def turn(self) -> None:
        """The next page."""
        self.close()
        self.open()

    def need(self, height: float) -> bool:
        """Turn the page when ``height`` does not fit in what is left of it (and would fit on a fresh one); whether it turned."""
        if height > self.room and self.y < self.height - TOP:
            self.turn()
            return True
        return False

    def keep(self, height: float, least: float) -> bool:
        """As ``need``, but when turning would leave much of the page empty and ``least`` (without the closing notes) fits, it stays here.

        What follows up to the notes must then do with its least too, or a heading would be left behind.
        """
        if height > self.room >= least and (self.notes_parted or self.room > self.body * _EMPTY):
            self.notes_parted = True
        return self.need(least if self.notes_parted else height)

    def text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: Colour = INK, side: Align = "left"
    ) -> None:
        """One line whose baseline is ``y``; ``x`` is its left end, middle or right end. The text has passed ``fit``."""
        if self.canvas is None or not text:
            return
        if side != "left":
            width = self.lettering.width(text, size, bold)
            x -= width if side == "right" else width / 2
        ink = self._ink
        if colour != self._colour:
            ink.append(f"{_rgb(colour)} rg")
            self._colour = colour
        ink.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
        for subset, shown in self._encoded(text, bold):
            font = (subset, size)
            if font != self._font:
                ink.append(f"{subset} {size:.2f} Tf")
                self._font = font
            ink.append(f"({shown}) Tj")

    def _encoded(self, text: str, bold: bool) -> list[tuple[str, str]]:
        """The text as runs of (font subset, PDF string). The same names and dates come back thousands of times in a long table,
        and reportlab's own way (``textOut``) measures and splits each again: a third of the time of the whole report."""
        text = text.replace("\n", " ")
        known = self._runs.get((text, bold))
        if known is None:
            if len(self._runs) > _RUNS_KEPT:
                self._runs.clear()
            font, doc = fonts.font(bold), self.canvas._doc
            split = font.splitString(text, doc)
            known = [(font.getSubsetInternalName(subset, doc), self.canvas._escape(run)) for subset, run in split]
            self._runs[text, bold] = known
        return known

    def rule(self, x1: float, x2: float, y: float, colour: Colour = HAIR, weight: float = 0.5) -> None:
        """A horizontal line."""
        if self.canvas is not None:
            self._paint.append(f"{_rgb(colour)} RG {weight:.2f} w {x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S")

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour = TINT) -> None:
        """A filled rectangle whose lower left corner is (x, y)."""
        if self.canvas is not None:
            self._paint.append(f"{_rgb(colour)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """An empty box with a hair line."""
        if self.canvas is not None:
            self._paint.append(f"{_rgb(HAIR)} RG 0.60 w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def picture(self, x: float, y: float, width: float, height: float, data: bytes) -> None:
        """A picture (JPEG) whose lower left corner is (x, y). The same picture is kept in the file once."""
        if self.canvas is None:
            return
        from reportlab.lib.utils import ImageReader

        self.canvas.drawImage(ImageReader(BytesIO(data)), x, y, width, height)

    def mark(self, title: str) -> None:
        """An entry in the document's outline that leads to this page."""
        if self.canvas is None:
            return
        key = f"p{self.page}-{round(self.y)}"
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key, 0)


def _rgb(colour: Colour) -> str:
    return f"{colour[0]:.2f} {colour[1]:.2f} {colour[2]:.2f}"


def _pack(canvas: Any) -> None:
    """Compress the finished page at once: reportlab keeps the drawing of every page in full until the document is saved,
    which for a year of records is many times the document itself."""
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream

    page = canvas._doc.Pages.pages[-1]
    drawing = page.stream.encode("latin-1")
    page.Contents = PDFStream(PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])}), zlib.compress(drawing))
    page.stream = None
