"""Work off the window's thread: one writer lane, three reader lanes, one queued signal back.

How a page uses it (``desk.jobs``)::

    jobs.read(lambda progress: workspace.instruments(filters), self.show_rows, owner=self, key="rows")
    jobs.write(tr("导入服务记录"), lambda progress: importing.commit(workspace, plan, progress), self.imported, owner=self)

* ``work(progress)`` runs on a lane; it touches no widget and no QObject. ``then(result)`` runs on the window's thread.
* ``owner``: when that widget is gone or was dropped, ``then`` and ``failed`` are not called (a write still counts and is
  announced).
* ``key``: a newer job of the same owner and key replaces the older one: the old one is asked to stop and its answer is dropped.
* A ``Problem`` goes to ``failed(problem)``, or as a notice to the window; ``Cancelled`` is told quietly; anything else is a bug
  and goes to the crash dialog.
* A write whose result is, or carries as ``.changes``, a ``Changes`` announces it through ``wrote``: the window tells the pages.

Workers never touch Qt objects but one: they put the result into a plain queue and emit ``wake`` of the mailbox, which lives
on the window's thread. Progress is plain attributes, read by a timer, so that a million reports cost no event.
Tests use ``Jobs(Inline())``: everything runs at once, in the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from desktop.actions.progress import Progress, Watched
from desktop.ledger.problem import Cancelled, Problem

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from desktop.ledger.changes import Changes

Lane = Literal["read", "write"]
READERS = 3
_TICK_MS = 100


class Job:
    """One piece of work: what it is called, how far it is, how it ended."""

    def __init__(
        self,
        lane: Lane,
        title: str,
        work: Callable[[Progress], Any],
        then: Callable[[Any], object] | None,
        failed: Callable[[Problem], object] | None,
        owner: QObject | None,
        key: str,
    ) -> None:
        self.lane = lane
        self.title = title
        self.progress = Watched()
        self.owner = owner
        self.key = key
        self.dropped = False
        self.finished = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._work = work
        self.then = then
        self.failed = failed

    def run(self) -> None:
        """On a lane: do the work, keep the result or what stopped it."""
        try:
            self.progress.check()
            self.result = self._work(self.progress)
        except BaseException as error:  # noqa: BLE001 - carried to the window's thread and told there
            self.error = error

    def stop(self) -> None:
        """Ask the work to stop at its next safe point."""
        self.progress.stop()

    @property
    def wanted(self) -> bool:
        """Whether somebody is still there to take the result."""
        return not self.dropped and (self.owner is None or isValid(self.owner))


class Runner(Protocol):
    """Where work runs."""

    def submit(self, lane: Lane, work: Callable[[], None]) -> None:
        """Run ``work`` on a lane, now or later."""

    def close(self) -> None:
        """Take no more work; wait for what runs."""


class Lanes:
    """The real runner: threads, one for writing, three for reading. Threads start with their first work."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}

    def submit(self, lane: Lane, work: Callable[[], None]) -> None:
        """Queue the work on its lane."""
        if lane not in self._lanes:
            from concurrent import futures  # not needed before the first paint

            self._lanes[lane] = futures.ThreadPoolExecutor(1 if lane == "write" else READERS, lane)
        self._lanes[lane].submit(work)

    def close(self) -> None:
        """Forget what has not begun, wait for what has."""
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)


class Inline:
    """The synchronous runner of tests: work is done when ``submit`` returns."""

    def submit(self, lane: Lane, work: Callable[[], None]) -> None:
        """Do it here."""
        work()

    def close(self) -> None:
        """Nothing runs."""


class _Mailbox(QObject):
    wake = Signal()


