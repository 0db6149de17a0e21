"""The level of secrecy of a confidential set: stated in a file, by hand or when it is filed, printed on the filing statement, gone with the secrecy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import history, importing, instrument_entry, instruments, reclassifying, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from tests.actions import making
from tests.reports.paper import pages, running

HEAD = "所在单位仪器编号,仪器设备名称,仪器分类编码,原值（万元）,涉密"


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
