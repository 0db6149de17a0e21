"""Random histories of two seats on a line that loses questions and answers: after quiet all hold the same and nothing is lost."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.sync.outcome import RemoteProblem
from tests.sync.memory_tables import Killed
from tests.sync.rig import Province, Seat, seats

STEPS = ("sync: seal", "sync: about to send", "sync: receipt", "sync: page", "sync: compare", "sync: look")


class History:
    """What two people do, at random but repeatable. ``entered`` holds every value that a person typed and no one replaced."""

    def __init__(self, pair: tuple[Seat, Seat], seed: int) -> None:
        self.pair = pair
        self.random = random.Random(seed)
        self.n_typed = 0

    def step(self) -> None:
        seat = self.random.choice(self.pair)
        instruments = [key for kind, key in seat.memory.tables.rows if kind == "instrument"]
        choice = self.random.random()
        self.n_typed += 1
        if choice < 0.25 or not instruments:
            seat.record(seat.instrument(name=f"名{self.n_typed}"))
        elif choice < 0.45:
            seat.memory.write("instrument", self.random.choice(instruments), technical=f"字{self.n_typed}")
        elif choice < 0.6:
            seat.memory.write("instrument", self.random.choice(instruments), value_fen=self.n_typed)
        elif choice < 0.65:
            seat.memory.delete("instrument", self.random.choice(instruments))
        elif choice < 0.7:
            seat.memory.write("instrument", self.random.choice(instruments), name="")
        else:
            self.sync(seat)

    def sync(self, seat: Seat) -> None:
        def fault(_name: str) -> None:
            if self.random.random() < 0.12:
                raise RemoteProblem("sync.offline", "retry")

        seat.line.before = seat.line.after = fault
        seat.memory.die_in = self.random.choice(STEPS) if self.random.random() < 0.2 else None
        with suppress(RemoteProblem, Killed):
            seat.sync()
        seat.line.before = seat.line.after = lambda _name: None
        seat.memory.die_in = None

    def settle(self) -> None:
        """People answer every conflict with their own side, mend every refused row, and both seats sync until quiet."""
        for _ in range(6):
            for seat in self.pair:
                for conflict in seat.memory.conflicts():
                    kept = {"id": conflict.id} | dict(conflict.mine or conflict.theirs or {})
                    seat.memory.write(conflict.kind, conflict.id, **kept)
                    seat.memory.drop_conflict(conflict.kind, conflict.id)
                for row in seat.memory.parked():
                    if row.code == "link.held":
                        seat.memory.tables.tombstones.pop((row.kind, row.id), None)
                        base = seat.memory.tables.bases[row.kind, row.id].body
                        seat.memory.write(row.kind, row.id, **dict(base or {}))
                    elif seat.memory.row(row.kind, row.id) is not None and row.code == "field.missing":
                        seat.memory.write(row.kind, row.id, name="补")
                    elif row.code == "link.unknown":
                        seat.memory.tables.rows.pop((row.kind, row.id), None)
                    seat.memory.unpark(row.kind, row.id)
                seat.sync()


@pytest.fixture(scope="module")
def service(province: Province) -> Province:
    return province


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_all_seats_and_the_service_end_level(service: Province, seed: int) -> None:
    history = History(seats(service), seed)
    for _ in range(18):
        history.step()
    history.settle()
    first, second = history.pair
    reports = [seat.sync() for seat in history.pair]
    assert all(report.in_sync for report in reports), reports
    one, other = ({place: seat.memory.standing(*place).local for place in seat.memory.tables.rows} for seat in history.pair)
    assert one == other
    assert len({row["asset_number"] for (kind, _), row in first.memory.tables.rows.items() if kind == "instrument"}) == sum(
        kind == "instrument" for kind, _ in second.memory.tables.rows
    )
