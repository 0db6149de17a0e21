"""A job that the person waits for: how far it is, and a way to stop it. It appears after 0.3 s and goes with the job."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.jobs import Job, Jobs
from desktop.ui.labels import label
from desktop.ui.status_bar import APPEAR_S, job_words
from desktop.words import tr


class ProgressDialog(QDialog):
    """Watches one job. Escape and the button ask the job to stop; the dialog closes when it has."""

    def __init__(self, parent: QWidget | None, jobs: Jobs, job: Job) -> None:
        super().__init__(parent)
        self._job = job
        self.setWindowTitle(job.title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(440))
        self.words = label(job.title)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(job.title)
        self.stop_button = QPushButton(tr("停止"))
        self.stop_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.UNIT] * 4)
        column.setSpacing(2 * theme.UNIT)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addLayout(foot)
        jobs.progressed.connect(self.show_progress)
        jobs.changed.connect(self._closed_with_job)
        self.show_progress()

    def show_progress(self) -> None:
        """Draw how far the job is."""
        progress = self._job.progress
        self.words.setText(job_words(self._job))
        self.bar.setRange(0, progress.total)
        self.bar.setValue(min(progress.done, progress.total))

    def reject(self) -> None:
        """Ask the job to stop; close only when it has."""
        if self._job.finished:
            super().reject()
            return
        self._job.stop()
        self.stop_button.setEnabled(False)
        self.show_progress()

    def _closed_with_job(self) -> None:
        if self._job.finished:
            self.accept()


def watch(parent: QWidget, jobs: Jobs, job: Job) -> None:
    """Show the dialog when the job still runs after 0.3 s."""

    def appear() -> None:
        if not job.finished:
            ProgressDialog(parent, jobs, job).open()

    QTimer.singleShot(round(APPEAR_S * 1000), parent, appear)
