"""A year's performance of a real ledger: counted again from the rows one by one, and what belongs to a year and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from desktop.actions import explaining, instruments, performance, records, reporting
from desktop.actions.performance import Year
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.reports.content import Table
from desktop.store import performance as rows
from tests.actions.making import INSIDE, OUTSIDE, posted

LAST = date(2025, 12, 31)


def year(workspace: Workspace, text: str) -> Year:
    period = performance.span(workspace, text)
    return performance.year(workspace, period, LAST)


def by_number(found: Year) -> dict[str, tuple[int, int, int, int, int, int]]:
    return {
        one.asset_number: (one.n_records, one.n_users, one.effective_minutes, one.external_minutes, one.income_fen, one.external_income_fen)
        for one, _ in found.sets
    }


def recounted(workspace: Workspace, start: str, end: str) -> dict[str, tuple[int, int, int, int, int, int]]:
    """The same sums without the program's SQL: every row is read and added here."""
    with workspace.read() as connection:
        sets = connection.exec_driver_sql(
            "SELECT id, asset_number, coalesce(confidential, 0), accepted_on, retired_on FROM instrument"
        ).all()
        postings = connection.exec_driver_sql(
            "SELECT id, instrument_id, customer_id, external, minutes, amount_fen, ended_on, reverses FROM posting"
        ).all()
    undone = {row[7] for row in postings if row[7]}
    told = {}
    for key, number, secret, accepted, retired in sets:
        mine = [row for row in postings if row[1] == key and start <= row[6] < end]
        idle_but_there = (accepted is None or accepted < end) and (retired is None or retired >= start)
        if secret or not (mine or idle_but_there):
            continue
        told[number] = (
            sum(-1 if row[7] else 1 for row in mine),
            len({row[2] for row in mine if not row[7] and row[0] not in undone}),
            sum(row[4] for row in mine),
            sum(row[4] for row in mine if row[3]),
            sum(row[5] for row in mine),
            sum(row[5] for row in mine if row[3]),
        )
    return told


@pytest.mark.parametrize(("text", "start", "end"), [("2025", "2025-01-01", "2026-01-01"), ("2024-2025", "2024-09-01", "2025-09-01")])
def test_a_practice_year_is_what_its_rows_come_to(practice: Workspace, text: str, start: str, end: str) -> None:
    records.post(practice, to=LAST)
    found = year(practice, text)
    again = recounted(practice, start, end)
    assert by_number(found) == again
    assert sum(1 for sums in again.values() if sums[0]) > 20
    whole = found.whole
    minutes, external = sum(sums[2] for sums in again.values()), sum(sums[3] for sums in again.values())
    assert whole.sharing_rate.value == Decimal(external) / minutes
    assert Fraction(whole.utilisation.value) - Fraction(minutes, 60 * 1600 * len(again)) < Fraction(1, 10**20)  # type: ignore[arg-type]


def test_an_academic_year_begins_on_the_first_of_september(small: Workspace) -> None:
    posted(small, "R1", day=date(2025, 8, 31))
    posted(small, "R2", day=date(2025, 9, 1), minutes=90)
    assert by_number(year(small, "2024-2025"))["A1"][:3] == (1, 1, 60)
    assert by_number(year(small, "2025-2026"))["A1"][:3] == (1, 1, 90)
    assert by_number(year(small, "2025"))["A1"][:3] == (2, 1, 150)


