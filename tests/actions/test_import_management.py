"""Management documents from tables: taken row by row, once, corrected, taken back; cases a clerk can read."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import history, import_management, importing, management
from desktop.actions.workspace import Workspace
from desktop.ledger.management import ManagementDocument
from tests.actions.making import sound

_FILE = tomllib.loads((Path(__file__).parents[1] / "cases" / "management_import.toml").read_text("utf-8"))
HEAD, CASES = _FILE["head"], _FILE["case"]
KNOWN = ManagementDocument("", "fees", "校发1号", "收费管理办法", date(2024, 9, 1), date(2024, 9, 1), date(2026, 12, 31), "设备处")
THERE = "校发1号 fees 2024-09-01 2026-12-31"


def taken(ledger: Workspace, folder: Path, rows: list[str], head: str = HEAD) -> importing.Outcome:
    file = folder / "papers.csv"
    file.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "management", file)


def there(ledger: Workspace) -> list[str]:
    return sorted(f"{one.number} {one.kind} {one.from_on} {one.last_on or '-'}" for one in management.every(ledger))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(empty: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    management.enter(empty, KNOWN)
    done = taken(empty, tmp_path, case["rows"], case.get("head", HEAD))
    assert there(empty) == sorted([case.get("known", THERE), *case.get("enters", [])])
    refused = [f"{one.cell.row if one.cell else 0} {one.code}" for one in done.findings if one.severity == "error"]
    assert refused == case.get("findings", [])
    assert (done.rejected, done.unchanged) == (len(case.get("findings", [])), case.get("unchanged", 0))
    assert done.accepted == len(case["rows"]) - done.rejected - done.unchanged
    assert sound(empty)


def test_a_table_is_taken_once_and_taken_back_whole(empty: Workspace, tmp_path: Path) -> None:
    rows = ["开放共享管理办法,校发2号,办法,2025-03-01,,,,,", "知识产权约定,ZSCQ-1,归属,2025-03-01,,,,甲公司,"]
    assert taken(empty, tmp_path, rows).accepted == 2
    assert [one.noted_by for one in management.every(empty)] == [empty.who] * 2
    again = taken(empty, tmp_path, rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 2, 0)
    history.undo_last(empty)
    assert there(empty) == []
    assert sound(empty)


def test_correcting_a_paper_keeps_its_key_so_its_files_stay(empty: Workspace, tmp_path: Path) -> None:
    management.enter(empty, KNOWN)
    (before,) = management.every(empty)
    taken(empty, tmp_path, ["收费管理办法,校发1号,修订,2024-09-01,,,,,"])
    (after,) = management.every(empty)
    assert (after.id, after.title) == (before.id, "修订")


def test_an_empty_cell_takes_nothing_away(empty: Workspace, tmp_path: Path) -> None:
    agreement = ManagementDocument("", "ip_agreement", "ZSCQ-1", "归属", date(2024, 9, 1), date(2024, 9, 1), None, "科技处", "甲公司", "一式两份")
    management.enter(empty, agreement)
    (before,) = management.every(empty)
    again = taken(empty, tmp_path, ["知识产权约定,ZSCQ-1,归属,2024-09-01,,,,,"])
    assert (again.accepted, again.unchanged) == (0, 1)
    assert taken(empty, tmp_path, ["知识产权约定,ZSCQ-1,归属,2024-09-01,,,,乙公司,"]).accepted == 1
    (after,) = management.every(empty)
    assert (before.issuer, before.party, before.note) == ("科技处", "甲公司", "一式两份")
    assert (after.issuer, after.party, after.note) == ("科技处", "乙公司", "一式两份")


@pytest.mark.parametrize("name", ["an end a day before the first is refused, and the others are taken", "no other paper names one"])
def test_a_table_that_is_not_checked_would_be_seen(empty: Workspace, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_management.rules, "faults", lambda one, today: None)
    case = next(one for one in CASES if one["name"] == name)
    with pytest.raises(Exception, match=r"CHECK constraint|assert"):
        test_cases(empty, tmp_path, case)
