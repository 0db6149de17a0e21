"""Pilot bases in a real ledger: entered, opened, serving; what is confidential stays out; undo; figures again by plain SQL; the papers."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from desktop import words
from desktop.actions import (
    evaluations,
    evidence,
    explaining,
    history,
    importing,
    instruments,
    parameter_sets,
    pilot,
    pilot_report,
    pilot_view,
    records,
    reporting,
    upkeep,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotPartner
from desktop.ledger.problem import Problem, Refused
from desktop.reports import plain
from desktop.store.pilot import EQUIPMENT
from tests.actions.making import INSIDE, enter, posted
from tests.reports import paper

BASE = PilotBase(
    "", "Z1", "新材料中试基地", "新材料", "聚合", "年 10 吨", "放大试验", "高新区1号", date(2020, 1, 1), True, "三方出资设立公司", "周工", "0531-1"
)


def refused(code: str, act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as told:
        act()
    assert told.value.code == code
    assert not words.say(code, **told.value.params).startswith("[")
    return told.value


def codes(told: tuple[Finding, ...]) -> list[str]:
    return [one.code.removeprefix("pilot.") for one in told]


@pytest.fixture
def based(small: Workspace) -> Workspace:
    """Z1 with the set A1 (500 000 yuan) and an own line of 9 500 000 yuan, partners, open since 2021."""
    pilot.add_base(small, BASE)
    pilot.add_equipment(small, PilotEquipment("", "E1", "中试电镜"), "Z1", "A1")
    pilot.add_equipment(small, PilotEquipment("", "E2", "聚合线", value_fen=950_000_000, accepted_on=date(2020, 5, 1), confidential=False), "Z1")
    pilot.add_partner(small, "Z1", PilotPartner("", "", "高新区管委会", "park", "场地", "协议1"))
    pilot.add_partner(small, "Z1", PilotPartner("", "", "某材料公司", "company", "运营", "协议2"))
    pilot.say_open(small, "Z1", "open", "建成投用", date(2021, 1, 1))
    return small


def seen(workspace: Workspace, on: date | None = None) -> pilot_view.BaseSeen:
    (one,) = pilot_view.bases(workspace, on)
    return one


def test_a_base_with_all_it_needs_meets_both(based: Workspace) -> None:
    one = seen(based)
    assert (one.judged.demonstration, one.judged.open_base, one.value_fen) == ("met", "met", 1_000_000_000)
    assert one.openness is not None
    assert (one.openness.state, one.openness.from_on) == ("open", date(2021, 1, 1))
    assert upkeep.verify(based).ok
    tree = explaining.explain(based, "pilot", "Z1", period="2025")
    text = "\n".join(explaining.as_lines(tree))
    for said in ("省级中试示范基地的条件：符合", "设备原值合计：¥ 10,000,000.00", "鲁科字〔2022〕4号", "开放状态：开放", "奖补估算"):
        assert said in text
    value = next(part for part in tree.walk() if part.code == "pilot.equipment_value")
    assert value.rows is not None
    assert {row["number"]: row["value_fen"] for row in explaining.rows(based, value.rows)} == {"E1": 50_000_000, "E2": 950_000_000}


def test_one_fen_less_is_not_met_and_an_unknown_value_is_not_judged(based: Workspace) -> None:
    line = PilotEquipment("", "E2", "聚合线", value_fen=949_999_999, accepted_on=date(2020, 5, 1), confidential=False)
    pilot.change_equipment(based, "E2", line, "Z1")
    assert seen(based).judged.demonstration == "not_met"
    told = pilot.change_equipment(based, "E2", replace(line, value_fen=None), "Z1").findings
    assert codes(told) == ["no_value"]
    assert (seen(based).judged.demonstration, seen(based).value_fen) == ("unknown", None)
    history.undo_last(based)
    assert seen(based).judged.demonstration == "not_met"


def test_what_is_wrong_is_not_kept(based: Workspace) -> None:
    before = upkeep.head(based)
    refused("pilot.taken", lambda: pilot.add_base(based, replace(BASE, number="E1")))
    refused("pilot.taken", lambda: pilot.add_equipment(based, PilotEquipment("", "Z1", "x")))
    refused("pilot.no_name", lambda: pilot.add_base(based, replace(BASE, number="Z2", name=" ")))
    refused("pilot.unknown_base", lambda: pilot.change_base(based, "Z9", BASE))
    refused("pilot.unknown_base", lambda: pilot.add_equipment(based, PilotEquipment("", "E3", "x"), "Z9"))
    refused("instrument.unknown", lambda: pilot.add_equipment(based, PilotEquipment("", "E3", "x"), "Z1", "A9"))
    refused("pilot.said_by_register", lambda: pilot.add_equipment(based, PilotEquipment("", "E3", "x", value_fen=1), "Z1", "A2"))
    refused("pilot.unknown_partner", lambda: pilot.remove_partner(based, "Z1", "无此单位"))
    refused("pilot.unknown_subject", lambda: pilot.say_open(based, "Z9", "open", "x"))
    refused("pilot.openness_same", lambda: pilot.say_open(based, "Z1", "open", "又一次"))
    refused("pilot.no_reason", lambda: pilot.say_open(based, "Z1", "closed", " "))
    with pytest.raises(Problem, match=r"pilot\.instrument_taken"):
        pilot.add_equipment(based, PilotEquipment("", "E3", "又一台"), "Z1", "A1")
    assert upkeep.head(based) == before


def test_the_history_of_open_states_is_kept_and_undone_step_by_step(based: Workspace) -> None:
    pilot.say_open(based, "Z1", "paused", "检修", date(2026, 3, 1))
    told = pilot.say_open(based, "Z1", "limited", "先开一条线", date(2026, 12, 1)).findings
    assert codes(told) == ["openness_ahead"]
    one = seen(based)
    assert [(each.state, each.reason) for each in one.history] == [("open", "建成投用"), ("paused", "检修"), ("limited", "先开一条线")]
    assert one.openness is not None
    assert one.openness.state == "paused"
    assert one.judged.open_base == "not_met"
    by_day = {day: found.state if (found := seen(based, day).openness) else None for day in (date(2020, 12, 31), date(2026, 2, 28), date(2026, 12, 1))}
    assert by_day == {date(2020, 12, 31): None, date(2026, 2, 28): "open", date(2026, 12, 1): "limited"}
    pilot.say_open(based, "E2", "closed", "搬迁")
    assert next(each for each in pilot_view.equipment(based) if each.equipped.equipment.number == "E2").openness is not None
    history.undo_last(based)
    history.undo_last(based)
    history.undo_last(based)
    assert [each.state for each in seen(based).history] == ["open"]
    assert seen(based).judged.open_base == "met"
    with pytest.raises(Problem, match="openness_forward"), based.write("rewrite") as operation:
        operation.connection.exec_driver_sql("UPDATE pilot_openness SET state = 'closed'")


def sums(workspace: Workspace, year: int) -> tuple[int, int]:
    """External fen and postings of base services, again, by plain SQL that knows nothing of replacements."""
    sql = (
        "SELECT coalesce(sum(p.amount_fen), 0), count(*) FROM pilot_service s JOIN posting p ON p.record_id = s.record_id WHERE p.external = 1 "
        "AND p.confidential = 0 AND substr(CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END, 1, 4) = ?"
    )
    with workspace.read() as connection:
        found = connection.exec_driver_sql(sql, (str(year),)).one()
    return int(found[0]), int(found[1])


def test_services_are_records_that_somebody_names(based: Workspace) -> None:
    posted(based, "1", day=date(2025, 12, 31))
    posted(based, "2", day=date(2026, 1, 1))
    posted(based, "3", day=date(2026, 11, 20), minutes=120)
    posted(based, "4", day=date(2026, 6, 1), customer_name=INSIDE)
    posted(based, "5", "A2", day=date(2026, 6, 2))
    enter(based, "6", day=date(2026, 7, 1))
    waiting = pilot_view.candidates(based, 2026)
    assert [(one.number, one.base, one.equipment, one.fen) for one in waiting] == [
        ("2", "Z1", "E1", 18_000), ("4", "Z1", "E1", 6_000), ("6", "Z1", "E1", None), ("3", "Z1", "E1", 36_000),
    ]  # fmt: skip
    pilot.serve(based, ["1", "2", "3", "4", "6"], "Z1", what="放大试验")
    assert pilot_view.candidates(based, 2026) == []
    (year,) = pilot_view.services(based, 2026)
    assert [line.line.record_number for line in year.lines] == ["2", "4", "3"]
    assert (year.evidenced.fen, year.evidenced.n) == (54_000, 2)
    assert sums(based, 2026) == (54_000, 2)
    (before,) = pilot_view.services(based, 2025)
    assert (before.evidenced.fen, sums(based, 2025)) == (18_000, (18_000, 1))
    told = pilot.serve(based, ["5"], "Z1").findings
    assert codes(told) == ["no_equipment_of_record"]
    pilot.serve_not(based, "5")
    refused("pilot.not_served", lambda: pilot.serve_not(based, "5"))
    refused("pilot.unknown_record", lambda: pilot.serve(based, ["2", "99"], "Z1"))
    refused("pilot.other_set", lambda: pilot.serve(based, ["5"], "Z1", "E1"))
    pilot.add_base(based, replace(BASE, number="Z2", name="另一个基地"))
    refused("pilot.other_base", lambda: pilot.serve(based, ["2"], "Z2", "E1"))
    with pytest.raises(Problem, match="other_set"), based.write("around") as operation:
        operation.connection.exec_driver_sql("UPDATE pilot_service SET equipment_id = (SELECT id FROM pilot_equipment WHERE number = 'E1')"
                                             ", record_id = (SELECT id FROM service_record WHERE number = '5') WHERE record_id IN "
                                             "(SELECT id FROM service_record WHERE number = '2')")  # fmt: skip


def test_a_service_that_another_base_has_is_not_taken_over_without_a_word(based: Workspace) -> None:
    pilot.add_base(based, replace(BASE, number="Z2", name="另一个基地"))
    posted(based, "1", day=date(2026, 1, 1))
    pilot.serve(based, ["1"], "Z1")
    moved = [one for one in pilot.serve(based, ["1"], "Z2").findings if one.code == "pilot.served_elsewhere"]
    assert [dict(one.params) for one in moved] == [{"record": "1", "number": "Z2", "before": "Z1"}]
    assert "served_elsewhere" not in codes(pilot.serve(based, ["1"], "Z2", what="放大试验").findings), "its words alone were corrected"


def test_a_reversal_takes_the_amount_out_and_the_replacement_brings_it_back(based: Workspace) -> None:
    posted(based, "1", day=date(2026, 5, 6))
    pilot.serve(based, ["1"], "Z1")
    records.reverse(based, "1", "多记一小时")
    (year,) = pilot_view.services(based, 2026)
    assert [line.line.amount_fen for line in year.lines] == [18_000, -18_000]
    assert (year.evidenced.fen, year.evidenced.reversed_fen) == (0, -18_000)
    with based.read() as connection:
        (key,) = connection.exec_driver_sql("SELECT id FROM service_record WHERE number = '1'").one()
    posted(based, "11", day=date(2026, 5, 7), replaces=key)
    (year,) = pilot_view.services(based, 2026)
    assert [line.line.record_number for line in year.lines] == ["1", "1", "11"]
    assert year.evidenced.fen == 18_000
    assert pilot_view.candidates(based, 2026) == []
    # Unless it says otherwise itself.
    pilot.add_base(based, replace(BASE, number="Z2", name="另一个基地"))
    pilot.serve(based, ["11"], "Z2")
    assert [one.evidenced.fen for one in pilot_view.services(based, 2026)] == [0, 18_000]


def test_what_is_confidential_is_only_counted(based: Workspace, tmp_path: Path) -> None:
    pilot.add_equipment(based, PilotEquipment("", "E3", "保密线", value_fen=10**9, accepted_on=date(2020, 1, 1), confidential=True), "Z1")
    pilot.add_equipment(based, PilotEquipment("", "E4", "保密雷达"), "Z1", "S1")
    posted(based, "1", "S1", day=date(2025, 5, 6))
    refused("pilot.confidential_record", lambda: pilot.serve(based, ["1"], "Z1"))
    one = seen(based)
    assert (one.n_withheld, [each.equipment.number for each in one.equipment], one.value_fen) == (2, ["E1", "E2"], 1_000_000_000)
    photo(tmp_path / "secret.png")
    with based.read() as connection:
        key = pilot.equipment_named(connection, "E3").id
    evidence.add(based, "pilot_equipment", key, tmp_path / "secret.png", "保密照片")
    assert evidence.listing(based, "pilot_equipment", key).confidential
    for kind in ("pilot_catalogue", "pilot_award", "pilot_performance"):
        text = plain.text(reporting.content(based, kind, "2025"))
        assert "保密" not in text
        assert "另有涉密 2 项未列" in text
    assert codes(pilot.say_open(based, "E3", "open", "内部").findings) == []
    assert upkeep.verify(based).ok


def test_a_catalogue_that_forgot_to_hide_would_be_seen(based: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot.add_equipment(based, PilotEquipment("", "E3", "保密线", value_fen=10**9, confidential=True), "Z1")
    equipped = pilot_view.rows.equipped
    monkeypatch.setattr(pilot_view.rows, "equipped", lambda *given: [replace(one, confidential=False) for one in equipped(*given)])
    assert "保密线" in plain.text(reporting.content(based, "pilot_catalogue"))


def test_the_award_is_not_estimated_until_a_rate_is_entered(based: Workspace) -> None:
    posted(based, "1", day=date(2025, 5, 6))
    pilot.serve(based, ["1"], "Z1", what="放大试验")
    text = plain.text(reporting.content(based, "pilot_award", "2025"))
    assert "未公布计算公式" in text
    assert "未知（未公布计算公式）" in text
    plan = parameter_sets.propose(based, "award.pilot_base_rate", "10%", date(2026, 1, 1), "鲁科字〔2026〕9号", "第2条")
    moved = [(one.subject, one.old, one.new) for one in parameter_sets.effects(based, plan).moved if one.figure == "award.estimate"]
    assert moved == [("Z1", None, 1_800), ("Z1 2026", None, 0)], "last year, and the running one so far"
    parameter_sets.commit(based, plan, "省里公布")
    text = plain.text(reporting.content(based, "pilot_award", "2025"))
    assert "18.00 元" in text
    assert "10.00%（鲁科字〔2026〕9号 第2条）" in text
    with based.read() as connection:
        fen = connection.exec_driver_sql("SELECT sum(amount_fen) FROM posting").scalar_one()
    tree = explaining.explain(based, "pilot", "Z1", period="2025")
    estimate = next(part for part in tree.walk() if part.code == "award.estimate")
    assert estimate.value == int(Decimal("0.1") * fen)


def photo(path: Path, size: tuple[int, int] = (1600, 1000)) -> None:
    picture = Image.new("RGBA", size, (20, 90, 140, 120))
    picture.save(path)


def test_pictures_are_printed_small_and_bare(based: Workspace, tmp_path: Path) -> None:
    photo(tmp_path / "a.png")
    exif = Image.Exif()
    exif[0x010F] = "某相机厂"
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", (1200, 800), "white").save(tmp_path / "b.jpg", exif=exif)
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"broken" * 20)
    with based.read() as connection:
        key = pilot.base_named(connection, "Z1").id
    for name, note in (("a.png", "外景"), ("b.jpg", "车间"), ("c.png", "坏图")):
        evidence.add(based, "pilot_base", key, tmp_path / name, note)
    content = reporting.content(based, "pilot_catalogue")
    found = [picture for block in content.blocks for picture in getattr(block, "items", ())]
    assert [(one.caption, max(one.width, one.height) <= 900) for one in found] == [("新材料中试基地  外景", True), ("新材料中试基地  车间", True)]
    assert found[1].height > found[1].width, "turned upright"
    assert all("某相机厂".encode() not in one.data and not Image.open(io.BytesIO(one.data)).getexif() for one in found)
    assert "有 1 张图片没有印出" in plain.text(content)
    for suffix in (".pdf", ".xlsx"):
        made = [reporting.make(based, "pilot_catalogue", out=tmp_path / f"{n}{suffix}", printed_on=date(2026, 11, 23)) for n in range(2)]
        head = made[0].path.read_bytes()
        assert len(head) < 400_000
    said = "".join(paper.pages((tmp_path / "0.pdf").read_bytes()))
    assert "新材料中试基地" in said
    assert "车间" in said
    with zipfile.ZipFile(tmp_path / "0.xlsx") as book:
        assert len([name for name in book.namelist() if name.startswith("xl/media/")]) == 2


def test_the_papers_are_of_one_base_or_all_and_of_calendar_years(based: Workspace) -> None:
    pilot.add_base(based, replace(BASE, number="Z2", name="另一个基地"))
    for kind in ("pilot_catalogue", "pilot_award", "pilot_performance"):
        both, one = (plain.text(reporting.content(based, kind, "2025", run)) for run in (None, "Z2"))
        assert "新材料中试基地" in both
        assert "新材料中试基地" not in one
        assert "另一个基地" in one
        refused("pilot.unknown_base", lambda kind=kind: reporting.content(based, kind, "2025", "Z9"))
    refused("report.period_year", lambda: reporting.content(based, "pilot_award", "2025Q1"))
    refused("report.period", lambda: reporting.content(based, "pilot_performance", "2024-2025"))
    ended = replace(seen_base(based, "Z2"), retired_on=date(2026, 1, 1))
    pilot.change_base(based, "Z2", ended)
    assert "另一个基地" not in plain.text(reporting.content(based, "pilot_catalogue"))


def seen_base(workspace: Workspace, number: str) -> PilotBase:
    return next(one.base for one in pilot_view.bases(workspace) if one.base.number == number)


def test_performance_says_both_years_and_counts_customers_once(based: Workspace) -> None:
    posted(based, "1", day=date(2025, 5, 6))
    posted(based, "2", day=date(2026, 5, 6), rating="满意")
    posted(based, "3", day=date(2026, 5, 7))
    posted(based, "4", day=date(2026, 5, 8), customer_name=INSIDE)
    pilot.serve(based, ["1", "2", "3", "4"], "Z1", what="放大试验")
    text = plain.text(reporting.content(based, "pilot_performance", "2026"))
    for said in (
        "服务次数: 3 笔（上年 1 笔）", "其中对外: 2 笔（上年 1 笔）", "服务收入: 420.00 元（上年 180.00 元）", "对外服务收入: 360.00 元（上年 180.00 元）",
        "对外使用单位: 1 家（上年 1 家）", "新增使用单位: 0 家", "服务机时: 3.00 小时（上年 1.00 小时）",
    ):  # fmt: skip
        assert said in text, said


def test_performance_says_what_the_base_can_do_and_how_customers_judged_it(based: Workspace) -> None:
    pilot.change_base(based, "Z1", replace(seen_base(based, "Z1"), process="聚合、精馏", capacity="年中试 20 批"))
    for n, word in enumerate(("非常满意", "一般", "", "基本满意"), 1):
        posted(based, str(n), day=date(2026, 5, n), rating=word)
    posted(based, "5", day=date(2026, 5, 6), customer_name=INSIDE, rating="极差")  # inside: not asked
    pilot.serve(based, ["1", "2", "3", "4", "5"], "Z1", what="放大试验")
    text = plain.text(reporting.content(based, "pilot_performance", "2026"))
    for said in ("工艺: 聚合、精馏", "中试能力: 年中试 20 批", "设备原值: 10,000,000.00 元", "对外服务满意率: 66.67%"):
        assert said in text, said
    evaluations.rate(based, "2", "基本满意")  # said later: it counts before the word of the entry
    assert "对外服务满意率: 100.00%" in plain.text(reporting.content(based, "pilot_performance", "2026"))
    evaluations.rate(based, "3", "不满意")
    assert "对外服务满意率: 75.00%" in plain.text(reporting.content(based, "pilot_performance", "2026"))
    records.reverse(based, "3", "重复")
    assert "对外服务满意率: 100.00%" in plain.text(reporting.content(based, "pilot_performance", "2026"))
    assert "对外服务满意率: 未知" in plain.text(reporting.content(based, "pilot_performance", "2025"))


def test_a_set_that_becomes_confidential_leaves_the_catalogue(based: Workspace) -> None:
    one = instruments.get(based, "A1")
    assert one.confidential is False
    with based.write("as if", undoable=False) as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO reclassification (id, instrument_id, to_confidential, state, reason, prepared_by, prepared_at) "
            "SELECT 'r', id, 1, 'prepared', 'x', (SELECT id FROM person LIMIT 1), '2026-11-23T00:00' FROM instrument WHERE asset_number = 'A1'"
        )
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1 WHERE asset_number = 'A1'")
    found = seen(based)
    assert (found.n_withheld, [each.equipment.number for each in found.equipment]) == (1, ["E2"])
    assert "中试电镜" not in plain.text(reporting.content(based, "pilot_catalogue"))


def test_condition_lines_are_words(based: Workspace) -> None:
    lines = [pilot_report.condition_line(one) for one in seen(based).judged.conditions]
    assert [one.verdict for one in lines] == ["符合"] * len(lines)
    assert (lines[0].there, lines[0].asked, lines[0].certainty) == ("¥ 10,000,000.00", "≥ ¥ 10,000,000.00", "A-")
    assert lines[1].asked == "≥ 2 年"
    assert lines[-1].asked == "开放 / 限制开放"
    assert all(one.source for one in lines)


def sheet(folder: Path, text: str) -> Path:
    path = folder / "表.csv"
    path.write_text(text, "utf-8")
    return path


def test_bases_and_equipment_come_from_files(based: Workspace, tmp_path: Path) -> None:
    head = "基地编号,基地名称,开始运行,市场化方式建设\n"
    lines = "Z1,改了名,2020-01-01,是\nZ8,新基地,2024-02-29,否\nE1,占了编号,,\n,没有编号,,\nZ9,将来的,2027-01-01,\n"
    told = importing.import_file(based, "pilot_bases", sheet(tmp_path, head + lines))
    assert (told.accepted, told.rejected) == (2, 3)
    assert {"ledger_import.pilot_taken", "pilot.start_ahead", "import.blank"} <= {one.code for one in told.findings}
    one = seen_base(based, "Z1")
    assert (one.name, one.process, one.phone) == ("改了名", "聚合", "0531-1"), "a column the file has not stays"
    text = (
        "中试设备编号,中试设备名称,所属基地,资产编号,原值（元）,是否涉密\nE5,新线,Z8,,1234567.89,否\nE6,质谱,Z8,A2,,\nE7,再一台,Z8,A1,,\n"
        "E8,没有基地,Z99,,1,否\nE9,没有仪器,Z8,A99,,\nE2,聚合线,,,9500000,否\n"
    )
    told = importing.import_file(based, "pilot_equipment", sheet(tmp_path, text))
    assert (told.accepted, told.rejected) == (3, 3)
    assert {"ledger_import.pilot_linked", "ledger_import.pilot_base_unknown", "ledger_import.unknown_instrument"} <= {one.code for one in told.findings}
    pieces = {one.equipped.equipment.number: (one.base, one.equipped.value_fen, one.equipped.asset_number) for one in pilot_view.equipment(based)}
    assert pieces == {"E1": ("Z1", 50_000_000, "A1"), "E2": ("", 950_000_000, ""), "E5": ("Z8", 123_456_789, ""), "E6": ("Z8", 50_000_000, "A2")}
    again = importing.import_file(based, "pilot_equipment", sheet(tmp_path, text))
    assert (again.accepted, again.unchanged) == (0, 3)
    history.undo_last(based)
    history.undo_last(based)
    assert [one.equipped.equipment.number for one in pilot_view.equipment(based)] == ["E1", "E2"]


def test_a_level_in_a_column_of_its_own_says_that_a_piece_is_confidential(based: Workspace, tmp_path: Path) -> None:
    cases = tomllib.loads((Path(__file__).parents[1] / "cases" / "secrecy_columns.toml").read_text("utf-8"))["case"]
    rows = "".join(f"P{n},设备{n},{case['secret']},{case['level']}\n" for n, case in enumerate(cases))
    importing.import_file(based, "pilot_equipment", sheet(tmp_path, f"中试设备编号,中试设备名称,是否涉密,密级\n{rows}"))
    with based.read() as connection:
        kept = {one.number: one.confidential for one in EQUIPMENT.find(connection)}
    for n, case in enumerate(cases):
        if case["name"] == "two levels":  # none is kept of equipment: both say that it is confidential
            assert kept[f"P{n}"] is True
            continue
        assert (f"P{n}" in kept) == ("kept" in case), case["name"]
        assert "kept" not in case or kept[f"P{n}"] == (None if case["kept"][0] == "?" else case["kept"][0]), case["name"]
    importing.import_file(based, "pilot_equipment", sheet(tmp_path, "中试设备编号,中试设备名称,密级\nP99,密件,机密\n"))
    with based.read() as connection:
        assert [one.confidential for one in EQUIPMENT.find(connection) if one.number == "P99"] == [True]


def test_one_person_declassifies_no_equipment(based: Workspace, tmp_path: Path) -> None:
    pilot.add_equipment(based, PilotEquipment("", "E8", "密件", process="机密工艺", confidential=True), "Z1")
    pilot.add_equipment(based, PilotEquipment("", "E9", "密机", process="机密工艺"), "Z1", "S1")
    open_ = PilotEquipment("", "E8", "密件", process="机密工艺", confidential=False)
    for number, asset in (("E8", ""), ("E8", "A2"), ("E9", ""), ("E9", "A2")):
        refused("pilot.declassify", lambda n=number, a=asset: pilot.change_equipment(based, n, replace(open_, number=n), "Z1", a))
    text = "中试设备编号,中试设备名称,资产编号,是否涉密\nE8,密件,,否\nE9,密机,,\n"
    told = importing.import_file(based, "pilot_equipment", sheet(tmp_path, text))
    assert (told.accepted, told.rejected) == (0, 2)
    assert {one.code for one in told.findings} >= {"ledger_import.declassify"}
    assert "机密工艺" not in plain.text(reporting.content(based, "pilot_catalogue"))
    pilot.change_equipment(based, "E9", PilotEquipment("", "E9", "密机", process="改过的工艺"), "Z1", "S1")
    numbers = [dict(one.params).get("number") for one in history.latest(based, 3) if one.name.startswith("pilot equipment")]
    assert numbers == [""] * 3, "the journal's words name no confidential piece"


def test_equipment_that_served_becomes_no_other_set(based: Workspace, tmp_path: Path) -> None:
    posted(based, "R1")
    pilot.serve(based, ["R1"], "Z1", "E1", "放大")
    refused("pilot.served_on", lambda: pilot.change_equipment(based, "E1", PilotEquipment("", "E1", "中试电镜"), "Z1", "A2"))
    told = importing.import_file(based, "pilot_equipment", sheet(tmp_path, "中试设备编号,中试设备名称,资产编号\nE1,中试电镜,A2\n"))
    assert (told.accepted, [one.code for one in told.findings if one.severity == "error"]) == (0, ["pilot.served_on"])
    pilot.serve(based, ["R1"], "Z1", "", "改过的说明")
    with based.read() as connection:
        row = connection.exec_driver_sql("SELECT e.number, s.what FROM pilot_service s JOIN pilot_equipment e ON e.id = s.equipment_id").one()
    assert tuple(row) == ("E1", "改过的说明")


def test_a_value_nobody_stated_is_unknown_and_a_refused_row_links_nothing(small: Workspace, tmp_path: Path) -> None:
    pilot.add_base(small, BASE)
    pilot.add_equipment(small, PilotEquipment("", "E1", "反应釜"), "Z1")
    values = [part.value for part in explaining.explain(small, "pilot", "Z1").walk() if part.code == "pilot.equipment_value"]
    assert values
    assert set(values) == {None}
    text = "中试设备编号,中试设备名称,资产编号,原值（元）\nX1,先说,A2,5\nX2,后说,A2,\n"
    told = importing.import_file(small, "pilot_equipment", sheet(tmp_path, text))
    assert (told.accepted, told.rejected) == (1, 1)
