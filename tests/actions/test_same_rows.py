"""Two seats that entered the same thing apart have it once after they synced: what is equal quietly, what differs as a conflict."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import (
    enrolment,
    evidence,
    history,
    instruments,
    records,
    sync_resolving,
    sync_same,
    sync_views,
    syncing,
    upkeep,
)
from desktop.actions.sync_storage import LedgerStep, LedgerStorage
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.store import instrument_views, same_rows
from desktop.store.reach import HIDDEN_INSTRUMENT, HIDDEN_SCHEDULE
from desktop.sync.absorb import take_page
from desktop.sync.messages import Item, Page
from desktop.words import say
from tests.actions import making
from tests.actions.carrying import Courier, Office
from tests.actions.two_seats import Seats, rows
from tests.network import at_hand

NAME = "齐鲁示范大学"
KINDS = ("instrument", "technician", "customer", "fee_schedule", "fee_line", "service_record", "record_problem")


@pytest.fixture(scope="module")
def other_home(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files, imported at another computer."""
    home = tmp_path_factory.mktemp("other") / "home"
    shutil.copytree(empty_home, home)
    with open_ledger(home) as workspace:
        for kind in making.FILES:
            making.import_file(workspace, kind)
    return home


@contextmanager
def enrolled(homes: tuple[Path, Path], folder: Path, *remotes: str) -> Iterator[Seats]:
    with ExitStack() as stack:
        both = []
        for name, home in zip("ab", homes, strict=True):
            shutil.copytree(home, folder / name)
            both.append(stack.enter_context(open_ledger(folder / name)))
        for remote in remotes:
            database = f"sqlite:///{folder / remote}.db"
            url, code = stack.enter_context(at_hand.serve(database, NAME, making.USCC, remote))
            for ledger in both:
                enrolment.enrol(ledger, url, code, remote)
                code = str(at_hand.operator(database, "enrolment-code", "--uscc", making.USCC)["code"])
        yield both[0], both[1]


def counts(ledger: Workspace) -> dict[str, int]:
    return {kind: int(rows(ledger, f"SELECT count(*) FROM {kind}")[0][0]) for kind in KINDS}


def level(seats: Seats, *remotes: str) -> None:
    for ledger in seats:
        for remote in remotes:
            done = syncing.sync(ledger, remote=remote)
            assert (done.sent, done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, 0, True), (remote, done)
        assert upkeep.verify(ledger).ok


@pytest.mark.parametrize("remotes", [("hub", "network"), ("network", "hub")], ids="+".join)
def test_the_files_of_the_first_hour_imported_at_both_seats_are_there_once(
    practice_home: Path, other_home: Path, tmp_path: Path, remotes: tuple[str, ...]
) -> None:
    with enrolled((practice_home, other_home), tmp_path, *remotes) as seats:
        before = counts(seats[1])
        for ledger in (*seats, *seats):
            for remote in remotes:
                syncing.sync(ledger, remote=remote)
        level(seats, *remotes)
        assert counts(seats[0]) == counts(seats[1]) == before
        known = "SELECT id FROM instrument WHERE confidential = 0 ORDER BY id"
        assert rows(seats[0], known) == rows(seats[1], known)


