"""How a run comes through what is pending: each look goes on after the last row sealed, and nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from desktop.sync import round as rounds
from desktop.sync import seal, waiting
from desktop.sync.ports import Order, Standing
from tests.sync.memory import Memory
from tests.sync.rig import Seat
from tests.sync.test_round import level

Pair = tuple[Seat, Seat]


def test_what_is_edited_behind_the_place_of_sending_goes_in_the_same_run(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next look goes on after the last row sealed; what changed before it meanwhile is not left behind."""
    monkeypatch.setattr(waiting, "N_SEALED", 1)
    monkeypatch.setattr(seal, "N_CHANGES", 2)
    first, second = pair
    keys = sorted(first.instrument(name="旧名") for _ in range(5))
    sent: list[str] = []

    def watch(called: str) -> None:
        if called == "send":
            sent.extend(change["id"] for change in json.loads(first.line.sent[-1])["changes"])
            if len(sent) == 4:
                first.memory.write("instrument", "00000000-0000-4000-8000-000000000001", asset_number="晚来", name="先排的", value_fen=1)
                first.memory.write("instrument", keys[0], name="途中改的")

    first.line.after = watch
    report = first.sync()
    assert report.in_sync
    assert sent == [*keys, "00000000-0000-4000-8000-000000000001", keys[0]]
    level(first, second)


@pytest.mark.parametrize("blind", [False, True], ids=["as it is", "one that sees no change"])
def test_what_is_edited_after_the_last_look_is_told_as_pending(pair: Pair, monkeypatch: pytest.MonkeyPatch, blind: bool) -> None:
    """What the last look counted is told only while no row has changed since."""
    first, second = pair
    first.instrument(name="旧名")
    if blind:
        monkeypatch.setattr(Memory, "mark", lambda _: 0)

    def edit(name: str, when: str) -> bool:
        if (name, when) == ("sync: compare", "after"):
            first.memory.dies = None
            first.memory.write("instrument", "00000000-0000-4000-8000-000000000001", asset_number="晚来", name="比对之后写的", value_fen=1)
        return False

    first.memory.dies = edit
    report = first.sync()
    assert (report.sent, report.pending, report.in_sync) == ((1, 0, True) if blind else (1, 1, False))
    first.sync()
    level(first, second)


def test_what_an_earlier_round_counted_is_not_told_as_pending(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last round the run may have ends without a look: another seat made the same change first, and no row was written since the look before."""
    monkeypatch.setattr(rounds, "N_ROUNDS", 2)
    first, second = pair
    key = first.instrument(name="旧名")
    first.sync()
    second.sync()
    told: list[str] = []

    def edit(called: str) -> None:
        if called == "changes" and called not in told:
            first.memory.write("instrument", key, name="新名")
        told.append(called)

    def overtake(called: str) -> None:
        if called == "send":
            second.memory.write("instrument", key, name="新名")
            second.sync()

    first.line.after, first.line.before = edit, overtake
    report = first.sync()
    assert (report.rounds, report.sent, report.pending) == (2, 0, 0)
    assert waiting.n_pending(first.memory) == 0
    level(first, second)


def test_with_nothing_changed_the_rows_are_looked_through_twice(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once to seal and once to see that nothing is left, however many batches there were."""
    monkeypatch.setattr(waiting, "N_SEALED", 1)
    monkeypatch.setattr(seal, "N_CHANGES", 2)
    first, _ = pair
    for _ in range(5):
        first.instrument(name="旧名")
    from_the_beginning = []
    look = Memory.differing

    def counted(self: Memory, after: Order | None = None) -> Iterable[Standing]:
        if after is None:
            from_the_beginning.append(1)
        return look(self, after)

    monkeypatch.setattr(Memory, "differing", counted)
    assert first.sync().in_sync
    assert len(from_the_beginning) == 2
