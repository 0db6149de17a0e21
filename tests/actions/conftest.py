"""Real encrypted ledgers, made once and copied for each test: empty, small (``making``), filled from the practice files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions.workspace import Workspace, open_ledger
from tests.actions import making
from tests.actions.province import Province, in_office
from tests.actions.two_seats import Seats, at_one_hub
from tests.sync.soap_peer import Peer

# The day at the desk: after the last service of the practice files.
TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", TODAY)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("empty") / "home"
    making.start(home).close()
    return home


@pytest.fixture(scope="session")
def small_home(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small") / "home"
    shutil.copytree(empty_home, home)
    with open_ledger(home) as workspace:
        making.fill_small(workspace)
    return home


@pytest.fixture(scope="session")
def practice_home(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("practice") / "home"
    shutil.copytree(empty_home, home)
    with pytest.MonkeyPatch.context() as patch, open_ledger(home) as workspace:
        patch.setenv("YIXIANG_TODAY", TODAY)
        for kind in making.FILES:
            making.import_file(workspace, kind)
    return home


def _opened(home: Path, tmp_path: Path) -> Iterator[Workspace]:
    copy = Path(shutil.copytree(home, tmp_path / "home"))
    with open_ledger(copy) as workspace:
        yield workspace


@pytest.fixture
def empty(empty_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    yield from _opened(empty_home, tmp_path)


@pytest.fixture
def small(small_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    yield from _opened(small_home, tmp_path)


@pytest.fixture
def practice(practice_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    yield from _opened(practice_home, tmp_path)


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """Two seats with the small ledger and one hub, level."""
    with at_one_hub(small_home, tmp_path / "seats") as both:
        yield both


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    """The provincial network with its operator."""
    with in_office(tmp_path) as made:
        yield made


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A national platform that answers on loopback."""
    made = Peer()
    yield made
    made.close()
