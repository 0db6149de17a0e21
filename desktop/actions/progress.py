"""Progress: how long work tells how far it is and learns that it should stop. Knows nothing of windows or terminals.

An action that may take over 0.3 s takes ``progress: Progress = UNWATCHED``, calls ``report`` now and then, and ``check`` at
points where stopping leaves the ledger whole (before the transaction commits).
"""

from __future__ import annotations

from typing import Protocol

from desktop.ledger.problem import Cancelled


class Progress(Protocol):
    """What an action may ask of whoever watches it. Safe to call from any thread, cheap enough for every row."""

    def report(self, done: int, total: int, note_code: str = "") -> None:
        """``done`` of ``total`` steps (total 0: unknown); ``note_code`` names the stage (words.say)."""

    def cancelled(self) -> bool:
        """Whether the person asked to stop."""

    def check(self) -> None:
        """Raises ledger.problem.Cancelled when the person asked to stop."""


class Unwatched:
    """Nobody watches: tests, the command line without a terminal, small work."""

    def report(self, done: int, total: int, note_code: str = "") -> None:
        """Nobody to tell."""

    def cancelled(self) -> bool:
        """Never."""
        return False

    def check(self) -> None:
        """Never raises."""


class Watched:
    """The last report and the wish to stop: written on one thread, read on another (plain attribute stores are atomic)."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0
        self.note_code = ""
        self._stop = False

    def report(self, done: int, total: int, note_code: str = "") -> None:
        """Keep the newest report; an empty note keeps the stage named before."""
        self.done = done
        self.total = total
        if note_code:
            self.note_code = note_code

    def stop(self) -> None:
        """Ask the work to stop at its next ``check``."""
        self._stop = True

    def cancelled(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stop

    def check(self) -> None:
        """Raises Cancelled after ``stop``."""
        if self._stop:
            raise Cancelled


UNWATCHED = Unwatched()
