"""Rows too large to be handed back to a restored service: neither they nor the rest are stuck, and nothing of them is lost unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.sync import recovery, seal
from desktop.sync.outcome import RemoteProblem
from network import backup
from network.limits import Limits
from tests.network.rig import Service
from tests.sync import rig

LONG = "长" * 3_000
LOWERED = Limits(n_bytes=4_096)


class Remote:
    """A service that stops and starts again with other limits, and its seats."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'network.db'}"
        self.running = Service(self.url)
        self.home = self.running.institution(rig.uscc(), "齐鲁样本大学")
        self.seats: list[rig.Seat] = []

    def seat(self) -> rig.Seat:
        there: Any = SimpleNamespace(address=self.running.base)
        self.seats.append(rig.Seat(there))
        self.seats[-1].enrol(self.running.code(self.home))
        return self.seats[-1]

    def again(self, limits: Limits | None = None) -> None:
        """The service starts anew."""
        self.running.stop()
        self.running = Service(self.url, limits=limits)
        for seat in self.seats:
            seat.address = self.running.base
            seat.start()

    def backed_up(self) -> Callable[[], object]:
        """Gives the way back to what the service holds now."""
        file = self.folder / "network.backup"
        backup.write(self.running.db, file)
        return lambda: backup.restore(self.running.db, file, replace=True)


@contextmanager
def remote(folder: Path) -> Iterator[Remote]:
    one = Remote(folder)
    try:
        yield one
    finally:
        one.running.stop()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Remote]:
    """A service of its own."""
    with remote(tmp_path) as one:
        yield one


def held(seat: rig.Seat, key: str) -> object:
    base = seat.memory.base("instrument", key)
    return base.body and base.body["technical"] if base is not None else None


def parked(seat: rig.Seat) -> dict[str, str]:
    return {row.id: row.code for row in seat.memory.parked()}


def test_a_row_that_a_service_with_lower_limits_lost_is_parked_and_the_rest_goes_on(there: Remote) -> None:
    first, second = there.seat(), there.seat()
    first.instrument("SB-1")
    first.sync()
    back = there.backed_up()
    key = first.instrument("SB-2", technical=LONG)
    after = first.instrument("SB-3")
    assert (first.sync().in_sync, second.sync().in_sync) == (True, True)
    back()
    there.again(LOWERED)

    report = first.sync()
    assert (report.recovered, report.parked, report.pending, report.conflicts, report.digest_equal) == (1, 1, 0, 0, True)
    assert parked(first) == {key: "change.too_large"}
    assert not report.in_sync
    first.instrument("SB-4")
    assert (first.sync().sent, second.sync().received) == (1, 1)
    assert parked(second) == {key: "change.too_large"}
    assert after in {place[1] for place in second.memory.tables.bases}

    there.again()
    assert first.sync().sent == 1, "with the limits as they were it goes by itself"
    rig.level(first, second)
    assert held(second, key) == LONG


def test_what_the_service_still_holds_needs_no_handing_back(there: Remote) -> None:
    first = there.seat()
    key = first.instrument("SB-1", technical=LONG)
    first.sync()
    there.backed_up()()
    there.again(LOWERED)
    assert first.sync().in_sync
    assert held(first, key) == LONG


def test_what_the_service_holds_an_older_state_of_is_put_before_a_person(there: Remote) -> None:
    """What both last had in common is not known any more; neither side is taken unseen."""
    first = there.seat()
    key = first.instrument("SB-1", technical="短")
    first.sync()
    back = there.backed_up()
    first.memory.write("instrument", key, technical=LONG)
    first.sync()
    back()
    there.again(LOWERED)
    report = first.sync()
    assert (report.parked, report.pending, report.conflicts) == (0, 0, 1)
    (conflict,) = first.memory.conflicts()
    assert [side and side["technical"] for side in (conflict.mine, conflict.theirs)] == [LONG, "短"]


def test_without_the_bound_every_later_run_ends_at_that_row(there: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "fitting", lambda row, _limits: recovery.told(row))
    first = there.seat()
    back = there.backed_up()
    first.instrument("SB-1", technical=LONG)
    first.sync()
    back()
    there.again(LOWERED)
    for _ in range(3):
        first.instrument()
        with pytest.raises(RemoteProblem) as stopped:
            first.sync()
        assert (stopped.value.remote_code, stopped.value.action) == ("body.too_large", "stop")


@pytest.mark.parametrize("bounded", [True, False], ids=["cut", "the broken variant"])
def test_a_row_as_large_as_a_batch_takes_is_handed_back_with_as_much_of_its_history_as_fits(
    there: Remote, monkeypatch: pytest.MonkeyPatch, bounded: bool
) -> None:
    first, second = there.seat(), there.seat()
    key = first.instrument("SB-1", filling="", more="", **{f"text_{n}": "长" * 20_000 for n in range(17)})
    for n in range(6):
        first.memory.write("instrument", key, name=f"扫描电镜{n}")
        first.sync()
    back = there.backed_up()
    base = first.memory.base("instrument", key)
    assert base is not None
    room = seal.N_BYTES - len(recovery.told(replace(base, seen=base.seen[:1]))) - 100
    first.memory.write("instrument", key, filling="x" * 20_000, more="x" * (room - 20_000))
    assert (first.sync().in_sync, second.sync().in_sync) == (True, True)
    base = first.memory.base("instrument", key)
    assert base is not None
    assert len(base.seen) == 6
    assert len(recovery.told(base)) > seal.N_BYTES > max(len(content) for content in first.line.sent)
    back()
    if not bounded:
        monkeypatch.setattr(recovery, "fitting", lambda row, _limits: recovery.told(row))
        with pytest.raises(RemoteProblem) as stopped:
            first.sync()
        assert stopped.value.remote_code == "body.too_large"
        return
    report = first.sync()
    assert (report.recovered, report.conflicts, report.in_sync) == (1, 0, True)
    rig.level(first, second)
    assert len((second.memory.row("instrument", key) or {})["more"]) == room - 20_000
