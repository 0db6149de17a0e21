"""Importing a file, from choosing it to the rows it could not take: file → columns → preview → done.

    open_import(desk, "records", parent=self)                 # asks for the file
    open_import(desk, "records", path, parent=self)           # a file that was dropped
    ImportWizard(desk, kind="instruments").open()             # the same; ``imported`` tells the Outcome

The file is read off the window's thread and can be stopped. Nothing is written before the preview was accepted; then all good
rows are written in one operation or none. Columns chosen by hand are remembered per kind. Where every needed column is found by
its name the wizard goes straight to the preview; one step back shows the columns.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.actions import import_columns, importing
from desktop.actions.importing import Outcome, Plan
from desktop.actions.progress import Progress
from desktop.ledger.problem import Cancelled, Problem
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs import import_reading as reading
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.dialogs.import_columns_step import ColumnsStep
from desktop.ui.dialogs.import_frame import ImportFrame
from desktop.ui.dialogs.import_preview_step import PreviewStep
from desktop.ui.dialogs.import_reading import Opened
from desktop.ui.dialogs.import_steps import PAGE_OF, TAB_OF, DoneStep, FileStep, kind_words
from desktop.ui.file_drop import TABLES
from desktop.ui.paged_model import Row
from desktop.ui.texts import Spoken
from desktop.words import tr

FILE, COLUMNS, PREVIEW, DONE = range(4)


class ImportWizard(ImportFrame):
    """See the module's head."""

    imported = Signal(object)

    def __init__(self, desk: Desk, kind: str = "instruments", path: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, parent)
        self.desk = desk
        self.kind = kind
        self._opened: Opened | None = None
        self._outcome: Outcome | None = None
        self._text = ""
        self.file_step = FileStep(kind, self.start)
        self.columns_step = ColumnsStep()
        self.preview_step = PreviewStep(desk.preferences)
        self.done_step = DoneStep()
        for step in (self.file_step, self.columns_step, self.preview_step, self.done_step):
            self.steps.addWidget(step)
        self._connect()
        self._show_step(FILE)
        if path is not None:
            self.start(path)

    def _connect(self) -> None:
        self.file_step.choose.connect(self.choose)
        self.file_step.kind_chosen.connect(self.use_kind)
        self.back.clicked.connect(self._back)
        self.rejects.clicked.connect(self.save_rejects)
        self.cancel.clicked.connect(self.reject)
        self.go_on.clicked.connect(self._go_on)
        self.done_step.show_page.connect(self._show_page)
        self.other.clicked.connect(self._use_other)
        self.desk.jobs.changed.connect(self._judge)

    # The file

    def use_kind(self, kind: str) -> None:
        """Import something else; an opened file is looked at anew."""
        self.kind = kind
        self.file_step.show_kind(kind)
        self._show_step(self.steps.currentIndex())
        if self._opened is not None:
            self.start(self._opened.path, self._text)

    def choose(self) -> None:
        """Ask for the file."""
        open_file(
            self,
            title=tr("选择要导入的文件"),
            kinds=((tr("表格文件"), TABLES),),
            preferences=self.desk.preferences,
            purpose=f"import.{self.kind}",
            then=self.start,
        )

    def paste(self, text: str) -> None:
        """Import what was copied from a spreadsheet, its header with it."""
        self.start(Path(tr("粘贴的内容")), text)

    def start(self, path: Path, text: str = "") -> None:
        """Open a file; a second one while the first is being read replaces it. ``text`` stands for the file's content."""
        if self.steps.currentIndex() == DONE or (self.desk.jobs.writing() and self.row.busy):
            return
        kind, kept = self.kind, reading.remembered(self.desk.preferences, self.kind)
        self._opened = None
        self.say(None)
        self.file_name.setText(path.name)
        self._show_step(FILE)
        self._text = text
        self._read(tr("读取文件"), lambda progress: reading.open_and_look(kind, path, text, kept, progress), self._have_file)

    def _have_file(self, opened: Opened) -> None:
        self._opened = opened
        if opened.columns is None:
            if opened.problem is not None:
                self._failed(opened.problem)
            self._offer_other(opened.others)
            return
        self.columns_step.show_columns(opened.columns)
        if self.columns_step.complete():
            self.read_plan()
        else:
            self._show_step(COLUMNS)
            self._offer_other(opened.others)

    def _offer_other(self, others: tuple[str, ...]) -> None:
        self.other.setVisible(bool(others))
        if others:
            self.other.setProperty("kind", others[0])
            self.other.setText(tr("像是「{what}」，改为导入它", what=kind_words(others[0])))

    def _use_other(self) -> None:
        self.use_kind(str(self.other.property("kind")))

    # The columns

    def read_plan(self) -> None:
        """Read the rows with the columns as they are chosen, and weigh them against the ledger."""
        opened = self._opened
        if opened is None or opened.columns is None or not self.columns_step.complete():
            return
        chosen = self.columns_step.mapping()
        mapping = import_columns.headers_of(opened.columns, chosen)
        kind, workspace, from_on = self.kind, self.desk.workspace, self.columns_step.from_on()
        reading.remember(self.desk.preferences, opened.columns, chosen)
        self.say(None)
        self._read(
            tr("核对各行"), lambda progress: reading.read(workspace, kind, opened, mapping, from_on, progress), self._have_plan
        )

    def _read(self, title: str, work: Callable[[Progress], Any], then: Callable[[Any], object]) -> None:
        self.row.watch(self.desk.jobs.read(work, then, failed=self._failed, title=title, owner=self, key="import"))
        self._judge()

    def _have_plan(self, read: tuple[Plan, list[Row]]) -> None:
        self.preview_step.show_plan(*read)
        self._show_step(PREVIEW)

    # The rows

    def commit(self) -> None:
        """Write all good rows in one operation."""
        plan = self.preview_step.plan
        if plan is None or not plan.accepted:
            return
        workspace = self.desk.workspace
        title = tr("导入{what}", what=kind_words(self.kind))
        self.say(None)

        def work(progress: Progress) -> Outcome:
            return importing.commit(workspace, plan, progress=progress)

        self.row.watch(self.desk.jobs.write(title, work, self._done, failed=self._failed, owner=self))
        self._judge()

    def _done(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.done_step.show_outcome(self.kind, outcome)
        self._show_step(DONE)
        self.imported.emit(outcome)

    def save_rejects(self) -> None:
        """Ask where the rows that are not taken go, with the reason in a column."""
        plan = self.preview_step.plan
        if plan is None:
            return
        findings = self._outcome.findings if self._outcome is not None else plan.findings

        def save(path: Path) -> None:
            def saved(n: int) -> None:
                self.say(Spoken(tr("已把 {n} 行和原因存到 {name}。改正后可以直接再导入。", n=n, name=path.name), "done"))

            self._read(tr("保存没有采用的行"), lambda progress: importing.save_rejects(plan, findings, path), saved)

        save_file(
            self,
            title=tr("保存没有采用的行"),
            name=tr("{name}-没有采用的行.xlsx", name=plan.path.stem),
            kinds=((tr("Excel 工作簿"), ("xlsx",)), (tr("CSV 文件"), ("csv",))),
            preferences=self.desk.preferences,
            purpose=f"import.{self.kind}",
            then=save,
        )

    # Steps

    def _show_step(self, step: int) -> None:
        self.setWindowTitle(tr("导入{what}", what=kind_words(self.kind)))
        self.heading.setText(self.windowTitle())
        self.steps.setCurrentIndex(step)
        if step == PREVIEW:
            self.preview_step.table.view.setFocus()
        elif step == FILE:
            self.file_step.button.setFocus()  # Enter asks for the file
        self.mark(step)
        self.other.hide()
        self._judge()

    def _judge(self) -> None:
        """Which buttons there are, and which can be pressed now."""
        step, busy, plan = self.steps.currentIndex(), self.row.busy, self.preview_step.plan
        self.back.setVisible(step in (COLUMNS, PREVIEW))
        self.back.setEnabled(not busy)
        self.go_on.setVisible(step != FILE)
        self.go_on.setEnabled(not busy)
        self.cancel.setText(tr("关闭") if step == FILE else tr("取消"))
        self.cancel.setVisible(step != DONE)
        self.file_step.setEnabled(not busy)
        n_rejected = 0
        if step == COLUMNS:
            self.go_on.setText(tr("预览"))
        elif step == PREVIEW and plan is not None:
            n_rejected = plan.rejected
            self.go_on.setText(tr("导入 {n} 行", n=f"{plan.accepted:,}") if plan.accepted else tr("关闭"))
            self.cancel.setVisible(bool(plan.accepted))
        elif step == DONE and self._outcome is not None:
            n_rejected = self._outcome.rejected
            self.go_on.setText(tr("完成"))
        self.rejects.setVisible(bool(n_rejected))
        self.rejects.setText(tr("保存没有采用的 {n} 行…", n=f"{n_rejected:,}"))
        # In the preview Enter belongs to the search and the list: nothing is imported by a stray key.
        self.go_on.setDefault(step in (COLUMNS, DONE))

    def _go_on(self) -> None:
        step, plan = self.steps.currentIndex(), self.preview_step.plan
        if step == COLUMNS:
            self.read_plan()
        elif step == PREVIEW and plan is not None and plan.accepted:
            self.commit()
        else:
            self.accept()

    def _back(self) -> None:
        self.say(None)
        self._show_step(self.steps.currentIndex() - 1)

    def _show_page(self) -> None:
        tab = TAB_OF.get(self.kind)
        self.desk.go(PAGE_OF[self.kind], **({"tab": tab} if tab else {}))
        self.accept()

    # What went wrong, and the end

    def _failed(self, problem: Problem) -> None:
        if isinstance(problem, Cancelled):
            self.say(Spoken(tr("已停止，台账没有改动。"), "note"))
        else:
            lines = [texts.problem(problem), *(texts.finding(each).text for each in problem.findings[:3])]
            self.say(Spoken("\n".join(lines), "error"))
        self._judge()

    def reject(self) -> None:
        """Stop what runs first; a file half read or half written is none."""
        if self.row.busy:
            self.row.ask_to_stop()
            return
        super().reject()

    def done(self, result: int) -> None:
        """The answers of what still runs are not wanted any more."""
        self.desk.jobs.drop(self)
        super().done(result)


def open_import(
    desk: Desk, kind: str = "instruments", path: Path | None = None, *, parent: QWidget | None = None
) -> ImportWizard:
    """Open the wizard over the parent's window, with a file if there is one already."""
    wizard = ImportWizard(desk, kind, path, parent.window() if parent is not None else None)
    wizard.open()
    return wizard
