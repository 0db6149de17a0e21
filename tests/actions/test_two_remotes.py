"""One ledger with a hub and the network: what the network knows only in part stays a part, and what came from one does not hurt the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import (
    enrolment,
    evidence,
    months,
    posting,
    record_figure,
    records,
    sync_resolving,
    sync_status,
    sync_storage,
    sync_views,
    syncing,
    upkeep,
)
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.problem import Refused
from desktop.store import unsettled
from desktop.sync import further
from desktop.words import say
from tests.actions import making
from tests.actions.making import MAY, posted
from tests.network import at_hand

NAME = "齐鲁示范大学"
WHO = "SELECT record_number, technician_id, late, amount_fen FROM posting WHERE confidential = 0 ORDER BY record_number"


@pytest.fixture
def seats(small_home: Path, empty_home: Path, tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    """Two seats of one institution, the first filled, both enrolled with a hub and with the network."""
    with ExitStack() as stack:
        opened = []
        for name, home in (("a", small_home), ("b", empty_home)):
            shutil.copytree(home, tmp_path / name)
            opened.append(stack.enter_context(open_ledger(tmp_path / name)))
        first, second = opened
        for remote in ("hub", "network"):
            database = f"sqlite:///{tmp_path / remote}.db"
            url, code = stack.enter_context(at_hand.serve(database, NAME, making.USCC, remote))
            enrolment.enrol(first, url, code, remote)
            again = str(at_hand.operator(database, "enrolment-code", "--uscc", making.USCC)["code"])
            enrolment.enrol(second, url, again, remote)
        yield first, second


def rows(ledger: Workspace, sql: str) -> list[tuple[object, ...]]:
    with ledger.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def test_a_new_seat_that_asks_the_network_first_gets_everything_whole(seats: tuple[Workspace, Workspace]) -> None:
    first, second = seats
    posted(first, "R1")
    posted(first, "R2", "A2")
    for remote in ("hub", "network"):
        assert syncing.sync(first, remote=remote).digest_equal
    early = syncing.sync(second, remote="network")
    assert early.sent == 0
    assert early.received == early.parked > 0
    assert rows(second, "SELECT count(*) FROM posting") == [(0,)]
    assert {row.code for row in syncing.parked(second)} == {"here.hub"}
    assert "机构中心" in say(early.findings[0].code, field="")
    whole = syncing.sync(second, remote="hub")
    assert (whole.parked, whole.conflicts, whole.sent, whole.digest_equal) == (0, 0, 0, True)
    late = syncing.sync(second, remote="network")
    assert (late.parked, late.conflicts, late.sent, late.pending, late.digest_equal) == (0, 0, 0, 0, True)
    assert rows(second, WHO) == rows(first, WHO)
    assert all(technician for _, technician, *_ in rows(second, WHO))
    assert upkeep.verify(second).ok


def test_postings_that_only_the_network_has_go_to_the_hub_from_their_own_seat(seats: tuple[Workspace, Workspace]) -> None:
    first, second = seats
    for ledger in seats:
        for remote in ("hub", "network"):
            syncing.sync(ledger, remote=remote)
    posted(first, "R1")
    syncing.sync(first, remote="network")
    assert syncing.sync(second, remote="network").parked > 0
    between = syncing.sync(second, remote="hub")
    assert (between.sent, between.pending) == (0, 0)
    for ledger in (first, second):
        for remote in ("hub", "network"):
            done = syncing.sync(ledger, remote=remote)
            assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, True)
    assert rows(second, WHO) == rows(first, WHO)
    assert len(rows(second, WHO)) == 1
    assert rows(second, WHO)[0][1]


def _shared_draft(first: Workspace, second: Workspace) -> None:
    """A draft with a problem that both seats hold."""
    making.enter(first, "R1", contract="")
    assert rows(first, "SELECT count(*) FROM record_problem") != [(0,)]
    for ledger in (first, second):
        assert syncing.sync(ledger, remote="hub").digest_equal
    assert rows(second, "SELECT number FROM service_record") == [("R1",)]


def test_a_deletion_elsewhere_takes_the_problems_of_the_record_along(seats: tuple[Workspace, Workspace]) -> None:
    first, second = seats
    _shared_draft(first, second)
    records.remove(second, ["R1"])
    syncing.sync(second, remote="hub")
    done = syncing.sync(first, remote="hub")
    assert (done.conflicts, done.parked, done.digest_equal) == (0, 0, True)
    assert rows(first, "SELECT count(*) FROM service_record") == [(0,)]
    assert rows(first, "SELECT count(*) FROM record_problem") == [(0,)]
    assert upkeep.verify(first).ok


def test_evidence_that_only_this_seat_has_goes_with_a_deleted_record_when_a_person_says_so(
    seats: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    first, second = seats
    _shared_draft(first, second)
    problems = rows(first, "SELECT * FROM record_problem")
    paper = tmp_path / "合同.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    records.remove(second, ["R1"])
    syncing.sync(second, remote="hub")
    evidence.add(first, "service_record", rows(first, "SELECT id FROM service_record")[0][0], paper)
    done = syncing.sync(first, remote="hub")
    assert done.conflicts == 1
    assert rows(first, "SELECT * FROM record_problem") == problems
    (found,) = syncing.conflicts(first, "hub")
    chosen = dict.fromkeys(sync_views.contested(found), "theirs")
    sync_resolving.resolve(first, found.kind, found.id, chosen, "已作废", remote="hub")
    assert rows(first, "SELECT count(*) FROM service_record") == [(0,)]
    assert rows(first, "SELECT count(*) FROM attachment") == [(0,)]
    for ledger in seats:
        last = syncing.sync(ledger, remote="hub")
        assert (last.conflicts, last.parked, last.digest_equal) == (0, 0, True)


def test_what_comes_into_a_month_closed_here_is_late_and_told(seats: tuple[Workspace, Workspace]) -> None:
    first, second = seats
    posted(first, "R1")
    making.enter(first, "R2", day=MAY)
    for ledger in seats:
        syncing.sync(ledger, remote="hub")
    records.post(second, ["R2"])
    making.close_month(first, "2025-05")
    syncing.sync(second, remote="hub")
    done = syncing.sync(first, remote="hub")
    (told,) = (one for one in done.findings if one.code == "sync.closed_month")
    assert dict(told.params) == {"month": "2025-05", "n": "1", "yuan": "180.00"}
    assert "补记" in say(told.code, **dict(told.params))
    assert late_of(first) == {"R1": False, "R2": True}
    assert "record.figure.late" in str(record_figure.of(first, "R2"))
    assert "record.figure.late" not in str(record_figure.of(first, "R1"))
    assert not [one for one in syncing.sync(first, remote="hub").findings if one.code == "sync.closed_month"]
    months.reopen_month(first, "2025-05", making.APPROVER, making.PINS[making.APPROVER], "补记一笔")
    assert late_of(first) == {"R1": False, "R2": False}


def late_of(ledger: Workspace) -> dict[str, bool]:
    with ledger.read() as connection:
        return {line.record_number: line.late for line in unsettled.unsettled_postings(connection, MAY)}


def settle(ledger: Workspace, remote: str) -> None:
    syncing.sync(ledger, remote=remote)
    for found in syncing.conflicts(ledger, remote=remote):
        chosen = dict.fromkeys(sync_views.contested(found), "theirs")
        sync_resolving.resolve(ledger, found.kind, found.id, chosen, "对方先记账", remote=remote)


def test_two_seats_whose_postings_meet_by_different_remotes_end_with_one_posting(seats: tuple[Workspace, Workspace]) -> None:
    first, second = seats
    stands = "SELECT p.id FROM posting p WHERE p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)"
    making.enter(first, "R1")
    for ledger in seats:
        syncing.sync(ledger, remote="hub")
    for ledger in seats:
        assert records.post(ledger, ["R1"]).posted == 1
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="network")
    settle(first, "network")
    settle(second, "hub")
    for _ in range(2):
        for ledger in seats:
            for remote in ("hub", "network"):
                settle(ledger, remote)
    assert len(rows(first, stands)) == 1
    assert rows(first, stands) == rows(second, stands)
    for ledger in seats:
        for remote in ("hub", "network"):
            done = syncing.sync(ledger, remote=remote)
            assert (done.parked, done.conflicts, done.pending, done.digest_equal, done.findings) == (0, 0, 0, True, ())
            assert sync_status.status(ledger, remote).n_parked == 0
        # The province has the one that stands, and what gave way with its reversal.
        held = "SELECT sum(json_extract(body, '$.amount_fen')), count(*) FROM sync_base WHERE remote = 'network' AND kind = 'posting'"
        assert rows(ledger, held) == [(180_00, 3)]
        assert upkeep.verify(ledger).ok


def forgotten_by_the_network(seats: tuple[Workspace, Workspace], folder: Path) -> None:
    """A record that the second seat has as a draft is posted and taken back; only the network is told, and is restored to before."""
    first, second = seats
    database, backup = f"sqlite:///{folder / 'network.db'}", folder / "network.backup"
    making.enter(first, "R1")
    for ledger in seats:
        for remote in ("hub", "network"):
            syncing.sync(ledger, remote=remote)
    at_hand.operator(database, "backup", "--file", str(backup))
    assert records.post(first, ["R1"]).posted == 1
    posting.reverse(first, "R1", "记错了")
    syncing.sync(first, remote="network")
    syncing.sync(second, remote="network")
    waiting = [(row.kind, row.code) for row in syncing.parked(second, "network") if row.kind == "posting"]
    assert waiting == [("posting", "here.hub")] * 2
    at_hand.operator(database, "restore", "--file", str(backup))
    syncing.sync(second, remote="network")


def test_nobody_is_asked_about_another_seats_posting_that_the_network_forgot(seats: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    first, second = seats
    forgotten_by_the_network(seats, tmp_path)
    assert not syncing.conflicts(second, "network")
    for _ in range(2):
        for ledger in seats:
            for remote in ("network", "hub"):
                syncing.sync(ledger, remote=remote)
    assert rows(second, WHO) == rows(first, WHO)
    assert len(rows(second, WHO)) == 2
    for ledger in seats:
        for remote in ("hub", "network"):
            done = syncing.sync(ledger, remote=remote)
            assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, True)
        assert upkeep.verify(ledger).ok


def test_asked_all_the_same_they_can_choose_neither(
    seats: tuple[Workspace, Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant."""
    monkeypatch.setattr(further, "_is_anothers_fact", lambda *_, **__: False)
    forgotten_by_the_network(seats, tmp_path)
    found = [one for one in syncing.conflicts(seats[1], "network") if one.kind == "posting"]
    assert len(found) == 2
    with pytest.raises(Refused, match="here_hub"):
        sync_resolving.resolve(seats[1], "posting", found[0].id, dict.fromkeys(sync_views.contested(found[0]), "further1"), "核对", remote="network")


