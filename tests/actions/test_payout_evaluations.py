"""Schemes that take the evaluations of technicians from the dated facts: the factor of a run's last day, refusals by name, the tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from desktop.actions import explaining, payouts, staff_facts
from desktop.actions.workspace import Workspace
from desktop.ledger import allocation_json
from desktop.ledger.problem import Refused
from desktop.ledger.staff_fact import StaffFact
from tests.actions import making
from tests.actions.explained import unexplained
from tests.actions.making import FINANCE, MAY, PINS

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def evaluate(workspace: Workspace, number: str, factor: str | None, first: date = YEAR[0], last: date | None = YEAR[1]) -> None:
    given = StaffFact("", "", "evaluation", "优秀", first, last, "", "", "考核表", None if factor is None else Decimal(factor))
    staff_facts.enter(workspace, number, given)


@pytest.fixture
def ready(small: Workspace) -> Workspace:
    """Two people with the same work, by a scheme that takes evaluations from the facts."""
    payouts.add_scheme(small, making.scheme("考核方案", evaluation_facts=True))
    making.posted(small, "R1")
    making.posted(small, "R2", operator_name="T002")
    making.declare(small)
    return small


def missing(workspace: Workspace) -> list[str]:
    """The staff numbers a run up to the end of May is refused for; empty when it is prepared."""
    try:
        payouts.draft(workspace, MAY, "考核方案")
    except Refused as problem:
        return [dict(one.params).get("staff_number", "") if one.code == "payout.no_evaluation" else one.code for one in problem.findings]
    return []


def test_the_factor_of_the_last_day_weighs_and_is_explained(ready: Workspace) -> None:
    evaluate(ready, "T001", "1.5")
    evaluate(ready, "T002", "0.5")
    evaluate(ready, "T003", "9")  # no service: takes no part
    run = payouts.prepare(ready, MAY, "考核方案", FINANCE, PINS[FINANCE])
    shares = making.paid(run)
    assert shares == {"T001": 3 * shares["T002"], "T002": shares["T002"]}
    tree = explaining.explain(ready, "payout", run.number)
    assert list(unexplained(ready, tree)) == []
    assert [str(one.value) for one in tree.walk() if one.code == "payout.evaluation"] == ["1.5", "0.5"]
    assert {one.value for one in tree.walk() if one.code == "payout.evaluation_since"} == {date(2025, 1, 1)}
    assert "考核表" not in str(tree), "what an evaluation rests on stays with the fact"


def test_a_later_evaluation_changes_no_run_that_was_prepared(ready: Workspace) -> None:
    evaluate(ready, "T001", "1.5")
    evaluate(ready, "T002", "0.5")
    run = payouts.prepare(ready, MAY, "考核方案", FINANCE, PINS[FINANCE])
    evaluate(ready, "T001", "0.1", date(2025, 2, 1))
    assert making.paid(payouts.show(ready, run.number)) == making.paid(run)


@pytest.mark.parametrize(
    ("first", "last", "who"),
    [
        (date(2025, 5, 31), None, []),
        (date(2025, 6, 1), None, ["T002"]),
        (date(2025, 1, 1), date(2025, 5, 31), []),
        (date(2025, 1, 1), date(2025, 5, 30), ["T002"]),
    ],
    ids=["begins on the last day", "begins the day after", "ends on the last day", "ended the day before"],
)
def test_the_last_day_of_the_run_decides(ready: Workspace, first: date, last: date | None, who: list[str]) -> None:
    evaluate(ready, "T001", "1")
    evaluate(ready, "T002", "1", first, last)
    assert missing(ready) == who


def test_everyone_without_a_factor_is_named_and_nothing_is_written(ready: Workspace) -> None:
    evaluate(ready, "T002", None)  # evaluated, without a factor
    before = making.everything(ready)
    assert missing(ready) == ["T001", "T002"]
    with pytest.raises(Refused):
        payouts.prepare(ready, MAY, "考核方案", FINANCE, PINS[FINANCE])
    assert making.everything(ready) == before
    evaluate(ready, "T001", "1")
    evaluate(ready, "T002", "0", date(2025, 3, 1))
    assert missing(ready) == [], "a factor of 0 is known"


def test_a_scheme_keeps_what_it_says_and_others_keep_their_text(ready: Workspace) -> None:
    found = {one.name: one for one in payouts.schemes(ready)}
    assert [found[name].evaluation_facts for name in ("记账", "考核方案")] == [False, True]
    assert "evaluation_facts" not in allocation_json.write(found["记账"]).terms
    written = allocation_json.write(found["考核方案"])
    assert allocation_json.read(written) == found["考核方案"]
    for wrong in ("false", "1", "null"):
        with pytest.raises(ValueError, match="evaluation_facts"):
            allocation_json.read(type(written)("", "", date(2025, 1, 1), "", written.terms.replace("true", wrong, 1)))
