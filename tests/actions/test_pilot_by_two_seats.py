"""Pilot bases, equipment, open states and services of two seats at one hub: the same view at both, one thing once, and a way out of every clash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import evidence, history, pilot, pilot_doubts, pilot_view, sensors, sync_resolving, sync_views, syncing
from desktop.actions.unsaid import unsaid
from desktop.actions.workspace import Workspace
from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotPartner
from desktop.ledger.problem import Refused
from desktop.store import same_rows, triggers
from desktop.words import say
from tests.actions.making import enter, refused, sound
from tests.actions.test_same_rows import apart as apart  # a fixture
from tests.actions.test_same_rows import enrolled, level
from tests.actions.two_seats import Seats, exchange, in_step, rows

BASE = PilotBase("", "Z1", "新材料中试基地", "新材料", "聚合", "年 10 吨", "放大试验", "高新区1号", date(2020, 1, 1), True, "三方出资", "周工", "0531-1")
LINE = PilotEquipment("", "E2", "聚合线", value_fen=950_000_000, accepted_on=date(2020, 5, 1), confidential=False)
PARTNER = PilotPartner("", "", "某材料公司", "company", "运营", "协议2")
FROM = date(2026, 3, 1)


def fill(ledger: Workspace) -> None:
    """Z1 with the set A1 as E1 and an own line E2, a partner, open since 2021, the line paused; record R1 served on E1."""
    enter(ledger, "R1")
    pilot.add_base(ledger, BASE)
    pilot.add_equipment(ledger, PilotEquipment("", "E1", "中试电镜"), "Z1", "A1")
    pilot.add_equipment(ledger, LINE, "Z1")
    pilot.add_partner(ledger, "Z1", PARTNER)
    pilot.say_open(ledger, "Z1", "open", "建成投用", date(2021, 1, 1))
    pilot.say_open(ledger, "E2", "paused", "检修", FROM)
    pilot.serve(ledger, ["R1"], "Z1", what="放大试验")


def view(ledger: Workspace) -> tuple[object, ...]:
    """All the page shows."""
    return pilot_view.bases(ledger), pilot_view.equipment(ledger), pilot_view.candidates(ledger, 2025), rows(ledger, "SELECT * FROM pilot_service")


def codes(ledger: Workspace) -> list[str]:
    return [one.code for one in pilot_doubts.doubts(pilot_view.bases(ledger), pilot_view.equipment(ledger))]


def choose(ledger: Workspace, side: str) -> None:
    for found in syncing.conflicts(ledger, remote="hub"):
        sync_resolving.resolve(ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "核实过", remote="hub")


def parked(ledger: Workspace) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.code, one.field, one.label) for one in sync_views.parked(ledger, "hub")]


def test_what_one_seat_enters_changes_and_takes_back_is_the_same_at_the_other(seats: Seats, tmp_path: Path) -> None:
    first, second = seats
    fill(first)
    picture = tmp_path / "协议.pdf"
    picture.write_bytes(b"%PDF-1.4\n%%EOF\n")
    for kind, number in (("pilot_base", "Z1"), ("pilot_equipment", "E2")):
        evidence.add(first, kind, evidence.subject(first, kind, number), picture)
    exchange(first, second)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert [one.openness.state for one in pilot_view.equipment(second) if one.openness] == ["paused"]
    (base,) = pilot_view.bases(second)
    assert ([one.name for one in base.partners], base.history[0].said_by) == (["某材料公司"], pilot_view.bases(first)[0].history[0].said_by)
    for kind, number in (("pilot_base", "Z1"), ("pilot_equipment", "E2")):
        assert [one.name for one in evidence.listing(second, kind, evidence.subject(second, kind, number)).items] == ["协议.pdf"]

    pilot.change_base(second, "Z1", replace(BASE, capacity="年 20 吨"))
    pilot.change_equipment(second, "E2", replace(LINE, process="连续聚合"), "Z1")
    pilot.remove_partner(second, "Z1", "某材料公司")
    pilot.serve_not(second, "R1")
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert pilot_view.bases(first)[0].base.capacity == "年 20 吨"
    assert (pilot_view.bases(first)[0].partners, rows(first, "SELECT count(*) FROM pilot_service")) == ((), [(0,)])

    pilot.say_open(first, "Z1", "closed", "停产", FROM)
    exchange(first, second)
    assert pilot_view.bases(second)[0].openness is not None
    # What was sent is corrected by saying the right state, not undone; what was not sent yet is.
    assert refused(history.undo_last, first) == ["undo.sent"]
    pilot.say_open(first, "Z1", "limited", "先开一条线", FROM)
    history.undo_last(first)
    exchange(first, second)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert [one.state for one in pilot_view.bases(second)[0].history] == ["open", "closed"]
    assert sound(first)
    assert sound(second)


def test_the_same_entered_at_both_seats_is_there_once_and_what_differs_is_asked(seats: Seats) -> None:
    first, second = seats
    for ledger in seats:
        pilot.add_base(ledger, replace(BASE, number="Z1" if ledger is first else "Ｚ１"))
        number = "Z1" if ledger is first else "Ｚ１"
        pilot.add_equipment(ledger, PilotEquipment("", "E1", "中试电镜"), number, "A1")
        pilot.add_equipment(ledger, replace(LINE, capacity="年 1 吨" if ledger is first else "年 2 吨"), number)
        pilot.add_partner(ledger, number, PARTNER)
        pilot.say_open(ledger, number, "open", "建成投用", date(2021, 1, 1))
        pilot.say_open(ledger, "E1", "open", "建成投用", date(2021, 1, 1))
    enter(first, "R1")
    pilot.serve(first, ["R1"], "Z1")
    syncing.sync(first, remote="hub")
    enter(second, "R1")
    pilot.serve(second, ["R1"], "Ｚ１")
    syncing.sync(second, remote="hub")
    done = syncing.sync(second, remote="hub")
    assert (parked(second), done.parked, done.conflicts) == ([], 0, 1)
    (found,) = sync_views.conflicts(second, remote="hub")
    assert (found.kind, found.label, [group.name for group in found.groups]) == ("pilot_equipment", "E2 聚合线", ["capacity"])
    choose(second, "mine")
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)
    for ledger in seats:
        assert [rows(ledger, f"SELECT count(*) FROM {kind}") for kind in ("pilot_base", "pilot_equipment", "pilot_partner", "pilot_service")] == [
            [(1,)], [(2,)], [(1,)], [(1,)]
        ]  # fmt: skip
        # What each said stays: nobody's word is taken back.
        assert rows(ledger, "SELECT count(*) FROM pilot_openness") == [(4,)]
        assert next(one for one in pilot_view.equipment(ledger) if one.equipped.equipment.number == "E2").equipped.equipment.capacity == "年 2 吨"
        assert sound(ledger)


def test_without_the_way_for_what_was_said_the_same_base_would_stay_two(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: an open state keeps its base for good, so that ours can take no other key and waits."""
    first, second = seats
    for ledger in seats:
        pilot.add_base(ledger, BASE)
        pilot.say_open(ledger, "Z1", "open", "建成投用", date(2021, 1, 1))
    with second.write("a rule of its own") as operation:
        run = operation.connection.exec_driver_sql
        run("DROP TRIGGER pilot_openness_update")
        run("CREATE TRIGGER pilot_openness_update BEFORE UPDATE ON pilot_openness BEGIN SELECT RAISE(ABORT, 'an open state never changes once said'); END")
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    syncing.sync(second, remote="hub")
    assert ("pilot_base", "sync.refused.here_in_use", "number", "Z1") in parked(second)
    assert any("an open state never changes" in statement for statement in triggers.statements())