HELD = "SELECT number, state, contact FROM service_record"


def thrown_away_and_posted(seats: tuple[Workspace, Workspace]) -> tuple[str, dict[str, str]]:
    """The second seat deletes a draft, and the first names a contact, posts it and tells only the network: what the second is asked there."""
    first, second = seats
    making.enter(first, "R1")
    for ledger in seats:
        syncing.sync(ledger, remote="hub")
    records.remove(second, ["R1"])
    syncing.sync(second, remote="hub")
    records.change(first, replace(records.get(first, "R1"), contact="赵老师"))
    assert records.post(first, ["R1"]).posted == 1
    syncing.sync(first, remote="network")
    syncing.sync(second, remote="network")
    (found,) = syncing.conflicts(second, "network")
    assert found.mine is None
    return found.id, dict.fromkeys(sync_views.contested(found), "theirs")


def test_a_posted_record_is_brought_back_whole_by_the_hub(seats: tuple[Workspace, Workspace]) -> None:
    first, second = seats
    key, theirs = thrown_away_and_posted(seats)
    with pytest.raises(Refused, match="here_hub"):
        sync_resolving.resolve(second, "service_record", key, theirs, "已做过", remote="network")
    assert rows(second, HELD) == []
    syncing.sync(first, remote="hub")
    (asked,) = syncing.conflicts(first, "hub")
    sync_resolving.resolve(first, asked.kind, asked.id, dict.fromkeys(sync_views.contested(asked), "mine"), "已记账", remote="hub")
    for ledger in seats:
        syncing.sync(ledger, remote="hub")
    sync_resolving.resolve(second, "service_record", key, theirs, "已做过", remote="network")
    for ledger in seats:
        for remote in ("network", "hub", "network"):
            done = syncing.sync(ledger, remote=remote)
        assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, True)
        assert rows(ledger, HELD) == [("R1", "posted", "赵老师")]
        assert upkeep.verify(ledger).ok


def test_brought_back_in_part_it_would_never_become_whole(seats: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: posted, it takes nothing in any more, and neither seat can give way."""
    first, second = seats
    monkeypatch.setattr(sync_storage, "is_whole", lambda *_: False)
    key, theirs = thrown_away_and_posted(seats)
    sync_resolving.resolve(second, "service_record", key, theirs, "已做过", remote="network")
    syncing.sync(second, remote="hub")
    syncing.sync(first, remote="hub")
    held = [rows(ledger, HELD) for ledger in seats]
    assert held == [[("R1", "posted", "赵老师")], [("R1", "posted", "")]]
    (asked,) = syncing.conflicts(first, "hub")
    with pytest.raises(Refused):
        sync_resolving.resolve(first, asked.kind, asked.id, dict.fromkeys(sync_views.contested(asked), "theirs"), "以对方为准", remote="hub")
