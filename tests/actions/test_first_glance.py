"""The first glance adds up to what the lists behind it say, and an own rule value holds everywhere at once."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import (
    duties,
    history,
    instruments,
    overview,
    parameter_sets,
    parameters,
    payout_views,
    performance,
    records,
    rules_in_force,
)
from desktop.actions.workspace import Workspace
from desktop.ledger import period
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from tests.actions.making import MAY, codes, enter, posted, sound

YEAR = period.parse("2025")
DAY = date(2026, 3, 2)


def test_sums_of_the_months_are_the_total_and_the_rows_behind_them(small: Workspace) -> None:
    fen = posted(small, "R1", day=date(2025, 5, 6)) + posted(small, "R2", day=date(2025, 7, 1), minutes=90)
    found = overview.read(small, YEAR, DAY)
    assert found.income.total.value == fen == sum(found.income.values)
    assert [found.income.months[n] for n, value in enumerate(found.income.values) if value] == ["2025-05", "2025-07"]
    assert sum(found.hours.values) == 150
    behind = {key for part in found.income.total.inputs if part.rows for key in part.rows.keys}
    with small.read() as connection:
        assert behind == {row[0] for row in connection.exec_driver_sql("SELECT id FROM posting")}


def test_a_reversal_takes_its_month_back(small: Workspace) -> None:
    posted(small, "R1")
    records.reverse(small, "R1", "记错")
    found = overview.read(small, YEAR, DAY)
    assert (found.income.total.value, sum(found.hours.values)) == (0, 0)


def test_last_year_stands_beside_this_one_and_nothing_to_compare_is_unknown(small: Workspace) -> None:
    posted(small, "R1", day=date(2025, 5, 6))
    assert overview.read(small, YEAR, DAY).income.growth.value is None
    later = overview.read(small, period.parse("2026"), DAY)
    assert later.income.before == overview.read(small, YEAR, DAY).income.values
    assert later.income.growth.value == -1


def test_the_quarter_is_compared_with_the_same_quarter() -> None:
    assert overview.a_year_before(period.parse("2025Q3")).name == "2024Q3"
    assert overview.months_of(period.parse("2025Q3")) == ("2025-07", "2025-08", "2025-09")


def test_problems_are_counted_by_their_worst(small: Workspace) -> None:
    enter(small, "R1", contract="")
    enter(small, "R2")
    found = overview.read(small, YEAR, DAY).problems
    with small.read() as connection:
        blocked = {row[0] for row in connection.exec_driver_sql("SELECT record_id FROM record_problem WHERE severity = 'error'")}
    figure = found.by_severity["error"]
    assert figure.rows is not None
    assert figure.value == len(blocked) > 0
    assert set(figure.rows.keys) == blocked
    assert found.n_drafts == 2


def test_what_is_unsettled_is_what_the_payout_page_says(small: Workspace) -> None:
    fen = posted(small, "R1")
    found = overview.read(small, YEAR, DAY)
    assert found.unsettled.value == fen == payout_views.open_balance(small, date(2025, 12, 31)).payable.fen


def test_deadlines_are_those_of_the_duties(small: Workspace) -> None:
    found = overview.read(small, YEAR, DAY).deadlines
    states = [duty.state for duty in duties.every(small, DAY)]
    assert (found.overdue.value, found.to_file.value) == (states.count("overdue"), states.count("to_file"))
    assert [one.days_left for one in found.nearest] == sorted(one.days_left for one in found.nearest)


def test_the_benchmark_is_cut_to_the_months_gone_by(small: Workspace) -> None:
    posted(small, "R1")
    found = overview.read(small, YEAR, date(2025, 6, 15)).benchmark
    published = rules_in_force.of(small).in_force(overview.BENCHMARK, date(2025, 6, 15))
    assert published is not None
    assert found.published.value is not None
    assert abs(published.decimal / 2 - found.published.value) < 1  # type: ignore[operator]  # hours are Decimal


def _n_sets(workspace: Workspace, year: str, on: date) -> object:
    mean = overview.read(workspace, period.parse(year), on).benchmark.mean
    return next(one.value for one in mean.walk() if one.code == "overview.figure.n_sets")


def test_the_mean_counts_the_sets_that_were_there_in_the_year(small: Workspace) -> None:
    """Beyond the same sets as the year's performance: one accepted later, one retired before, one retired within, one used early."""
    usual, shown = _n_sets(small, "2025", date(2026, 3, 2)), performance.year(small, YEAR, date(2026, 3, 2)).n_alike
    value = 50_000_000
    for number, accepted, retired in (
        ("N1", date(2026, 1, 1), None),
        ("N2", date(2020, 1, 1), date(2024, 12, 31)),
        ("N3", date(2020, 1, 1), date(2025, 1, 1)),
        ("N4", date(2025, 12, 31), None),
    ):
        instruments.add(small, Instrument("", number, "仪器", value, True, False, accepted, retired_on=retired))
    assert isinstance(usual, int)
    assert _n_sets(small, "2025", date(2026, 3, 2)) == usual + 2
    assert performance.year(small, YEAR, date(2026, 3, 2)).n_alike == shown + 2, "performance counts the same"
    assert _n_sets(small, "2025", date(2025, 6, 15)) == usual + 1, "N4 was not there yet"
    assert _n_sets(small, "2026", date(2026, 3, 2)) == usual + 2, "N1 came, N3 has gone"


