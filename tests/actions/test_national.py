"""What the national platform gets from a real ledger: judged before it is written, nothing confidential, and read back unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import importing, instruments, national
from desktop.actions.progress import Cancelled, Watched
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from tests.actions import making

SOUND = Instrument(
    "", "N1", "场发射扫描电镜", 118_628_000, True, False, date(2021, 2, 1), date(2021, 3, 5),
    english_name="FE-SEM", department="分析测试中心", class_code="010102", source="购置", customs_supervised=False, country="德国",
    manufacturer="蔡司", category="通用", model="Sigma 500", technical="分辨率0.8 nm", functions="形貌观察", subjects="材料科学,化学",
    funds="地方财政资金", service_content="成像观察", image="sem.jpg", yearly_hours=Decimal("1487"), user_notes="提前预约",
    fee_text="180元/小时", booking_url="https://yiqi.example.edu.cn/N1", province="山东省", city="济南市", county="历下区", street="文化东路1号",
    external_hours=Decimal("376.5"), contact="张一", phone="0531-88015764", email="zhang@example.edu.cn", address="济南市文化东路1号",
    postcode="250100",
)  # fmt: skip


def test_the_practice_ledger_is_judged_and_reads_back_without_a_change(practice: Workspace, tmp_path: Path) -> None:
    before = making.everything(practice)
    done = national.workbook(practice, tmp_path / "国家平台.xlsx")
    assert (done.rows, done.left_out, done.withheld, done.retired) == (52, 5, 3, 0)
    assert making.everything(practice) == before
    assert b"2023170011" not in done.path.read_bytes()
    assert {one.code for one in done.findings if one.severity == "error"} == {"national.more_outside"}
    back = importing.import_file(practice, "instruments", done.path, dry_run=True)
    assert (back.accepted, back.rejected, back.unchanged) == (0, 0, 52)


def test_a_row_with_an_error_is_left_out_and_told(small: Workspace, tmp_path: Path) -> None:
    instruments.add(small, SOUND)
    instruments.add(small, replace(SOUND, asset_number="N2", source="采购"))
    done = national.workbook(small, tmp_path / "a.csv", ["N1", "N2", "S1"])
    assert (done.rows, done.left_out, done.withheld) == (1, 1, 1)
    assert [(one.code, dict(one.params)["number"]) for one in done.findings if one.severity == "error"] == [("national.not_in_list", "N2")]
    text = done.path.read_text("utf-8-sig")
    assert "N1" in text
    assert "N2" not in text
    assert "特种雷达" not in text


def test_nothing_is_written_when_no_row_is_sound(small: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        national.workbook(small, tmp_path / "a.xlsx")
    assert caught.value.code == "national.nothing_sound"
    assert {dict(one.params)["number"] for one in caught.value.findings} == {"A1", "A2"}
    assert not list(tmp_path.glob("*a.xlsx*"))
    with pytest.raises(Refused, match=r"instrument\.unknown"):
        national.workbook(small, tmp_path / "a.xlsx", ["N9"])


def test_a_stopped_writing_leaves_no_file(practice: Workspace, tmp_path: Path) -> None:
    stopped = Watched()
    stopped.stop()
    with pytest.raises(Cancelled):
        national.workbook(practice, tmp_path / "a.xlsx", progress=stopped)
    assert not list(tmp_path.glob("*a.xlsx*"))


def test_a_retired_set_is_not_reported(small: Workspace) -> None:
    instruments.add(small, replace(SOUND, retired_on=date(2026, 1, 1)))
    assert national.judge(small, ["N1"]).forms == ()
    assert national.judge(small).retired == 1
    assert [form.shown.asset_number for form in national.judge(small, ["N1"], on=date(2025, 12, 31)).forms] == ["N1"], "the day before it is there"


def test_what_the_shape_made_of_our_own_is_no_change_when_it_comes_back(small: Workspace, tmp_path: Path) -> None:
    instruments.add(small, replace(SOUND, english_name="", street=""))  # 1 186 280 yuan, written as 118.63
    before = instruments.get(small, "N1")
    path = national.workbook(small, tmp_path / "a.xlsx", ["N1"]).path
    back = importing.import_file(small, "instruments", path)
    assert (back.accepted, back.rejected, back.unchanged) == (0, 0, 1)
    assert [one.code for one in back.findings if one.code.startswith("ledger_import.")] == ["ledger_import.value_kept"]
    assert instruments.get(small, "N1") == before


@pytest.mark.parametrize(("stored", "kept"), [(118_625_000, True), (118_624_999, False), (118_634_999, True), (118_635_000, False)])
def test_a_value_that_only_looks_alike_is_taken_from_the_sheet(small: Workspace, tmp_path: Path, stored: int, kept: bool) -> None:
    instruments.add(small, replace(SOUND, value_fen=118_630_000))
    path = national.workbook(small, tmp_path / "a.xlsx", ["N1"]).path  # 118.63
    instruments.change(small, replace(instruments.get(small, "N1"), value_fen=stored))
    importing.import_file(small, "instruments", path)
    assert instruments.get(small, "N1").value_fen == (stored if kept else 118_630_000)