def test_one_number_of_two_bases_is_told_and_mended(seats: Seats) -> None:
    first, second = seats
    pilot.add_base(first, BASE)
    pilot.add_base(second, replace(BASE, name="生物中试基地"))
    pilot.say_open(second, "Z1", "open", "建成投用", date(2021, 1, 1))
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    assert ("pilot_base", "sync.refused.key_taken", "number", "Z1 生物中试基地") in parked(second)
    pilot.change_base(second, "Z1", replace(BASE, number="Z2", name="生物中试基地"))
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert [(one.base.number, one.base.name) for one in pilot_view.bases(first)] == [("Z1", "新材料中试基地"), ("Z2", "生物中试基地")]


def test_a_base_and_equipment_of_one_number_are_both_there_and_told(seats: Seats) -> None:
    first, second = seats
    pilot.add_base(first, replace(BASE, number="N1"))
    pilot.add_equipment(second, replace(LINE, number="N1"))
    exchange(first, second)
    assert in_step(first, second)
    assert codes(first) == codes(second) == ["pilot.number_shared"]
    pilot.change_equipment(first, "N1", replace(LINE, number="N2"))
    exchange(first, second)
    assert in_step(first, second)
    assert codes(first) == codes(second) == []


def test_one_set_linked_under_two_numbers_is_told_and_becomes_one(seats: Seats) -> None:
    first, second = seats
    pilot.add_equipment(first, PilotEquipment("", "E1", "中试电镜"), asset_number="A1")
    pilot.add_equipment(second, PilotEquipment("", "E7", "中试电镜"), asset_number="A1")
    pilot.say_open(second, "E7", "open", "建成投用", date(2021, 1, 1))
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    told = parked(second)
    assert ("pilot_equipment", "sync.refused.key_taken", "instrument_id", "E7 中试电镜") in told
    assert ("pilot_equipment", "sync.refused.here_twice", "instrument_id", "E1") in told
    pilot.change_equipment(second, "E7", PilotEquipment("", "E1", "中试电镜"), asset_number="A1")
    syncing.sync(second, remote="hub")
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert [one.equipped.equipment.number for one in pilot_view.equipment(first)] == ["E1"]
    assert pilot_view.equipment(first)[0].openness is not None


