"""The same money received, entered at two seats: it is told after the sync and before money is counted, and nobody guesses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import records, syncing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.finding import Finding
from desktop.rules import received
from desktop.store import doubles
from desktop.words import say
from tests.actions.carrying import Courier, Office
from tests.actions.making import JUNE, OFFICE, PINS, approve, close_month, payouts, posted, prepare, sound
from tests.actions.two_seats import Seats, at_one_hub, exchange, in_step, rows

CAME = date(2025, 6, 3)
STANDING = "SELECT p.record_number, sum(t.fen) FROM receipt t JOIN posting p ON p.id = t.posting_id GROUP BY 1 ORDER BY 1"


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """Both have R1, an hour for 180.00, and know of 90.00 received for it, entered once by each."""
    with at_one_hub(small_home, tmp_path / "seats") as both:
        posted(both[0], "R1")
        posted(both[0], "R2")
        exchange(*both)
        for ledger in both:
            records.receive(ledger, "R1", CAME, 90_00, "FP-1")
        exchange(*both)
        yield both


def twice(found: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [dict(one.params) for one in found if (one.code, one.severity) == ("receipt.twice", "warning")]


def told(ledger: Workspace) -> list[dict[str, str]]:
    return twice(syncing.sync(ledger, remote="hub").findings)


def test_both_seats_are_told_and_one_takes_one_back_for_both(seats: Seats) -> None:
    first, second = seats
    wanted = {"record": "R1", "n": "2", "day": "2025-06-03", "yuan": "90.00", "invoice": "FP-1", "whole": "180.00"}
    assert told(first) == told(second) == [wanted]
    one, other = records.receipts(second, "R1")
    assert (one.received_on, one.fen, one.invoice_number) == (other.received_on, other.fen, other.invoice_number)
    assert records.receive_back(second, "R1", other.id, None, "两台电脑各登记了一次") == 90_00
    exchange(second, first)
    assert told(first) == told(second) == []
    assert in_step(first, second)
    assert rows(first, STANDING) == rows(second, STANDING) == [("R1", 90_00)]
    assert all(sound(ledger) for ledger in seats)


def test_who_prepares_or_closes_a_month_or_a_payout_is_told(seats: Seats) -> None:
    _, second = seats
    for month in ("2025-05", "2025-06"):  # of the service, and of the money
        assert len(twice(payouts.prepare_month(second, month, OFFICE, PINS[OFFICE]).findings)) == 1
        payouts.withdraw_month(second, month, OFFICE, PINS[OFFICE])
        assert len(twice(close_month(second, month).findings)) == 1
    assert twice(payouts.prepare_month(second, "2025-04", OFFICE, PINS[OFFICE]).findings) == []
    run = prepare(second, JUNE, "到账")
    assert len(twice(run.findings)) == 1
    assert run.income_fen == 180_00
    # What was settled knowingly is not told again of the next run.
    approve(second, run)
    records.receive(second, "R2", CAME, 10_00, "FP-2")
    assert twice(prepare(second, JUNE, "到账", cost=1).findings) == []


def test_money_that_differs_in_anything_is_two(seats: Seats) -> None:
    _, second = seats
    records.receive(second, "R2", CAME, 30_00, "FP-1")
    for day, fen, invoice in ((CAME, 30_00, "FP-2"), (CAME, 30_01, "FP-1"), (date(2025, 6, 4), 30_00, "FP-1")):
        records.receive(second, "R2", day, fen, invoice)
    assert [one["record"] for one in told(second)] == ["R1"]


def test_the_words_name_the_record_the_money_and_the_way_out(seats: Seats) -> None:
    (found,) = [one for one in syncing.sync(seats[1], remote="hub").findings if one.code == "receipt.twice"]
    said = say(found.code, **dict(found.params))
    assert all(part in said for part in ("R1", "2025-06-03", "90.00", "FP-1", "180.00", "冲回"))


def test_by_package_the_answer_tells_it(small_home: Path, tmp_path: Path) -> None:
    office = Office(tmp_path / "office", "hub")
    with ExitStack() as stack:
        stack.callback(office.service.stop)
        couriers = []
        for name in "ab":
            shutil.copytree(small_home, tmp_path / name)
            ledger = stack.enter_context(open_ledger(tmp_path / name))
            couriers.append(Courier(ledger, office, tmp_path / f"{name}-packages", "hub"))
        first, second = couriers
        posted(first.ledger, "R1")
        for courier in couriers:
            courier.begun()
        assert twice(second.round().findings) == []
        for courier in couriers:
            records.receive(courier.ledger, "R1", CAME, 90_00, "FP-1")
        assert twice(first.round().findings) == []
        assert [one["record"] for one in twice(second.round().findings)] == ["R1"]
        assert [one["record"] for one in twice(first.round().findings)] == ["R1"]


def test_without_the_look_nobody_would_know(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles, "same_money", lambda *_: [])
    monkeypatch.setattr(received, "_same", lambda *_: [])
    _, second = seats
    assert told(second) == []
    run = prepare(second, JUNE, "到账")
    assert (twice(run.findings), run.income_fen) == ([], 180_00)
