"""The real program with its window, made to stand still with every row of an import written and nothing committed.

    python -m tests.e2e.interrupted HOME FILE        # says "written" and waits to be killed

The practice ledger is made in HOME, as ``yixiang demo --home HOME`` does; the import goes through the wizard.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.__main__ import main
from desktop.actions.progress import Watched
from desktop.ui import jobs
from desktop.ui.dialogs.import_wizard import PREVIEW, ImportWizard, open_import
from desktop.ui.main_window import MainWindow

_LOOK_MS = 20


class Standstill(Watched):
    """The last question an import asks before it commits is not answered any more."""

    def check(self) -> None:
        super().check()
        if self.note_code == "work.writing":
            tell("written")
            threading.Event().wait()


def tell(what: object) -> None:
    """A line for whoever started this: where it stands, or the bug that stopped it."""
    sys.stdout.write(f"{what!s}\n")
    sys.stdout.flush()


class Driver:
    """Looks at the window now and then and does the next thing a person would do."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._watching = False
        self._wizard: ImportWizard | None = None
        self.timer = QTimer()
        self.timer.timeout.connect(self.look)
        self.timer.start(_LOOK_MS)

    def look(self) -> None:
        """Open the wizard once the ledger is open; take the preview."""
        window = next((each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)), None)
        if window is None:
            return
        if not self._watching:
            self._watching = True
            window.desk.jobs.crashed.connect(tell)
        if not window.desk.is_open:
            return
        if self._wizard is None:
            self._wizard = open_import(window.desk, "records", self._file, parent=window)
        elif self._wizard.steps.currentIndex() == PREVIEW:
            self.timer.stop()
            self._wizard.go_on.click()


def run(home: str, file: str) -> int:
    """The program until its window is closed."""
    jobs.Watched = Standstill  # type: ignore[misc]  # the program's own, but for the standstill
    app = QApplication(sys.argv[:1])
    driver = Driver(Path(file))
    try:
        return main(["demo", "--home", home])
    finally:
        driver.timer.stop()
        app.quit()


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1], sys.argv[2]))
