"""One posting reversed at two seats before they sync, or one receipt taken back: it is one row everywhere, as it was sent first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import enrolment, posting, record_figure, records, sync_views, syncing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.keys import new_key
from desktop.words import say
from tests.actions import making
from tests.actions.carrying import Courier, Office
from tests.actions.making import JUNE, approve, close_month, draft, posted, prepare, sound
from tests.actions.two_seats import Seats, at_one_hub, exchange, in_step, rows
from tests.network import at_hand

SUMS = "SELECT service_month, sum(amount_fen), sum(minutes) FROM posting GROUP BY 1 ORDER BY 1"
REVERSALS = "SELECT record_number, posted_on, reason, late, id FROM posting WHERE reverses IS NOT NULL ORDER BY 1"
BACK = "SELECT received_on, fen, id FROM receipt WHERE reverses IS NOT NULL"
RUNS = "SELECT r.number, r.state, count(l.id), sum(l.fen) FROM payout_run r LEFT JOIN payout_line l ON l.run_id = r.id GROUP BY 1, 2 ORDER BY 1"


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    with at_one_hub(small_home, tmp_path / "seats") as both:
        posted(both[0], "R1")
        posted(both[0], "R2", minutes=120)
        records.receive(both[0], "R2", date(2025, 6, 3), 100_00, "FP-1")
        exchange(*both)
        yield both


def reverse_on(workspace: Workspace, day: date, reason: str, monkeypatch: pytest.MonkeyPatch, number: str = "R1") -> None:
    with monkeypatch.context() as patch:
        patch.setattr(posting, "today", lambda: day)
        records.reverse(workspace, number, reason)


def take_back(workspace: Workspace, day: date | None, reason: str) -> None:
    (came,) = records.receipts(workspace, "R2")
    records.receive_back(workspace, "R2", came.id, day, reason)


def told_nothing(done: syncing.Result) -> bool:
    # The second home is a copy of the first: the hub has seen a longer history of this ledger, and says so.
    return {one.code for one in done.findings} <= {"sync.anchor_behind", "sync.anchor_forked"}


def level(*seats: Workspace) -> bool:
    return in_step(*seats) and all(sound(seat) for seat in seats)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_one_that_was_sent_first_is_the_reversal_at_both(seats: Seats, swapped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = seats[::-1] if swapped else seats
    reverse_on(first, date(2026, 1, 5), "错记", monkeypatch)
    reverse_on(second, date(2026, 1, 9), "也错", monkeypatch)
    take_back(first, None, "金额录错")
    take_back(second, date(2025, 7, 1), "退款")
    told = exchange(first, second)
    assert told_nothing(told)
    assert rows(first, SUMS) == rows(second, SUMS) == [("2025-05", 360_00, 120)]
    assert [row[:4] for row in rows(second, REVERSALS)] == [("R1", "2026-01-05", "错记", 0)]
    assert rows(first, REVERSALS) == rows(second, REVERSALS)
    assert [row[:2] for row in rows(second, BACK)] == [("2025-06-03", -100_00)]
    assert rows(first, BACK) == rows(second, BACK)
    assert level(first, second)
    # The journal of the seat that gave way still says what was entered there; what the record shows is theirs.
    said = "SELECT json_extract(old, '$.reason'), json_extract(old, '$.received_on') FROM journal"
    kept = f"{said} WHERE verb = 'update' AND kind IN ('posting', 'receipt') ORDER BY kind"
    assert rows(second, kept) == [("也错", None), (None, "2025-07-01")]
    assert rows(first, kept) == []
    shown = str(record_figure.of(second, "R1"))
    assert "错记" in shown
    assert "也错" not in shown


def test_two_corrections_of_one_record_are_one(seats: Seats) -> None:
    """The same successor entered at both is one as well."""
    first, second = seats
    for seat, reason in ((first, "分钟数录错"), (second, "应为 90 分钟")):
        records.replace_record(seat, "R1", draft(seat, "R1", minutes=90), reason)
    assert told_nothing(exchange(first, second))
    assert rows(first, REVERSALS) == rows(second, REVERSALS)
    assert rows(second, "SELECT number, minutes, state FROM service_record WHERE replaces IS NOT NULL") == [("R1-R1", 90, "draft")]
    assert level(first, second)


def test_one_reversed_it_and_the_other_corrected_it(seats: Seats) -> None:
    first, second = seats
    records.reverse(first, "R1", "错记")
    records.replace_record(second, "R1", draft(second, "R1", minutes=90), "分钟数录错")
    exchange(first, second)
    assert [row[2] for row in rows(second, REVERSALS)] == ["错记"]
    assert [row[0] for row in rows(first, "SELECT number FROM service_record WHERE replaces IS NOT NULL")] == ["R1-R1"]
    assert level(first, second)


def test_a_payout_over_its_own_reversal_reaches_the_hub(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepared at the seat whose reversal gives way: it names the row that everybody has."""
    first, second = seats
    reverse_on(first, date(2026, 1, 5), "错记", monkeypatch)
    reverse_on(second, date(2025, 6, 9), "也错", monkeypatch)
    approve(second, prepare(second))
    exchange(first, second)
    exchange(second, first)
    (run,) = rows(first, RUNS)
    assert rows(second, RUNS) == [run]
    assert run[1:3] == ("approved", 3)
    assert level(first, second)


