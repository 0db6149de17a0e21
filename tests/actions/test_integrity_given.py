"""Every answer to the self-checks of a year, one by one: which holds, which a later one replaced, which opened the finding again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from desktop.actions import history, integrity_answers, integrity_given, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.integrity import AnswerStanding, IntegrityAnswer
from desktop.ledger.period import parse
from desktop.reports import plain
from tests.actions.test_integrity import at

DAY = datetime(2025, 5, 6)
YEAR, LAST = parse("2025"), date(2025, 12, 31)


@pytest.fixture
def answered(small: Workspace) -> Workspace:
    """R2 was answered twice, R3 answered and opened again, R4 of the confidential S1 answered twice; all of them overlap R1 or R0."""
    at(small, "R1", DAY.replace(hour=9), 61)
    at(small, "R2", DAY.replace(hour=9, minute=30), 61)
    at(small, "R3", DAY.replace(hour=9, minute=45), 61)
    at(small, "R0", DAY.replace(hour=9), 61, asset="S1")
    at(small, "R4", DAY.replace(hour=9, minute=30), 61, asset="S1")
    for number, state, text, day in (
        ("R2", "explained", "两个工位", date(2025, 6, 1)), ("R2", "accepted", "重复登记", date(2025, 6, 3)), ("R3", "explained", "换样", date(2025, 6, 2)),
        ("R3", "open", "登记簿对不上", date(2025, 6, 4)), ("R4", "explained", "机密说明", date(2025, 6, 1)), ("R4", "accepted", "机密承认", date(2025, 6, 1)),
    ):  # fmt: skip
        integrity_answers.answer(small, "overlap", number, state, text, on=day, by="李工")
    return small


def told(ledger: Workspace, year: str = "2025") -> list[str]:
    period = parse(year)
    return [
        f"{one.answer.answered_on:%m-%d} {one.point.number} {one.answer.state} {one.standing}"
        for one in integrity_given.every(integrity_answers.every(ledger, period, min(period.last_day, LAST)))
    ]


def test_each_answer_is_listed_with_its_standing_the_newest_day_first(answered: Workspace) -> None:
    assert told(answered) == [
        "06-04 R3 open reopens", "06-03 R2 accepted holds", "06-02 R3 explained replaced", "06-01 R2 explained replaced", "06-01 R4 accepted holds",
        "06-01 R4 explained replaced",
    ]  # fmt: skip
    assert told(answered, "2024") == []
    history.undo_last(answered)
    assert told(answered)[-1] == "06-01 R4 explained holds"


def test_the_report_has_the_earlier_answers_of_what_is_not_confidential(answered: Workspace) -> None:
    text = plain.text(reporting.content(answered, "rectification", "2025"))
    _, _, earlier = text.partition("## 此前的答复")
    rows = [[cell.strip() for cell in line.split("|")] for line in earlier.splitlines() if "2025-06-0" in line]
    assert [(row[1], row[4], row[5], row[6], row[7]) for row in rows] == [
        ("R2", "2025-06-01", "李工", "已说明", "两个工位"), ("R3", "2025-06-02", "李工", "已说明", "换样"),
    ]  # fmt: skip
    assert "机密" not in text
    assert "R4" not in text


def test_where_nothing_was_answered_twice_there_is_no_such_table(small: Workspace) -> None:
    at(small, "R1", DAY.replace(hour=9), 61)
    at(small, "R2", DAY.replace(hour=9, minute=30), 61)
    integrity_answers.answer(small, "overlap", "R2", "explained", "两个工位")
    text = plain.text(reporting.content(small, "rectification", "2025"))
    assert "两个工位" in text
    assert "## 此前的答复" not in text


def test_taking_the_first_answer_for_the_one_that_holds_would_be_seen(answered: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose."""

    def first(answers: Sequence[IntegrityAnswer]) -> tuple[AnswerStanding, ...]:
        return tuple("holds" if place == 0 else "replaced" for place, _ in enumerate(answers))

    monkeypatch.setattr(integrity_given.rules, "standings", first)
    with pytest.raises(AssertionError):
        test_each_answer_is_listed_with_its_standing_the_newest_day_first(answered)
