"""The frame of the import wizard: heading and steps above, what is said and the buttons below. It knows nothing of files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.dialogs.import_steps import JobRow
from desktop.ui.forms import FindingLabel
from desktop.ui.jobs import Jobs
from desktop.ui.labels import Elided, at_least, begin_at
from desktop.ui.texts import Spoken
from desktop.words import tr


class ImportFrame(QDialog):
    """``steps`` takes the steps in order; ``row`` shows the job that runs; ``other`` offers another kind of file."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at_least(self, 760, 520)
        begin_at(self, 940, 640)
        self.heading = QLabel()
        self.heading.setProperty("role", "section")
        self.file_name = Elided()
        self.file_name.setProperty("tone", "muted")
        self.marks = [QLabel(words) for words in (tr("1 文件"), tr("2 核对列"), tr("3 预览"), tr("4 完成"))]
        self.steps = QStackedWidget()
        self.said = FindingLabel()
        self.other = QPushButton()
        self.other.setProperty("role", "link")
        theme.dress(self.other, "right", "accent")
        self.row = JobRow(jobs)
        self.back = QPushButton(tr("上一步"))
        self.rejects = QPushButton()
        theme.dress(self.rejects, "save")
        self.cancel = QPushButton()
        self.go_on = QPushButton()
        self.go_on.setProperty("role", "primary")
        for button in (self.other, self.back, self.rejects, self.cancel, self.go_on):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.UNIT] * 4)
        column.setSpacing(2 * theme.UNIT)
        column.addLayout(self._head())
        column.addWidget(self.steps, 1)
        column.addLayout(self._told())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.heading)
        row.addWidget(self.file_name, 1)
        row.addStretch(1)
        for place, mark in enumerate(self.marks):
            if place:
                row.addWidget(theme.IconLabel("right", "muted", 12))
            row.addWidget(mark)
        return row

    def _told(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.said, 1)
        row.addWidget(self.other, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.back)
        row.addWidget(self.rejects)
        row.addWidget(self.row, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.go_on)
        return row

    def mark(self, step: int) -> None:
        """Which step it is."""
        for place, mark in enumerate(self.marks):
            mark.setProperty("role", "strong" if place == step else "")
            mark.setProperty("tone", "plain" if place == step else "muted")
            mark.style().unpolish(mark)
            mark.style().polish(mark)

    def say(self, spoken: Spoken | None) -> None:
        """Say it below the step, or nothing."""
        self.said.show_spoken(spoken)
