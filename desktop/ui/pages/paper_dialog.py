"""The paper of one purchase, transfer or voucher claim as it would be printed today: looked at, printed, saved as PDF or workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.actions.progress import Progress
from desktop.actions.reporting import Drawn, Made
from desktop.ledger.problem import Problem
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.labels import begin_at
from desktop.ui.pages.reports_output import ReportOutput
from desktop.ui.pages.reports_preview import Preview
from desktop.ui.pdf_pages import PdfPages
from desktop.words import tr


class PaperDialog(DialogFrame):
    """What goes to the printer is what is shown. ``draw`` makes it and ``make`` writes it to a file, both on a lane; ``name`` is what the
    paper is called, ``number`` whose it is.
    """

    def __init__(
        self, parent: QWidget | None, desk: Desk, name: str, number: str, draw: Callable[[Progress], Drawn], make: Callable[[Path, Progress], Made]
    ) -> None:
        super().__init__(parent, tr("{name}：{number}", name=name, number=number), tr("关闭"), icon="report")
        self.desk = desk
        self.name = name
        self.number = number
        self._draw = draw
        self._make = make
        self.cancel.hide()
        begin_at(self, 960, 640)
        self.preview = Preview(desk)
        self.output = ReportOutput(desk, self)
        self.preview.setMinimumHeight(self.height() * 4 // 5)
        self.preview.print_button.clicked.connect(self.print_it)
        self.preview.pdf_button.clicked.connect(lambda: self.save("pdf"))
        self.preview.xlsx_button.clicked.connect(lambda: self.save("xlsx"))
        self.preview.stop.clicked.connect(self.reject)
        self.body.addWidget(self.preview, 1)
        self.finished.connect(lambda result: self._leave())
        self.draw()

    def draw(self) -> None:
        """Draw it on a reader lane."""
        self.preview.wait(tr("正在生成{name}…", name=self.name))
        self.desk.jobs.read(self._draw, self._show, failed=self._failed, title=tr("生成{name}", name=self.name), owner=self, key="preview")

    def _show(self, drawn: Drawn) -> None:
        self.preview.show_report(drawn, PdfPages(drawn.data))

    def _failed(self, problem: Problem) -> None:
        self.preview.say(tr("现在没有可以预览的内容"), texts.problem(problem), "report")

    def _leave(self) -> None:
        self.desk.jobs.drop(self)
        self.preview.paper.show_pages(None)

    def save(self, form: str) -> None:
        """Ask where, then write it as PDF or workbook."""
        self.output.ask_where(form, f"{self.name}-{self.number}", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write it to a file; its ending says which form."""
        make = self._make
        self.desk.jobs.write(tr("保存{name}", name=self.name), lambda progress: make(path, progress), self.output.saved, owner=self)

    def print_it(self) -> None:
        """Send what is shown to a printer."""
        if self.preview.drawn is not None:
            self.output.print_it(self.preview.drawn)
