"""A report leaves the window: saved as PDF or workbook, or sent to a printer. What left is remembered by its digest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.actions import award_files, reporting
from desktop.actions.award_files import Collected
from desktop.actions.progress import Progress
from desktop.actions.reporting import Drawn, Made
from desktop.ledger.problem import Cancelled, Problem
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.pages.reports_gallery import titles
from desktop.ui.pdf_pages import PdfPages
from desktop.words import tr

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_MOST = 3


class ReportOutput:
    """``parent`` is the page: dialogs open over it, and its going drops the answers."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk = desk
        self.parent = parent

    def save(self, kind: str, form: str, period: str, run: str | None) -> None:
        """Ask where, then write."""
        self.ask_where(form, f"{titles()[kind][0]}-{run or period}", lambda path: self.save_to(path, kind, period, run))

    def ask_where(self, form: str, name: str, chosen: Callable[[Path], object]) -> None:
        """Ask for the file; ``name`` is offered, without its ending."""
        kinds = {"pdf": (tr("PDF 文件"), ("pdf",)), "xlsx": (tr("Excel 工作簿"), ("xlsx",))}
        save_file(
            self.parent,
            title=tr("保存报表"),
            name=f"{name}.{form}",
            kinds=(kinds[form],),
            preferences=self.desk.preferences,
            purpose="reports",
            then=chosen,
        )

    def save_to(self, path: Path, kind: str, period: str, run: str | None) -> None:
        """Write a report to a file; its ending says which form."""
        workspace = self.desk.workspace

        def work(progress: Progress) -> Made:
            return reporting.make(workspace, kind, period=period, out=path, run=run, progress=progress)

        self.desk.jobs.write(tr("保存{name}", name=titles()[kind][0]), work, self.saved, owner=self.parent)

    def saved(self, made: Made) -> None:
        """Say where it is, and what could not be printed as written."""
        lines = [tr("报表已保存：{path}", path=made.path), *(texts.finding(one).text for one in made.findings[:_MOST])]
        self.desk.tell("warning" if made.findings else "done", "\n".join(lines))

    def collect(self, period: str) -> None:
        """Ask where, then collect the files behind the award application of a year."""
        kinds = ((tr("ZIP 压缩包"), ("zip",)),)
        save_file(
            self.parent, title=tr("保存佐证材料"), name=f"{tr('佐证材料')}-{period}.zip", kinds=kinds, preferences=self.desk.preferences,
            purpose="reports", then=lambda path: self.collect_to(path, period),
        )  # fmt: skip

    def collect_to(self, path: Path, period: str) -> None:
        """Write the archive, and say what is not in it."""
        workspace = self.desk.workspace

        def done(made: Collected) -> None:
            lines = [tr("已汇成 {path}：{n} 个文件，另附清单。", path=made.path, n=made.n_files)]
            if made.n_elsewhere:
                lines.append(tr("另有 {n} 个文件在别的席位，本机未取回，只列在清单里。", n=made.n_elsewhere))
            if made.n_bare:
                lines.append(tr("有 {n} 笔服务没有附件。", n=made.n_bare))
            self.desk.tell("warning" if made.n_elsewhere or made.n_bare else "done", "\n".join(lines))

        self.desk.jobs.write(
            tr("保存佐证材料"), lambda progress: award_files.collect(workspace, int(period), path, progress), done, owner=self.parent
        )

    def print_it(self, drawn: Drawn) -> None:
        """Ask for printer and pages, then print exactly what is shown."""
        from desktop.ui.printing import choose_printer

        choose_printer(self.parent, drawn.n_pages, lambda printer: self.print_to(drawn, printer))

    def print_to(self, drawn: Drawn, printer: QPrinter) -> None:
        """Print on this printer, then remember that this very report was printed."""
        from desktop.ui.printing import PaperRun

        pages = PdfPages(drawn.data)

        def done(n_pages: int) -> None:
            pages.close()
            workspace = self.desk.workspace
            said = tr("{name}：{n} 页已送到打印机。", name=drawn.title, n=n_pages)
            self.desk.jobs.write(
                tr("记下打印"),
                lambda progress: reporting.on_paper(workspace, drawn),
                lambda changes: self.desk.tell("done", said),
                owner=self.parent,
            )

        def failed(problem: Problem) -> None:
            pages.close()
            if not isinstance(problem, Cancelled):
                self.desk.trouble(problem)

        PaperRun(self.desk.jobs, pages, printer, done, failed, self.parent).start()
