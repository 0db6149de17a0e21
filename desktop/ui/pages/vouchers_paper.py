"""The paper of a voucher claim as it would be printed today: looked at, printed, saved as PDF or workbook."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.actions import reporting
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


class ClaimPaper(DialogFrame):
    """What goes to the printer is what is shown; a draft says on every page that it is one."""

    def __init__(self, parent: QWidget | None, desk: Desk, number: str) -> None:
        super().__init__(parent, tr("创新券兑付申请表：{number}", number=number), tr("关闭"), icon="report")
        self.desk = desk
        self.number = number
        self.cancel.hide()
        begin_at(self, 960, 640)
        self.preview = Preview(desk)
        self.output = ReportOutput(desk, self)
        self.preview.setMinimumHeight(self.height() * 2 // 3)
        self.preview.print_button.clicked.connect(self.print_it)
        self.preview.pdf_button.clicked.connect(lambda: self.save("pdf"))
        self.preview.xlsx_button.clicked.connect(lambda: self.save("xlsx"))
        self.preview.stop.clicked.connect(self.reject)
        self.body.addWidget(self.preview, 1)
        self.finished.connect(lambda result: self._leave())
        self.draw()

    def draw(self) -> None:
        """Draw it on a reader lane."""
        workspace, number, name = self.desk.workspace, self.number, tr("创新券兑付申请表")
        self.preview.wait(tr("正在生成{name}…", name=name))
        self.desk.jobs.read(
            lambda progress: reporting.draw_claim(workspace, number, progress), self._show, failed=self._failed,
            title=tr("生成{name}", name=name), owner=self, key="preview",
        )  # fmt: skip

    def _show(self, drawn: Drawn) -> None:
        self.preview.show_report(drawn, PdfPages(drawn.data))

    def _failed(self, problem: Problem) -> None:
        self.preview.say(tr("现在没有可以预览的内容"), texts.problem(problem), "report")

    def _leave(self) -> None:
        self.desk.jobs.drop(self)
        self.preview.paper.show_pages(None)

    def save(self, form: str) -> None:
        """Ask where, then write it as PDF or workbook."""
        self.output.ask_where(form, f"{tr('创新券兑付申请表')}-{self.number}", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write it to a file; its ending says which form."""
        workspace, number = self.desk.workspace, self.number

        def work(progress: Progress) -> Made:
            return reporting.make_claim(workspace, number, out=path, progress=progress)

        self.desk.jobs.write(tr("保存{name}", name=tr("创新券兑付申请表")), work, self.output.saved, owner=self)

    def print_it(self) -> None:
        """Send what is shown to a printer."""
        if self.preview.drawn is not None:
            self.output.print_it(self.preview.drawn)
