"""Pages are tried on real ledgers, made once and copied for each test, with work done at once in the window's thread."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.actions.workspace import Workspace, open_ledger, today
from desktop.ui.desk import Desk
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.notices import Notice
from desktop.ui.open_ledger import OpenLedger
from tests.actions import making

TODAY = "2026-03-02"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", TODAY)


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("pages") / "home"
    with making.start(home) as workspace:
        making.fill_small(workspace)
    return home


@pytest.fixture(scope="session")
def worked_template(small_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ledger with posted services, a payout of them, and a record with a problem."""
    home = Path(shutil.copytree(small_template, tmp_path_factory.mktemp("worked") / "home"))
    with pytest.MonkeyPatch.context() as patch, open_ledger(home) as workspace:
        patch.setenv("YIXIANG_TODAY", TODAY)
        making.some_work(workspace)
        making.settled(workspace)
        making.enter(workspace, "R9", contract="")
    return home


@pytest.fixture
def ledger(small_template: Path, tmp_path: Path) -> Iterator[Workspace]:
    with open_ledger(Path(shutil.copytree(small_template, tmp_path / "home"))) as workspace:
        yield workspace


@pytest.fixture
def at_desk(qapp: QApplication, ledger: Workspace) -> Desk:
    """A desk over the small ledger (tests.actions.making) in the year 2025; a bug on a lane fails the test."""
    jobs = Jobs(Inline())
    made = Desk(jobs, {"period": "2025"}, today)

    def crashed(error: BaseException) -> None:
        raise error

    jobs.crashed.connect(crashed)
    made.open(OpenLedger(ledger), ledger)
    return made


@pytest.fixture
def told(at_desk: Desk) -> list[str]:
    """What the notices said, in their order."""
    said: list[str] = []

    def tell(notice: Notice) -> None:
        said.append(notice.text)

    at_desk.told.connect(tell)
    return said
