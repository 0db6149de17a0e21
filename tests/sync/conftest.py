"""Fixtures: the running service and two enrolled seats of one institution."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.rig import Province, Seat, seats


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """One running service for the tests of a file."""
    service = Province(tmp_path_factory.mktemp("province"))
    service.start()
    yield service
    service.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Province]:
    """A service no other test uses."""
    service = Province(tmp_path)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def pair(province: Province) -> tuple[Seat, Seat]:
    """Two enrolled seats of one institution."""
    return seats(province)