def test_a_set_that_came_after_the_year_would_lower_its_mean(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sets counted as they stand today, on purpose: the year's count is not the same then."""
    instruments.add(small, Instrument("", "N1", "仪器", 50_000_000, True, False, date(2026, 1, 1)))
    right = _n_sets(small, "2025", date(2026, 3, 2))
    monkeypatch.setattr("desktop.store.overview._SETS", "i.retired_on IS NULL AND i.value_fen >= :least")
    assert _n_sets(small, "2025", date(2026, 3, 2)) != right


# The institution's own values


def test_an_own_value_holds_for_duties_from_its_day_and_undo_takes_it_back(small: Workspace) -> None:
    on = date(2026, 3, 2)
    assert any(duty.state == "overdue" for duty in duties.every(small, on))

    instruments.add(small, Instrument("", "N1", "新仪器", 50_000_000, True, False, date(2026, 2, 2)))
    assert duties.one(small, "N1", on)[0].state == "to_join"
    done = parameter_sets.add(small, "duty.threshold_fen", "600000", date(2026, 1, 1), "校发〔2026〕1号", reason="校内口径")
    assert duties.one(small, "N1", on)[0].state == "not_obliged"
    assert any(one.source == "校发〔2026〕1号" for one in parameters.history(small, "duty.threshold_fen"))
    assert duties.explain(small, "N1", on) != duties.explain(small, "A1", on)
    history.undo_one(small, done.operation)
    assert duties.one(small, "N1", on)[0].state == "to_join"
    assert sound(small)


@pytest.mark.parametrize(
    ("key", "value", "day", "document", "code"),
    [
        ("duty.nothing", "1", date(2027, 1, 1), "文号", "parameter.unknown_key"),
        ("duty.threshold_fen", "三十万", date(2027, 1, 1), "文号", "parameter.own_wrong_type"),
        ("duty.threshold_fen", "-1", date(2027, 1, 1), "文号", "parameter.own_wrong_type"),
        ("duty.threshold_fen", "100", date(2027, 1, 1), " ", "parameter.no_document"),
        ("duty.threshold_fen", "100", date(2000, 1, 1), "文号", "parameter.not_newer"),
    ],
)  # fmt: skip
def test_an_own_value_without_what_it_needs_is_refused_whole(
    small: Workspace, key: str, value: str, day: date, document: str, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        parameter_sets.add(small, key, value, day, document, reason="校内口径")
    assert code in codes(caught.value)
    assert [one for one in parameters.every(small, DAY) if one.in_force is not None and one.in_force.own] == []
    assert rules_in_force.faults(small) == ()


def test_a_value_altered_outside_the_program_is_left_out_and_said(small: Workspace) -> None:
    parameter_sets.add(small, "duty.join_days", "40", date(2026, 1, 1), "文号", reason="校内口径")
    with small.write("tamper") as operation:
        operation.connection.exec_driver_sql("UPDATE parameter SET document = ''")
    assert rules_in_force.of(small).in_force("duty.join_days", DAY) == rules_in_force.parameters.packaged().in_force(
        "duty.join_days", DAY
    )
    assert [fault.code for fault in rules_in_force.faults(small)] == ["parameter.no_document"]


def test_the_hash_on_reports_changes_with_an_own_value(small: Workspace) -> None:
    before = rules_in_force.of(small).hash(DAY)
    parameter_sets.add(small, "duty.join_days", "40", date(2026, 1, 1), "文号", reason="校内口径")
    assert rules_in_force.of(small).hash(DAY) != before
    assert rules_in_force.of(small).hash(MAY) == rules_in_force.parameters.packaged().hash(MAY)
