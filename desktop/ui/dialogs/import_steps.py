"""What the import wizard knows of each kind of file, and its smaller parts: choosing the file, a job's progress, the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.importing import KINDS, Outcome
from desktop.ui import theme
from desktop.ui.file_drop import accept_files
from desktop.ui.jobs import Job, Jobs
from desktop.ui.labels import label
from desktop.ui.status_bar import job_words
from desktop.words import tr

# Where the imported rows are seen afterwards.
PAGE_OF = {
    "instruments": "instruments", "fees": "fees", "records": "records", "receipts": "records", "costs": "payouts", "evaluations": "performance",
    "pilot_bases": "pilot", "pilot_equipment": "pilot", "sensor_bindings": "instruments", "power_bands": "instruments", "sensor_sessions": "instruments",
    "trainings": "payouts", "staff_facts": "payouts", "technicians": "payouts",
    "management": "compliance", "university_sets": "compliance", "university_use": "compliance", "cers_sets": "compliance",
    "purchase_results": "compliance", "national_services": "compliance", "national_audits": "compliance",
}  # fmt: skip
TAB_OF = {
    "trainings": "trainings", "technicians": "staff", "staff_facts": "staff", "costs": "costs", "evaluations": "sets", "pilot_equipment": "equipment",
    "management": "management", "university_sets": "university", "university_use": "university", "cers_sets": "cers",
    "purchase_results": "purchases", "national_services": "national", "national_audits": "national",
}  # fmt: skip
"""The part of that page, where its first one does not show them."""


def kind_words(kind: str) -> str:
    """What a kind of file holds: 仪器, 收费标准 …"""
    return words.say(f"import_wizard.kind.{kind}")


class FileStep(QWidget):
    """What is imported, and from which file: dropped or chosen."""

    kind_chosen = Signal(str)
    choose = Signal()

    def __init__(self, kind: str, dropped: Callable[[Path], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("导入什么"))
        for each in KINDS:
            self.kind.addItem(kind_words(each), each)
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.kind.currentIndexChanged.connect(lambda: self._kind_chosen())
        self.says = label(tone="muted")
        self.button = QPushButton(tr("选择文件…"))
        self.button.setProperty("role", "primary")
        theme.dress(self.button, "open", "on_accent")
        self.button.clicked.connect(self.choose)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(QLabel(tr("导入什么")))
        row.addWidget(self.kind)
        row.addStretch(1)
        zone = QFrame()
        zone.setObjectName("card")
        inner = QVBoxLayout(zone)
        inner.setSpacing(theme.UNIT)
        inner.addStretch(2)
        inner.addWidget(theme.IconLabel("spreadsheet", "muted", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        drop = label(tr("把文件拖到这里，或点下面的按钮选择"), role="strong")
        drop.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(drop)
        formats = label(
            tr("可用 Excel（xlsx、xls）、WPS 或 LibreOffice（ods）和 CSV 文件；先预览，确认后才写入台账。"), tone="muted"
        )
        formats.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(formats)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch(3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(row)
        column.addWidget(self.says)
        column.addWidget(zone, 1)
        accept_files(self, dropped)
        self.say_kind()

    def say_kind(self) -> None:
        """Tell what belongs into a file of this kind."""
        self.says.setText(words.say(f"import_wizard.about.{self.kind.currentData()}"))

    def show_kind(self, kind: str) -> None:
        """Choose a kind without telling."""
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.kind.blockSignals(False)
        self.say_kind()

    def _kind_chosen(self) -> None:
        self.say_kind()
        self.kind_chosen.emit(str(self.kind.currentData()))


class JobRow(QWidget):
    """How far the job is, and a button that stops it; takes its room always, so that nothing jumps."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self.words = QLabel()
        self.words.setProperty("tone", "muted")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("进度"))
        self.bar.setMaximumWidth(theme.px(240))
        self.stop = QPushButton(tr("停止"))
        self.stop.clicked.connect(self.ask_to_stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT)
        for widget, stretch in ((self.words, 1), (self.bar, 1), (self.stop, 0)):
            row.addWidget(widget, stretch)
        fit = self.sizePolicy()
        fit.setRetainSizeWhenHidden(True)
        self.setSizePolicy(fit)
        self.hide()
        jobs.progressed.connect(self._draw)
        jobs.changed.connect(self._draw)

    @property
    def busy(self) -> bool:
        """Whether the job still runs."""
        return self._job is not None and not self._job.finished

    def watch(self, job: Job) -> None:
        """Show this job until it ends."""
        self._job = job
        self.stop.setEnabled(True)
        self._draw()

    def ask_to_stop(self) -> None:
        """Ask the job to stop at its next safe point."""
        if self._job is not None and self.busy:
            self._job.stop()
            self.stop.setEnabled(False)
            self._draw()

    def _draw(self) -> None:
        self.setVisible(self.busy)
        if self._job is None or not self.busy:
            return
        self.words.setText(job_words(self._job))
        self.bar.setRange(0, self._job.progress.total)
        self.bar.setValue(min(self._job.progress.done, self._job.progress.total))


class DoneStep(QWidget):
    """What the import did and how to take it back."""

    show_page = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label(role="section")
        self.lines = label()
        self.undo = label(tone="muted")
        self.look = QPushButton()
        theme.dress(self.look, "right")
        self.look.clicked.connect(self.show_page)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.UNIT)
        buttons.addWidget(self.look)
        buttons.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        self.icon = theme.IconLabel("done", "done", 24)
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        for widget in (self.lines, self.undo):
            column.addWidget(widget)
        column.addSpacing(theme.UNIT)
        column.addLayout(buttons)
        column.addStretch(1)

    def show_outcome(self, kind: str, outcome: Outcome) -> None:
        """Say it in words."""
        what = kind_words(kind)
        if outcome.accepted:
            self.title.setText(tr("已导入 {n} 行到「{what}」", n=f"{outcome.accepted:,}", what=what))
            self.undo.setText(tr("要整批撤回这次导入：按 Ctrl+Z，或点窗口顶部的“撤销”。记账、打印或上报用到之后就不能再撤。"))
        elif outcome.unchanged and not outcome.rejected:
            self.title.setText(tr("这些行都已在台账中，没有任何改动"))
            self.undo.setText("")
        else:
            self.title.setText(tr("没有导入任何行，台账没有改动"))
            self.undo.setText("")
        theme.dress(self.icon, "warning" if outcome.rejected else "done", "warning" if outcome.rejected else "done", 24)
        said = []
        if outcome.unchanged:
            said.append(tr("{n} 行已在台账中，内容相同，没有改动。", n=f"{outcome.unchanged:,}"))
        if outcome.rejected:
            said.append(
                tr("{n} 行有错误，没有采用。存成文件后改正，再导入那个文件即可，已导入的不会重复。", n=f"{outcome.rejected:,}")
            )
        self.lines.setText("\n".join(said))
        self.lines.setVisible(bool(said))
        self.undo.setVisible(bool(self.undo.text()))
        self.look.setText(tr("去看「{what}」", what=what))
        self.look.setVisible(bool(outcome.accepted) and kind in PAGE_OF)