def test_what_was_refunded_at_two_seats_is_settled_once(seats: Seats) -> None:
    first, second = seats
    take_back(first, date(2025, 7, 1), "退款")
    take_back(second, None, "金额录错")
    prepare(second, JUNE, "到账")
    exchange(first, second)
    exchange(second, first)
    assert rows(first, RUNS) == rows(second, RUNS)
    assert level(first, second)


def test_a_late_reversal_stays_late_when_the_other_seat_did_not_know_of_the_closing(
    seats: Seats, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = seats
    reverse_on(first, date(2026, 1, 5), "错记", monkeypatch)
    close_month(second, "2025-05")
    reverse_on(second, date(2026, 1, 9), "也错", monkeypatch)
    assert [row[3] for row in rows(second, REVERSALS)] == [1]
    told = exchange(first, second)
    assert [row[3] for row in rows(second, REVERSALS)] == [0]
    late = [dict(one.params) for one in told.findings if one.code == "sync.closed_month"]
    assert late == [{"month": "2025-05", "n": "1", "yuan": "-180.00"}]
    assert rows(first, SUMS) == rows(second, SUMS)
    assert level(first, second)


def test_a_month_closed_over_ones_own_reversal_is_not_told_of_again(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sum is what it was when it was closed."""
    first, second = seats
    reverse_on(first, date(2026, 1, 5), "错记", monkeypatch)
    reverse_on(second, date(2026, 1, 9), "也错", monkeypatch)
    before = rows(second, SUMS)
    close_month(second, "2025-05")
    assert told_nothing(exchange(first, second))
    assert rows(second, SUMS) == before
    assert level(first, second)


def test_by_package_the_answer_brings_the_other_seats_reversal(small_home: Path, tmp_path: Path) -> None:
    """Ours is under way in a package when theirs is taken."""
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
        second.round()
        records.reverse(first.ledger, "R1", "错记")
        records.reverse(second.ledger, "R1", "也错")
        under_way = second.export().path
        first.round()
        second.absorb(office.hand_in(under_way))
        second.round()
        assert rows(first.ledger, REVERSALS) == rows(second.ledger, REVERSALS)
        assert [row[2] for row in rows(second.ledger, REVERSALS)] == ["错记"]
        assert sync_views.parked(second.ledger, "hub") == []
        assert syncing.conflicts(second.ledger, "hub") == ()
        assert sound(second.ledger)


@pytest.fixture
def at_both(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """Two seats with a hub and the network, level."""
    with at_one_hub(small_home, tmp_path / "seats") as both:
        database = f"sqlite:///{tmp_path / 'network.db'}"
        with at_hand.serve(database, "齐鲁示范大学", making.USCC, "network") as (address, code):
            for seat in both:
                enrolment.enrol(seat, address, code, "network")
                code = str(at_hand.operator(database, "enrolment-code", "--uscc", making.USCC)["code"])
            posted(both[0], "R1")
            for seat in (*both, *both):
                for remote in ("hub", "network"):
                    syncing.sync(seat, remote=remote)
            yield both


@pytest.mark.parametrize("order", [("hub", "network"), ("network", "hub")])
def test_with_a_hub_and_the_network_it_is_one_row_at_both(
    at_both: Seats, order: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network has no ``late``: what it brings first is made whole by the hub."""
    first, second = at_both
    close_month(first, "2025-05")
    reverse_on(first, date(2026, 1, 5), "错记", monkeypatch)
    reverse_on(second, date(2026, 1, 9), "也错", monkeypatch)
    for seat in (first, second, first, second):
        for remote in order:
            done = syncing.sync(seat, remote=remote)
    assert rows(first, REVERSALS) == rows(second, REVERSALS)
    assert [row[1:4] for row in rows(second, REVERSALS)] == [("2026-01-05", "错记", 1)]
    for seat in at_both:
        for remote in order:
            done = syncing.sync(seat, remote=remote)
            assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, True)
        assert sound(seat)


def test_what_each_remote_took_from_another_seat_stays_and_is_told_in_words(at_both: Seats) -> None:
    first, second = at_both
    records.reverse(first, "R1", "错记")
    records.reverse(second, "R1", "也错")
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="network")
    for _ in range(2):
        syncing.sync(second, remote="hub")
        syncing.sync(first, remote="network")
    for seat, remote, reason in ((second, "hub", "也错"), (first, "network", "错记")):
        (waits,) = sync_views.parked(seat, remote)
        assert (waits.kind, waits.label, waits.code) == ("posting", "R1", "sync.refused.here_reversed")
        assert "不必处理" in say(waits.code)
        assert [row[2] for row in rows(seat, REVERSALS)] == [reason]
        done = syncing.sync(seat, remote=remote)
        assert (done.conflicts, done.pending, done.digest_equal) == (0, 0, True)
        assert sound(seat)
    assert rows(first, SUMS) == rows(second, SUMS)
    # What a seat settles over it reaches the hub all the same.
    prepare(second)
    syncing.sync(second, remote="hub")
    syncing.sync(first, remote="hub")
    assert rows(first, RUNS) == rows(second, RUNS)


def test_a_key_of_its_own_would_leave_two_rows_waiting(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = seats
    monkeypatch.setattr(posting, "reversal_key", lambda _original: new_key())
    records.reverse(first, "R1", "错记")
    records.reverse(second, "R1", "也错")
    exchange(first, second)
    assert {one.code for one in sync_views.parked(second, "hub")} == {"sync.refused.key_taken", "sync.refused.here_twice"}
