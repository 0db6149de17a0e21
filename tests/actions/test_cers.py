"""What a university states of its sets for the sharing system, in a real ledger: stated, corrected, taken out, undone, imported, written, asked why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy.exc

from desktop import words
from desktop.actions import cers, explaining, history, importing, instruments, reclassifying, reporting, university
from desktop.actions.workspace import Workspace
from desktop.ledger.cers import STATED
from desktop.ledger.problem import Refused
from desktop.reports import plain
from tests.actions.explained import unexplained
from tests.actions.making import OFFICE, PINS, sound

FULL = {
    "assets_code": "032101", "classification_code": "010102", "application_area": "材料", "maker_certification": "ISO 9001", "country_code": "C276",
    "image_url": "https://a.example.edu.cn/1.jpg", "group_id": "G1", "share_level": "3", "open_calendar": "周一至周五", "service_charge": "180 元/小时",
    "page_url": "https://a.example.edu.cn/1",
}  # fmt: skip
ON = date(2026, 11, 23)


@pytest.fixture
def ready(small: Workspace) -> Workspace:
    """A1 has all that the register is asked for; the school has its code."""
    university.set_school_code(small, "10422")
    told = {"manufacturer": "蔡司", "model": "S5", "technical": "0.8 nm", "department": "中心", "accepted_on": date(2021, 2, 1)}
    for number in ("A1", "A2"):
        one = instruments.get(small, number)
        with small.write("fill the register for tests") as operation:
            for name, value in told.items():
                text = value.isoformat() if isinstance(value, date) else value
                operation.connection.exec_driver_sql(f"UPDATE instrument SET {name} = ? WHERE id = ?", (text, one.id))
    return small


def kept(ledger: Workspace, number: str = "A1") -> dict[str, str]:
    one = cers.stated(ledger, number)
    return {} if one is None else {name: text for name in STATED if (text := getattr(one, name))}


def codes(ledger: Workspace) -> dict[str, list[str]]:
    return {one.instrument.asset_number: [f.code for f in one.row.findings if f.severity == "error"] for one in cers.judge(ledger, ON).sets}


def test_stated_corrected_taken_out_and_brought_back(ready: Workspace) -> None:
    assert cers.judge(ready, ON).sets == ()
    cers.state(ready, " A1 ", {"share_level": "3", "group_id": " G 1 "})
    assert kept(ready) == {"share_level": "3", "group_id": "G 1"}
    cers.state(ready, "A1", {"share_level": "", "alias": "电镜"})
    assert kept(ready) == {"group_id": "G 1", "alias": "电镜"}
    cers.withdraw(ready, "A1", "不再共享")
    assert cers.stated(ready, "A1") is None
    history.undo_last(ready)
    history.undo_last(ready)
    assert kept(ready) == {"share_level": "3", "group_id": "G 1"}
    assert sound(ready)


@pytest.mark.parametrize(
    ("number", "given", "code"),
    [
        ("A9", {"alias": "a"}, "instrument.unknown"),
        ("S1", {"alias": "a"}, "cers.confidential"),
        ("A1", {}, "cers.nothing_said"),
        ("A1", {"share_level": "7"}, "cers.entry_not_in_range"),
        ("A1", {"state": "3"}, "cers.entry_not_in_range"),
        ("A1", {"inner_id": "1" * 16}, "cers.entry_too_long"),
        ("A1", {"assets_code": "1234567"}, "cers.entry_too_long"),
        ("A1", {"application_area": "字" * 401}, "cers.entry_too_long"),
        ("A1", {"country_code": "156"}, "cers.entry_country"),
        ("A1", {"image_url": "a.jpg"}, "cers.entry_not_address"),
        ("A1", {"inner_id": "X1"}, "cers.inner_id_taken"),
    ],
)
def test_what_is_refused_writes_nothing(ready: Workspace, number: str, given: dict[str, str], code: str) -> None:
    cers.state(ready, "A2", {"inner_id": "X1"})
    n = len(history.latest(ready))
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        cers.state(ready, number, given)
    assert len(history.latest(ready)) == n
    assert kept(ready) == {}


def test_a_set_of_which_nothing_is_left_stated_is_not_reported(ready: Workspace) -> None:
    cers.state(ready, "A1", {"alias": " "})
    assert cers.stated(ready, "A1") is None
    cers.state(ready, "A1", {"alias": "电镜", "share_level": "3"})
    cers.state(ready, "A1", {"alias": ""})
    assert kept(ready) == {"share_level": "3"}
    cers.state(ready, "A1", {"share_level": ""})
    assert (cers.stated(ready, "A1"), cers.judge(ready, ON).sets) == (None, ())
    history.undo_last(ready)
    assert kept(ready) == {"share_level": "3"}
    assert sound(ready)


def test_a_number_that_a_confidential_set_holds_is_refused_without_naming_it(ready: Workspace) -> None:
    cers.state(ready, "A2", {"inner_id": "X1"})
    reclassifying.prepare(ready, "A2", True, "受托涉密项目", OFFICE, PINS[OFFICE])
    with pytest.raises(Refused) as refused:
        cers.state(ready, "A1", {"inner_id": "X1"})
    assert (refused.value.code, refused.value.params) == ("cers.inner_id_taken_unnamed", {"shown": "X1"})
    assert kept(ready) == {}


def test_taking_out_needs_a_reason_and_something_stated(ready: Workspace) -> None:
    for reason, code in (("", r"cers\.no_reason"), ("误录", r"cers\.not_stated")):
        with pytest.raises(Refused, match=code):
            cers.withdraw(ready, "A1", reason)


def test_the_database_itself_keeps_out_what_is_no_level(ready: Workspace) -> None:
    cers.state(ready, "A1", {"share_level": "3"})
    for name, value in (("share_level", "7"), ("state", "3")):
        with pytest.raises(sqlalchemy.exc.IntegrityError), ready.write("break it for tests") as operation:
            operation.connection.exec_driver_sql(f"UPDATE cers_set SET {name} = ?", (value,))


def test_the_file_has_the_sound_sets_and_tells_of_the_others(ready: Workspace, tmp_path: Path) -> None:
    cers.state(ready, "A1", FULL)
    cers.state(ready, "A2", FULL | {"group_id": ""})
    assert codes(ready) == {"A1": [], "A2": ["cers.blank"]}
    done = cers.write(ready, tmp_path / "InstrusAndGroups.xml", ON)
    assert (done.rows, done.left_out, done.withheld) == (1, 1, 1)
    root = ElementTree.parse(tmp_path / "InstrusAndGroups.xml").getroot()
    assert [one.findtext("InnerID") for one in root.iter("Instru")] == ["A1"]
    assert root.findtext("Instrus/Instru/UpdateDate") == "2026-11-23T00:00:00"
    first = (tmp_path / "InstrusAndGroups.xml").read_bytes()
    cers.write(ready, tmp_path / "again.xml", ON)
    assert (tmp_path / "again.xml").read_bytes() == first
    assert [one.name for one in tmp_path.iterdir() if ".part" in one.name] == []


def test_a_set_that_becomes_confidential_is_written_no_more(ready: Workspace, tmp_path: Path) -> None:
    cers.state(ready, "A1", FULL)
    cers.state(ready, "A2", FULL)
    reclassifying.prepare(ready, "A1", True, "受托涉密项目", OFFICE, PINS[OFFICE])
    done = cers.write(ready, tmp_path / "a.xml", ON)
    assert (done.rows, done.withheld) == (1, 2)
    assert [one.text for one in ElementTree.parse(tmp_path / "a.xml").iter("InnerID")] == ["A2"]
    assert explaining.explain(ready, "cers", "A1", ON).value == "withheld"


def test_no_file_without_a_school_a_sound_set_or_an_ending(ready: Workspace, tmp_path: Path) -> None:
    cers.state(ready, "A1", FULL | {"group_id": ""})
    for name, code in (("a.xml", r"cers\.nothing_sound"), ("a.xlsx", r"cers\.ending")):
        with pytest.raises(Refused, match=code):
            cers.write(ready, tmp_path / name, ON)
    university.set_school_code(ready, "")
    with pytest.raises(Refused, match=r"cers\.no_school"):
        cers.write(ready, tmp_path / "a.xml", ON)
    assert [one.name for one in tmp_path.iterdir()] == ["home"]


def test_why_a_set_stands_where_it_stands(ready: Workspace) -> None:
    cers.state(ready, "A1", FULL)
    cers.state(ready, "A2", FULL | {"group_id": ""})
    for number, standing in (("A1", "written"), ("A2", "left_out"), ("S1", "withheld")):
        tree = explaining.explain(ready, "cers", number, ON)
        assert tree.value == standing
        assert list(unexplained(ready, tree)) == []
    lines = "\n".join(explaining.as_lines(explaining.explain(ready, "cers", "A2", ON)))
    assert "机组编号" in lines
    assert "必填" in lines
    with pytest.raises(Refused, match=r"instrument\.unknown"):
        explaining.explain(ready, "cers", "A9", ON)


def test_every_set_is_judged_or_counted_once(ready: Workspace) -> None:
    cers.state(ready, "A1", FULL)
    found = cers.judge(ready, ON)
    everyone = {one.asset_number for one in instruments.every(ready)}
    secret = {one.asset_number for one in instruments.every(ready) if one.confidential}
    assert {one.instrument.asset_number for one in found.sets} == {"A1"}
    assert {one.asset_number for one in found.others} == everyone - secret - {"A1"}
    assert (found.unstated, found.withheld) == (len(found.others), len(secret))
    reclassifying.prepare(ready, "A1", True, "受托涉密项目", OFFICE, PINS[OFFICE])
    found = cers.judge(ready, ON)
    assert (found.sets, found.withheld) == ((), len(secret) + 1)
    assert "A1" not in {one.asset_number for one in found.others}


def test_what_cannot_be_kept_is_told_field_by_field() -> None:
    told = cers.entry_findings({"country_code": "156", "share_level": "7", "alias": "电镜", "image_url": ""})
    assert [(one.field, one.code) for one in told] == [("country_code", "cers.entry_country"), ("share_level", "cers.entry_not_in_range")]


def test_the_elements_of_a_set_say_where_they_come_from(ready: Workspace) -> None:
    cers.state(ready, "A1", FULL | {"group_id": "", "country_code": ""})
    (one,) = cers.judge(ready, ON).sets
    parts = {part.element: (part.text, part.origin) for part in cers.parts(one)}
    assert parts["SchoolCode"] == ("10422", "school")
    assert parts["InnerID"] == ("A1", "register")
    assert parts["GroupID"] == ("", "stated")
    assert parts["Alias"] == (None, "stated")
    assert parts["ManuCountryCode"][1] == "table"


def test_the_paper_says_what_the_check_says(ready: Workspace, tmp_path: Path) -> None:
    cers.state(ready, "A1", FULL)
    cers.state(ready, "A2", FULL | {"group_id": ""})
    said = plain.text(reporting.content(ready, "cers", on=ON))
    assert said == plain.text(reporting.content(ready, "cers", "2019", on=ON)), "the system holds sets as they are, of no year"
    rows = [[cell.strip() for cell in line.split("|")] for line in said.splitlines() if line.startswith(("A1", "A2"))]
    assert [(row[0], row[6], row[-1]) for row in rows[:2]] == [("A1", "G1", "能"), ("A2", "缺", "不能")]
    assert [row[0] for row in rows] == ["A1", "A2", "A1", "A2"]
    for expected in ("10422", "机组编号", "2026-11-23", "涉密 1 项未列"):
        assert expected in said
    assert "S1" not in said
    for suffix in (".pdf", ".xlsx"):
        assert reporting.make(ready, "cers", out=tmp_path / f"a{suffix}", printed_on=ON).path.stat().st_size > 0
    assert [(one.kind, one.period) for one in reporting.printed(ready)] == [("cers", "截至 2026-11-23")] * 2


def test_the_paper_without_a_school_or_a_set_says_so(small: Workspace) -> None:
    said = plain.text(reporting.content(small, "cers", on=ON))
    assert "没有填写" in said
    assert "还没有一台写明了共享系统信息。" in said


HEAD = "仪器编号,共享系统编号,固定资产分类代码,共享特色代码,机组编号,开放时间,图片网址"


def taken(ledger: Workspace, folder: Path, *rows: str) -> importing.Outcome:
    file = folder / "cers.csv"
    file.write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "cers_sets", file)


def test_a_table_is_taken_once_corrected_and_taken_back(ready: Workspace, tmp_path: Path) -> None:
    rows = ("A1,X1,032101,3,G1,周一,https://a.example.edu.cn/1.jpg", "A2,,,0,,,")
    done = taken(ready, tmp_path, *rows)
    assert (done.accepted, done.rejected) == (2, 0)
    assert kept(ready)["assets_code"] == "032101", "its zero stays"
    assert kept(ready, "A2") == {"share_level": "0"}
    again = taken(ready, tmp_path, *rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 2, 0)
    taken(ready, tmp_path, "A1,,,4,,,")
    assert (kept(ready)["share_level"], kept(ready)["group_id"]) == ("4", "G1"), "a blank leaves what is stated"
    history.undo_last(ready)
    history.undo_last(ready)
    assert (kept(ready), kept(ready, "A2")) == ({}, {})
    assert sound(ready)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A9,,,3,,,", "ledger_import.unknown_instrument"),
        ("S1,,,3,,,", "cers.confidential"),
        ("A1,,,7,,,", "cers.entry_not_in_range"),
        ("A1,,,,,,a.jpg", "cers.entry_not_address"),
        ("A1,1234567890123456,,,,,", "cers.entry_too_long"),
        ("A1,,,,,,", "cers.file_nothing"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_are_taken(ready: Workspace, tmp_path: Path, row: str, code: str) -> None:
    done = taken(ready, tmp_path, row, "A2,,,1,,,")
    assert [one.code for one in done.findings if one.severity == "error"] == [code]
    assert (kept(ready), kept(ready, "A2")) == ({}, {"share_level": "1"})


def test_one_number_for_two_sets_is_refused(ready: Workspace, tmp_path: Path) -> None:
    done = taken(ready, tmp_path, "A1,X1,,3,,,", "A2,X1,,3,,,")
    assert [one.code for one in done.findings if one.severity == "error"] == ["cers.file_inner_id_taken"]
    assert kept(ready)["inner_id"] == "X1"


@pytest.mark.parametrize("code", ["cers.no_school", "cers.nothing_sound", "cers.n_unstated", "moe.school_code"])
def test_who_has_only_the_window_is_told_the_place(code: str) -> None:
    given = {"n": "2", "number": "A1", "shown": "—"}
    for language, place in (("zh", "窗口"), ("en", "window")):
        said = words.say_in(language, code, **given)  # type: ignore[arg-type]
        assert place in said
        assert words.say_in(language, "page.compliance") in said  # type: ignore[arg-type]
