"""A PDF in memory as pictures of its pages, for looking at and printing. Safe to call from any lane: PDFium is not, so one at a time."""

from __future__ import annotations

import threading

from PySide6.QtGui import QImage

from desktop.ledger.problem import Cancelled

POINTS_PER_INCH = 72
_one_at_a_time = threading.Lock()


class PdfPages:
    """``sizes``: width and height of each page in points (1/72 inch)."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        with _one_at_a_time:
            self._document = pypdfium2.PdfDocument(data)
            self.sizes: tuple[tuple[float, float], ...] = tuple(
                self._document.get_page_size(number) for number in range(len(self._document))
            )

    def __len__(self) -> int:
        return len(self.sizes)

    def image(self, number: int, dots_per_inch: float) -> QImage:
        """One page (0 is the first) drawn at a resolution. Raises IndexError for a page that is not there, Cancelled once closed."""
        if not 0 <= number < len(self.sizes):
            raise IndexError(number)
        with _one_at_a_time:
            if self._document is None:
                raise Cancelled
            page = self._document[number]
            bitmap = page.render(scale=dots_per_inch / POINTS_PER_INCH, prefer_bgrx=True)
            kind = QImage.Format.Format_RGB32 if bitmap.n_channels == 4 else QImage.Format.Format_BGR888
            made = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, kind).copy()
            bitmap.close()
            page.close()
        return made

    def text(self, number: int) -> str:
        """The words of one page, as they can be searched and copied."""
        with _one_at_a_time:
            page = self._document[number]
            reader = page.get_textpage()
            said = str(reader.get_text_range())
            reader.close()
            page.close()
        return said

    def close(self) -> None:
        """Let go of the file."""
        with _one_at_a_time:
            if self._document is not None:
                self._document.close()
                self._document = None
