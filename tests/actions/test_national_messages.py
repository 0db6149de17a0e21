"""Messages for the national platform from a real ledger: which rows, in which order, nothing confidential, all files or none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from desktop.actions import evaluations, instruments, national, national_messages, national_stated, records
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Problem, Refused
from tests.actions import making
from tests.actions.test_national import SOUND

UNIT = "0123456789abcdef0123456789abcdef"
YEAR = parse("2025")
CUSTOMS = {"customs_supervised": True, "declaration_number": "420220251000012345", "declaration_item": "01", "declared_name": "电镜"}


def told(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """instruType and rows of a message file."""
    parts = {part.tag: part.text or "" for part in ElementTree.parse(path).iter()}
    assert parts["insCode"] == UNIT
    return parts["instruType"], json.loads(parts["instruList"])


def service(workspace: Workspace, number: str, asset: str = "A1", **more: Any) -> None:
    making.posted(workspace, number, asset, **{"way": "技术共享", "direction": "科学研究", "rating": "一般", **more})


def written(workspace: Workspace, folder: Path, **more: Any) -> national_messages.Messages:
    return national_messages.write(workspace, folder, UNIT, YEAR, **more)


def test_customs_follow_their_instruments_and_everything_is_there_once(small: Workspace, tmp_path: Path) -> None:
    instruments.add(small, SOUND)
    instruments.add(small, replace(SOUND, asset_number="N2", released_on=date(2025, 1, 10), **CUSTOMS))
    service(small, "R1", minutes=100)
    done = written(small, tmp_path / "out")
    messages = [told(path) for path in done.files]
    assert [(kind, len(rows)) for kind, rows in messages] == [("4", 2), ("5", 1), ("6", 1), ("7", 1)] == list(done.rows)
    assert [row["innerId"] for _, rows in messages[:3] for row in rows] == ["N1", "N2", "N2", "A1"]
    (record,) = messages[2][1]
    assert (record["amounts"], record["serviceAmount"], record["applicant"]) == ("300.00", "1.7", "无")
    assert messages[0][1][0]["worth"] == "118.63"
    # A1, A2 (50.00) and the two of 118.628: rounded once.
    assert (messages[3][1][0]["instrNum"], messages[3][1][0]["instrWorth"]) == ("4", "337.26")


def test_what_a_user_said_after_posting_is_what_the_platform_is_told(small: Workspace) -> None:
    service(small, "R1")
    service(small, "R2", rating="")
    evaluations.rate(small, "R1", "极差", date(2025, 6, 1))
    evaluations.rate(small, "R2", "非常满意", date(2025, 6, 1))
    told_of = {one.number: one.values["comment"] for one in national_messages.services(small, YEAR, UNIT)[0]}
    assert told_of == {"R1": "极差", "R2": "非常满意"}


def test_a_discipline_is_held_against_the_list_that_was_given(small: Workspace, tmp_path: Path) -> None:
    service(small, "R1")
    national_stated.state_service(small, "R1", {"area": "炼金术"})
    listed = tmp_path / "学科.csv"
    listed.write_text("代码,名称\n150,化学\n", "utf-8")
    found = {
        tables is national.NO_TABLES: [one.code for one in national_messages.compose(small, UNIT, YEAR, kinds=["6"], tables=tables).findings]
        for tables in (national.NO_TABLES, national.tables(subjects=listed))
    }
    assert ["national_service.unlisted_area" in found[without] for without in (True, False)] == [False, True]


def test_nothing_confidential_is_in_any_file(small: Workspace, tmp_path: Path) -> None:
    service(small, "R1")
    service(small, "R2", "S1", contact="秘密联系人")
    done = written(small, tmp_path / "out", personal=True)
    assert done.withheld == 3  # the set, its service, and the set in the year's count
    content = b"".join(path.read_bytes() for path in done.files)
    for word in ("特种雷达", "S1", "秘密联系人"):
        assert word.encode() not in content


def test_what_was_taken_back_is_not_reported(small: Workspace, tmp_path: Path) -> None:
    service(small, "R1")
    service(small, "R2")
    records.reverse(small, "R1", "登错")
    forms, _ = national_messages.services(small, YEAR, UNIT)
    assert [one.number for one in forms] == ["R2"]
    making.enter(small, "R3")
    assert len(national_messages.services(small, YEAR, UNIT)[0]) == 1, "a draft is no service yet"
    assert national_messages.services(small, parse("2024"), UNIT) == ([], 0)


def test_a_service_belongs_to_the_span_of_its_end(small: Workspace) -> None:
    service(small, "R1", day=date(2025, 6, 30))
    service(small, "R2", day=date(2025, 7, 1))
    for quarter, number in (("2025Q2", "R1"), ("2025Q3", "R2")):
        assert [one.number for one in national_messages.services(small, parse(quarter), UNIT)[0]] == [number]


def test_rows_that_are_wrong_are_left_out_and_told(small: Workspace, tmp_path: Path) -> None:
    service(small, "R1")
    making.posted(small, "R2")  # no way, no direction
    done = written(small, tmp_path / "out", kinds=("6",))
    assert (done.rows, done.left_out) == ((("6", 1),), 1)
    assert {(one.code, dict(one.params)["number"]) for one in done.findings} == {("national.blank", "R2"), ("national.set_not_there", "A1")}


def test_long_lists_become_several_messages(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national_messages, "ROWS_IN_A_MESSAGE", 2)
    for n in range(5):
        service(small, f"R{n}")
    done = written(small, tmp_path / "out", kinds=("6",))
    assert [path.name for path in done.files] == ["national-6-001.xml", "national-6-002.xml", "national-6-003.xml"]
    assert len({row["recordInnerId"] for path in done.files for row in told(path)[1]}) == 5


def test_old_messages_are_not_mixed_with_new_ones(small: Workspace, tmp_path: Path) -> None:
    service(small, "R1")
    first = written(small, tmp_path / "out")
    before = {path: path.read_bytes() for path in first.files}
    with pytest.raises(Problem, match=r"file\.folder_used"):
        written(small, tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    again = written(small, tmp_path / "again")
    assert [path.read_bytes() for path in again.files] == list(before.values())
    (tmp_path / "file").write_text("x")
    with pytest.raises(Problem, match=r"file\.cannot_write"):
        written(small, tmp_path / "file")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["again", "file", "out"]


def test_what_is_asked_for_wrongly_writes_nothing(small: Workspace, tmp_path: Path) -> None:
    for code, period, refused in ((" ", YEAR, "no_unit_code"), (UNIT, parse("2025Q1"), "effect_year")):
        with pytest.raises(Refused, match=rf"national\.{refused}"):
            national_messages.write(small, tmp_path / "out", code, period)
    with pytest.raises(Refused, match=r"national\.nothing_sound"):
        written(small, tmp_path / "out", kinds=("5", "6"))
    assert not (tmp_path / "out").exists()
    service(small, "R1")
    done = national_messages.write(small, tmp_path / "out", "SD-370000-12", YEAR, kinds=("6",))
    assert [one.code for one in done.findings] == ["national.unit_code_form", "national.set_not_there"]
