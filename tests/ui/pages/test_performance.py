"""绩效: a year beside the nation and the year before, sets with their score, counts entered and undone at the desk, and why of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import evaluations, history, instruments
from desktop.actions.workspace import Workspace
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.performance import GROUPS, SAID, SETS, PerformancePage
from tests.actions import making
from tests.ui.pages.driving import dialog, nothing_open, texts_of

NUMBER, TOTAL, GRADE = 0, 2, 3


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[PerformancePage]:
    one = instruments.get(ledger, "A1")
    instruments.change(ledger, replace(one, category="通用", department="测试中心", carrier_type="国家重点实验室", carrier_number="K-1"))
    for number, said in (("P1", "非常满意"), ("P2", "一般"), ("P3", "")):
        making.posted(ledger, number, minutes=60, rating=said)
    making.posted(ledger, "P9", asset="S1")
    made = PerformancePage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.years.setCurrentIndex(made.years.findData("2025"))
    yield made
    made.leave()


@pytest.fixture
def explained(at_desk: Desk) -> list[Figure]:
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    return asked


def choose(page: PerformancePage, number: str) -> None:
    table = page.sets.table
    table.select([table.model.key_at(texts_of(table).index(number))])


def submit(**values: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    asked.form.set_draft(values)
    asked.form.submit()
    return asked


def row(page: PerformancePage, number: str) -> list[str]:
    place = texts_of(page.sets.table).index(number)
    return [texts_of(page.sets.table, column)[place] for column in (TOTAL, GRADE)]


def test_the_institution_stands_beside_the_nation_and_what_is_unknown_says_so(page: PerformancePage, explained: list[Figure]) -> None:
    QAbstractItemModelTester(page.indicators.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    names = texts_of(page.indicators)
    assert names[:3] == ["平均有效工作机时（每台）", "平均对外服务机时（每台）", "共享率"]
    assert texts_of(page.indicators, 3)[0] == "见下，范围不同"
    beside = names.index("达到国家平台限额的：平均有效工作机时（每台）")
    assert texts_of(page.indicators, 3)[beside].startswith("1,599")
    assert texts_of(page.indicators, 2)[0] == "没有记账"
    assert texts_of(page.indicators, 3)[3] == "未公布"
    page.indicators.opened.emit(page.indicators.model.key_at(0))
    assert explained[-1].code == "performance.mean_effective"
    assert "1" in page.withheld.text()
    assert "S1" not in texts_of(page.sets.table), "nothing confidential"


def test_departments_and_platforms_have_their_own_lines(page: PerformancePage, explained: list[Figure]) -> None:
    page.tabs.setCurrentIndex(GROUPS)
    kinds, names = texts_of(page.groups), texts_of(page.groups, 1)
    assert ("创新平台", "国家重点实验室 K-1") in list(zip(kinds, names, strict=True))
    assert ("部门", "测试中心") in list(zip(kinds, names, strict=True))
    page.groups.opened.emit(page.groups.model.key_at(names.index("测试中心")))
    assert explained[-1].code == "performance.group"
    assert explained[-1].value == 180
    mean = next(part for part in explained[-1].walk() if part.code == "benefit.mean")
    assert mean.value is None, "nothing was entered for its one set"
    heads = [page.groups.model.headerData(n, Qt.Orientation.Horizontal) for n in range(page.groups.model.columnCount())]
    place = heads.index("效益评价平均得分")
    assert texts_of(page.groups, place)[names.index("测试中心")] == row(page, "A1")[0]
    assert "～" in row(page, "A1")[0]


def test_what_users_said_is_english_on_an_english_screen(page: PerformancePage) -> None:
    assert texts_of(page.said)[:2] == ["非常满意", "基本满意"]
    words.use("en")
    try:
        page.read()
        assert texts_of(page.said)[:5] == ["Very satisfied", "Satisfied on the whole", "Neither satisfied nor not", "Not satisfied", "Very bad"]
    finally:
        words.use("zh")


def test_a_group_leads_to_its_sets(page: PerformancePage) -> None:
    for kind, name in (("创新平台", "国家重点实验室 K-1"), ("部门", "测试中心")):
        place = list(zip(texts_of(page.groups), texts_of(page.groups, 1), strict=True)).index((kind, name))
        page.show_sets_of(page.groups.model.key_at(place))
        assert page.tabs.currentIndex() == SETS
        assert texts_of(page.sets.table) == ["A1"]
        assert name in page.sets.table.narrowed_by.text()
        page.sets.table.clear_filters()
    assert texts_of(page.sets.table) == ["A1", "A2"]


def test_a_little_used_set_leads_to_why_it_may_be_transferred_and_to_where(
    page: PerformancePage, at_desk: Desk, ledger: Workspace, explained: list[Figure]
) -> None:
    places: list[Place] = []
    at_desk.going.connect(places.append)
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), accepted_on=date(2020, 1, 1)))
    page.read()
    table = page.sets.table
    table.filter_by({"transfer": "candidate"})
    assert texts_of(table) == ["A1"], "three hours of 1 600 on a general-purpose set; of A2 the category is not stated"
    choose(page, "A1")
    assert {"调配 调配候选", "理由 使用率低"} <= set(page.sets.parts.told())
    page.sets.transfer_why.click()
    assert (explained[-1].code, explained[-1].value) == ("transfer.verdict", "candidate")
    page.sets.to_transfer.click()
    assert (places[-1].page, dict(places[-1].where)) == ("instruments", {"asset_number": "A1", "tab": "transfer"})
    table.clear_filters()
    choose(page, "A2")
    assert "调配 信息不全，不能判断" in page.sets.parts.told()
    assert not any(line.startswith("理由 ") for line in page.sets.parts.told())


def test_a_score_is_a_range_until_the_counts_are_entered_and_undo_brings_it_back(
    page: PerformancePage, at_desk: Desk, ledger: Workspace, explained: list[Figure]
) -> None:
    choose(page, "A1")
    before = row(page, "A1")
    assert "～" in before[0]
    page.sets.enter.click()
    counts = {
        "independent": 3, "guided": 0, "demonstrated": 0, "national_prizes": 0, "provincial_prizes": 0, "school_prizes": 0, "core_papers": 1,
        "original_functions": 5, "used_functions": 5, "new_functions": 0,
    }  # fmt: skip
    submit(**counts, ground="培训名单")
    assert nothing_open()
    total, grade = row(page, "A1")
    assert "～" not in total
    assert grade == "不合格"
    assert {"独立操作人数 3", "录入依据 培训名单"} <= set(page.sets.counts.told())
    choose(page, "A1")
    page.sets.why.click()
    assert {"benefit.total", "performance.sharing_rate"} <= {part.code for part in explained[-1].walk()}
    at_desk.announce(history.undo_last(ledger))
    assert row(page, "A1") == before


@pytest.mark.parametrize("ground", ["培训名单", "名单第二版"])
def test_a_count_that_is_cleared_is_unknown_again(page: PerformancePage, at_desk: Desk, ledger: Workspace, ground: str) -> None:
    evaluations.enter(ledger, "A1", "2025", {"independent": 3, "core_papers": 1}, "培训名单")
    page.refresh()
    choose(page, "A1")
    page.sets.enter.click()
    submit(independent=None, ground=ground)
    assert nothing_open()
    assert {one.fact.item: (one.fact.count, one.fact.ground) for one in evaluations.every(ledger)} == {"core_papers": (1, ground)}
    at_desk.announce(history.undo_last(ledger))
    assert {one.fact.item: one.fact.count for one in evaluations.every(ledger)} == {"independent": 3, "core_papers": 1}


def test_what_is_refused_is_said_in_the_form_and_it_stays_open(page: PerformancePage, ledger: Workspace) -> None:
    choose(page, "A1")
    page.sets.enter.click()
    asked = submit(original_functions=2, used_functions=3, ground="说明书")
    assert "多于原有功能数" in asked.said.words.text()
    asked.reject()
    assert evaluations.every(ledger) == []


def test_a_rating_that_came_later_is_entered_and_counted(page: PerformancePage, ledger: Workspace, explained: list[Figure]) -> None:
    page.tabs.setCurrentIndex(SAID)
    assert texts_of(page.said, 1) == ["1", "0", "1", "0", "0", "0", "1"]
    page.rate.click()
    submit(number="P3", word="基本满意", on=date(2025, 6, 1))
    assert nothing_open()
    assert texts_of(page.said, 1) == ["1", "1", "1", "0", "0", "0", "0"]
    page.said.opened.emit(page.said.model.key_at(0))
    assert explained[-1].code == "rating.satisfied"


def test_the_year_that_is_evaluated_is_offered_first_and_academic_years_too(page: PerformancePage, at_desk: Desk) -> None:
    fresh = PerformancePage(at_desk)
    assert fresh.year() == str(at_desk.today().year - 1)
    offered = [fresh.years.itemData(place) for place in range(fresh.years.count())]
    assert f"{at_desk.today().year - 1}-{at_desk.today().year}" in offered
    fresh.leave()
    fresh.deleteLater()
    page.years.setCurrentIndex(page.years.findData("2024-2025"))
    assert "～" in row(page, "A1")[0]
