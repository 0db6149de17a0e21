"""Counts for yearly evaluations and users' ratings in a real ledger: entered, corrected, withdrawn, undone, imported, scored and asked why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from desktop.actions import (
    benefit,
    benefit_groups,
    evaluations,
    explaining,
    history,
    importing,
    instruments,
    performance,
    records,
    reporting,
    upkeep,
)
from desktop.actions.workspace import Workspace, today
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.rules.benefit import Range
from tests.actions.making import INSIDE, draft, posted
from tests.formats import books

FULL = {
    "independent": 10, "guided": 0, "demonstrated": 0, "national_prizes": 1, "provincial_prizes": 0, "school_prizes": 1, "core_papers": 0,
    "original_functions": 5, "used_functions": 5, "new_functions": 4,
}  # fmt: skip
DAY = date(2025, 12, 31)


def scored(workspace: Workspace, asset: str = "A1", year: str = "2025") -> benefit.Scored:
    found = benefit.year(workspace, performance.span(workspace, year), DAY)
    return next(one for one in found.sets if one.one.asset_number == asset)


def counts(workspace: Workspace, year: str = "2025") -> dict[str, int]:
    return {one.fact.item: one.fact.count for one in evaluations.every(workspace, year)}


def test_counts_are_entered_corrected_withdrawn_and_undone(small: Workspace) -> None:
    evaluations.enter(small, "A1", "2025", {"independent": 3, "guided": 0}, "培训名单")
    evaluations.enter(small, "A1", "2025", {"independent": 4}, "证书 12 号")
    assert counts(small) == {"independent": 4, "guided": 0}
    (first, *_) = evaluations.every(small, "2025")
    assert (first.asset_number, first.fact.ground, first.fact.noted_on) == ("A1", "证书 12 号", today())
    evaluations.withdraw(small, "A1", "2025", ["guided"], "名单作废")
    assert counts(small) == {"independent": 4}
    history.undo_last(small)
    assert counts(small) == {"independent": 4, "guided": 0}
    assert not upkeep.verify(small).findings


def test_a_calendar_and_an_academic_year_have_their_own_counts(small: Workspace) -> None:
    evaluations.enter(small, "A1", "2024/2025", {"independent": 3}, "培训名单")
    assert counts(small) == {}
    assert counts(small, "2024-2025") == {"independent": 3}
    assert scored(small, year="2024-2025").score.part("training").range.least == 30
    assert scored(small).score.part("training").range == Range(0, 100)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "ground", "code"),
    [
        ({}, "名单", "evaluation.nothing_said"),
        ({"independent": 1}, " ", "evaluation.nothing_said"),
        ({"independent": -1}, "名单", "evaluation.count_range"),
        ({"original_functions": 0}, "说明书", "evaluation.no_functions"),
        ({"original_functions": 2, "used_functions": 3}, "说明书", "evaluation.more_used"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(small: Workspace, told: dict[str, int], ground: str, code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        evaluations.enter(small, "A1", "2025", told, ground)
    assert counts(small) == {}


def test_counts_entered_one_after_the_other_are_judged_together(small: Workspace) -> None:
    evaluations.enter(small, "A1", "2025", {"used_functions": 3}, "台账")
    with pytest.raises(Refused, match=r"evaluation\.more_used"):
        evaluations.enter(small, "A1", "2025", {"original_functions": 2}, "说明书")
    assert counts(small) == {"used_functions": 3}


def test_unknown_sets_years_and_counts_are_refused(small: Workspace) -> None:
    with pytest.raises(Refused, match=r"instrument\.unknown"):
        evaluations.enter(small, "A9", "2025", FULL, "名单")
    with pytest.raises(Refused, match=r"report\.period"):
        evaluations.enter(small, "A1", "2025Q1", FULL, "名单")
    with pytest.raises(Refused, match=r"evaluation\.not_entered"):
        evaluations.withdraw(small, "A1", "2025", ["guided"], "误录")
    with pytest.raises(Refused, match=r"evaluation\.no_reason"):
        evaluations.withdraw(small, "A1", "2025", ["guided"], "")


def test_the_score_takes_hours_and_income_from_the_postings(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用", value_fen=40_000_000))
    posted(small, "R1", minutes=84)  # a thousandth of 1400 hours
    posted(small, "R2", day=date(2025, 5, 7), customer_name=INSIDE, minutes=0 + 60)
    evaluations.enter(small, "A1", "2025", FULL, "年度汇总表")
    found = scored(small)
    income = found.one.income_fen
    assert found.score.part("hours").range.least * 840 == 144
    assert found.score.part("income").range.least * 20_000 == income > 0
    assert found.grade == "fail"
    assert found.reportable is True
    records.reverse(small, "R1", "登错")
    assert scored(small).score.part("hours").range.least * 840 == 60


def test_the_ministrys_threshold_includes_the_number(small: Workspace) -> None:
    for fen, above in ((39_999_999, False), (40_000_000, True), (None, None)):
        instruments.change(small, replace(instruments.get(small, "A1"), value_fen=fen))
        assert scored(small).reportable is above


def test_confidential_sets_are_counted_apart_and_their_counts_stay_here(small: Workspace) -> None:
    evaluations.enter(small, "S1", "2025", {"independent": 3}, "某保密名单")
    found = benefit.year(small, performance.span(small, "2025"), DAY)
    assert found.n_withheld == 1
    assert "S1" not in {one.one.asset_number for one in found.sets}
    tree = explaining.explain(small, "performance", "S1", period="2025")
    assert {part.code: part.value for part in tree.walk()}["benefit.count_independent"] == 3


def test_why_answers_for_every_part_of_the_score(small: Workspace) -> None:
    posted(small, "R1")
    evaluations.enter(small, "A1", "2025", {"independent": 3}, "培训名单")
    tree = explaining.explain(small, "performance", "A1", period="2025")
    found = {part.code: part for part in tree.walk()}
    for code in ("benefit.grade", "benefit.total", "benefit.part_training", "benefit.points_independent", "parameter.moe.weight_hours"):
        assert code in found, code
    assert found["benefit.points_independent"].value == 30
    assert found["benefit.total"].value is None
    lines = explaining.as_lines(tree)
    assert not [line for line in lines if "benefit." in line or "rating." in line]
    assert any("未知" in line for line in lines if "效益评价总分" in line)


def test_what_users_said_counts_for_posted_services_only(small: Workspace) -> None:
    for number, said in (("R1", "非常满意"), ("R2", "一般"), ("R3", ""), ("R4", "凑合")):
        posted(small, number, rating=said)
    records.add(small, draft(small, "R5", rating="极差"))
    found = evaluations.ratings(small, "2025")
    assert (found.n_of["非常满意"], found.n_of["一般"], found.n_of["极差"], found.n_silent, found.n_other) == (1, 1, 0, 1, 1)
    assert str(found.satisfied.value) == "0.5"
    posted(small, "R8", asset="S1")
    assert evaluations.unrated(small, "2025") == ["R3"], "neither drafts nor confidential ones"
    evaluations.rate(small, "R3", "基本满意", date(2025, 6, 1), "及时")
    assert evaluations.unrated(small, "2025") == []
    evaluations.rate(small, "R2", "不满意", date(2025, 6, 2))
    evaluations.rate(small, "R2", "基本满意", date(2025, 6, 3))
    found = evaluations.ratings(small, "2025", "A1")
    assert (found.n_of["基本满意"], found.n_of["一般"], found.n_of["不满意"]) == (2, 0, 0)
    assert found.satisfied.value == 1
    history.undo_last(small)
    assert evaluations.ratings(small, "2025").n_of["不满意"] == 1
    records.reverse(small, "R2", "登错")
    assert evaluations.ratings(small, "2025").n_of["不满意"] == 0
    assert not upkeep.verify(small).findings


def test_nobody_said_anything_is_unknown_not_zero(small: Workspace) -> None:
    posted(small, "R1")
    assert evaluations.ratings(small, "2025").satisfied.value is None


@pytest.mark.parametrize(
    ("number", "word", "day", "code"),
    [
        ("R9", "一般", None, "record.unknown"),
        ("R2", "一般", None, "evaluation.not_posted"),
        ("R1", "好", None, "evaluation.word"),
        ("R1", "一般", date(2025, 5, 5), "evaluation.rating_day"),
        ("R1", "一般", today() + timedelta(1), "evaluation.rating_day"),
    ],
)
def test_a_rating_that_cannot_be_is_refused(small: Workspace, number: str, word: str, day: date | None, code: str) -> None:
    posted(small, "R1")
    records.add(small, draft(small, "R2"))
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        evaluations.rate(small, number, word, day)


def test_a_rating_on_the_day_of_the_service_is_taken(small: Workspace) -> None:
    posted(small, "R1")
    evaluations.rate(small, "R1", "一般", date(2025, 5, 6))
    assert evaluations.ratings(small, "2025").n_of["一般"] == 1


def test_a_file_of_counts_is_imported_once_and_its_bad_rows_are_named(small: Workspace, tmp_path: Path) -> None:
    head = ["仪器编号", "年度", "独立操作人数", "原有功能数", "利用功能数", "录入依据"]
    lines = [
        ["A1", "2025", 3, 5, 4, "培训名单"], ["A2", "2024-2025", 0, None, None, "培训名单"], ["A9", "2025", 1, None, None, "名单"],
        ["A1", "2025Q1", 1, None, None, "名单"], ["S1", "2025", None, 2, 3, "名单"],
    ]  # fmt: skip
    path = books.xlsx(tmp_path / "counts.xlsx", {"评价数据": [head, *lines]})
    done = importing.import_file(small, "evaluations", path)
    assert (done.accepted, done.rejected, done.unchanged) == (2, 3, 0)
    told = sorted((finding.cell.row if finding.cell else 0, finding.code) for finding in done.findings)
    assert told == [(4, "ledger_import.unknown_instrument"), (5, "report.period_year"), (6, "evaluation.more_used")]
    assert counts(small) == {"independent": 3, "original_functions": 5, "used_functions": 4}
    assert counts(small, "2024-2025") == {"independent": 0}
    again = importing.import_file(small, "evaluations", path)
    assert (again.accepted, again.unchanged) == (0, 2)
    history.undo_last(small)
    assert counts(small) == {}


def test_one_year_written_two_ways_is_one_year(small: Workspace, tmp_path: Path) -> None:
    head = ["仪器编号", "年度", "独立操作人数", "原有功能数", "利用功能数", "录入依据"]
    lines = [
        ["A1", "2024-2025", 3, 5, None, "名单"], ["A1", "2024/2025", 3, None, None, "名单"], ["A1", "2024–2025", None, None, 9, "说明书"],
        ["A2", "0000-0001", 1, None, None, "名单"],
    ]  # fmt: skip
    path = books.xlsx(tmp_path / "counts.xlsx", {"评价数据": [head, *lines]})
    done = importing.import_file(small, "evaluations", path)
    told = sorted((finding.cell.row if finding.cell else 0, finding.code) for finding in done.findings)
    assert told == [(3, "evaluation.said_twice"), (4, "evaluation.more_used"), (5, "report.period_year")]
    assert counts(small, "2024-2025") == {"independent": 3, "original_functions": 5}
    assert {one.fact.noted_by for one in evaluations.every(small)} == {small.who}
    for year in ("0000-0001", "0001", "9998-9999"):
        with pytest.raises(Refused, match=r"report\.period"):
            evaluations.enter(small, "A1", year, {"independent": 1}, "名单")


def test_the_year_that_is_evaluated_is_the_last_one(small: Workspace) -> None:
    assert performance.evaluated(small, date(2025, 9, 22)) == "2025", "the rule is not in force yet"
    assert performance.evaluated(small, date(2025, 9, 23)) == "2024"
    assert performance.evaluated(small, date(2026, 1, 1)) == "2025"


@pytest.mark.parametrize(
    ("score", "said"),
    [("89.996", "89.996"), ("89.99999", "89.99999"), ("89.994", "89.99"), ("90", "90.00"), ("90.004", "90.00"), ("59.995", "59.995"), ("0", "0.00")],
)
def test_no_score_is_told_as_the_next_grade_begins(score: str, said: str) -> None:
    """90 is the first excellent score: 89.996 beside 良好 must not read 90.00."""
    assert benefit.shown(Range(Fraction(score), Fraction(score))) == said


def grouped(workspace: Workspace) -> dict[tuple[str, str], tuple[str, int]]:
    found = benefit.year(workspace, performance.span(workspace, "2025"), DAY)
    return {(one.kind, one.name): (benefit.shown(one.score.range), one.score.n_passed) for one in benefit_groups.groups(workspace, found)}


def test_departments_and_platforms_have_the_mean_of_their_sets(small: Workspace) -> None:
    for asset, platform in (("A1", "K-1"), ("A2", "")):
        kind = "国家重点实验室" if platform else "无"
        one = replace(instruments.get(small, asset), category="通用", department="测试中心", carrier_type=kind, carrier_number=platform)
        instruments.change(small, one)
        evaluations.enter(small, asset, "2025", FULL if platform else dict.fromkeys(FULL, 0) | {"original_functions": 5}, "年度汇总表")
    evaluations.enter(small, "S1", "2025", FULL, "某保密名单")
    assert grouped(small) == {
        ("department", "测试中心"): ("25.00", 0), ("platform", "国家重点实验室 K-1"): ("50.00", 0), ("platform", ""): ("0.00", 0),
    }  # fmt: skip
    evaluations.withdraw(small, "A2", "2025", ["new_functions"], "名单作废")
    assert grouped(small)["department", "测试中心"] == ("25.00～27.50", 0), "what is not known any more is between, not nothing"
    history.undo_last(small)
    instruments.change(small, replace(instruments.get(small, "A1"), carrier_type="无", carrier_number="无"))
    assert {kind for kind, _ in grouped(small)} == {"department"}, "no platform at all"


def test_why_answers_for_the_score_of_a_group(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用", department="测试中心"))
    evaluations.enter(small, "A1", "2025", FULL, "年度汇总表")
    for key, n in (("department:测试中心", 1), ("institution", 0)):
        tree = explaining.explain(small, "performance", key, period="2025")
        mean = next(part for part in tree.walk() if part.code == "benefit.mean")
        assert sum(part.code == "benefit.of_set" for part in mean.inputs) == n
        assert any(part.code == "parameter.definition.group_score" for part in mean.inputs)
        assert not [line for line in explaining.as_lines(tree) if "benefit." in line or "parameter." in line]
    report = plain.text(reporting.content(small, "benefit", "2025"))
    line = next(line for line in report.splitlines() if line.startswith("测试中心"))
    assert [cell.strip() for cell in line.split("|")] == ["测试中心", "1", "0", "0", "0", "1", "0", "50.00"]
    assert "汇总办法为本台账口径" in report
