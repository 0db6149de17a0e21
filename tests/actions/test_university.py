"""A university's yearly tables from a real ledger: stated, counted, derived, imported, judged, written, read back, asked why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from desktop import words
from desktop.actions import cers, explaining, history, importing, instruments, reporting, university, university_year, upkeep
from desktop.actions.university_year import Line, Year
from desktop.actions.workspace import Workspace, today
from desktop.formats import moe, moe_workbook, year_use
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.university import HOURS
from desktop.reports import plain
from desktop.reports.content import KeyValues, Table
from tests.actions.making import INSIDE, posted
from tests.formats import books

YEAR = "2024-2025"
WHOLE = {"number": "20210001", "class_code": "03040702", "use": "2", "department_code": "0105"}
SOUND = {
    "source": "购置", "country": "德国", "department": "分析测试中心", "model": "X-1", "technical": "0.1 nm", "contact": "张一", "value_fen": 500_000_00,
    "booked_on": date(2021, 3, 1), "category": "通用", "confidential": False,
}  # fmt: skip


@pytest.fixture
def ready(small: Workspace) -> Workspace:
    """One set that lacks nothing, in a school with its code."""
    old = instruments.get(small, "A1")
    instruments.change(small, replace(old, **SOUND))
    university.set_school_code(small, "10422")
    university.state(small, "A1", WHOLE)
    return small


def judged(ledger: Workspace, year: str = YEAR) -> Year:
    return university_year.judge(ledger, university.year(ledger, year))


def line(ledger: Workspace, asset: str = "A1", year: str = YEAR) -> Line:
    return next(one for one in judged(ledger, year).lines if one.instrument.asset_number == asset)


def used(ledger: Workspace, asset: str = "A1") -> dict[str, tuple[int, str]]:
    return {one.item: (one.reported, one.origin) for one in line(ledger, asset).settled if one.origin != "blank"}


def test_what_is_stated_is_kept_corrected_forgotten_and_undone(small: Workspace) -> None:
    university.state(small, "A1", {"use": "1", "class_code": "03040702"})
    university.state(small, "A1", {"use": "2"})
    kept = university.stated(small, "A1")
    assert kept is not None
    assert (kept.use, kept.class_code, kept.state, kept.noted_by) == ("2", "03040702", "", small.who)
    university.state(small, "A1", {"use": "", "class_code": ""})
    assert university.stated(small, "A1") is None, "a set of which nothing is stated has no row"
    history.undo_last(small)
    assert university.stated(small, "A1") == kept
    assert not upkeep.verify(small).findings


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "university.nothing_said"),
        ({"number": "123456789"}, "university.number"),
        ({"number": "仪器仪器1"}, "university.number"),
        ({"class_code": "030407"}, "university.class_code"),
        ({"use": "3"}, "university.use"),
        ({"department_code": "12345678901"}, "university.department_code"),
        ({"state": "0"}, "university.state"),
        ({"name": "仪" * 16}, "university.name"),
        ({"specification": "E" * 31}, "university.specification"),
    ],
)
def test_what_the_lists_do_not_have_is_refused(small: Workspace, given: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        university.state(small, "A1", given)
    assert refused.value.code == code
    assert university.stated(small, "A1") is None
    with pytest.raises(Refused, match="unknown"):
        university.state(small, "Z9", {"use": "1"})


def test_the_edges_of_the_widths_are_in(small: Workspace) -> None:
    university.state(small, "A1", {"number": "仪器仪器", "department_code": "1234567890", "state": "9", "name": "仪" * 15, "specification": "E" * 30})
    university.state(small, "A1", {"number": "12345678", "state": "1"})


def test_codes_may_be_typed_in_wide_digits(small: Workspace) -> None:
    assert university.set_school_code(small, " １０４２２ ") == "10422"
    wide = {"use": "１", "class_code": "０３０４０７０２", "state": "３", "number": "Ａ－１", "name": "Ｘ射线仪"}
    assert university.stated_faults(wide) is None
    university.state(small, "A1", wide)
    kept = university.stated(small, "A1")
    assert kept is not None
    assert (kept.use, kept.class_code, kept.state, kept.number, kept.name) == ("1", "03040702", "3", "A-1", "Ｘ射线仪")


def test_amounts_are_entered_cleared_and_undone(small: Workspace) -> None:
    university.enter(small, "A1", "2024/2025", {"samples": 3, "teaching_minutes": 90}, "名单")
    university.enter(small, "A1", YEAR, {"samples": 0})
    told = {one.fact.item: (one.fact.amount, one.fact.ground, one.fact.noted_on) for one in university.every(small, YEAR)}
    assert told == {"samples": (0, "名单", today()), "teaching_minutes": (90, "名单", today())}
    university.enter(small, "A1", YEAR, {"samples": None, "core_papers": None})
    assert [one.fact.item for one in university.every(small)] == ["teaching_minutes"]
    history.undo_last(small)
    assert [one.fact.item for one in university.every(small)] == ["teaching_minutes", "samples"]
    assert university.every(small, "2023-2024") == []


@pytest.mark.parametrize(
    ("year", "amounts", "code"),
    [
        ("2025", {"samples": 1}, "university.year"),
        ("2024-2026", {"samples": 1}, "university.year"),
        (YEAR, {}, "university.nothing_said"),
        (YEAR, {"samples": -1}, "university.negative"),
        (YEAR, {"samples": university.MOST + 1}, "university.too_much"),
        (YEAR, dict.fromkeys(HOURS, 60) | {"open_minutes": 181}, "university.open_beyond"),
    ],
)
def test_amounts_that_cannot_be_are_refused(small: Workspace, year: str, amounts: dict[str, int | None], code: str) -> None:
    with pytest.raises(Refused) as refused:
        university.enter(small, "A1", year, amounts)
    assert refused.value.code == code
    assert university.every(small) == []


def test_the_open_hours_are_held_against_what_was_entered_before(small: Workspace) -> None:
    university.enter(small, "A1", YEAR, dict.fromkeys(HOURS[:3], 60))
    university.enter(small, "A1", YEAR, {"open_minutes": 180})
    with pytest.raises(Refused, match="open_beyond"):
        university.enter(small, "A1", YEAR, {"teaching_minutes": 59})


def test_confidential_sets_are_in_nothing(ready: Workspace) -> None:
    found = judged(ready)
    assert ([one.instrument.asset_number for one in found.lines], found.n_withheld) == (["A1", "A2"], 1)
    for call in (lambda: university.state(ready, "S1", {"use": "1"}), lambda: university.enter(ready, "S1", YEAR, {"samples": 1})):
        with pytest.raises(Refused, match="confidential"):
            call()


@pytest.mark.parametrize(
    ("booked", "retired", "n"),
    [
        (date(2025, 8, 31), None, 1), (date(2025, 9, 1), None, 0), (None, None, 1),
        (date(2020, 1, 1), date(2024, 8, 31), 0), (date(2020, 1, 1), date(2024, 9, 1), 1),
    ],
)  # fmt: skip
def test_only_the_confidential_sets_of_the_year_are_counted(ready: Workspace, booked: date | None, retired: date | None, n: int) -> None:
    instruments.change(ready, replace(instruments.get(ready, "S1"), booked_on=booked, retired_on=retired))
    assert judged(ready).n_withheld == n


def test_a_set_that_went_after_the_year_is_in_use_in_its_tables(ready: Workspace) -> None:
    instruments.change(ready, replace(instruments.get(ready, "A1"), retired_on=date(2026, 1, 10)))
    found = line(ready).first
    assert (found.cells["现状码"], found.sound) == ("1", True)
    assert judged(ready).changes.now.n == 1
    assert not line(ready, year="2025-2026").first.sound, "in the year in which it went its state is to be stated"


@pytest.fixture
def pair(ready: Workspace) -> Workspace:
    """A second set that lacks nothing."""
    instruments.change(ready, replace(instruments.get(ready, "A2"), **SOUND))
    university.state(ready, "A2", {**WHOLE, "number": "20210002"})
    return ready


def test_two_sets_with_one_number_are_both_left_out(pair: Workspace, tmp_path: Path) -> None:
    assert [one.first.sound and one.effect.sound for one in judged(pair).lines] == [True, True]
    university.state(pair, "A2", {"number": WHOLE["number"]})
    found = judged(pair)
    assert [[told.code for told in one.first.findings] for one in found.lines] == [["moe.same_number"]] * 2
    assert not any(one.first.sound or one.in_sj3 for one in found.lines)
    assert all(one.effect.sound for one in found.lines), "they have a number each in the sharing system"
    assert "A2" in words.say_in("zh", found.lines[0].first.findings[0].code, **dict(found.lines[0].first.findings[0].params))
    with pytest.raises(Refused, match="nothing_sound"):
        university_year.tables(pair, found.period, tmp_path / "a.xlsx")


def test_a_stated_number_that_is_the_asset_number_of_another_is_told(pair: Workspace) -> None:
    university.state(pair, "A1", {"number": "A2"})
    university.state(pair, "A2", {"number": ""})
    assert [one.first.sound for one in judged(pair).lines] == [False, False]


def test_two_sets_with_one_number_in_the_sharing_system_are_both_left_out(pair: Workspace, tmp_path: Path) -> None:
    cers.state(pair, "A1", {"inner_id": "A2"})
    found = judged(pair)
    assert [[told.code for told in one.effect.findings if told.severity == "error"] for one in found.lines] == [["moe.same_inner_id"]] * 2
    assert all(one.first.sound for one in found.lines)
    with pytest.raises(Refused, match="nothing_sound"):
        university_year.xml(pair, found.period, tmp_path / "a.xml")


def test_a_number_shared_with_a_set_that_is_not_there_this_year_is_no_fault(pair: Workspace) -> None:
    university.state(pair, "A2", {"number": WHOLE["number"]})
    instruments.change(pair, replace(instruments.get(pair, "A2"), retired_on=date(2024, 8, 31)))
    assert [(one.instrument.asset_number, one.first.sound) for one in judged(pair).lines] == [("A1", True)]


def test_the_last_year_that_is_over_is_asked_for_when_none_is_named(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, name in ((date(2025, 8, 31), "2023-2024"), (date(2025, 9, 1), YEAR), (date(2026, 1, 1), YEAR)):
        monkeypatch.setattr(university, "today", lambda day=day: day)
        assert university.year(small).name == name


def test_what_is_not_entered_comes_from_the_postings(ready: Workspace) -> None:
    assert used(ready) == {}
    posted(ready, "R1", minutes=120, way="占用共享", direction="科学研究", quantity=Decimal(3))
    posted(ready, "R2", day=date(2025, 5, 7), minutes=120, customer_name=INSIDE, way="技术共享", direction="教学")
    posted(ready, "R3", day=date(2025, 9, 1), minutes=120, way="占用共享", direction="科学研究")
    assert used(ready) == {
        "teaching_minutes": (2, "derived"), "service_minutes": (2, "derived"), "open_minutes": (2, "derived"),
        "samples": (3, "derived"),
    }  # fmt: skip
    assert [one.code for one in line(ready).remarks] == ["university.derived", "university.sampleless"], "R2 says no number of samples"
    university.enter(ready, "A1", YEAR, {"service_minutes": 600})
    assert used(ready)["service_minutes"] == (10, "entered")
    tree = explaining.explain(ready, "university", "A1", period=YEAR)
    service = next(part for part in tree.inputs if part.code == "moe.use.service_minutes")
    assert [(part.code, part.value) for part in service.inputs] == [("university.entered", 600), ("university.from_postings", 120)]
    behind = service.inputs[1].rows
    assert behind is not None
    assert [row["record_number"] for row in explaining.rows(ready, behind)] == ["R1"]


def test_sj2_and_why(ready: Workspace) -> None:
    instruments.change(ready, replace(instruments.get(ready, "A2"), booked_on=date(2020, 1, 1), value_fen=300_00, retired_on=date(2025, 1, 1)))
    tree = explaining.explain(ready, "university", YEAR)
    assert (tree.code, tree.value) == ("moe.sj2.decrease", 1)
    assert tree.rows is not None
    assert [row["asset_number"] for row in explaining.rows(ready, tree.rows)] == ["A2"]
    assert [one.code for one in line(ready, "A2").first.findings if one.code == "moe.state_unknown"], "gone, but nobody said how"
    for language in ("zh", "en"):
        assert all(words.known(part.code) and "{" not in words.say_in(language, part.code, **dict(part.params)) for part in tree.walk())
    with pytest.raises(Refused, match="not_in_year"):
        explaining.explain(ready, "university", "Z9", period=YEAR)


def test_sj2_counts_no_set_that_sj1_may_not_name(pair: Workspace) -> None:
    before = judged(pair)
    instruments.add(pair, replace(instruments.get(pair, "A2"), id="", asset_number="A3", confidential=None))
    university.state(pair, "A3", {**WHOLE, "number": "20210003"})
    found = judged(pair)
    assert [one.code for one in next(one for one in found.lines if one.instrument.asset_number == "A3").first.findings] == ["moe.secrecy_unknown"]
    assert (found.changes.now, len(found.sound)) == (before.changes.now, found.changes.now.n)
    assert found.changes.n_unstated == 1
    assert [one.code for one in found.general] == ["moe.unstated"]
    said = plain.text(reporting.content(pair, "university", YEAR, on=date(2026, 1, 5)))
    assert "有 1 台（套）没有注明是否涉密，SJ1、SJ2、SJ3 都不计" in said


@pytest.mark.parametrize(("fen", "valuable"), [(399_999_99, 0), (400_000_00, 1), (None, 0)])
def test_a_set_of_unstated_confidentiality_is_no_line_of_the_sheet_but_a_number_of_its_own(pair: Workspace, fen: int | None, valuable: int) -> None:
    def sheet() -> tuple[dict[str, str], list[str]]:
        content = reporting.content(pair, "university", YEAR, on=date(2026, 1, 5))
        values = next(block for block in content.blocks if isinstance(block, KeyValues))
        used = [block for block in content.blocks if isinstance(block, Table)][1:3]
        return dict(values.pairs), [str(row[0]) for block in used for row in block.rows]

    before = sheet()
    instruments.add(pair, replace(instruments.get(pair, "A2"), id="", asset_number="A3", confidential=None, value_fen=fen))
    totals, named = sheet()
    assert totals.pop("没有注明是否涉密") == f"1 台（套），其中达到限额 {valuable}"
    assert (totals, named) == before
    assert "A3" in plain.text(reporting.content(pair, "university", YEAR, on=date(2026, 1, 5))), "it stands among what is lacking, with what to do"
    instruments.change(pair, replace(instruments.get(pair, "A3"), confidential=False))
    totals, named = sheet()
    assert "没有注明是否涉密" not in totals
    assert ("A3" in named) == bool(valuable)


def test_the_tables_read_back(ready: Workspace, tmp_path: Path) -> None:
    university.enter(ready, "A1", YEAR, {"teaching_minutes": 90, "service_minutes": 6000, "open_minutes": 60, "samples": 7})
    path = tmp_path / "报表.xlsx"
    done = university_year.tables(ready, university.year(ready, YEAR), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["SJ1", "SJ2", "SJ3", "问题"]
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert sheets["SJ1"][0] == moe.SJ1
    assert [row[1] for row in sheets["SJ1"][1:]] == ["20210001"], "rows with an error are told on the last sheet and stand nowhere else"
    assert sheets["SJ2"][0] == moe_workbook.SJ2
    assert sheets["SJ2"][1][:2] == ("10422", YEAR)
    assert sheets["SJ3"][0] == year_use.SJ3
    assert sheets["SJ3"][1][7:12] == (2, 0, 100, 1, 7)
    assert done.rows == {"SJ1": 1, "SJ2": 1, "SJ3": 1}
    assert done.left_out == len(judged(ready).lines) - 1
    told = sheets["问题"]
    assert told[0] == moe_workbook.FINDINGS
    assert len(told) == 1 + len(done.findings)
    assert any(row[0] == "A2" and "分类号" in row[2] for row in told[1:])
    again = tmp_path / "again.xlsx"
    university_year.tables(ready, university.year(ready, YEAR), again)
    assert again.read_bytes() == path.read_bytes()


def test_the_decrease_of_sj2_is_what_its_own_numbers_say() -> None:
    one = moe_workbook.Sj2("10422", YEAR, (1, 49_99), (1, 50_00 * 100), (1, 50_00 * 100 + 49_99))
    last, came, gone, now = moe_workbook.amounts(one)
    assert gone == last + came - now


def test_the_xml_reads_back(ready: Workspace, tmp_path: Path) -> None:
    university.enter(ready, "A1", YEAR, {"samples": 7})
    path = tmp_path / "effect.xml"
    done = university_year.xml(ready, university.year(ready, YEAR), path)
    found = {one.findtext("InnerID"): one for one in ElementTree.parse(path).iter("ShareEffect")}
    assert done.rows == {"ShareEffect": len(found)}
    assert [found["A1"].findtext(name) for name in ("SchoolCode", "YEAR", "SAMPLENUM", "CHARGEMAN")] == ["10422", "2025", "7", "张一"]


def test_the_effect_goes_under_the_number_the_sharing_system_knows(ready: Workspace, tmp_path: Path) -> None:
    assert line(ready).effect.cells[1] == "A1"
    cers.state(ready, "A1", {"inner_id": "CN-0001"})
    path = tmp_path / "effect.xml"
    university_year.xml(ready, university.year(ready, YEAR), path)
    assert "CN-0001" in [one.text for one in ElementTree.parse(path).iter("InnerID")]
    assert [one.row.cells["InnerID"] for one in cers.judge(ready).sets] == ["CN-0001"]


def test_nothing_is_written_without_a_school_or_a_sound_row(small: Workspace, tmp_path: Path) -> None:
    period = university.year(small, YEAR)
    assert "university.no_school" in [one.code for one in judged(small).findings]
    for make, name in ((university_year.tables, "a.xlsx"), (university_year.xml, "a.xml")):
        with pytest.raises(Refused, match="no_school"):
            make(small, period, tmp_path / name)
    university.set_school_code(small, "10422")
    with pytest.raises(Refused) as refused:
        university_year.tables(small, period, tmp_path / "a.xlsx")
    assert refused.value.code == "university.nothing_sound"
    assert [one.name for one in tmp_path.iterdir()] == ["home"]


def test_another_ending_is_refused(ready: Workspace, tmp_path: Path) -> None:
    for make, name in ((university_year.tables, "a.csv"), (university_year.xml, "a.txt")):
        with pytest.raises(Problem, match="ending"):
            make(ready, university.year(ready, YEAR), tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["home"]


def test_a_year_that_runs_is_told(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(university_year, "today", lambda: date(2025, 8, 30))
    assert [one.code for one in judged(ready).general if one.code == "university.running"] == ["university.running"]
    monkeypatch.setattr(university_year, "today", lambda: date(2025, 8, 31))
    assert "university.running" not in [one.code for one in judged(ready).general]


def test_a_set_is_in_the_year_until_the_year_after_it_went(ready: Workspace) -> None:
    one = instruments.get(ready, "A1")
    for booked, retired, there in (
        (date(2025, 8, 31), None, True), (date(2025, 9, 1), None, False), (None, None, True),
        (date(2020, 1, 1), date(2024, 8, 31), False), (date(2020, 1, 1), date(2024, 9, 1), True), (date(2020, 1, 1), date(2025, 9, 1), True),
    ):  # fmt: skip
        instruments.change(ready, replace(one, booked_on=booked, retired_on=retired))
        assert ("A1" in [line.instrument.asset_number for line in judged(ready).lines]) is there


def test_what_is_stated_is_imported_with_words_or_codes(small: Workspace, tmp_path: Path) -> None:
    rows = [
        ["仪器编号", "报表编号", "分类号", "使用方向", "单位编号", "现状"],
        ["A1", "20210001", "03040702", "科研", "0105", "在用"],
        ["A2", "", "", "1", "", ""],
        ["Z9", "", "", "1", "", ""],
        ["A2", "123456789", "", "", "", ""],
    ]
    file = books.xlsx(tmp_path / "各项.xlsx", {"教育部报表各项": rows[:4]})
    done = importing.import_file(small, "university_sets", file)
    assert (done.accepted, done.rejected) == (2, 1)
    kept = university.stated(small, "A1")
    assert kept is not None
    assert (kept.number, kept.use, kept.state) == ("20210001", "2", "1")
    assert importing.import_file(small, "university_sets", file).unchanged == 2
    wrong = importing.import_file(small, "university_sets", books.xlsx(tmp_path / "b.xlsx", {"教育部报表各项": [rows[0], rows[4]]}))
    assert [one.code for one in wrong.findings] == ["university.number"]
    history.undo_last(small)
    assert university.stated(small, "A1") is None


def test_a_years_use_is_imported(small: Workspace, tmp_path: Path) -> None:
    rows = [
        ["仪器编号", "学年", "教学机时", "科研机时", "社会服务机时", "其中开放机时", "测样数", "核心刊物论文", "依据"],
        ["A1", "2024-2025", 12.5, 10, 1, None, 0, None, "使用登记"],
        ["A2", "2025", 1, None, None, None, None, None, ""],
        ["A2", "2024-2025", 1, 1, 1, 4, None, None, ""],
        ["A1", "2024/2025", 13, None, None, None, None, None, ""],
    ]
    file = books.xlsx(tmp_path / "使用.xlsx", {"学年使用情况": rows})
    done = importing.import_file(small, "university_use", file)
    assert (done.accepted, [one.code for one in done.findings]) == (1, ["university.year", "university.open_beyond", "university.said_twice"])
    assert {one.fact.item: one.fact.amount for one in university.every(small, YEAR)} == {
        "teaching_minutes": 750, "research_minutes": 600, "service_minutes": 60, "samples": 0,
    }  # fmt: skip
    again = importing.import_file(small, "university_use", books.xlsx(tmp_path / "b.xlsx", {"学年使用情况": rows[:2]}))
    assert (again.accepted, again.unchanged) == (0, 1)


def test_a_row_is_weighed_with_what_earlier_rows_and_the_ledger_say(small: Workspace, tmp_path: Path) -> None:
    university.enter(small, "A1", YEAR, {"teaching_minutes": 60})
    rows = [
        ["仪器编号", "学年", "科研机时", "社会服务机时", "其中开放机时"],
        ["A1", "2024-2025", 1, 1, None],
        ["A1", "2024/2025", None, None, 4],
        ["A1", "2023-2024", None, None, 4],
        ["A2", "2024-2025", None, None, 4],
    ]
    done = importing.import_file(small, "university_use", books.xlsx(tmp_path / "a.xlsx", {"学年使用情况": rows}))
    assert (done.accepted, [one.code for one in done.findings]) == (3, ["university.open_beyond"]), "4 of 3 hours, once all three are known"
    rows[2][-1] = 3
    done = importing.import_file(small, "university_use", books.xlsx(tmp_path / "b.xlsx", {"学年使用情况": rows}))
    assert (done.accepted, done.unchanged, done.rejected) == (1, 3, 0)


def test_the_paper_of_a_year_says_what_the_check_says(ready: Workspace, tmp_path: Path) -> None:
    university.enter(ready, "A1", YEAR, {"teaching_minutes": 90, "core_papers": 2})
    said = plain.text(reporting.content(ready, "university", YEAR, on=date(2026, 1, 5)))
    assert said == plain.text(reporting.content(ready, "university", "2025", on=date(2026, 1, 5))), "a calendar year stands for the one that ended in it"
    assert "10422" in said
    assert "20210001" in said
    assert "单位编号" in said, "what A2 lacks"
    for suffix in (".pdf", ".xlsx"):
        made = reporting.make(ready, "university", period=YEAR, out=tmp_path / f"a{suffix}", printed_on=date(2026, 1, 5))
        assert made.path.stat().st_size > 0
    assert reporting.draw(ready, "university", YEAR).data == reporting.draw(ready, "university", YEAR).data
    with pytest.raises(Refused):
        reporting.content(ready, "university", "2024-2026")
