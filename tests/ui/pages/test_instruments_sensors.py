"""传感器 at the window: put on, taken off, struck out, power bands, what was seen against what is claimed, and under the records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import history, importing, sensor_picture, sensor_views, sensors
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.instruments_detail import RECORDS, SENSORS
from desktop.ui.pages.instruments_sensor_list import SensorSets
from desktop.ui.pages.instruments_sensors import SensorView
from desktop.ui.pages.records_timeline import TimelinePane
from tests.actions.making import posted
from tests.formats import books
from tests.ui.pages.driving import dialog, nothing_open
from tests.ui.pages.test_instruments import notices, page, pick  # a fixture

__all__ = ["page"]

MAY = date(2025, 5, 6)
SEEN = """传感器编号,开始时间,结束时间,功率段
CG-1,2025-05-06 08:00:00,2025-05-06 09:30:00,工作
CG-1,2025-05-06 09:30:00,2025-05-06 10:00:00,待机
"""


def _at(page: InstrumentsPage, number: str) -> SensorView:
    pick(page, number)
    page.detail.tabs.setCurrentIndex(SENSORS)
    return page.detail.sensors


def _fill(**given: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    for name, value in given.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    return asked


@pytest.fixture
def sensed(ledger: Workspace, at_desk: Desk, tmp_path: Path) -> Workspace:
    """Two hours claimed of A1 on 6 May 2025, of which its sensor saw one and a half."""
    at_desk.set_period(periods.parse("2025"))
    sensors.bind(ledger, "A1", "CG-1", date(2025, 5, 1), source="安装单-1")
    start = datetime(2025, 5, 6, 8)
    posted(ledger, "R1", "A1", MAY, 120, started_at=start, ended_at=start.replace(hour=10))
    file = tmp_path / "seen.csv"
    file.write_text(SEEN, "utf-8")
    importing.import_file(ledger, "sensor_sessions", file)
    return ledger


def test_a_sensor_is_put_on_taken_off_and_struck_out(page: InstrumentsPage, ledger: Workspace, at_desk: Desk) -> None:
    told = notices(at_desk)
    view = _at(page, "A1")
    assert view.sat.told()[0] == "传感器 没有装过"
    assert [button.isVisible() for button in (view.bind, view.end, view.drop, view.why)] == [True, False, False, False]
    view.bind.click()
    asked = _fill(sensor="CG-1", from_on=date(2027, 1, 1))
    assert asked.isVisible(), "a day to come is refused in the form"
    assert asked.said.words.text()
    _fill(from_on=date(2026, 1, 5), source="安装单-7")
    assert nothing_open()
    assert told[-1].level == "done"
    assert view.sat.told()[0] == "传感器 CG-1 · 2026-01-05 起 · 安装单-7"
    view.end.click()
    _fill(until_on=date(2026, 2, 1))
    assert view.sat.told()[0] == "传感器 CG-1 · 2026-01-05 至 2026-02-01 · 安装单-7"
    assert not view.end.isVisible()
    view.drop.click()
    asked = _fill()
    assert asked.form._places["reason"].said.words.text(), "nothing is struck out without a reason"
    _fill(reason="登记错了仪器")
    assert view.sat.told()[0] == "传感器 没有装过"
    history.undo_last(ledger)
    page.detail.again()
    assert "CG-1" in view.sat.told()[0]


def test_a_sensor_that_sits_elsewhere_is_refused_in_the_form(page: InstrumentsPage, ledger: Workspace) -> None:
    sensors.bind(ledger, "A2", "CG-1", date(2026, 1, 1))
    _at(page, "A1").bind.click()
    asked = _fill(sensor="CG-1", from_on=date(2026, 1, 5))
    assert "A2" in asked.said.words.text()
    asked.reject()
    assert sensors.every(ledger, "A1") == []


def test_power_bands_are_set_and_struck_out(page: InstrumentsPage, ledger: Workspace) -> None:
    view = _at(page, "A1")
    assert "没有单独设" in view.sat.told()[1]
    assert not view.drop_band.isVisible()
    view.band.click()
    asked = _fill(off=Decimal(300), working=Decimal("200.5"))
    assert asked.said.words.text(), "a set is not at work below what is off"
    _fill(off=Decimal(5))
    assert nothing_open()
    assert view.sat.told()[1] == "功率段 2026-03-02 起：低于 5 W 为关机，200.5 W 及以上为工作，其间为待机"
    view.drop_band.click()
    _fill(reason="误设")
    assert sensors.bands(ledger, "A1") == []


def test_claimed_and_seen_stand_beside_each_other(page: InstrumentsPage, sensed: Workspace, at_desk: Desk) -> None:
    explained: list[Figure] = []
    at_desk.explaining.connect(explained.append)
    view = _at(page, "A1")
    told = dict(line.split(" ", 1) for line in view.compared.told())
    assert told["核对情况"] == "申报偏多"
    assert (told["申报机时"], told["实测工作机时"], told["实测待机"]) == ("2 小时", "1 小时 30 分", "30 分")
    assert told["有数据天数"] == "装有传感器的 245 天中 1 天"
    assert told["需核对记录"] == "R1"
    place = (MAY - date(2025, 1, 1)).days
    assert view.strip.told(place) == "2025-05-06：申报 2 小时，实测工作 1 小时 30 分，待机 30 分"
    assert "没有传感器" in view.strip.told(0)
    middle = view.strip.rect_of(place).center()
    assert view.strip.day_at(middle.x()) == place
    view.why.click()
    assert explained[-1].code == "sensor.reconciled"


def test_the_strip_draws_claimed_above_and_seen_below(page: InstrumentsPage, sensed: Workspace) -> None:
    strip = _at(page, "A1").strip
    days = strip._days
    strip.show_days([days[(MAY - date(2025, 1, 1)).days]])
    picture = strip.grab().toImage()
    ground = strip.rect_of(0)
    x, middle = ground.center().x(), ground.height() // 2
    above, below = (picture.pixelColor(x, middle + dy) for dy in (-3, 3))
    assert above != below
    assert picture.pixelColor(x, 0) != above, "two of eight hours do not fill the strip"
    strip.show_days([days[0]])
    assert strip.grab().toImage().pixelColor(x, middle - 3) != above


def test_a_set_without_a_sensor_says_there_is_no_evidence(page: InstrumentsPage, sensed: Workspace) -> None:
    view = _at(page, "A2")
    assert "本期没有传感器" in view.compared.told()[0]
    assert not view.strip.isVisible()


def test_sessions_and_readings_are_read_from_here(page: InstrumentsPage, sensed: Workspace, at_desk: Desk, tmp_path: Path) -> None:
    view = _at(page, "A1")
    view.sessions.click()
    wizard: ImportWizard = dialog(ImportWizard)
    assert wizard.kind == "sensor_sessions"
    wizard.reject()
    view.bindings.click()
    many: ImportWizard = dialog(ImportWizard)
    assert many.kind == "sensor_bindings"
    many.reject()
    view.bands.click()
    limits: ImportWizard = dialog(ImportWizard)
    assert limits.kind == "power_bands"
    limits.reject()
    file = tmp_path / "readings.csv"
    rows = [f"2025-05-07 09:{minute:02d}:00,{800 if minute < 40 else 0}" for minute in range(0, 60, 5)]
    file.write_text("时间,功率（W）\n" + "\n".join(rows), "utf-8")
    told = notices(at_desk)
    before = sensor_views.seen(sensed, "A1", periods.parse("2025")).sessions
    page.sensors.read_file(file, "CG-1")
    asked: ConfirmDialog = dialog(ConfirmDialog)
    assert sensor_views.seen(sensed, "A1", periods.parse("2025")).sessions == before, "only looked at"
    asked.do.click()
    assert told[-1].level == "done"
    assert "12" in told[-1].text
    assert dict(line.split(" ", 1) for line in view.compared.told())["实测工作机时"] == "2 小时 10 分"


def test_what_is_wrong_in_readings_is_told_with_its_place(page: InstrumentsPage, sensed: Workspace, at_desk: Desk, tmp_path: Path) -> None:
    _at(page, "A1")
    rows = [["时间", "功率（W）"], ["2025-05-07 09:00", "高"], *([["何时", 800]] * 5), ["2025-05-07 09:10", 800], ["2025-05-07 09:20", 800]]
    told = notices(at_desk)
    page.sensors.read_file(books.xlsx(tmp_path / "a.xlsx", {"五月": rows, "六月": rows[:2]}), "CG-1")
    assert told == []
    asked: ConfirmDialog = dialog(ConfirmDialog)
    said = [each.text() for each in asked.findChildren(QLabel)]
    assert any(line.startswith("「五月」第 2 行：") for line in said)
    assert sum(line.startswith("「五月」第 ") for line in said) == 5
    assert "…另有 2 项" in said
    asked.reject()


def test_what_sensors_saw_lies_under_the_records(page: InstrumentsPage, sensed: Workspace, at_desk: Desk, qtbot: QtBot) -> None:
    _at(page, "A1")
    page.detail.tabs.setCurrentIndex(RECORDS)
    line = page.detail.line_of_time
    (lane,) = line._lanes
    assert [one.band for one in lane.seen] == ["working", "idle"]
    record, work = line.rect_of(0, 0), line.seen_rect(0, lane.seen[0])
    assert work.top() > record.bottom()
    assert work.left() == record.left()
    assert line._words_at(work.center()) == "传感器实测工作 · 2025-05-06 08:00 至 2025-05-06 09:30"
    assert line._words_at(record.center()).startswith("R1")
    assert "1 台有传感器数据" in line.accessibleDescription()
    pane = TimelinePane(at_desk)
    qtbot.addWidget(pane)
    pane.resize(900, 300)
    pane.show()
    pane.show_keys([1])
    assert "传感器实测" in pane.says.text()
    assert pane.line._lanes[0].height > page.detail.line_of_time.rect_of(0, 0).height() * 2


def test_what_is_not_drawn_of_sensors_is_told(
    page: InstrumentsPage, sensed: Workspace, at_desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at(page, "A1")
    assert not page.detail.not_drawn.isVisibleTo(page.detail)
    monkeypatch.setattr(sensor_picture, "MOST", 1)
    page.detail.show_key(page.detail.key)
    page.detail.tabs.setCurrentIndex(RECORDS)
    assert page.detail.line_of_time._lanes[0].seen == ()
    assert page.detail.not_drawn.isVisible()
    assert page.detail.not_drawn.text() == "传感器实测太多，1 台仪器的 2 段没有画出，请缩短期间。"
    pane = TimelinePane(at_desk)
    qtbot.addWidget(pane)
    pane.show_keys([1])
    assert pane.says.text().endswith("传感器实测太多，1 台仪器的 2 段没有画出，请缩短期间。")
    assert "高的是工作" not in pane.says.text()


def test_without_sensors_the_lines_of_time_are_as_before(page: InstrumentsPage, ledger: Workspace, at_desk: Desk) -> None:
    at_desk.set_period(periods.parse("2025"))
    posted(ledger, "R1", "A1", MAY, 120)
    _at(page, "A1")
    page.detail.tabs.setCurrentIndex(RECORDS)
    (lane,) = page.detail.line_of_time._lanes
    assert lane.seen == ()
    assert "传感器" not in page.detail.line_of_time.accessibleDescription()


def test_a_sensor_that_came_later_has_seen_nothing_of_the_period(page: InstrumentsPage, ledger: Workspace) -> None:
    sensors.bind(ledger, "A1", "CG-1", date(2026, 1, 5))
    view = _at(page, "A1")
    assert view.compared.told() == ["核对情况 本期没有传感器，申报的机时没有佐证"]
    assert not view.strip.isVisible()
    assert view.end.isVisible()


def test_all_sets_stand_beside_each_other_with_the_coverage(page: InstrumentsPage, sensed: Workspace, at_desk: Desk) -> None:
    explained: list[Figure] = []
    at_desk.explaining.connect(explained.append)
    going: list[Place] = []
    at_desk.going.connect(going.append)
    _at(page, "A2").sets.click()
    sets: SensorSets = dialog(SensorSets)
    assert "覆盖率 33.33%，没有达到目标" in sets.says.text()
    shown = {row[0]: row[3:] for row in sets.table.held.rows(sets.table.held.ids(None, {}))}
    assert shown["A1"] == ("申报偏多", 120, 90, 0, "1", "CG-1", "")
    assert shown["A2"][0] == "没有传感器"
    sets.table.select(["A2"])
    assert not sets.why.isEnabled()
    sets.table.select(["A1"])
    sets.why.click()
    assert explained[-1].code == "sensor.reconciled"
    assert nothing_open()
    page.detail.sensors.sets.click()
    dialog(SensorSets).rate.click()
    assert explained[-1].code == "sensor.coverage"
    page.detail.sensors.sets.click()
    sets = dialog(SensorSets)
    sets.table.select(["A1"])
    sets.set.click()
    assert (going[-1].page, going[-1].where) == ("instruments", (("asset_number", "A1"),))