def test_what_is_taken_back_takes_its_hours_income_and_user_with_it(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2", day=date(2025, 5, 7), customer_name=INSIDE)
    assert by_number(year(small, "2025"))["A1"] == (2, 2, 120, 60, 24000, 18000)
    records.reverse(small, "R1", "登错")
    assert by_number(year(small, "2025"))["A1"] == (1, 1, 60, 0, 6000, 0)


def test_confidential_sets_are_counted_apart_and_retired_ones_count_while_they_served(small: Workspace) -> None:
    posted(small, "R1", asset="S1")
    found = year(small, "2025")
    assert "S1" not in by_number(found)
    assert found.n_withheld == 1
    assert found.whole.effective.value == 0
    text = plain.text(reporting.content(small, "performance", "2025"))
    assert "另有涉密 1 项未列" in text
    assert "特种雷达" not in text
    instruments.change(small, replace(instruments.get(small, "A2"), retired_on=date(2025, 6, 1)))
    assert "A2" in by_number(year(small, "2025"))
    assert "A2" not in by_number(year(small, "2026"))


@pytest.mark.parametrize("text", ["2025Q3", "2025-07", "2024-2026", "去年"])
def test_only_a_year_has_these_figures(small: Workspace, text: str) -> None:
    with pytest.raises(Refused, match=r"report\.period"):
        reporting.content(small, "performance", text)


def test_the_explanation_ends_in_the_rows_behind_the_sums(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2", day=date(2025, 5, 7), customer_name=INSIDE)
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用"))
    tree = explaining.explain(small, "performance", "A1", period="2025")
    found = {part.code: part for part in tree.walk()}
    assert found["performance.external"].value == 60
    behind = found["performance.external"].rows
    assert behind is not None
    (row,) = explaining.rows(small, behind)
    assert (row["record_number"], row["customer"]) == ("R1", OUTSIDE)
    assert found["performance.hours_score"].value == Decimal(2) / 1400 * 100
    said = explaining.as_lines(tree)
    assert not [line for line in said if "performance." in line or "parameter." in line]
    with pytest.raises(Refused, match=r"performance\.not_in_service"):
        explaining.explain(small, "performance", "A9", period="2025")


def test_the_sheet_sets_the_year_against_the_nation_and_the_year_before(small: Workspace) -> None:
    posted(small, "R1")
    content = reporting.content(small, "performance", "2025")
    table = next(block for block in content.blocks if isinstance(block, Table))
    said = {str(row[0]): row for row in table.rows}
    assert said["平均有效工作机时（每台）"][1:4] == ("0.50 小时", "没有记账", "见下，范围不同")
    assert said["达到国家平台限额的：平均有效工作机时（每台）"][1:4] == ("0.50 小时", "没有记账", "1,599.00 小时")
    assert said["共享率"][1] == "100.00%"
    assert said["利用率"][3] == "未公布"
    assert "A2" in plain.text(content), "a set that was not used is on the sheet too"


@pytest.mark.parametrize(("fen", "alike"), [(499_999_99, False), (500_000_00, True), (500_000_01, True)])
def test_the_nation_is_set_against_the_sets_it_counts(small: Workspace, fen: int, alike: bool) -> None:
    """A set between the province's threshold and the nation's is of the institution's means, and not of those beside the nation's."""
    posted(small, "R1", day=date(2025, 5, 6), minutes=60)
    posted(small, "R2", day=date(2025, 5, 7), minutes=180, customer_name=INSIDE)
    instruments.change(small, replace(instruments.get(small, "A1"), value_fen=fen))
    instruments.change(small, replace(instruments.get(small, "A2"), value_fen=300_000_00))
    found = year(small, "2025")
    assert (found.n_above, found.n_alike) == (2, int(alike))
    assert found.means["effective"].value == Decimal(2)
    assert found.means["external"].value == Decimal("0.5")
    beside = tuple(found.alike[name].value for name in ("effective", "external", "sharing_rate"))
    assert beside == ((Decimal(4), Decimal(1), Decimal("0.25")) if alike else (None, None, None))


def test_one_threshold_for_both_would_compare_other_sets(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: the province's threshold stands for the nation's."""
    posted(small, "R1")
    instruments.change(small, replace(instruments.get(small, "A1"), value_fen=300_000_00))
    assert year(small, "2025").n_alike == 1
    monkeypatch.setattr(performance, "NATIONAL_THRESHOLD", performance.THRESHOLD)
    assert year(small, "2025").n_alike == 2


def test_the_institution_and_its_groups_are_explained(small: Workspace) -> None:
    posted(small, "R1")
    instruments.change(small, replace(instruments.get(small, "A1"), department="化学学院", carrier_type="国家重点实验室", carrier_number="L1"))
    whole = explaining.explain(small, "performance", "institution", period="2025")
    found = {part.code: part for part in whole.walk()}
    assert whole.value == 60
    assert found["performance.alike_external"].value == Decimal("0.5")
    assert {"parameter.hours.benchmark_external", "parameter.national.threshold_fen", "parameter.definition.benchmark_sets"} <= set(found)
    for key in ("department:化学学院", "platform：国家重点实验室 L1"):
        one = explaining.explain(small, "performance", key, period="2025")
        assert (one.value, next(part for part in one.walk() if part.code == "performance.sharing_rate").value) == (60, 1)
    assert explaining.explain(small, "performance", "department:", period="2025").value == 0
    for tree in (whole, explaining.explain(small, "performance", "department:化学学院", period="2025")):
        assert not [line for line in explaining.as_lines(tree) if "performance." in line or "parameter." in line]
    instruments.change(small, replace(instruments.get(small, "A1"), department="化学学院：分析中心", carrier_type="无", carrier_number="无"))
    assert set(performance.platforms(year(small, "2025"))) == {("", "")}, "无 says that there is none"
    assert explaining.explain(small, "performance", "department：化学学院：分析中心", period="2025").value == 60
    with pytest.raises(Refused, match=r"performance\.no_group") as told:
        explaining.explain(small, "performance", "department:物理学院", period="2025")
    assert "化学学院" in str(told.value)


def test_a_year_under_way_says_so(small: Workspace) -> None:
    assert "本期还没有结束" in plain.text(reporting.content(small, "performance", "2025", on=date(2025, 6, 1)))
    assert "本期还没有结束" not in plain.text(reporting.content(small, "performance", "2025", on=date(2026, 2, 1)))


@pytest.mark.parametrize(
    ("good", "bad"),
    [("AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.reverses = p.id)", ""), ("OR ((i.accepted_on", "AND ((i.accepted_on")],
    ids=["users of what was taken back", "idle sets left out"],
)
def test_a_broken_sum_would_be_seen(small: Workspace, monkeypatch: pytest.MonkeyPatch, good: str, bad: str) -> None:
    """The recount notices."""
    posted(small, "R1")
    records.reverse(small, "R1", "登错")
    assert by_number(year(small, "2025")) == recounted(small, "2025-01-01", "2026-01-01")
    assert good in rows._OF_SETS
    monkeypatch.setattr(rows, "_OF_SETS", rows._OF_SETS.replace(good, bad))
    assert by_number(year(small, "2025")) != recounted(small, "2025-01-01", "2026-01-01")
