"""The paper of sensors from a real ledger: coverage, claimed against seen, what is confidential stays out, and nothing without a rule."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from desktop.actions import importing, reporting, sensor_report, sensors
from desktop.actions.workspace import Workspace
from desktop.ledger.sensor import SensorSession
from desktop.reports import plain
from desktop.reports.content import DayLanes, Table
from desktop.store import sensors as sensor_rows
from desktop.store.database import Connection
from tests.actions.making import posted

MAY_6 = date(2025, 5, 6)
SEEN = """传感器编号,开始时间,结束时间,功率段
CG-1,2025-05-06 08:00:00,2025-05-06 09:30:00,工作
CG-1,2025-05-06 09:30:00,2025-05-06 10:00:00,待机
CG-9,2025-05-06 08:00:00,2025-05-06 08:10:00,工作
"""


@pytest.fixture
def sensed(small: Workspace, tmp_path: Path) -> Workspace:
    """A1 with a sensor from 1 May 2025 on and two hours claimed on the 6th of which it saw one and a half; S1, confidential, with one too."""
    sensors.bind(small, "A1", "CG-1", date(2025, 5, 1), source="安装单-1")
    sensors.bind(small, "S1", "CG-9", date(2025, 5, 1))
    for number, asset, day in (("R1", "A1", MAY_6), ("R2", "S1", MAY_6), ("R3", "A1", date(2025, 3, 3))):
        start = datetime(day.year, day.month, day.day, 8)
        posted(small, number, asset, day, 120, started_at=start, ended_at=start.replace(hour=10))
    file = tmp_path / "seen.csv"
    file.write_text(SEEN, "utf-8")
    assert importing.import_file(small, "sensor_sessions", file).accepted == 3
    return small


def said(workspace: Workspace, period: str = "2025", on: date = date(2026, 1, 5)) -> str:
    return plain.text(reporting.content(workspace, "sensors", period, on=on))


def test_the_paper_tells_coverage_and_what_was_seen(sensed: Workspace) -> None:
    told = said(sensed)
    assert "在用的大型仪器: 3 台（套）" in told
    assert "装有传感器: 2 台（套）" in told
    assert "传感器覆盖率: 66.67%" in told
    assert "覆盖率目标: 90.00%，没有达到" in told
    (row,) = [line for line in told.splitlines() if line.startswith("A1")]
    assert [cell.strip() for cell in row.split("|")] == ["A1", "扫描电镜", "", "CG-1", "245", "1", "2.00", "1.50", "2.00", "1", "申报偏多"]
    (over,) = [line for line in told.splitlines() if line.startswith("R1")]
    assert [cell.strip() for cell in over.split("|")][-3:] == ["2.00", "1.50", "0.50"]
    assert any(line.startswith("A2") and "质谱仪" in line for line in told.splitlines())


def test_before_there_is_a_limit_what_is_large_is_unknown_and_not_none(sensed: Workspace) -> None:
    told = said(sensed, "2017", date(2017, 9, 19))
    assert "在用的大型仪器: 未知" in told
    assert "装有传感器: 未知" in told
    assert "原值未知" not in told, "it is the limit that is wanting"
    assert "装有传感器: 0 台（套）" in said(sensed, "2017", date(2017, 9, 20))


def test_months_and_days_are_those_of_the_records(sensed: Workspace) -> None:
    content = reporting.content(sensed, "sensors", "2025", on=date(2026, 1, 5))
    months = [block for block in content.blocks if isinstance(block, Table)][1]
    assert [row[0] for row in months.rows] == [f"2025-{month:02d}" for month in range(1, 13)]
    assert {row[0]: row[1:] for row in months.rows if any(row[1:])} == {"2025-03": (0, 0, 0, 120), "2025-05": (120, 90, 30, 0)}
    (lanes,) = [block for block in content.blocks if isinstance(block, DayLanes)]
    marks = lanes.lanes[0].marks
    assert len(marks) == 365
    assert (marks[125].up, marks[125].down, marks[125].down_pale, marks[125].open_) == (120, 90, 30, True)
    assert (marks[61].up, marks[61].up_pale, marks[61].open_) == (0, 120, False)


def test_each_set_is_read_once(sensed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = sensor_rows.sessions_between

    def counted(connection: Connection, instrument_id: str, start: datetime, end: datetime) -> list[SensorSession]:
        read.append(instrument_id)
        return real(connection, instrument_id, start, end)

    monkeypatch.setattr(sensor_rows, "sessions_between", counted)
    assert "CG-1" in said(sensed)
    assert len(read) == len(set(read)) == 2


def test_a_month_has_no_months_beside_it(sensed: Workspace) -> None:
    told = said(sensed, "2025-05")
    assert "## 按月" not in told
    assert "2.00 " in told


def test_in_the_middle_of_a_year_it_says_so(sensed: Workspace) -> None:
    assert "本期还没有结束" in said(sensed, on=date(2025, 5, 31))
    assert "本期还没有结束" not in said(sensed)


def test_what_is_confidential_is_counted_and_not_named(sensed: Workspace) -> None:
    told = said(sensed)
    assert not {"S1", "特种雷达", "CG-9", "R2"} & set(told.replace("|", " ").split())
    assert "另有涉密 1 项未列" in told
    assert "装有传感器: 2 台（套）" in told


def test_what_became_of_the_hours_of_a_confidential_set_cannot_be_told_by_subtraction(sensed: Workspace) -> None:
    told = said(sensed)
    listed = sum(line.rstrip().endswith("申报偏多") for line in told.splitlines() if "|" in line)
    assert listed == 1
    assert "申报偏多: 1 台（套）" in told


def test_a_paper_that_forgets_the_secrecy_is_seen(sensed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensor_report, "bool", lambda value: False, raising=False)
    assert "特种雷达" in said(sensed)


def test_it_is_printed_and_remembered(sensed: Workspace, tmp_path: Path) -> None:
    for suffix in (".pdf", ".xlsx"):
        made = reporting.make(sensed, "sensors", period="2025", out=tmp_path / f"a{suffix}", printed_on=date(2026, 1, 5))
        assert made.path.exists()
        assert made.findings == ()
    assert [one.kind for one in reporting.printed(sensed)] == ["sensors", "sensors"]


def test_without_a_sensor_there_is_nothing_to_compare(small: Workspace) -> None:
    told = said(small)
    assert "本期没有装过传感器的仪器。" in told
    assert "传感器覆盖率: 0.00%" in told
    assert "逐日对照" not in told


def test_a_sensor_that_came_later_is_no_sensor_of_the_period(sensed: Workspace) -> None:
    sensors.bind(sensed, "A2", "CG-2", date(2026, 1, 2))
    rows = [line for line in said(sensed).splitlines() if line.startswith("A2")]
    assert len(rows) == 1, "among those without a sensor only"
    assert "质谱仪" in rows[0]
    assert "CG-2" not in rows[0]
    assert "CG-2" in said(sensed, "2026", on=date(2026, 2, 1))


def backing(workspace: Workspace, period: str) -> str:
    told = plain.text(reporting.content(workspace, "quarterly", period, on=date(2026, 1, 5)))
    (row,) = [line for line in told.splitlines() if line.startswith("A1")]
    return row.rpartition("|")[2].strip()


def test_hours_that_sensors_stand_behind_are_marked_in_the_quarterly_paper(sensed: Workspace, tmp_path: Path) -> None:
    assert backing(sensed, "2025Q2") == "无传感器佐证", "more is claimed than was seen"
    assert backing(sensed, "2025Q1") == "无传感器佐证", "no sensor sat there yet"
    file = tmp_path / "more.csv"
    file.write_text(SEEN.splitlines()[0] + "\nCG-1,2025-05-06 09:30:00,2025-05-06 10:00:00,工作\n", "utf-8")
    importing.import_file(sensed, "sensor_sessions", file)
    assert backing(sensed, "2025Q2") == "传感器"
    assert backing(sensed, "2025") == "无传感器佐证", "a part of the year's hours was claimed before the sensor came"