class Jobs(QObject):
    """The window's side of the lanes."""

    changed = Signal()  # the list of running jobs is another one
    progressed = Signal()  # some running job got further
    wrote = Signal(object)  # Changes
    troubled = Signal(object)  # a Problem nobody took
    stopped = Signal(str)  # title of a job that was cancelled
    crashed = Signal(object)  # an exception that is a bug
    idle = Signal()

    def __init__(self, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner: Runner = runner if runner is not None else Lanes()
        self._inline = isinstance(self._runner, Inline)
        self._running: list[Job] = []
        self._done: SimpleQueue[Job] = SimpleQueue()
        self._mailbox = _Mailbox(self)
        self._mailbox.wake.connect(self._collect, Qt.ConnectionType.QueuedConnection)
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.progressed)

    def read(
        self,
        work: Callable[[Progress], Any],
        then: Callable[[Any], object] | None = None,
        *,
        failed: Callable[[Problem], object] | None = None,
        title: str = "",
        owner: QObject | None = None,
        key: str = "",
    ) -> Job:
        """Read on one of three lanes. Untitled reads do not appear in the status bar."""
        return self._start(Job("read", title, work, then, failed, owner, key))

    def write(
        self,
        title: str,
        work: Callable[[Progress], Any],
        then: Callable[[Any], object] | None = None,
        *,
        failed: Callable[[Problem], object] | None = None,
        owner: QObject | None = None,
        key: str = "",
    ) -> Job:
        """Write on the one writer lane, after the writes asked for before."""
        return self._start(Job("write", title, work, then, failed, owner, key))

    def running(self) -> tuple[Job, ...]:
        """All jobs that have not ended, oldest first."""
        return tuple(self._running)

    def writing(self) -> bool:
        """Whether a write runs or waits."""
        return any(job.lane == "write" for job in self._running)

    def drop(self, owner: QObject) -> None:
        """The owner is gone: stop its reads and drop its answers. Its writes go on."""
        for job in self._running:
            if job.owner is owner:
                self._forget(job)

    def close(self) -> None:
        """Stop everything and wait for the lanes. Only when the program ends."""
        self._closed = True
        for job in self._running:
            job.dropped = True
            job.stop()
        self._timer.stop()
        self._runner.close()
        self._running.clear()

    def _start(self, job: Job) -> Job:
        if self._closed:
            raise RuntimeError("the program is closing: no more work")
        if job.key:
            for other in self._running:
                if other.owner is job.owner and other.key == job.key and other.lane == job.lane:
                    self._forget(other)
        self._running.append(job)
        self.changed.emit()
        if not self._inline:
            self._timer.start()
        self._runner.submit(job.lane, lambda: self._perform(job))
        if self._inline:
            self._collect()
        return job

    def _forget(self, job: Job) -> None:
        job.dropped = True
        if job.lane == "read":
            job.stop()

    def _perform(self, job: Job) -> None:
        job.run()
        self._done.put(job)
        if not self._closed and not self._inline:
            self._mailbox.wake.emit()

    def _collect(self) -> None:
        while not self._closed:
            try:
                job = self._done.get_nowait()
            except Empty:
                break
            self._running.remove(job)
            job.finished = True
            if not self._running:
                self._timer.stop()
            self.changed.emit()
            try:
                self._deliver(job)
            finally:
                if not self._running:
                    self.idle.emit()

    def _deliver(self, job: Job) -> None:
        error = job.error
        if error is None:
            changes = changes_in(job.result) if job.lane == "write" else None
            if changes:
                self.wrote.emit(changes)
            if job.wanted and job.then is not None:
                job.then(job.result)
        elif isinstance(error, Problem):
            self._tell(job, error)
        else:
            self.crashed.emit(error)

    def _tell(self, job: Job, problem: Problem) -> None:
        # A write that failed is told even when its page is gone: the person must know that it did not happen.
        if not job.wanted and job.lane == "read":
            return
        if job.wanted and job.failed is not None:
            job.failed(problem)
        elif isinstance(problem, Cancelled):
            self.stopped.emit(job.title)
        else:
            self.troubled.emit(problem)


def changes_in(result: object) -> Changes | None:
    """The Changes a write returned: the result itself, its ``changes``, or the first one in a tuple."""
    from desktop.ledger.changes import Changes  # not needed before the first paint

    if isinstance(result, Changes):
        return result
    if isinstance(result, tuple):
        return next((part for part in result if isinstance(part, Changes)), None)
    carried = getattr(result, "changes", None)
    return carried if isinstance(carried, Changes) else None
