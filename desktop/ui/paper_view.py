"""Pages of paper to scroll through: drawn when they come into sight, off the window's thread, and kept while they are near."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.ui import theme
from desktop.ui.jobs import Jobs
from desktop.ui.pdf_pages import POINTS_PER_INCH, PdfPages
from desktop.words import tr

STEPS = (25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400)
SCREEN_DPI = 96
_KEPT = 12
_GAP = 16


class PaperView(QAbstractScrollArea):
    """``turned(page)``: another page (0 is the first) is in front. ``zoomed(percent)``: drawn at another size."""

    turned = Signal(int)
    zoomed = Signal(int)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._pages: PdfPages | None = None
        self._rects: list[QRect] = []
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: tuple[int, int] | None = None
        self.percent = 100
        self.fits = True
        self.current = 0
        self.setAccessibleName(tr("报表预览"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(lambda: self.viewport().update())

    # What is shown

    def show_pages(self, pages: PdfPages | None) -> None:
        """Show another document from its first page (or nothing); the size stays as chosen."""
        if self._pages is not None and self._pages is not pages:
            self._pages.close()
        self._pages = pages
        self._images.clear()
        self._asked = None
        self.current = 0
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self.turned.emit(0)

    def n_pages(self) -> int:
        """How many pages there are."""
        return len(self._rects)

    def fit_width(self) -> None:
        """As wide as there is room, from now on."""
        self.fits = True
        self._arrange()

    def zoom(self, percent: int) -> None:
        """At this size from now on; 100 is the size on paper."""
        self.fits = False
        self.percent = max(STEPS[0], min(STEPS[-1], percent))
        self._arrange()

    def step(self, by: int) -> None:
        """The next size up or down."""
        if by > 0:
            self.zoom(next((one for one in STEPS if one > self.percent), STEPS[-1]))
        else:
            self.zoom(next((one for one in reversed(STEPS) if one < self.percent), STEPS[0]))

    def turn_to(self, page: int) -> None:
        """Bring a page to the front."""
        if self._rects:
            place = self._rects[max(0, min(len(self._rects) - 1, page))]
            self.verticalScrollBar().setValue(place.top() - _GAP)

    # Places

    def _arrange(self) -> None:
        sizes = self._pages.sizes if self._pages is not None else ()
        room = self.viewport().width() - 2 * _GAP
        if self.fits and sizes:
            widest = max(width for width, _ in sizes)
            self.percent = max(STEPS[0], min(STEPS[-1], int(room * POINTS_PER_INCH * 100 / (widest * SCREEN_DPI))))
        share = (self.verticalScrollBar().value() / max(1, self.verticalScrollBar().maximum())) if self._rects else 0
        self._rects = []
        top = _GAP
        for width, height in sizes:
            wide, high = (round(length * SCREEN_DPI * self.percent / (100 * POINTS_PER_INCH)) for length in (width, height))
            left = max(_GAP, (self.viewport().width() - wide) // 2)
            self._rects.append(QRect(left, top, wide, high))
            top += high + _GAP
        right = max((rect.width() for rect in self._rects), default=0) + 2 * _GAP
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(48)
        self.verticalScrollBar().setRange(0, max(0, top - self.viewport().height()))
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self.horizontalScrollBar().setRange(0, max(0, right - self.viewport().width()))
        self.verticalScrollBar().setValue(round(share * self.verticalScrollBar().maximum()))
        self.zoomed.emit(self.percent)
        self._scrolled()

    def _in_sight(self) -> list[int]:
        top = self.verticalScrollBar().value()
        shown = QRect(0, top, 1 << 20, self.viewport().height())
        return [number for number, rect in enumerate(self._rects) if QRect(0, rect.top(), 1, rect.height()).intersects(shown)]

    def _scrolled(self) -> None:
        seen = self._in_sight()
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        front = next((number for number in seen if self._rects[number].bottom() + _GAP >= middle), seen[-1] if seen else 0)
        if front != self.current:
            self.current = front
            self.turned.emit(front)
        self.viewport().update()
        self._fetch()

    # Pictures: one is asked for at a time, so that reading lanes stay free for others

    def _fetch(self) -> None:
        pages = self._pages
        if pages is None or self._asked is not None:
            return
        wanted = next(((n, self.percent) for n in self._in_sight() if (n, self.percent) not in self._images), None)
        if wanted is None:
            return
        self._asked = wanted
        number, percent = wanted
        dots = SCREEN_DPI * percent / 100 * self.devicePixelRatioF()
        self._jobs.read(
            lambda progress: pages.image(number, dots), lambda image: self._arrived(pages, wanted, image), owner=self, key="page"
        )

    def _arrived(self, pages: PdfPages, wanted: tuple[int, int], image: QImage) -> None:
        if pages is not self._pages:
            return
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._images[wanted] = image
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
        self._asked = None
        self.viewport().update()
        self._fetch()

    def image_of(self, page: int) -> QImage | None:
        """The picture of a page at the size in use, when it is here."""
        return self._images.get((page, self.percent))

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(theme.colours().rail))
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        for number in self._in_sight():
            rect = self._rects[number].translated(-across, -down)
            image = self.image_of(number) or next((one for (n, _), one in self._images.items() if n == number), None)
            painter.fillRect(rect, QColor("white"))
            if image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(rect, image)
            else:
                painter.setPen(QColor("#515B68"))
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), tr("正在画第 {n} 页…", n=number + 1))
            painter.setPen(QPen(QColor(theme.colours().line), 1))
            painter.drawRect(rect)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_Space):
            bar.setValue(bar.value() + bar.pageStep() * 9 // 10)
        elif event.key() == Qt.Key.Key_PageUp:
            bar.setValue(bar.value() - bar.pageStep() * 9 // 10)
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif control and event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.step(1)
        elif control and event.key() == Qt.Key.Key_Minus:
            self.step(-1)
        elif control and event.key() == Qt.Key.Key_0:
            self.fit_width()
        else:
            super().keyPressEvent(event)
