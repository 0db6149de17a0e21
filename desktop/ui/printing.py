"""Sending a drawn report to a printer: pages are drawn on a lane, one by one, and laid on the paper on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from desktop.ledger.problem import Problem
from desktop.ui.jobs import Jobs
from desktop.ui.pdf_pages import PdfPages
from desktop.words import tr

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

DOTS_PER_INCH = 200


class PaperRun(QObject):
    """One run through the printer. ``done(n_pages)`` when the last page is laid; ``failed(problem)`` when the printer refuses."""

    def __init__(
        self,
        jobs: Jobs,
        pages: PdfPages,
        printer: QPrinter,
        done: Callable[[int], object],
        failed: Callable[[Problem], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._pages, self._printer = jobs, pages, printer
        self._done, self._failed = done, failed
        first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
        self._numbers = list(range(max(1, first) - 1, min(len(pages), last)))
        self._laid = 0
        self._painter = QPainter()

    def start(self) -> None:
        """Begin; the printer's paper is A4, lying down when the report does."""
        wide, high = self._pages.sizes[0]
        self._printer.setFullPage(True)
        self._printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        lying = wide > high
        self._printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
        if not self._numbers or not self._painter.begin(self._printer):
            self._failed(Problem("report.printer", printer=self._printer.printerName() or self._printer.outputFileName()))
            return
        self._next()

    def _next(self) -> None:
        if self._laid == len(self._numbers):
            self._painter.end()
            self._done(self._laid)
            return
        number, pages = self._numbers[self._laid], self._pages
        title = tr("打印第 {n} 页，共 {pages} 页", n=self._laid + 1, pages=len(self._numbers))
        self._jobs.read(
            lambda progress: pages.image(number, DOTS_PER_INCH),
            self._lay,
            failed=self._stopped,
            title=title,
            owner=self,
            key="paper",
        )

    def _lay(self, image: QImage) -> None:
        from PySide6.QtPrintSupport import QPrinter

        if self._laid and not self._printer.newPage():
            self._painter.end()
            self._failed(Problem("report.printer", printer=self._printer.printerName()))
            return
        paper = self._printer.paperRect(QPrinter.Unit.DevicePixel)
        size = image.size().scaled(paper.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (paper.width() - size.width()) / 2, (paper.height() - size.height()) / 2
        self._painter.drawImage(QRectF(left, top, size.width(), size.height()), image)
        self._laid += 1
        self._next()

    def _stopped(self, problem: Problem) -> None:
        self._printer.abort()
        self._painter.end()
        self._failed(problem)


def choose_printer(parent: QWidget, n_pages: int, then: Callable[[QPrinter], object]) -> QPrintDialog:
    """Let the person choose printer and pages; ``then(printer)`` when they do."""
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("打印"))
    dialog.setMinMax(1, n_pages)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, True)
    dialog.accepted.connect(lambda: then(printer))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog
