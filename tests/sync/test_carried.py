"""Sync by hand: what a package carries, and answers that come late, twice or after another way was faster."""

from __future__ import annotations

from itertools import count

import pytest
from msgspec.structs import replace

from desktop.sync import carried, recovery
from desktop.sync import round as rounds
from desktop.sync.messages import Limits, Receipt
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import RemoteState
from tests.simulation.mischance import answered
from tests.simulation.service import Service
from tests.sync.memory import Memory

KEY = "0198c5a0-1111-7000-8000-000000000001"
OTHER = "0198c5a0-1111-7000-8000-000000000002"


class Direct:
    """A whole line to the model of the service."""

    def __init__(self, service: Service, device: str) -> None:
        self.service, self.device = service, device
        self.capabilities = service.capabilities
        self.receipt, self.changes, self.entity = service.receipt, service.changes, service.entity
        self.digest, self.recover = service.digest, service.recover

    def send(self, content: bytes) -> Receipt:
        return self.service.send(self.device, content)


class Seat:
    """A ledger that syncs by hand, or by the line."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name
        self.memory = Memory()
        self.memory.put_state(RemoteState(service.server_id, "1"))
        self.line = Direct(service, name)
        numbers = count(1)
        self.new_id = lambda: f"0198c5a0-{ord(name):04x}-7000-8000-{next(numbers):012x}"

    def hand_out(self) -> carried.Outgoing:
        return carried.hand_out(self.memory, self.service.capabilities(), self.new_id)

    def answer(self, package: carried.Outgoing) -> carried.Answer:
        return answered(self.service, self.name, package)

    def take_in(self, answer: carried.Answer) -> carried.Taken:
        return carried.take_in(self.memory, answer)

    def sync(self) -> rounds.RunReport:
        return rounds.run(self.memory, self.line, self.new_id)


@pytest.fixture
def service() -> Service:
    """A service of its own for each test."""
    return Service(Limits(500, 1_048_576, 2))


@pytest.fixture
def pair(service: Service) -> tuple[Seat, Seat]:
    """Two seats; the first has an instrument."""
    first, second = Seat(service, "a"), Seat(service, "b")
    first.memory.write("instrument", KEY, asset_number="A", name="一")
    return first, second


def test_a_package_brings_what_is_pending_and_its_answer_what_is_new(pair: tuple[Seat, Seat]) -> None:
    first, second = pair
    for n in (5, 6, 7):
        second.memory.write("instrument", f"{OTHER[:-1]}{n}", asset_number=f"B{n}", name="乙")
    assert second.sync().sent == 3
    package = first.hand_out()
    assert (len(package.batches), package.cursor, package.tails) == (1, "", ())
    answer = first.answer(package)
    assert first.take_in(answer) == carried.Taken(settled=1, received=3)
    assert len(first.memory.tables.rows) == 4
    before = first.memory.tables.copy()
    assert first.take_in(answer) == carried.Taken()
    assert first.memory.tables == before
    assert first.sync().in_sync
    assert second.sync().received == 1


def test_a_lost_package_is_given_out_again_as_it_was(pair: tuple[Seat, Seat]) -> None:
    first, _ = pair
    lost = first.hand_out()
    first.memory.write("instrument", KEY, name="二")
    again = first.hand_out()
    assert [batch.content for batch in again.batches] == [batch.content for batch in lost.batches]
    first.take_in(first.answer(again))
    late = first.answer(lost)
    assert [(receipt.key, receipt.results) for receipt in late.receipts] == [
        (batch.key, first.service.held.batches[batch.key][1].results) for batch in lost.batches
    ]
    assert first.take_in(late) == carried.Taken()
    assert first.sync().sent == 1


def test_an_answer_that_the_line_has_overtaken_changes_nothing(pair: tuple[Seat, Seat]) -> None:
    first, second = pair
    answer = first.answer(first.hand_out())
    second.sync()
    second.memory.write("instrument", KEY, name="三")
    second.sync()
    assert first.sync().received == 1
    before = first.memory.tables.copy()
    assert first.take_in(answer) == carried.Taken()
    assert first.memory.tables == before
    assert first.memory.row("instrument", KEY)["name"] == "三"  # type: ignore[index]


def test_with_nothing_pending_a_package_still_asks_what_is_new(pair: tuple[Seat, Seat]) -> None:
    _, second = pair
    package = second.hand_out()
    assert [batch.content.count(b"op_id") for batch in package.batches] == [0]
    pair[0].sync()
    assert second.take_in(second.answer(package)) == carried.Taken(settled=1, received=1)


def test_what_became_confidential_after_sealing_is_not_given_out(pair: tuple[Seat, Seat]) -> None:
    first, _ = pair
    first.memory.write("instrument", OTHER, asset_number="B", name="不涉密的一台")
    first.hand_out()
    first.memory.write("instrument", KEY, name="现在涉密了的", confidential=True)
    (batch,) = first.hand_out().batches
    assert b"asset_number\":\"A\"" not in batch.content
    assert b"asset_number\":\"B\"" in batch.content


def test_after_a_restore_a_package_carries_the_tail_and_nothing_else(pair: tuple[Seat, Seat]) -> None:
    first, _ = pair
    backup = first.service.backup()
    first.take_in(first.answer(first.hand_out()))
    first.service.restore(backup)
    first.memory.write("instrument", KEY, name="二")
    package = first.hand_out()
    assert (package.batches, len(package.tails), package.epoch) == ((), 1, "1")
    taken = first.take_in(first.answer(package))
    assert (taken.recovered, taken.restored) == (1, False)
    state = first.memory.state()
    assert state is not None
    assert state.epoch == "2"
    assert first.take_in(first.answer(package)) == carried.Taken()
    assert first.take_in(first.answer(first.hand_out())).settled == 1
    assert first.sync().in_sync


def _a_tail_that_is_refused(seat: Seat) -> None:
    """The service was restored to before the rows came, takes less at once than the package brings back, and then as much as ever."""
    backup = seat.service.backup()
    seat.take_in(seat.answer(seat.hand_out()))
    seat.service.restore(backup)
    package = seat.hand_out()
    usual = seat.service.limits
    seat.service.limits = replace(usual, n_bytes=len(package.tails[0]) - 1)
    answer = seat.answer(package)
    assert (len(package.tails), answer.recovered) == (1, ())
    seat.take_in(answer)
    seat.service.limits = usual
    seat.take_in(seat.answer(seat.hand_out()))


def test_what_a_tail_that_was_not_taken_held_is_sent_anew(pair: tuple[Seat, Seat]) -> None:
    first, second = pair
    _a_tail_that_is_refused(first)
    assert first.sync().in_sync
    assert second.sync().in_sync
    row = second.memory.standing("instrument", KEY).local
    assert row is not None
    assert row["name"] == "一"


def test_a_tail_believed_taken_without_a_word_is_caught(pair: tuple[Seat, Seat], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pair
    monkeypatch.setattr(recovery, "forget_unanswered", lambda step, answers: None)
    _a_tail_that_is_refused(first)
    assert not first.sync().in_sync
    second.sync()
    assert second.memory.standing("instrument", KEY).local is None


def test_a_tail_that_is_no_longer_ours_is_not_believed(pair: tuple[Seat, Seat]) -> None:
    """The broken variant: folding it in would leave a base that nobody asked the restored service about."""
    first, _ = pair
    earlier = first.answer(first.hand_out())
    backup = first.service.backup()
    first.service.restore(backup)
    answer = first.answer(first.hand_out())
    first.take_in(earlier)
    assert first.take_in(answer) == carried.Taken(restored=True)
    assert first.take_in(first.answer(first.hand_out())).restored is False
    assert first.sync().in_sync


def test_a_package_made_before_a_restore_gets_no_answer_but_that(pair: tuple[Seat, Seat]) -> None:
    first, _ = pair
    package = first.hand_out()
    first.service.restore(first.service.backup())
    assert first.take_in(first.answer(package)) == carried.Taken(restored=True)
    assert first.service.held.entities == {}


def test_the_answer_of_another_service_is_refused(pair: tuple[Seat, Seat]) -> None:
    first, _ = pair
    package = first.hand_out()
    stranger = Service(first.service.limits)
    stranger.server_id = KEY
    before = first.memory.tables.copy()
    with pytest.raises(RemoteProblem, match="sync.other_server"):
        first.take_in(answered(stranger, "a", package))
    with pytest.raises(RemoteProblem, match="sync.other_server"):
        carried.hand_out(first.memory, stranger.capabilities(), first.new_id)
    forged = first.answer(package)
    swapped = replace(forged.receipts[0], digest="0" * 64)
    with pytest.raises(RemoteProblem, match="sync.not_service"):
        first.take_in(carried.Answer(*(forged.server_id, "1", "1", "", ""), (swapped,), (), forged.pages))
    assert first.memory.tables == before