@pytest.fixture
def apart(empty_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """Two seats with the same small ledger, each entered by hand, at one hub."""
    homes = []
    for name in ("first", "second"):
        homes.append(tmp_path / name)
        shutil.copytree(empty_home, homes[-1])
        with open_ledger(homes[-1]) as workspace:
            making.fill_small(workspace)
    with enrolled((homes[0], homes[1]), tmp_path, "hub") as seats:
        yield seats


def turns(seats: Seats, n: int = 2) -> None:
    for _ in range(n):
        for ledger in seats:
            syncing.sync(ledger, remote="hub")


def waiting(ledger: Workspace) -> set[tuple[str, str]]:
    return {(one.kind, one.code) for one in syncing.parked(ledger, remote="hub")}


def test_what_was_entered_by_hand_at_both_is_there_once(apart: Seats) -> None:
    first, second = apart
    for ledger in apart:
        making.enter(ledger, "R1")
        making.enter(ledger, "R2", "A2", contract="")
    before = {kind: rows(second, f"SELECT count(*) FROM {kind}") for kind in (*KINDS, "person", "scheme")}
    turns(apart)
    level(apart, "hub")
    assert {kind: rows(ledger, f"SELECT count(*) FROM {kind}") for ledger in apart for kind in before} == before
    ordinary = {
        "person": "1", "scheme": "1", "service_record": "1", "fee_schedule": f"instrument_id NOT IN {HIDDEN_INSTRUMENT}",
        "fee_line": f"schedule_id NOT IN {HIDDEN_SCHEDULE}",
    }  # fmt: skip
    for kind, which in ordinary.items():
        keys = f"SELECT id FROM {kind} WHERE {which} ORDER BY id"
        assert rows(first, keys) == rows(second, keys) != []
    assert records.post(second, ["R1"]).posted == 1  # the people, prices and problems of the seat go on with the keys of the other
    turns(apart)
    level(apart, "hub")


def test_without_it_they_would_wait_row_by_row(apart: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_same, "adopt", lambda *_: False)
    turns(apart)
    assert {("instrument", "here.twice"), ("technician", "key.taken"), ("customer", "key.taken")} <= waiting(apart[1])
    with pytest.raises(AssertionError):
        level(apart, "hub")


def test_what_refers_to_it_must_follow(apart: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_rows, "_references", lambda _kind: ())
    before = rows(apart[1], "SELECT id FROM instrument ORDER BY id")
    syncing.sync(apart[0], remote="hub")
    syncing.sync(apart[1], remote="hub")
    assert ("instrument", "here.in_use") in waiting(apart[1])
    assert rows(apart[1], "SELECT id FROM instrument ORDER BY id") == before


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_field_that_differs_is_one_conflict_and_settled_once(apart: Seats, side: str) -> None:
    first, second = apart
    instruments.change(second, replace(instruments.get(second, "A1"), phone="0531-2"))
    instruments.change(first, replace(instruments.get(first, "A1"), phone="0531-1"))
    turns(apart)
    (found,) = syncing.conflicts(second, remote="hub")
    assert (found.kind, found.base, sorted(sync_views.contested(found))) == ("instrument", None, ["phone"])
    assert instruments.get(second, "A1").phone == "0531-1"
    (view,) = sync_views.conflicts(second, remote="hub")
    assert view.mine_by  # who entered it here is told, though it stands under another key in the journal
    sync_resolving.resolve(second, found.kind, found.id, {"phone": side}, "按现场", remote="hub")
    turns((second, first))
    level(apart, "hub")
    assert {instruments.get(ledger, "A1").phone for ledger in apart} == {"0531-2" if side == "mine" else "0531-1"}


def test_a_row_in_conflict_keeps_its_key_until_that_is_decided(apart: Seats) -> None:
    """A restored remote may hold the thing under another key; what was typed here and is asked about is not dropped for it."""
    first, second = apart
    instruments.change(second, replace(instruments.get(second, "A1"), phone="0531-2"))
    instruments.change(first, replace(instruments.get(first, "A1"), phone="0531-1"))
    turns(apart)
    (found,) = syncing.conflicts(second, remote="hub")
    another = "01890000-0000-7000-8000-0000000000aa"
    with LedgerStorage(second, "hub").transaction("as after a restore") as step:
        body = dict(found.theirs or {}) | {"id": another}
        step.drop_base(*found.place)
        assert step.adopt("instrument", another, body) is None
        assert step.conflict(*found.place) == found
        step.drop_conflict(*found.place)
        assert step.adopt("instrument", another, body) is not None


def test_what_is_there_again_under_the_key_that_was_given_up_is_asked_about(apart: Seats) -> None:
    """A restored remote may have the thing under our first key again, with what another typed there: it is shown before the row stays gone."""
    second = apart[1]
    ours = "SELECT id FROM customer WHERE name = '校内课题组'"
    before = rows(second, ours)[0][0]
    turns(apart)
    now = rows(second, ours)[0][0]
    assert now != before
    with LedgerStorage(second, "hub").transaction("as after a restore") as step:
        state = step.state()
        assert state is not None
        again = {**(step.standing("customer", now).local or {}), "id": before, "size_class": "large", "size_on": "2026-01-01"}
        item = Item("customer", before, "9.x", None, "update", "01890000-0000-7000-8000-0000000000ab", again, None, None)
        take_page(step, Page(state.server_id, state.epoch, [item], state.cursor, False))
    (view,) = sync_views.conflicts(second, remote="hub")
    assert (view.key, view.mine_deleted) == (before, True)
    assert ("size_class", None, None, "large") in view.groups[0].fields
    (found,) = syncing.conflicts(second, remote="hub")
    contested = sync_views.contested(found)
    with pytest.raises(Refused) as refused:  # a ledger holds the name once
        sync_resolving.resolve(second, found.kind, found.id, dict.fromkeys(contested, "theirs"), "按现场", remote="hub")
    assert refused.value.code == "sync.refused.here_twice"
    sync_resolving.resolve(second, found.kind, found.id, dict.fromkeys(contested, "mine"), "两行是同一个客户", remote="hub")
    assert rows(second, ours) == [(now,)]
    with LedgerStorage(second, "hub").transaction("look") as step:
        assert [(one.place, one.deleted) for one in step.differing()] == [(("customer", before), True)]


def test_a_draft_that_the_other_seat_has_posted_is_posted_here_quietly(apart: Seats) -> None:
    first, second = apart
    making.posted(first, "R1")
    making.enter(second, "R1")
    turns(apart)
    level(apart, "hub")
    for ledger in apart:
        assert rows(ledger, "SELECT r.state, p.amount_fen FROM service_record r JOIN posting p ON p.record_id = r.id") == [("posted", 180_00)]


def test_prices_that_differ_are_two_versions_and_a_person_decides(apart: Seats) -> None:
    first, second = apart
    with second.write("another price here") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE fee_line SET terms = replace(terms, '18000', '19000'), source_text = '190' WHERE schedule_id IN "
            "(SELECT s.id FROM fee_schedule s JOIN instrument i ON i.id = s.instrument_id WHERE i.asset_number = 'A1')"
        )
    turns(apart)
    (found,) = syncing.conflicts(second, remote="hub")
    assert found.kind == "fee_schedule"
    sync_resolving.resolve(second, found.kind, found.id, dict.fromkeys(sync_views.contested(found), "theirs"), "对方先批", remote="hub")
    turns((second, first))
    level(apart, "hub")


