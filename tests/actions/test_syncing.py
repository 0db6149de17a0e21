"""Sync through real ledgers and the real service: what leaves, what arrives, what never does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from desktop.actions import (
    device_names,
    enrolment,
    history,
    instruments,
    months,
    people,
    rehearsal,
    sync_resolving,
    sync_status,
    sync_views,
    syncing,
    upkeep,
    workspace,
)
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem, Refused
from desktop.store.database import quick
from desktop.sync import round as rounds
from desktop.sync.client import Client
from desktop.sync.messages import Digest, Page
from desktop.words import say
from tests.network import at_hand

ASSET, SECRET = "2021170001", "2023170011"


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("practice") / "home"
    with rehearsal.practice_ledger(home) as made:
        from desktop.actions import records

        records.post(made)
    return home


@pytest.fixture
def network(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    told = rehearsal.day()["institution"]
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with at_hand.serve(database, told["name"], told["uscc"]) as (url, code):
        yield url, code, database


@pytest.fixture
def seats(practice: Path, tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    """One filled ledger, and one empty ledger of the same institution."""
    told = rehearsal.day()["institution"]
    with ExitStack() as stack:
        shutil.copytree(practice, tmp_path / "a")
        first = stack.enter_context(workspace.open_ledger(tmp_path / "a"))
        from desktop.actions import institution

        second, _ = institution.start(tmp_path / "b", told["name"], told["uscc"], told["kind"], told["region"], practice=True)
        yield first, stack.enter_context(second)


def code_for(database: str) -> str:
    return str(at_hand.operator(database, "enrolment-code", "--uscc", rehearsal.day()["institution"]["uscc"])["code"])


def test_nothing_is_sent_before_enrolment(seats: tuple[Workspace, Workspace]) -> None:
    with pytest.raises(Refused, match="sync.not_enrolled"):
        syncing.sync(seats[0])
    assert sync_status.status(seats[0]).enrolled is False


def test_what_was_previewed_is_what_is_sent_and_twice_sends_nothing(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    ledger, (url, code, _) = seats[0], network
    enrolment.enrol(ledger, url, code)
    shown = syncing.preview(ledger)
    assert shown.n_changes > 500
    assert shown.n_withheld > 3
    told = repr([line.body for line in shown.lines])
    for asset in ("2023170011", "2022170028", "2024170045"):
        assert asset not in told
    done = syncing.sync(ledger, approved=shown.digests)
    assert (done.sent, done.parked, done.conflicts, done.digest_equal) == (shown.n_changes, 0, 0, True)
    again = syncing.sync(ledger)
    assert (again.sent, again.received, again.digest_equal) == (0, 0, True)
    assert upkeep.verify(ledger).ok


def test_a_discarded_preview_sends_nothing(seats: tuple[Workspace, Workspace], network: tuple[str, str, str]) -> None:
    ledger, (url, code, _) = seats[0], network
    enrolment.enrol(ledger, url, code)
    syncing.preview(ledger)
    syncing.discard_preview(ledger)
    assert syncing.sync(ledger, approved=()).sent == 0


def test_a_second_seat_receives_all_of_it_and_no_confidential_row(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    (first, second), (url, code, database) = seats, network
    enrolment.enrol(first, url, code)
    sent = syncing.sync(first).sent
    enrolment.enrol(second, url, code_for(database))
    got = syncing.sync(second)
    assert (got.received, got.sent, got.digest_equal) == (sent, 0, True)
    here = {i.asset_number: replace(i, imported="") for i in instruments.every(first) if not i.confidential}
    there = {i.asset_number: replace(i, imported="") for i in instruments.every(second)}
    assert {k: (v.name, v.value_fen, v.accepted_on) for k, v in there.items()} == {
        k: (v.name, v.value_fen, v.accepted_on) for k, v in here.items()
    }
    assert SECRET not in there
    with first.read() as one, second.read() as two:
        sql = "SELECT count(*), sum(amount_fen) FROM posting WHERE confidential = 0"
        assert tuple(one.exec_driver_sql(sql).one()) == tuple(two.exec_driver_sql(sql).one())
    assert upkeep.verify(second).ok


def both_synced(seats: tuple[Workspace, Workspace], network: tuple[str, str, str]) -> tuple[Workspace, Workspace]:
    (first, second), (url, code, database) = seats, network
    enrolment.enrol(first, url, code)
    syncing.sync(first)
    enrolment.enrol(second, url, code_for(database))
    syncing.sync(second)
    return first, second


@pytest.mark.parametrize("blind", [False, True], ids=["as it is", "one that sees no decision"])
def test_what_is_decided_while_the_digests_are_compared_is_told_as_pending(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch, blind: bool
) -> None:
    """A set that was edited here met its deletion and is on view: to keep it changes no row, and has still to be sent."""
    first, second = both_synced(seats, network)
    made = Instrument("", "LS-1", "临时的仪器", 1_000, True, False, date(2024, 1, 2))
    instruments.add(first, made)
    syncing.sync(first)
    syncing.sync(second)
    with first.write("instrument remove") as operation:
        operation.connection.exec_driver_sql("DELETE FROM instrument WHERE asset_number = 'LS-1'")
    syncing.sync(first)
    instruments.change(second, replace(instruments.get(second, "LS-1"), phone="0531-2"))
    assert syncing.sync(second).conflicts == 1
    (found,) = syncing.conflicts(second)
    compare, decided = rounds.Run._compare, []

    def deciding(self: rounds.Run, told: Digest | None) -> bool | None:
        if not decided:
            decided.append(found.id)
            fields = sync_views.contested(found)
            sync_resolving.resolve(second, "instrument", found.id, dict.fromkeys(fields, "mine"), "还在用")
        return compare(self, told)

    monkeypatch.setattr(rounds.Run, "_compare", deciding)
    if blind:
        monkeypatch.setattr(LedgerStep, "mark", lambda _: 0)
    done = syncing.sync(second)
    assert (decided, done.conflicts, done.pending, done.digest_equal) == ([found.id], 0, 0 if blind else 1, True)
    assert syncing.sync(second).sent == 1
    assert instruments.get(second, "LS-1").phone == "0531-2"


def test_an_edit_here_arrives_there(seats: tuple[Workspace, Workspace], network: tuple[str, str, str]) -> None:
    first, second = both_synced(seats, network)
    instruments.change(first, replace(instruments.get(first, ASSET), phone="0531-1"))
    assert syncing.sync(first).sent == 1
    assert syncing.sync(second).received == 1
    assert instruments.get(second, ASSET).phone == "0531-1"


def test_two_edits_of_one_field_are_a_conflict_and_neither_is_lost(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    first, second = both_synced(seats, network)
    instruments.change(first, replace(instruments.get(first, ASSET), value_fen=100))
    instruments.change(second, replace(instruments.get(second, ASSET), value_fen=200, functions="另一个"))
    syncing.sync(first)
    done = syncing.sync(second)
    assert done.conflicts == 1
    (conflict,) = syncing.conflicts(second)
    assert (conflict.mine or {})["value_fen"] == 200
    assert (conflict.theirs or {})["value_fen"] == 100
    assert instruments.get(second, ASSET).value_fen == 100
    sync_resolving.resolve(second, conflict.kind, conflict.id, {"value_fen": "mine"}, "按发票")
    assert instruments.get(second, ASSET).value_fen == 200
    syncing.sync(second)
    syncing.sync(first)
    assert (instruments.get(first, ASSET).value_fen, instruments.get(first, ASSET).functions) == (200, "另一个")
    assert syncing.sync(first).digest_equal is True
    assert syncing.conflicts(second) == ()


def test_what_was_sent_can_no_longer_be_undone(seats: tuple[Workspace, Workspace], network: tuple[str, str, str]) -> None:
    ledger, (url, code, _) = seats[0], network
    done = instruments.change(ledger, replace(instruments.get(ledger, ASSET), phone="1"))
    history.undo_one(ledger, done.operation)
    done = instruments.change(ledger, replace(instruments.get(ledger, ASSET), phone="2"))
    enrolment.enrol(ledger, url, code)
    syncing.sync(ledger)
    with pytest.raises(Refused, match="undo.sent"):
        history.undo_one(ledger, done.operation)
    assert instruments.get(ledger, ASSET).phone == "2"


def test_a_network_that_is_away_costs_nothing(seats: tuple[Workspace, Workspace]) -> None:
    with pytest.raises(Problem, match=r"sync\."):
        enrolment.enrol(seats[0], "http://127.0.0.1:9", "ABCD")
    with pytest.raises(Problem, match="sync.bad_address"):
        enrolment.enrol(seats[0], "http://example.org", "ABCD")
    assert sync_status.status(seats[0]).enrolled is False
    assert upkeep.verify(seats[0]).ok


def test_a_month_with_a_conflict_is_not_closed_until_a_person_has_chosen(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    first, second = both_synced(seats, network)
    people.add(second, "甲财务", "finance", "1111")
    people.add(second, "乙设备处", "equipment_office", "2222")
    with second.read() as connection:
        key, month = connection.exec_driver_sql("SELECT instrument_id, service_month FROM posting LIMIT 1").one()
        sql = "SELECT service_month FROM posting EXCEPT SELECT service_month FROM posting WHERE instrument_id = ? LIMIT 1"
        other = connection.exec_driver_sql(sql, (key,)).scalar_one()
        asset = connection.exec_driver_sql("SELECT asset_number FROM instrument WHERE id = ?", (key,)).scalar_one()
    for ledger, fen in ((first, 100), (second, 200)):
        instruments.change(ledger, replace(instruments.get(ledger, asset), value_fen=fen))
    syncing.sync(first)
    assert syncing.sync(second).conflicts == 1
    with pytest.raises(Refused, match="payout.month_contested") as stopped:
        months.prepare_month(second, month, "乙设备处", "2222")
    assert asset in stopped.value.params["names"]
    months.prepare_month(second, other, "乙设备处", "2222")
    assert months.close_month(second, other, "甲财务", "1111")
    sync_resolving.resolve(second, "instrument", key, {"value_fen": "mine"}, "按发票")
    months.prepare_month(second, month, "乙设备处", "2222")
    assert months.close_month(second, month, "甲财务", "1111")
    assert upkeep.verify(second).ok


def test_one_number_given_twice_stops_nothing_else(seats: tuple[Workspace, Workspace], network: tuple[str, str, str]) -> None:
    first, second = both_synced(seats, network)
    for ledger, name in ((first, "甲机"), (second, "乙机")):
        instruments.add(ledger, Instrument("", "SAME-1", name, 100, False, False, date(2020, 1, 1)))
    instruments.change(first, replace(instruments.get(first, ASSET), phone="0531-7"))
    syncing.sync(first)
    done = syncing.sync(second)
    assert instruments.get(second, "SAME-1").name == "乙机"  # neither side was changed
    assert instruments.get(second, ASSET).phone == "0531-7"  # and the others went on
    assert {one.code for one in sync_views.parked(second)} == {"sync.refused.key_taken", "sync.refused.here_twice"}
    assert (done.parked, done.digest_equal) == (2, True)
    assert all("资产编号" in say(one.code, **dict(one.params)) for one in done.findings)
    own = instruments.get(second, "SAME-1")
    instruments.change(second, replace(own, asset_number="SAME-2"))
    done = syncing.sync(second)
    assert (done.sent, done.parked, done.digest_equal) == (1, 0, True)
    assert (instruments.get(second, "SAME-1").name, instruments.get(second, "SAME-2").name) == ("甲机", "乙机")
    assert syncing.sync(first).received == 1
    assert upkeep.verify(second).ok


def test_rows_that_come_before_what_they_refer_to_are_taken_in(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, second), (url, code, database) = seats, network
    enrolment.enrol(first, url, code)
    sent = syncing.sync(first).sent
    for one in instruments.every(first):  # every instrument is now at the end of the feed, behind its fees and records
        instruments.change(first, replace(one, phone="0531-9"))
    syncing.sync(first)
    changes = Client.changes
    short = {"limit": 0}

    def pages(self: Client, cursor: str) -> Page:
        short["limit"] += 1
        return self._ask("GET", f"/v1/changes?limit=40&cursor={quote(cursor, safe='')}", Page)

    monkeypatch.setattr(Client, "changes", pages)
    enrolment.enrol(second, url, code_for(database))
    got = syncing.sync(second)
    monkeypatch.setattr(Client, "changes", changes)
    assert short["limit"] > sent // 40
    assert (got.received, got.parked, got.digest_equal) == (sent, 0, True)
    with first.read() as one_side, second.read() as other_side:
        sql = "SELECT count(*), sum(amount_fen) FROM posting WHERE confidential = 0"
        assert tuple(one_side.exec_driver_sql(sql).one()) == tuple(other_side.exec_driver_sql(sql).one())
    assert upkeep.verify(second).ok


def test_a_change_this_ledger_must_refuse_is_a_conflict_and_not_overwritten(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    instruments.add(seats[0], Instrument("", "OLD-1", "甲机", 100, False, False, date(2020, 1, 1)))
    first, second = both_synced(seats, network)
    instruments.add(second, Instrument("", "NEW-1", "乙机", 100, False, False, date(2020, 1, 1)))
    instruments.change(first, replace(instruments.get(first, "OLD-1"), asset_number="NEW-1", phone="0531-2"))
    syncing.sync(first)
    done = syncing.sync(second)
    assert (done.conflicts, done.digest_equal) == (1, True)
    (conflict,) = syncing.conflicts(second)
    assert (instruments.get(second, "OLD-1").id, instruments.get(second, "NEW-1").name) == (conflict.id, "乙机")
    theirs = dict.fromkeys(sync_views.contested(conflict), "theirs")
    with pytest.raises(Refused, match="here_twice"):
        sync_resolving.resolve(second, conflict.kind, conflict.id, theirs, "以对方为准")
    instruments.change(second, replace(instruments.get(second, "NEW-1"), asset_number="NEW-2"))
    sync_resolving.resolve(second, conflict.kind, conflict.id, theirs, "以对方为准")
    assert (instruments.get(second, "NEW-1").id, instruments.get(second, "NEW-1").phone) == (conflict.id, "0531-2")
    done = syncing.sync(second)
    assert (done.conflicts, done.parked, done.digest_equal) == (0, 0, True)
    syncing.sync(first)
    assert instruments.get(first, "NEW-2").name == "乙机"
    assert upkeep.verify(second).ok


def test_the_other_computer_is_told_by_the_name_it_gave_when_it_was_enrolled(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = seats
    url, code, database = network
    ids = {}
    for ledger, name in ((first, "电镜室-1\x1b[2J"), (second, "")):
        monkeypatch.setattr("platform.node", lambda name=name: name)
        enrolment.enrol(ledger, url, code if ledger is first else code_for(database))
        ids[ledger] = str((sync_status.remote_row(ledger, "network") or {})["device_id"])[-8:]
        syncing.sync(ledger)
    assert sync_status.status(first).device == f"电镜室-1[2J（…{ids[first]}）"
    assert sync_status.status(second).device == f"yixiang（…{ids[second]}）"

    instruments.change(first, replace(instruments.get(first, ASSET), value_fen=100))
    syncing.sync(first)
    instruments.change(second, replace(instruments.get(second, ASSET), value_fen=200))
    assert syncing.sync(second).conflicts == 1
    (view,) = sync_views.conflicts(second)
    assert view.theirs_by == sync_status.status(first).device

    # The computer came back under another name; the next page tells of it.
    (found,) = syncing.conflicts(second)
    with second.write("sync") as operation:
        device_names.keep(quick(operation.connection), "network", {found.device_id: "电镜室-2"})
    (view,) = sync_views.conflicts(second)
    assert view.theirs_by == f"电镜室-2（…{ids[first]}）"

    enrolment.leave(second)
    with second.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sync_device").scalar_one() == 0


def test_a_conflict_tells_who_and_when_and_takes_what_is_written_instead(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    first, second = both_synced(seats, network)
    instruments.change(first, replace(instruments.get(first, ASSET), value_fen=100, phone="0531-1"))
    instruments.change(second, replace(instruments.get(second, ASSET), value_fen=200, phone="0531-2"))
    syncing.sync(first)
    syncing.sync(second)
    (view,) = sync_views.conflicts(second)
    assert view.mine_by == second.who
    assert view.mine_at.startswith(f"{datetime.now(UTC):%Y-}")
    assert re.fullmatch(r".+（…[0-9a-f]{8}）", view.theirs_by)
    assert view.theirs_by == sync_status.status(first).device != sync_status.status(second).device
    assert view.received_at > view.mine_at[:10]
    chosen = dict.fromkeys(sync_views.contested(syncing.conflicts(second)[0]), "entered")
    key = view.key
    for wrong in ("很多", "1.005", ""):
        with pytest.raises(Refused, match=r"sync\.(bad_entry|no_choice)|here_form"):
            sync_resolving.resolve(second, "instrument", key, chosen, "按发票", {"value_fen": wrong} if wrong else {})
    assert instruments.get(second, ASSET).value_fen == 100
    sync_resolving.resolve(second, "instrument", key, chosen, "按发票", {"value_fen": "３,456.78", "phone": "0531-3"})
    syncing.sync(second)
    syncing.sync(first)
    for ledger in (first, second):
        assert (instruments.get(ledger, ASSET).value_fen, instruments.get(ledger, ASSET).phone) == (345_678, "0531-3")
    assert syncing.sync(first).digest_equal is True


def test_a_revoked_ledger_enrols_again_with_a_new_code_and_goes_on(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    ledger, (url, code, database) = seats[0], network
    enrolment.enrol(ledger, url, code)
    syncing.sync(ledger)
    with ledger.read() as connection:
        device = connection.exec_driver_sql("SELECT device_id FROM remote").scalar_one()
    at_hand.operator(database, "revoke", "--device", device)
    instruments.change(ledger, replace(instruments.get(ledger, ASSET), phone="0531-5"))
    with pytest.raises(Problem, match=r"sync\.revoked"):
        syncing.sync(ledger)
    with pytest.raises(Problem, match=r"sync\.enrolment_refused"):
        enrolment.enrol(ledger, url, code)
    enrolment.enrol(ledger, url, code_for(database))
    done = syncing.sync(ledger)
    assert (done.sent, done.received, done.digest_equal) == (1, 0, True)
    assert sync_status.status(ledger).institution == rehearsal.day()["institution"]["name"]


def test_a_code_of_another_institution_is_refused_and_costs_nothing(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str]
) -> None:
    ledger, (url, code, database) = seats[0], network
    enrolment.enrol(ledger, url, code)
    syncing.sync(ledger)
    at_hand.operator(database, "create-institution", "--uscc", "123702004000000266", "--name", "另一个单位")
    foreign = str(at_hand.operator(database, "enrolment-code", "--uscc", "123702004000000266")["code"])
    with pytest.raises(Refused, match="sync.other_institution") as stopped:
        enrolment.enrol(ledger, url, foreign)
    assert stopped.value.params["name"] == "另一个单位"
    assert syncing.sync(ledger).digest_equal is True  # the enrolment that was there still works


def test_a_service_that_was_made_anew_holds_nothing_and_gets_everything(
    seats: tuple[Workspace, Workspace], network: tuple[str, str, str], tmp_path: Path
) -> None:
    ledger, (url, code, _) = seats[0], network
    told = rehearsal.day()["institution"]
    enrolment.enrol(ledger, url, code)
    sent = syncing.sync(ledger).sent
    with at_hand.serve(f"sqlite:///{tmp_path / 'anew.db'}", told["name"], told["uscc"]) as (address, fresh):
        with pytest.raises(Refused, match="sync.enrolled_elsewhere"):
            enrolment.enrol(ledger, address, fresh)
        with ledger.write("the same address, another service") as operation:
            operation.connection.exec_driver_sql("UPDATE remote SET url = ?", (address,))
        with pytest.raises(Problem, match="sync.other_server"):
            syncing.sync(ledger)
        enrolment.enrol(ledger, address, fresh)
        done = syncing.sync(ledger)
    assert (done.sent, done.received, done.digest_equal) == (sent, 0, True)
    assert upkeep.verify(ledger).ok
