"""One number that two seats gave to two posted records: the one that was not sent takes another, and both seats end with both records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.__main__ import main
from desktop.actions import history, posting, record_views, records, sync_views, syncing
from desktop.actions.record_views import Detail
from desktop.actions.renumbering import renumber
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store import renumbering as store
from desktop.words import say
from tests.actions import making
from tests.actions.two_seats import Seats, at_one_hub, exchange, in_step, rows

HELD = "SELECT r.number, r.state, p.record_number, p.amount_fen FROM service_record r LEFT JOIN posting p ON p.record_id = r.id ORDER BY 1, 4"
RECEIVED = "SELECT p.record_number, t.fen FROM receipt t JOIN posting p ON p.id = t.posting_id"


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    with at_one_hub(small_home, tmp_path / "seats") as both:
        yield both


@pytest.fixture
def clashed(seats: Seats) -> Seats:
    """R1 is an hour of May at the first seat, which sent it, and two hours of June with money received at the second."""
    first, second = seats
    making.posted(first, "R1")
    making.posted(second, "R1", day=making.JUNE, minutes=120)
    posting.receive(second, "R1", making.JULY, 50_00, "FP-1")
    exchange(first, second)
    return seats


def shown(ledger: Workspace, number: str) -> Detail:
    ((key,),) = rows(ledger, "SELECT rowid FROM service_record WHERE number = ?", number)
    found = record_views.detail(ledger, key)
    assert found is not None
    return found


def refusals(ledger: Workspace) -> set[tuple[str, str]]:
    return {(one.kind, one.code) for one in sync_views.parked(ledger, "hub")}


def level(*seats: Workspace) -> None:
    assert in_step(*seats)
    assert rows(seats[0], HELD) == rows(seats[1], HELD)
    assert all(making.sound(seat) for seat in seats)


def test_a_posted_record_takes_another_number_and_both_seats_hold_both(clashed: Seats) -> None:
    first, second = clashed
    taken, here = ("service_record", "sync.refused.key_taken"), ("service_record", "sync.refused.here_twice")
    assert refusals(second) & {taken, here}
    assert all("换编号" in say(code, field="", remote="sync.side.hub") for _, code in (taken, here))
    assert (shown(first, "R1").other_number, shown(second, "R1").other_number) == ("", "R1-2")
    before = rows(second, "SELECT id, amount_fen, posted_on FROM posting")
    assert renumber(second, "R1", None, "与另一台电脑的编号重复") == "R1-2"
    assert rows(second, "SELECT id, amount_fen, posted_on FROM posting") == before
    assert shown(second, "R1-2").other_number == ""
    exchange(second, first)
    level(first, second)
    assert rows(first, HELD) == [("R1", "posted", "R1", 180_00), ("R1-2", "posted", "R1-2", 360_00)]
    assert rows(first, RECEIVED) == [("R1-2", 50_00)]


def test_two_posted_replacements_of_one_number_end_as_one(seats: Seats) -> None:
    first, second = seats
    making.posted(first, "R1")
    exchange(first, second)
    for ledger, day in ((first, making.MAY), (second, making.JUNE)):
        old = records.get(ledger, "R1")
        number = records.replace_record(ledger, "R1", making.draft(ledger, "R1", "A1", day, minutes=120, customer_name=old.customer_name), "日期记错了")
        assert records.post(ledger, [number]).posted == 1
    exchange(first, second)
    assert refusals(second)
    assert renumber(second, "R1-R1", None, "与另一台电脑的编号重复") == "R1-R2"
    exchange(second, first)
    for ledger in seats:
        assert "record.replaced_twice" in {one.code for one in syncing.sync(ledger, remote="hub").findings}
    records.reverse(first, "R1-R2", "五月的是对的")
    exchange(first, second)
    level(first, second)
    assert rows(second, "SELECT sum(amount_fen), sum(minutes) FROM posting") == [(360_00, 120)]
    assert "record.replaced_twice" not in {one.code for one in syncing.sync(second, remote="hub").findings}


def test_it_is_undone_until_it_is_sent(clashed: Seats) -> None:
    first, second = clashed
    before = rows(second, HELD)
    renumber(second, "R1", "六月-7", "编号重复")
    assert {row[0] for row in rows(second, HELD)} == {"六月-7"} == {row[2] for row in rows(second, HELD)}
    told = history.undo_last(second)
    assert told is not None
    assert rows(second, HELD) == before
    assert making.sound(second)
    renumber(second, "R1", "六月-7", "编号重复")
    exchange(second, first)
    ((seq,),) = rows(second, "SELECT max(seq) FROM operation WHERE name = 'record renumber'")
    with pytest.raises(Refused, match="undo.sent"):
        history.undo_one(second, seq)
    level(first, second)


def test_what_was_sent_keeps_its_number(clashed: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = clashed
    before = rows(first, HELD), rows(second, HELD)
    assert making.refused(renumber, first, "R1", "R9", "换一个") == ["record.number_sent"]
    assert making.refused(renumber, second, "R1", "R9", " ") == ["record.no_reason"]
    making.enter(second, "R9")
    assert making.refused(renumber, second, "R1", " Ｒ9 ", "换一个") == ["record.taken"]
    assert making.refused(renumber, second, "R7", "R8", "换一个") == ["record.unknown"]
    records.remove(second, ["R9"])
    monkeypatch.setattr(store, "is_known", lambda *_: False)
    with pytest.raises(Exception, match="never changes"):  # the database says so too
        renumber(first, "R1", "R9", "换一个")
    assert (rows(first, HELD), rows(second, HELD)) == before


def test_by_command(clashed: Seats, capsys: pytest.CaptureFixture[str]) -> None:
    second = clashed[1]
    home = second.home
    second.close()
    assert main(["--home", str(home), "record", "renumber", "R1", "--reason", "编号重复"]) == 0
    assert "R1-2" in capsys.readouterr().out
