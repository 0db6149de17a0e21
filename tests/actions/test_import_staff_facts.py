"""What technicians hold from tables: taken row by row, once, corrected, taken back; cases a clerk can read."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import history, import_staff_facts, importing, staff_facts
from desktop.actions.workspace import Workspace
from desktop.ledger.staff_fact import StaffFact
from tests.actions.making import sound

_FILE = tomllib.loads((Path(__file__).parents[1] / "cases" / "staff_import.toml").read_text("utf-8"))
HEAD, CASES = _FILE["head"], _FILE["case"]
KNOWN = StaffFact("", "", "evaluation", "优秀", date(2025, 1, 1), date(2025, 12, 31), "人事处", "", "考核表1", Decimal("1.1"))
THERE = "T001 evaluation 优秀 2025-01-01 2025-12-31 1.1"


def taken(ledger: Workspace, folder: Path, rows: list[str]) -> importing.Outcome:
    file = folder / "facts.csv"
    file.write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "staff_facts", file)


def held(ledger: Workspace) -> list[StaffFact]:
    return [fact for one in staff_facts.every(ledger) for fact in one.facts]


def there(ledger: Workspace) -> list[str]:
    return sorted(
        f"{one.person.staff_number} {fact.kind} {fact.value} {fact.from_on} {fact.last_on or '-'} {'-' if fact.factor is None else fact.factor}"
        for one in staff_facts.every(ledger)
        for fact in one.facts
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(small: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    staff_facts.enter(small, "T001", KNOWN)
    done = taken(small, tmp_path, case["rows"])
    assert there(small) == sorted([case.get("known", THERE), *case.get("there", [])])
    refused = [f"{one.cell.row if one.cell else 0} {one.code}" for one in done.findings if one.severity == "error"]
    assert refused == case.get("findings", [])
    assert (done.rejected, done.unchanged) == (len(case.get("findings", [])), case.get("unchanged", 0))
    assert done.accepted == len(case["rows"]) - done.rejected - done.unchanged
    assert sound(small)


def test_a_table_is_taken_once_and_taken_back_whole(small: Workspace, tmp_path: Path) -> None:
    rows = ["T001,考核,优秀,2025-01-01,考核表1,2025-12-31,1.1,人事处,,张一", "T002,证书,电镜上岗证,2025-03-01,证书,2026-02-28,,发证单位,ZS-1,"]
    assert taken(small, tmp_path, rows).accepted == 2
    assert [one.noted_by for one in held(small)] == [small.who] * 2
    again = taken(small, tmp_path, rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 2, 0)
    history.undo_last(small)
    assert held(small) == []
    assert sound(small)


def test_correcting_keeps_the_key_and_what_the_table_does_not_say(small: Workspace, tmp_path: Path) -> None:
    staff_facts.enter(small, "T001", KNOWN)
    (before,) = held(small)
    taken(small, tmp_path, ["T001,考核,优秀,2025-01-01,考核表1（更正）,,1.15,,,"])
    (after,) = held(small)
    assert (after.id, after.issuer, after.last_on) == (before.id, "人事处", date(2025, 12, 31))
    assert (after.ground, after.factor) == ("考核表1（更正）", Decimal("1.15"))


@pytest.mark.parametrize("name", ["an end the day before the first", "a factor of a certificate"])
def test_a_table_that_is_not_checked_would_be_seen(small: Workspace, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_staff_facts.rules, "faults", lambda one: None)
    case = next(one for one in CASES if one["name"] == name)
    with pytest.raises(Exception, match=r"CHECK constraint|assert"):
        test_cases(small, tmp_path, case)