def test_what_facts_hang_on_keeps_its_key_and_says_why(apart: Seats) -> None:
    _, second = apart
    making.posted(second, "R1")
    before = rows(second, "SELECT * FROM posting"), rows(second, "SELECT * FROM instrument WHERE asset_number = 'A1'")
    turns(apart)
    assert ("instrument", "here.in_use") in waiting(second)
    assert (rows(second, "SELECT * FROM posting"), rows(second, "SELECT * FROM instrument WHERE asset_number = 'A1'")) == before
    assert "另建一个空台账" in say("sync.refused.here_in_use", field="")
    assert upkeep.verify(second).ok


def test_one_number_for_two_services_makes_no_one_row(apart: Seats) -> None:
    first, second = apart
    making.enter(first, "R1")
    making.enter(second, "R1", day=making.MAY)
    turns(apart)
    assert ("service_record", "here.twice") in waiting(second)
    assert rows(second, "SELECT substr(started_at, 1, 10) FROM service_record") == [("2025-05-31",)]


def test_a_confidential_row_never_takes_part(apart: Seats) -> None:
    first, second = apart
    instruments.add(first, Instrument("", "X1", "光谱仪", 100, True, False, date(2020, 1, 1)))
    instruments.add(second, Instrument("", "X1", "光谱仪", 100, True, True, date(2020, 1, 1)))
    key = instruments.get(second, "X1").id
    turns(apart)
    assert instruments.get(second, "X1").id == key
    assert ("instrument", "here.twice") in waiting(second)


def test_what_hangs_on_it_and_what_was_done_to_it_follow(apart: Seats, tmp_path: Path) -> None:
    first, second = apart
    imported = rows(second, "SELECT seq FROM operation WHERE name LIKE 'instrument add%' ORDER BY seq LIMIT 1")[0][0]
    paper = tmp_path / "合同.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    old = instruments.get(second, "A1").id
    evidence.add(second, "instrument", old, paper)
    with second.write("who works on it") as operation:
        operation.connection.exec_driver_sql("UPDATE technician SET instruments = json_array(?) WHERE staff_number = 'T001'", (old,))
    with first.write("who works on it") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE technician SET instruments = json_array(?) WHERE staff_number = 'T001'", (instruments.get(first, "A1").id,)
        )
    turns(apart)
    level(apart, "hub")
    new = instruments.get(second, "A1").id
    assert new == instruments.get(first, "A1").id != old
    assert rows(second, "SELECT of_id FROM attachment") == [(new,)]
    assert rows(second, "SELECT instruments FROM technician WHERE staff_number = 'T001'") == [(f'["{new}"]',)]
    with second.read() as connection:
        told = [(step.name, step.verb) for step in instrument_views.steps(connection, "instrument", new)]
    assert told[0][0] == "sync same"
    assert told[-1][1] == "insert"
    assert told[-1][0] != "sync same"
    with pytest.raises(Refused, match="undo.same_elsewhere"):
        history.undo_one(second, imported)


def test_a_stop_in_the_middle_leaves_all_as_it_was(apart: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = apart
    syncing.sync(first, remote="hub")
    put_state = LedgerStep.put_state
    facts = rows(second, "SELECT id FROM instrument ORDER BY id"), rows(second, "SELECT id FROM fee_line ORDER BY id")

    def stopped(self: LedgerStep, state: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LedgerStep, "put_state", stopped)
    with pytest.raises(KeyboardInterrupt):
        syncing.sync(second, remote="hub")
    monkeypatch.setattr(LedgerStep, "put_state", put_state)
    assert (rows(second, "SELECT id FROM instrument ORDER BY id"), rows(second, "SELECT id FROM fee_line ORDER BY id")) == facts
    turns(apart)
    level(apart, "hub")


def test_by_hand_over_packages(practice_home: Path, other_home: Path, tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    with ExitStack() as stack:
        stack.callback(office.service.stop)
        couriers = []
        for name, home in (("a", practice_home), ("b", other_home)):
            shutil.copytree(home, tmp_path / name)
            ledger = stack.enter_context(open_ledger(tmp_path / name))
            couriers.append(Courier(ledger, office, tmp_path / f"carried-{name}").begun())
        for courier in (*couriers, *couriers):
            courier.round()
        for courier in couriers:
            done = courier.round()
            assert (done.sent, done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, 0, True), done
            assert upkeep.verify(courier.ledger).ok
        assert counts(couriers[0].ledger) == counts(couriers[1].ledger)
