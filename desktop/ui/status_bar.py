"""The bar at the bottom: what runs now, how far it is, a way to stop it; when the ledger was last saved; its state.

A job appears after 0.3 s: what is quicker would only flicker.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QProgressBar, QToolButton, QWidget

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.desk import Standing
from desktop.ui.jobs import Job, Jobs
from desktop.ui.labels import Elided
from desktop.words import tr

APPEAR_S = 0.3


class StatusBar(QFrame):
    """Follows the jobs by itself; the window gives it the Standing."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bottom")
        self._jobs = jobs
        self._since: dict[Job, float] = {}
        self.title = Elided()
        self.bar = QProgressBar()
        self.bar.setFixedWidth(theme.px(160))
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("进度"))
        self.cancel = QToolButton()
        self.cancel.setText(tr("停止"))
        self.cancel.clicked.connect(self._stop_first)
        self.others = QToolButton()
        self.others.clicked.connect(self._list_others)
        self.saved = QLabel()
        self.state = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.UNIT, 0, 2 * theme.UNIT, 0)
        row.setSpacing(theme.UNIT)
        for widget in (self.title, self.bar, self.cancel, self.others):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.saved)
        row.addSpacing(theme.UNIT)
        row.addWidget(self.state)
        self.setFixedHeight(theme.px(32))
        jobs.changed.connect(self._jobs_changed)
        jobs.progressed.connect(self.show_jobs)
        self._jobs_changed()

    def show_standing(self, standing: Standing) -> None:
        """When the ledger was last written and what it is."""
        self.saved.setText(
            tr("上次保存 {at}", at=texts.moment(standing.saved_at)) if standing.saved_at else tr("还没有保存过内容")
        )
        self.say_state(tr("练习台账") if standing.practice else tr("台账已打开"))

    def say_state(self, words_: str) -> None:
        """The state of the ledger in words."""
        self.state.setText(words_)

    def shown_jobs(self) -> list[Job]:
        """The titled jobs that have run long enough to be shown, writes first."""
        now = time.monotonic()
        shown = [job for job, since in self._since.items() if now - since >= APPEAR_S]
        return sorted(shown, key=lambda job: job.lane != "write")

    def _jobs_changed(self) -> None:
        now = time.monotonic()
        titled = [job for job in self._jobs.running() if job.title]
        fresh = [job for job in titled if job not in self._since]
        self._since = {job: self._since.get(job, now) for job in titled}
        if fresh:
            QTimer.singleShot(round(APPEAR_S * 1000) + 20, self, self.show_jobs)
        self.show_jobs()

    def show_jobs(self) -> None:
        """Draw what runs."""
        shown = self.shown_jobs()
        for widget in (self.title, self.bar, self.cancel):
            widget.setVisible(bool(shown))
        self.others.setVisible(len(shown) > 1)
        if not shown:
            return
        job = shown[0]
        self.title.setText(job_words(job))
        self.bar.setRange(0, job.progress.total)
        self.bar.setValue(min(job.progress.done, job.progress.total))
        self.cancel.setEnabled(not job.progress.cancelled())
        self.cancel.setAccessibleName(tr("停止：{job}", job=job.title))
        self.others.setText(tr("另有 {n} 项", n=len(shown) - 1))

    def _stop_first(self) -> None:
        shown = self.shown_jobs()
        if shown:
            shown[0].stop()
            self.show_jobs()

    def _list_others(self) -> QMenu:
        menu = QMenu(self)
        for job in self.shown_jobs():
            menu.addAction(theme.icon("close"), tr("停止：{job}", job=job_words(job))).triggered.connect(
                lambda checked=False, job=job: job.stop()
            )
        menu.popup(self.others.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        return menu


def job_words(job: Job) -> str:
    """What a job is called and how far it is: 导入服务记录 · 检查 · 1,200 / 10,000."""
    progress = job.progress
    parts = [job.title]
    if progress.cancelled():
        parts.append(tr("正在停止…"))
    elif progress.note_code:
        parts.append(words.say(progress.note_code))
    if progress.total:
        parts.append(f"{progress.done:,} / {progress.total:,}")
    return " · ".join(parts)
