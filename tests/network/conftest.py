"""Fixtures: the running service on both databases, its institutions, a seat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.network.postgres import Postgres
from tests.network.rig import Seat, Service, uscc

ENGINES = ("sqlite", "postgresql")
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole session; each test file has a database of its own in it."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each test of the service runs on both databases."""
    return str(request.param)


@pytest.fixture(scope="module")
def new_database(request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the URL of a new, empty database."""
    if engine == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.database
    return lambda: f"sqlite:///{tmp_path_factory.mktemp('network') / 'network.db'}"


@pytest.fixture(scope="module")
def service(new_database: Callable[[], str]) -> Iterator[Service]:
    """One service for the tests of a file; each test has institutions of its own."""
    running = Service(new_database())
    yield running
    running.stop()


@pytest.fixture
def fresh(new_database: Callable[[], str]) -> Iterator[Service]:
    """A service that no other test uses."""
    running = Service(new_database())
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
