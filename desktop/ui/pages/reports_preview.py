"""The preview of a report: its pages, the size they are shown at, what could not be printed as written, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop.actions.reporting import Drawn
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.paper_view import PaperView
from desktop.ui.pdf_pages import PdfPages
from desktop.words import tr

_MOST = 3


def _together(*widgets: QWidget) -> QWidget:
    """Tools that stay side by side when the bar wraps."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.UNIT // 2)
    for widget in widgets:
        row.addWidget(widget)
    made.setMinimumHeight(theme.px(32))
    return made


class Preview(QWidget):
    """Whoever owns it connects ``print_button``, ``pdf_button``, ``xlsx_button`` and ``stop``."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawn: Drawn | None = None
        self.paper = PaperView(desk.jobs)
        self.paper.turned.connect(lambda page: self._say_page())
        self.paper.zoomed.connect(lambda percent: self._say_page())
        self.page = QLabel()
        self.page.setTextFormat(Qt.TextFormat.PlainText)
        self.percent = QLabel()
        self.percent.setMinimumWidth(theme.px(44))
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tools = [
            self._tool("up", tr("上一页"), lambda: self.paper.turn_to(self.paper.current - 1)),
            self._tool("down", tr("下一页"), lambda: self.paper.turn_to(self.paper.current + 1)),
            self._tool("remove", tr("缩小（Ctrl+-）"), lambda: self.paper.step(-1)),
            self._tool("add", tr("放大（Ctrl++）"), lambda: self.paper.step(1)),
        ]
        self.fit = QPushButton(tr("适合宽度"))
        self.fit.setProperty("role", "link")
        self.fit.clicked.connect(self.paper.fit_width)
        self.print_button = tab_button(tr("打印…"), "print", lambda: None)
        self.pdf_button = tab_button(tr("存为 PDF…"), "save", lambda: None, primary=True)
        self.xlsx_button = tab_button(tr("存为 Excel…"), "spreadsheet", lambda: None)
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.UNIT // 2)
        self.title, self.words = label(role="section"), label(tone="muted")
        self.icon = theme.IconLabel("report", "muted", 32)
        self.waiting = label(tone="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setFixedWidth(theme.px(240))
        self.stop = QPushButton(tr("停止"))
        self.stack = QStackedWidget()
        self._arrange()
        self.say(tr("正在读取…"), "", "report")

    def _tool(self, icon: str, words: str, act: object) -> QToolButton:
        made = QToolButton()
        made.setToolTip(texts.tip(words))
        made.setAccessibleName(words)
        theme.dress(made, icon)
        made.clicked.connect(act)
        return made

    def _arrange(self) -> None:
        bar = QWidget()
        flow = FlowLayout(bar)
        up, down, smaller, larger = self.tools
        for widgets in ((up, self.page, down), (smaller, self.percent, larger, self.fit)):
            flow.addWidget(_together(*widgets))
        for button in (self.print_button, self.xlsx_button, self.pdf_button):
            flow.addWidget(button)
        for widget in (self._message(), self._wait(), self.paper):
            self.stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(bar)
        column.addLayout(self.findings)
        column.addWidget(self.stack, 1)

    def _message(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setSpacing(theme.UNIT)
        column.addStretch(2)
        column.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for one in (self.title, self.words):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(one, 1000)
            row.addStretch(1)
            one.setMaximumWidth(theme.px(440))
            column.addLayout(row)
        column.addStretch(3)
        return made

    def _wait(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setSpacing(2 * theme.UNIT)
        column.addStretch(2)
        for widget in (self.waiting, self.bar, self.stop):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return made

    # What is shown

    def wait(self, words: str) -> None:
        """It is being drawn."""
        self._clear()
        self.waiting.setText(words)
        self.bar.setAccessibleName(words)
        self.stack.setCurrentIndex(1)

    def say(self, title: str, words: str, icon: str) -> None:
        """There is nothing to show, and why."""
        self._clear()
        self.title.setText(title)
        self.words.setText(words)
        theme.dress(self.icon, icon)
        self.stack.setCurrentIndex(0)

    def show_report(self, drawn: Drawn, pages: PdfPages) -> None:
        """Show a report from its first page."""
        self._clear()
        self.drawn = drawn
        self.paper.show_pages(pages)
        self.stack.setCurrentIndex(2)
        for each in drawn.findings[:_MOST]:
            line = FindingLabel()
            self.findings.addWidget(line)
            line.show_spoken(texts.finding(each))
        if len(drawn.findings) > _MOST:
            self.findings.addWidget(label(tr("…另有 {n} 项", n=len(drawn.findings) - _MOST), tone="muted"))
        self._enable(on=True)
        self._say_page()

    def _clear(self) -> None:
        self.drawn = None
        self.paper.show_pages(None)
        while (item := self.findings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self._enable(on=False)
        self._say_page()

    def _enable(self, *, on: bool) -> None:
        for widget in (*self.tools, self.fit, self.print_button, self.pdf_button, self.xlsx_button):
            widget.setEnabled(on)

    def _say_page(self) -> None:
        n = self.paper.n_pages()
        self.page.setText(tr("第 {page} 页，共 {pages} 页", page=self.paper.current + 1, pages=n) if n else "—")
        self.percent.setText(f"{self.paper.percent}%" if n else "")
        self.tools[0].setEnabled(n > 0 and self.paper.current > 0)
        self.tools[1].setEnabled(n > 0 and self.paper.current < n - 1)
