"""Sessions of sensors from a real service: read once, corrected by the network, never asked for a confidential set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import importing, instruments, sensor_pull, sensor_views, sensors
from desktop.actions.workspace import Workspace
from desktop.store import sensors as rows
from desktop.sync.client import Client
from desktop.sync.messages import Sessions
from tests.actions.making import posted, refused
from tests.actions.province import Province
from tests.actions.test_unsaid import forget

FIRST = date(2025, 1, 1)


@pytest.fixture
def enrolled(small: Workspace, province: Province) -> Workspace:
    """A1 is known to the network and has sensor CG-1, the confidential S1 has CG-3; R1 is posted on 6 May 2025 from 02:00."""
    posted(small, "R1")
    sensors.bind(small, "A1", "CG-1", FIRST)
    sensors.bind(small, "S1", "CG-3", FIRST)
    return province.enrolled(small)


def kept(ledger: Workspace) -> list[tuple[str, str, str, int | None]]:
    with ledger.read() as connection:
        found = rows.SESSIONS.find(connection, order="started_at")
    return [(one.sensor, rows.moment_text(one.started_at), one.source, one.n_watt_hours) for one in found]


def test_sessions_are_read_once_and_go_on_where_they_stopped(enrolled: Workspace, province: Province) -> None:
    province.saw("A1,CG-1,2025-05-06T02:00:00+08:00,2025-05-06T02:55:00+08:00,working,900")
    first = sensor_pull.pull(enrolled)
    assert (first.n_sets, first.n_new, first.unknown, first.findings) == (1, 1, (), ())
    assert kept(enrolled) == [("CG-1", "2025-05-05T18:00:00Z", "network", 900)]
    assert sensor_views.seen(enrolled, "A1", sensor_views.span(enrolled, "2025-05")).reconciled.state == "agrees"
    again = sensor_pull.pull(enrolled)
    assert (again.n_new, again.n_changed, bool(again.changes)) == (0, 0, False)
    province.saw("A1,CG-1,2025-05-07T02:00:00+08:00,2025-05-07T03:00:00+08:00,idle,")
    assert sensor_pull.pull(enrolled).n_new == 1
    assert sensor_pull.pull(enrolled, whole=True).n_new == 0
    assert len(kept(enrolled)) == 2


def test_the_network_outranks_a_file(enrolled: Workspace, province: Province, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("传感器编号,开始时间,结束时间,功率段\nCG-1,2025-05-06 02:00,2025-05-06 02:30,工作\n", "utf-8")
    importing.import_file(enrolled, "sensor_sessions", file)
    province.saw("A1,CG-1,2025-05-06T02:00:00+08:00,2025-05-06T03:00:00+08:00,working,900")
    assert sensor_pull.pull(enrolled).n_changed == 1
    assert kept(enrolled) == [("CG-1", "2025-05-05T18:00:00Z", "network", 900)]
    again = importing.import_file(enrolled, "sensor_sessions", file)
    assert [one.code for one in again.findings if one.severity == "error"] == ["sensor.network_says"]
    assert kept(enrolled)[0][2] == "network"


def test_a_sensor_the_ledger_does_not_have_there_is_told(enrolled: Workspace, province: Province) -> None:
    province.saw("A1,CG-8,2025-05-06T02:00:00+08:00,2025-05-06T03:00:00+08:00,working,900")
    found = sensor_pull.pull(enrolled)
    assert [(one.code, dict(one.params)) for one in found.findings] == [("sensor.pulled_unbound", {"asset_number": "A1", "sensor": "CG-8"})]
    seen = sensor_views.seen(enrolled, "A1", sensor_views.span(enrolled, "2025-05"))
    assert seen.sessions == (), "it counts once it is entered"
    sensors.bind(enrolled, "A1", "CG-8", FIRST)
    assert len(sensor_views.seen(enrolled, "A1", sensor_views.span(enrolled, "2025-05")).sessions) == 1


def test_a_sensor_that_is_not_there_is_told_once_however_many_pages_come(
    enrolled: Workspace, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.saw(*(f"A1,CG-8,2025-05-0{n}T02:00:00+08:00,2025-05-0{n}T03:00:00+08:00,working,900" for n in (6, 7, 8)))
    ask = Client.sessions

    def one_by_one(self: Client, key: str, cursor: str) -> Sessions | None:
        every = ask(self, key, "")
        if every is None:
            return None
        at = int(cursor or 0)
        return Sessions(every.items[at : at + 1], str(at + 1), at + 1 < len(every.items))

    monkeypatch.setattr(Client, "sessions", one_by_one)
    found = sensor_pull.pull(enrolled)
    assert (found.n_new, [one.code for one in found.findings]) == (3, ["sensor.pulled_unbound"])


@pytest.mark.parametrize("unsaid", [False, True], ids=["confidential", "nobody said whether it is"])
def test_a_confidential_set_is_never_asked_for(
    enrolled: Workspace, province: Province, monkeypatch: pytest.MonkeyPatch, unsaid: bool
) -> None:
    if unsaid:
        forget(enrolled, "S1")
    asked = []
    ask = Client.sessions

    def heard(self: Client, key: str, cursor: str) -> Sessions | None:
        asked.append(key)
        return ask(self, key, cursor)

    monkeypatch.setattr(Client, "sessions", heard)
    found = sensor_pull.pull(enrolled)
    assert (found.n_sets, found.withheld) == (1, 1)
    assert asked == [instruments.get(enrolled, "A1").id]


def test_a_set_the_network_does_not_know_is_named(enrolled: Workspace) -> None:
    one = instruments.get(enrolled, "A2")
    instruments.add(enrolled, replace(one, id="", asset_number="A7"))
    sensors.bind(enrolled, "A7", "CG-7", FIRST)
    assert sensor_pull.pull(enrolled).unknown == ("A7",)


def test_without_enrolment_nothing_is_asked(small: Workspace) -> None:
    sensors.bind(small, "A1", "CG-1", FIRST)
    assert refused(sensor_pull.pull, small) == ["sync.not_enrolled"]
