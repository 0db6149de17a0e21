"""A seat that knows no line and a service with lower limits than the contract begins with: nothing is written, and refused, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.actions import package_limits, syncing
from desktop.actions.package_answers import Absorbed
from desktop.actions.workspace import Workspace
from desktop.words import say_in
from network.limits import Limits
from tests.actions.carrying import Courier, Office
from tests.actions.making import some_work, sound
from tests.network.rig import Service

N_MOST = 12
LIMITS = {"changes": Limits(n_changes=4), "bytes": Limits(n_bytes=4_000)}


@pytest.fixture(params=LIMITS)
def courier(request: pytest.FixtureRequest, small: Workspace, tmp_path: Path) -> Iterator[Courier]:
    office = Office(tmp_path / "office")
    office.service.stop()
    office.service = Service(office.url, "network", LIMITS[request.param])
    office.service.clock.moment = datetime.now(UTC)
    some_work(small)
    yield Courier(small, office, tmp_path / "stick")
    office.service.stop()


def rounds(courier: Courier) -> list[Absorbed]:
    """Until both sides hold the same, or as long as nobody would go on."""
    told = [courier.round(code=courier.office.code())]
    while len(told) < N_MOST and told[-1].digest_equal is not True:
        told.append(courier.round())
    return told


def test_what_is_refused_for_its_size_goes_in_smaller_batches(courier: Courier) -> None:
    told = rounds(courier)
    last = told[-1]
    assert (last.digest_equal, last.pending, last.parked, last.findings) == (True, 0, 0, ())
    assert [one.code for one in told[0].findings] == ["package.split"]
    assert "下一个包会分成更小的批" in say_in("zh", "package.split", **dict(told[0].findings[0].params))
    with courier.ledger.read() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM sync_base WHERE remote = 'network'").scalar_one()
    assert len(courier.office.held()) == held > 5
    assert syncing.parked(courier.ledger) == ()
    assert sound(courier.ledger)


def test_batches_that_stay_as_they_are_never_arrive(courier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(package_limits, "learn", lambda *_: 0)
    told = rounds(courier)
    assert (len(told), told[-1].digest_equal) == (N_MOST, None)
    assert courier.office.held() == {}
