"""Two seats correct one posted record, each in its own way: what they entered in its place is one record, and a person decides what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import payouts, records, sync_resolving, sync_views, syncing, upkeep
from desktop.actions.record_given import Given
from desktop.actions.workspace import Workspace
from desktop.store import doubles, same_rows
from tests.actions import making
from tests.actions.two_seats import Seats, at_one_hub, exchange, in_step, rows

RECORDS = (
    "SELECT r.number, r.state, i.asset_number, substr(r.started_at, 12, 5) FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
    "ORDER BY r.number"
)
SUM = "SELECT sum(amount_fen), sum(minutes) FROM posting"
LATER = Given(started_at=datetime(2025, 5, 6, 20), ended_at=datetime(2025, 5, 6, 22))


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """Both have one posted record of A1, an hour for 180.00."""
    with at_one_hub(small_home, tmp_path / "seats") as both:
        making.posted(both[0], "R1")
        exchange(*both)
        yield both


def on_a2(ledger: Workspace) -> str:
    return records.correct(ledger, "R1", "其实用的是质谱仪", Given(asset_number="A2", item="制样", quantity=Decimal(2)))


def later(ledger: Workspace) -> str:
    return records.correct(ledger, "R1", "时间记错了", LATER)


def settle(ledger: Workspace, side: str) -> None:
    (found,) = syncing.conflicts(ledger, remote="hub")
    sync_resolving.resolve(ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "按现场", remote="hub")


def level(*seats: Workspace) -> None:
    assert in_step(*seats)
    assert rows(seats[0], RECORDS) == rows(seats[1], RECORDS)
    assert rows(seats[0], SUM) == rows(seats[1], SUM)
    assert all(upkeep.verify(seat).ok for seat in seats)


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_what_two_seats_put_in_place_of_one_record_is_shown_side_by_side_and_is_there_once(seats: Seats, side: str) -> None:
    first, second = seats
    assert on_a2(first) == later(second) == "R1-R1"
    exchange(first, second)
    (view,) = sync_views.conflicts(second, "hub")
    assert (view.kind, view.rival, view.mine_deleted, view.theirs_deleted) == ("service_record", False, False, False)
    assert view.mine_by
    told = {name: (mine, theirs) for group in view.groups for name, _, mine, theirs in group.fields}
    assert told["started_at"][0] != told["started_at"][1]
    assert {"started_at", "instrument_id"} <= set(told)
    settle(second, side)
    exchange(second, first)
    level(first, second)
    standing = {"mine": ("A1", "20:00"), "theirs": ("A2", "02:00")}[side]
    assert rows(first, RECORDS) == [("R1", "reversed", "A1", "02:00"), ("R1-R1", "draft", *standing)]
    assert records.post(first, ["R1-R1"]).posted == 1
    exchange(first, second)
    level(first, second)
    assert rows(second, SUM) == [({"mine": 360_00, "theirs": 66_00}[side], {"mine": 120, "theirs": 60}[side])]


def test_one_that_the_other_seat_has_posted_is_taken_and_corrected_after(seats: Seats) -> None:
    first, second = seats
    assert records.post(first, [on_a2(first)]).posted == 1
    later(second)
    exchange(first, second)
    (view,) = sync_views.conflicts(second, "hub")
    assert view.posted_there
    settle(second, "theirs")
    level(first, second)
    assert records.correct(second, "R1-R1", "时间也记错了", LATER) == "R1-R1-R1"
    exchange(second, first)
    level(first, second)
    assert [row[:2] for row in rows(first, RECORDS)] == [("R1", "reversed"), ("R1-R1", "reversed"), ("R1-R1-R1", "draft")]


def test_without_it_both_would_wait_for_ever(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_rows, "unsent_successor", lambda *_: None)
    first, second = seats
    on_a2(first)
    later(second)
    exchange(first, second)
    assert {one.code for one in sync_views.parked(second, "hub")} == {"sync.refused.key_taken", "sync.refused.here_twice"}
    assert sync_views.conflicts(second, "hub") == []


def put_apart(seats: Seats) -> None:
    """Each posts its own replacement; the second one's has another number, so that the hub takes both."""
    first, second = seats
    assert records.post(first, [on_a2(first)]).posted == 1
    record = records.get(second, later(second))
    records.change(second, replace(record, number="R1-更正"))
    assert records.post(second, ["R1-更正"]).posted == 1
    exchange(first, second)


def test_two_that_both_went_out_are_told_until_one_is_reversed(seats: Seats) -> None:
    first, second = seats
    put_apart(seats)
    for ledger in seats:
        (told,) = [one for one in syncing.sync(ledger, remote="hub").findings if one.code == "record.replaced_twice"]
        assert dict(told.params) == {"number": "R1", "others": "R1-R1、R1-更正"}
        assert "record.replaced_twice" in making.refused(payouts.prepare_month, ledger, "2025-05", making.OFFICE, making.PINS[making.OFFICE])
        making.declare(ledger)
        assert "record.replaced_twice" in making.refused(payouts.prepare, ledger, making.MAY, "记账", making.FINANCE, making.PINS[making.FINANCE])
    records.reverse(second, "R1-更正", "对方的是对的")
    exchange(second, first)
    level(first, second)
    assert rows(first, SUM) == [(66_00, 60)]
    assert payouts.prepare_month(first, "2025-05", making.OFFICE, making.PINS[making.OFFICE]).findings == ()


def test_a_second_draft_in_the_place_of_one_is_not_posted(seats: Seats) -> None:
    first, second = seats
    on_a2(first)
    record = records.get(second, later(second))
    records.change(second, replace(record, number="R1-更正"))
    syncing.sync(second, remote="hub")
    exchange(first, second)
    # The draft of the first went out under its own number; both know of two by now.
    for ledger in seats:
        told = [dict(one.params) for one in syncing.sync(ledger, remote="hub").findings if one.code == "record.replaces_twice"]
        one, other = {"number": "R1-R1", "before": "R1", "others": "R1-更正"}, {"number": "R1-更正", "before": "R1", "others": "R1-R1"}
        assert told == [one, other]
        ((number, why),) = records.post(ledger, ["R1-R1"]).refused
        assert (number, [f.code for f in why if f.severity == "error"]) == ("R1-R1", ["record.replaces_twice"])
    records.remove(second, ["R1-更正"])
    exchange(second, first)
    level(first, second)
    assert records.post(first, ["R1-R1"]).posted == 1


def test_without_the_look_both_would_be_charged(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles, "replaced_twice", lambda *_: [])
    put_apart(seats)
    assert rows(seats[1], SUM) == [(66_00 + 360_00, 180)]
    assert payouts.prepare_month(seats[1], "2025-05", making.OFFICE, making.PINS[making.OFFICE]).findings == ()
