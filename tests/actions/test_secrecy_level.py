"""The level of secrecy of a confidential set: stated in a file, by hand or when it is filed, printed on the filing statement, gone with the secrecy."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import exporting, history, import_columns, importing, instrument_entry, instruments, reclassifying, reporting
from desktop.actions.workspace import Workspace
from desktop.formats import instruments as sheet
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem, Refused
from tests.actions import making
from tests.reports.paper import pages, running

HEAD = "所在单位仪器编号,仪器设备名称,仪器分类编码,原值（万元）,涉密"
CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "secrecy_columns.toml").read_text("utf-8"))["case"]


def taken(ledger: Workspace, folder: Path, *rows: str, head: str = HEAD) -> importing.Outcome:
    file = folder / "sets.csv"
    file.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "instruments", file)


def level(ledger: Workspace, number: str = "S1") -> tuple[bool | None, str]:
    one = instruments.get(ledger, number)
    return one.confidential, one.secrecy_level


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("秘密", (True, "confidential")), ("机密", (True, "secret")), ("绝密", (True, "top_secret")), ("是", (True, "")), ("否", (False, "")),
        ("公开", (False, "")), ("", (None, "")),
    ],
)  # fmt: skip
def test_a_file_states_the_level_in_the_column_of_secrecy(small: Workspace, tmp_path: Path, said: str, kept: tuple[bool | None, str]) -> None:
    assert taken(small, tmp_path, f"N1,雷达,010102,60,{said}").accepted == 1
    assert level(small, "N1") == kept


SHORT = "所在单位仪器编号,仪器设备名称,仪器分类编码,原值（万元）"


def unsaid_of(done: importing.Outcome) -> int | None:
    """How many sets the import says are unstated; None where it says nothing."""
    found = [one for one in done.findings if one.code == "ledger_import.secrecy_unsaid"]
    assert all(one.severity == "warning" and one.cell is None for one in found), "it is about the file"
    return int(dict(found[0].params)["n"]) if found else None


def test_a_file_says_how_many_of_its_sets_nobody_calls_confidential_or_not(small: Workspace, tmp_path: Path) -> None:
    plain, rows = {"head": SHORT}, ("N1,雷达,010102,60", "N2,雷达,010102,60")
    assert unsaid_of(taken(small, tmp_path, *rows, **plain)) == 2
    assert unsaid_of(taken(small, tmp_path, *rows, **plain)) == 2, "the same file again: they are unstated still"
    assert unsaid_of(taken(small, tmp_path, "N1,雷达,010102,60,否", "N2,雷达,010102,60,")) == 1
    assert unsaid_of(taken(small, tmp_path, *rows, **plain)) == 1, "what was stated stays stated"
    assert unsaid_of(taken(small, tmp_path, "N2,雷达,010102,60,是", "N3,雷达,010102,不详,")) is None, "a row that is not kept is not counted"


def expected(case: dict[str, Any]) -> tuple[bool | None, str] | None:
    return None if "kept" not in case else (None if case["kept"][0] == "?" else case["kept"][0], case["kept"][1])


def stored(ledger: Workspace, number: str) -> tuple[bool | None, str] | None:
    return level(ledger, number) if number in {one.asset_number for one in instruments.every(ledger)} else None


def in_a_file(ledger: Workspace, folder: Path) -> set[str]:
    """The names of the cases that a table with both columns does not give as expected."""
    rows = [f"N{n},雷达,010102,60,{case['secret']},{case['level']}" for n, case in enumerate(CASES)]
    taken(ledger, folder, *rows, head=f"{HEAD},密级")
    return {case["name"] for n, case in enumerate(CASES) if stored(ledger, f"N{n}") != expected(case)}


def test_a_file_may_state_the_level_in_a_column_of_its_own(small: Workspace, tmp_path: Path) -> None:
    assert in_a_file(small, tmp_path) == set()


def test_cases_catch_a_level_that_is_passed_over(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    combined = sheet.secrecy
    monkeypatch.setattr(sheet, "secrecy", lambda confidential, level: combined(confidential, None))
    assert "open by one and secret by the other: refused, not taken for open" in in_a_file(small, tmp_path)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_both_may_be_typed_in_any_order(small: Workspace, case: dict[str, Any], turned: bool) -> None:
    said = [("仪器设备名称", "雷达"), *((name, case[key]) for name, key in (("涉密", "secret"), ("密级", "level")) if case[key])]
    kept = expected(case)
    if kept is None:
        with pytest.raises(Refused, match=r"instrument_entry\.faults"):
            instrument_entry.enter(small, "N1", said[::-1] if turned else said, date(2026, 3, 2))
    else:
        instrument_entry.enter(small, "N1", said[::-1] if turned else said, date(2026, 3, 2))
    assert stored(small, "N1") == kept


def test_a_level_is_taken_away_without_the_secrecy(small: Workspace) -> None:
    instrument_entry.enter(small, "S1", [("密级", "机密")], date(2026, 3, 2))
    instrument_entry.enter(small, "S1", [("密级", "")], date(2026, 3, 2))
    assert level(small) == (True, "")


def test_a_fact_is_typed_once(small: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        instrument_entry.enter(small, "A1", [("型号", "X"), ("规格型号", "Y")], date(2026, 3, 2))
    assert [(found.code, found.field) for found in refused.value.findings] == [("instrument_entry.twice", "model")]
    assert instruments.get(small, "A1").model != "X"


def test_no_sheet_that_is_written_has_the_level(small: Workspace, tmp_path: Path) -> None:
    instruments.file(small, "S1", "密字1号", date(2025, 3, 4), level="top_secret")
    written = exporting.instruments(small, tmp_path / "all.csv").path.read_text("utf-8-sig")
    assert "A1" in written
    assert not [word for word in ("密级", "绝密", "top_secret", "S1") if word in written]


@pytest.mark.parametrize(
    ("heads", "name"),
    [
        ("是否涉密,涉密仪器", "confidential"), ("涉密,涉密", "confidential"), ("保密等级,涉密等级", "secrecy_level"), ("涉密,是否涉密", "confidential"),
        ("密级,涉密等级", "secrecy_level"),
    ],
)  # fmt: skip
def test_of_two_columns_that_ask_the_same_none_is_left_out(small: Workspace, tmp_path: Path, heads: str, name: str) -> None:
    """Left out, a secret set would come in as one of which nothing is stated, and be sent."""
    with pytest.raises(Problem) as refused:
        taken(small, tmp_path, "N1,雷达,010102,60,是,是", head=f"{HEAD.rpartition(',')[0]},{heads}")
    assert [found.code for found in refused.value.findings] == ["import.column_twice"]
    seen = import_columns.look("instruments", import_columns.open_file(tmp_path / "sets.csv"))
    assert not seen.complete, "the window asks which it is"
    assert import_columns.look("instruments", import_columns.open_file(tmp_path / "sets.csv"), {name: "F"}).complete


def test_what_says_less_unsays_no_level(small: Workspace, tmp_path: Path) -> None:
    taken(small, tmp_path, "S1,特种雷达,010102,50,机密")
    for said in ("是", ""):
        taken(small, tmp_path, f"S1,特种雷达,010102,5{len(said)},{said}")
        assert level(small) == (True, "secret")
    taken(small, tmp_path, "S1,特种雷达,010102,52", head=HEAD.rpartition(",")[0])
    assert level(small) == (True, "secret")
    taken(small, tmp_path, "S1,特种雷达,010102,52,绝密")
    assert level(small) == (True, "top_secret")
    history.undo_last(small)
    assert level(small) == (True, "secret")


def test_it_is_stated_when_the_set_is_filed_or_typed(small: Workspace) -> None:
    instruments.file(small, "S1", "密字1号", date(2025, 3, 4), level="confidential")
    assert level(small) == (True, "confidential")
    instruments.file(small, "S1", "密字2号", date(2025, 3, 5), correcting="文号写错")
    assert level(small) == (True, "confidential"), "a filing that says no level leaves it"
    instrument_entry.enter(small, "S1", [("密级", "机密")], date(2026, 3, 2))
    assert level(small) == (True, "secret")
    instrument_entry.enter(small, "S1", [("涉密", "是"), ("型号", "X")], date(2026, 3, 2))
    assert level(small) == (True, "secret")


def test_an_ordinary_set_has_none(small: Workspace) -> None:
    one = instruments.get(small, "A1")
    with pytest.raises(Refused, match=r"instrument_entry\.level_of_ordinary"):
        instruments.change(small, replace(one, secrecy_level="secret"))
    with pytest.raises(Refused, match=r"instrument_entry\.level_of_ordinary"):
        instruments.add(small, Instrument("", "N1", "无密级", secrecy_level="secret"))
    with pytest.raises(Refused) as refused:
        instrument_entry.save(small, one, instrument_entry.draft_of(one) | {"secrecy_level": "secret"}, date(2026, 3, 2))
    assert [(found.code, found.field) for found in refused.value.findings] == [("instrument_entry.level_of_ordinary", "secrecy_level")]
    assert level(small, "A1") == (False, "")


def test_it_goes_with_the_secrecy(small: Workspace) -> None:
    instruments.file(small, "S1", "密字1号", date(2025, 3, 4), level="secret")
    reclassifying.prepare(small, "S1", False, "解密", making.OFFICE, making.PINS[making.OFFICE])
    assert level(small) == (True, "secret"), "until another person agrees"
    reclassifying.approve(small, "S1", making.APPROVER, making.PINS[making.APPROVER])
    assert level(small) == (False, "")


def test_it_stands_on_the_filing_statement_alone(small: Workspace, tmp_path: Path) -> None:
    instruments.file(small, "S1", "密字1号", date(2025, 3, 4), level="top_secret")
    made = reporting.make_filing(small, out=tmp_path / "f.pdf")
    assert "绝密" in running("".join(pages(made.path.read_bytes())))
