"""Fixtures: the running service, its institutions, a seat."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.network.rig import Seat, Service, uscc

_numbers = count(1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for the tests of a file; each test has institutions of its own."""
    running = Service(f"sqlite:///{tmp_path_factory.mktemp('network') / 'network.db'}")
    yield running
    running.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Service]:
    """A service that no other test uses, with its database in ``tmp_path``."""
    running = Service(f"sqlite:///{tmp_path / 'network.db'}")
    yield running
    running.stop()


@pytest.fixture
def home(service: Service) -> str:
    return service.institution(uscc(next(_numbers)), "齐鲁样本大学")


@pytest.fixture
def other(service: Service) -> str:
    return service.institution(uscc(next(_numbers)), "泉城样本仪器公司")


@pytest.fixture
def seat(service: Service, home: str) -> Seat:
    return service.seat(home)