def test_two_links_to_two_sets_are_a_conflict_and_a_value_beside_a_link_is_no_half(seats: Seats) -> None:
    """One seat links the line to a set, the other corrects its value: the register would be contradicted by a mixture of the two."""
    first, second = seats
    pilot.add_equipment(first, LINE)
    exchange(first, second)
    pilot.change_equipment(first, "E2", PilotEquipment("", "E2", "聚合线"), asset_number="A1")
    pilot.change_equipment(second, "E2", replace(LINE, value_fen=1_00))
    syncing.sync(first, remote="hub")
    assert syncing.sync(second, remote="hub").conflicts == 1
    choose(second, "theirs")
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert pilot_view.equipment(second)[0].equipped.asset_number == "A1"


def test_a_service_on_a_set_that_the_equipment_left_waits_and_is_mended(seats: Seats) -> None:
    first, second = seats
    enter(first, "R1")
    pilot.add_base(first, BASE)
    pilot.add_equipment(first, PilotEquipment("", "E1", "中试电镜"), "Z1", "A1")
    exchange(first, second)
    pilot.change_equipment(second, "E1", PilotEquipment("", "E1", "中试电镜"), "Z1", "A2")
    pilot.serve(first, ["R1"], "Z1")
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    assert parked(second) == [("pilot_service", "sync.refused.here_form", "", "")]
    pilot.change_equipment(second, "E1", PilotEquipment("", "E1", "中试电镜"), "Z1", "A1")
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first sends first", "second sends first"])
def test_two_states_of_one_day_are_both_kept_and_hold_alike(seats: Seats, order: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends first: the last said holds, it is told that another said otherwise, and saying it once more settles it."""
    first, second = seats
    pilot.add_base(first, BASE)
    exchange(first, second)
    moments = {"first": "2026-03-01T08:00", "second": "2026-03-01T09:00"}
    for ledger, name, state in ((second, "second", "paused"), (first, "first", "open")):
        monkeypatch.setattr(pilot, "now", lambda at=moments[name]: datetime.fromisoformat(at))
        ledger.person = "甲" if ledger is first else "乙"
        pilot.say_open(ledger, "Z1", state, f"{name} 说", FROM)
    for place in (*order, *order):
        syncing.sync(seats[place], remote="hub")
    assert in_step(first, second)
    assert view(first) == view(second)
    (base,) = pilot_view.bases(first)
    assert (base.openness.state if base.openness else "", [one.state for one in base.history]) == ("paused", ["open", "paused"])
    assert codes(first) == codes(second) == ["pilot.said_otherwise"]
    # The clock of the first seat goes before; its person has seen both.
    monkeypatch.setattr(pilot, "now", lambda: datetime.fromisoformat("2026-03-01T08:30"))
    pilot.say_open(first, "Z1", "paused", "核实过", FROM)
    exchange(first, second)
    assert view(first) == view(second)
    assert codes(first) == codes(second) == []
    pilot.say_open(first, "Z1", "open", "修好了", FROM)
    exchange(first, second)
    for ledger in seats:
        (base,) = pilot_view.bases(ledger)
        assert base.openness is not None
        assert base.openness.state == "open"


def test_equipment_of_which_nobody_said_whether_it_is_confidential_stays_until_somebody_does(seats: Seats, tmp_path: Path) -> None:
    first, second = seats
    enter(first, "R1")
    pilot.add_base(first, BASE)
    pilot.add_equipment(first, replace(LINE, confidential=None), "Z1")
    pilot.say_open(first, "E2", "open", "建成投用", date(2021, 1, 1))
    pilot.serve(first, ["R1"], "Z1", "E2")
    file = tmp_path / "照片.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    evidence.add(first, "pilot_equipment", evidence.subject(first, "pilot_equipment", "E2"), file)
    exchange(first, second)
    assert in_step(first, second)
    assert (codes(first), unsaid(first).n_equipment) == (["pilot.not_sent"], 1)
    for kind in ("pilot_equipment", "pilot_openness", "pilot_service", "attachment"):
        assert rows(second, f"SELECT count(*) FROM {kind}") == [(0,)], kind
    pilot.change_equipment(first, "E2", LINE, "Z1")
    exchange(first, second)
    assert in_step(first, second)
    assert view(first) == view(second)
    for kind in ("pilot_equipment", "pilot_openness", "pilot_service", "attachment"):
        assert rows(second, f"SELECT count(*) FROM {kind}") == [(1,)], kind
    for typed, code in ((True, "pilot.sent"), (None, "pilot.sent_unsaid")):
        with pytest.raises(Refused, match=code):
            pilot.change_equipment(first, "E2", replace(LINE, confidential=typed), "Z1")
    assert say("pilot.sent", number="E2")
    # Before anything was sent one person may well say it is confidential.
    pilot.add_equipment(first, replace(LINE, number="E3", confidential=None), "Z1")
    pilot.change_equipment(first, "E3", replace(LINE, number="E3", confidential=True), "Z1")


def test_a_number_says_more_than_two_kinds_of_pilot_rows(seats: Seats) -> None:
    """The broken variant: bases told apart by their number alone become one, with a contest over everything."""
    first, second = seats
    pilot.add_base(first, BASE)
    pilot.add_base(second, replace(BASE, name="生物中试基地"))
    with pytest.MonkeyPatch.context() as patch:
        from desktop.actions import sync_same

        patch.delitem(sync_same._ALSO, "pilot_base")
        syncing.sync(first, remote="hub")
        syncing.sync(second, remote="hub")
    assert rows(second, "SELECT count(*) FROM pilot_base") == [(1,)]
    assert same_rows.NUMBERS["pilot_base"] == ("number",)


def test_two_seats_that_entered_everything_apart_end_with_one_of_each(apart: Seats) -> None:
    """Their sets, records, bases, equipment, sensors and limits have keys of their own until they meet."""
    first, second = apart
    for ledger in apart:
        fill(ledger)
        sensors.bind(ledger, "A1", "CG-1", date(2025, 1, 1))
        sensors.set_band(ledger, "A1", date(2025, 1, 1), Decimal(5), Decimal(40))
    for ledger in (first, second, second, first):
        done = syncing.sync(ledger, remote="hub")
    assert (done.parked, done.conflicts) == (0, 0)
    assert in_step(second, first)
    assert view(first) == view(second)
    kinds = ("pilot_base", "pilot_partner", "pilot_equipment", "pilot_openness", "pilot_service", "sensor_binding", "power_band")
    for ledger in apart:
        assert [rows(ledger, f"SELECT count(*) FROM {kind}")[0][0] for kind in kinds] == [1, 1, 2, 4, 1, 1, 1]
        assert sound(ledger)


@pytest.mark.parametrize("remotes", [("hub", "network"), ("network", "hub")], ids="+".join)
def test_with_both_remotes_the_hub_brings_the_whole_of_it_in_whatever_order(small_home: Path, tmp_path: Path, remotes: tuple[str, str]) -> None:
    """The network knows neither who said a state nor the paper of an agreement nor the ground of a sensor; the hub's word is not lost for that."""
    with enrolled((small_home, small_home), tmp_path, *remotes) as seats:
        first, second = seats
        fill(first)
        sensors.bind(first, "A1", "CG-1", date(2025, 1, 1), source="安装单-1")
        for ledger in (first, second, second, first):
            for remote in remotes:
                syncing.sync(ledger, remote=remote)
        level(seats, *remotes)
        assert view(first) == view(second)
        assert rows(second, "SELECT document FROM pilot_partner") == [("协议2",)]
        assert rows(second, "SELECT source FROM sensor_binding") == [("安装单-1",)]
        assert all(said for (said,) in rows(second, "SELECT said_by FROM pilot_openness"))
