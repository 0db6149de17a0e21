"""Each edge of the self-checks of integrity, as a clerk can read it: records entered and posted in a real ledger, and those a check points at."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import instruments, integrity, judging, records
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.store import integrity as rows
from tests.actions.making import INSIDE, OUTSIDE, draft

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "integrity_checks.toml").read_text("utf-8"))["case"]
LAST = date(2025, 12, 31)
FIRST = datetime(2025, 5, 6, 9)


def told(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of a case; a run of days is written out."""
    yield from case.get("records", ())
    for n, minutes in enumerate(case.get("days", ())):
        begin = FIRST + timedelta(days=n)
        yield {"number": f"R{n + 1:02d}", "from": begin, "to": begin + timedelta(minutes=minutes)}


def entered(workspace: Workspace, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter and post the records of a case, whatever the checks of one record say of them."""
    for asset in ("A1", "A2"):
        instruments.change(workspace, replace(instruments.get(workspace, asset), contact="王老师", phone="13900000000"))
    for one in told(case):
        begin, end = one["from"], one["to"]
        minutes = one.get("minutes", (end - begin) // timedelta(minutes=1))
        who = INSIDE if one.get("inside") else OUTSIDE
        given = draft(
            workspace, one["number"], one.get("set", "A1"), started_at=begin, ended_at=end, minutes=minutes, derived="minutes" in one, customer_name=who,
            contact=one.get("contact", ""),
        )  # fmt: skip
        monkeypatch.setenv("YIXIANG_TODAY", str(one.get("posted", end.date())))
        records.add(workspace, given)
        for number, problem in records.problems(workspace):
            if problem.code in judging.ACCEPTABLE:
                records.accept(workspace, number, problem.code, "核对过")
        done = records.post(workspace, [one["number"]])
        assert done.posted == 1, done.refused


def found(workspace: Workspace, case: dict[str, Any]) -> list[str]:
    (check,) = integrity.self_check(workspace, parse(case.get("span", "2025")), LAST, (case["check"],)).checks
    assert check.figure.value == len(check.seen)
    return [one.number for one in check.seen]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['check']}: {case['name']}")
def test_cases(small: Workspace, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    entered(small, case, monkeypatch)
    assert found(small, case) == case["found"]


def test_every_check_that_is_made_in_sql_alone_has_a_case_of_each_kind() -> None:
    assert {(case["check"], bool(case["found"])) for case in CASES} == {(check, some) for check in rows.CHECKS for some in (True, False)}


# Check -> what of its query is replaced by what, and the case that tells.
BROKEN = {
    "overlap": ("last_end > started_at", "last_end >= started_at", "the second begins as the first ends"),
    "beyond_day": ("> :day_minutes", ">= :day_minutes", "24 hours on a day"),
    "beyond_times": ("minutes > round", "minutes >= round", "as many minutes as lie between"),
    "round_run": ("n >= :round_run", "n > :round_run", "ten in a row"),
    "late": ("> :late_days", ">= :late_days", "90 days after its end"),
    "same_contact": ("trim(contact) = trim(keeper)", "contact = keeper", "the keeper is named, with spaces around"),
}


@pytest.mark.parametrize("check", rows.CHECKS)
def test_a_broken_check_is_caught(small: Workspace, check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad, name = BROKEN[check]
    (case,) = [one for one in CASES if (one["check"], one["name"]) == (check, name)]
    entered(small, case, monkeypatch)
    assert good in rows._CHECKS[check]
    monkeypatch.setitem(rows._CHECKS, check, rows._CHECKS[check].replace(good, bad))
    assert found(small, case) != case["found"]
