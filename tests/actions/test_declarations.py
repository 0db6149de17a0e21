"""A customs declaration that has not its form is kept and told at once: by command, in the form, by import; the platform's check tells the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import importing, instrument_entry, instruments, national
from desktop.actions.workspace import Workspace
from desktop.rules import customs
from tests.case_files import cases

DAY = date(2026, 5, 1)
HEAD = "所在单位仪器编号,仪器设备名称,仪器分类编码,原值（万元）,进口报关单编号,报关单项号,涉密"


def typed(ledger: Workspace, case: dict[str, Any]) -> list[str]:
    pairs = [("进口报关单编号", case["number"]), ("报关单项号", case["item"])]
    found = instrument_entry.enter(ledger, "A1", pairs, DAY).findings
    assert {one.severity for one in found} <= {"warning"}
    return [one.field for one in found if one.code.startswith("customs.")]


def imported(ledger: Workspace, folder: Path, case: dict[str, Any]) -> list[str]:
    file = folder / "sets.csv"
    file.write_text(f"{HEAD}\nN1,电镜,010102,60,{case['number']},{case['item']},否\n", "utf-8")
    done = importing.import_file(ledger, "instruments", file)
    assert (done.accepted, done.rejected) == (1, 0)
    return [one.code.removeprefix("customs.") for one in done.findings if one.code.startswith("customs.") and one.cell and one.cell.row == 2]


def shown(case: dict[str, Any]) -> list[str]:
    draft = {"declaration_number": case["number"] or None, "declaration_item": case["item"] or None}
    return [one.field for one in instrument_entry.check(draft, DAY)]


def checked(ledger: Workspace, asset: str) -> list[str]:
    return [one.field for one in national.judge(ledger, [asset]).findings if one.code in ("national.declaration", "national.declaration_item")]


@pytest.mark.parametrize("case", cases("declarations"), ids=lambda case: case["name"])
def test_what_has_not_its_form_is_told_on_every_way_in(small: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    assert typed(small, case) == imported(small, tmp_path, case) == shown(case) == case["odd"]
    for asset in ("A1", "N1"):
        one = instruments.get(small, asset)
        assert (one.declaration_number, one.declaration_item) == (case["number"], case["item"]), "kept as it was written"
        assert checked(small, asset) == case["odd"]


def test_a_form_that_asks_for_nothing_tells_nothing(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: without the forms the cases above go by silently."""
    monkeypatch.setattr(customs, "FORMS", {})
    silent = [case["name"] for case in cases("declarations") if typed(small, case) != case["odd"]]
    assert silent == [case["name"] for case in cases("declarations") if case["odd"]]
