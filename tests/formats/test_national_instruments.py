"""Instruments as the national exchange holds them: cases a clerk can read, and the 40-column workbook read back."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.formats import instruments as sheet_in
from desktop.formats import national, national_instruments, spreadsheet, write
from desktop.formats.national import NO_TABLES, Tables
from desktop.ledger.instrument import Instrument

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "national_instruments.toml").read_text("utf-8"))["case"]
TODAY = date(2026, 11, 23)
TABLES = Tables({"150": "化学", "430": "材料科学"}, frozenset({"德国", "日本"}))
SOUND = Instrument(
    "k1", "A1", "场发射扫描电镜", 118_600_000, True, False, date(2021, 2, 1), date(2021, 3, 5),
    english_name="FE-SEM", department="分析测试中心", class_code="010102", source="购置", customs_supervised=False, country="德国",
    manufacturer="蔡司", category="通用", model="Sigma 500", technical="分辨率0.8 nm", functions="形貌观察", subjects="材料科学,化学",
    funds="地方财政资金,单位自有资金", service_content="成像观察", image="sem.jpg", yearly_hours=Decimal("1487"), user_notes="提前预约",
    fee_text="180元/小时", booking_url="https://yiqi.example.edu.cn/A1", province="山东省", city="济南市", county="历下区", street="文化东路1号",
    external_hours=Decimal("376.5"), contact="张一", phone="0531-88015764", email="zhang@example.edu.cn", address="济南市文化东路1号",
    postcode="250100",
)  # fmt: skip


def given(case: dict[str, Any]) -> Instrument:
    """The sound instrument with the case's changes: ``x51`` is a text of 51 characters."""
    changed: dict[str, Any] = {}
    for name, value in case["given"].items():
        if value == "none":
            value = None
        elif isinstance(value, str) and value[:1] == "x" and value[1:].isdecimal():
            value = "字" * int(value[1:])
        elif name in ("booked_on", "released_on"):
            value = date.fromisoformat(value)
        elif name in ("yearly_hours", "external_hours"):
            value = Decimal(value)
        changed[name] = value
    return replace(SOUND, **changed)


def made(one: Instrument, tables: Tables = NO_TABLES) -> national_instruments.InstrumentForm:
    return national_instruments.form(one, tables, today=TODAY, customs_years=3)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    tables = TABLES if case.get("tables") else NO_TABLES
    form = made(given(case), tables)
    told = [f"{'!' if one.severity == 'error' else ''}{one.field} {one.code}" for one in form.findings]
    assert sorted(told) == sorted(case["findings"])
    assert form.sound == (not any(one.startswith("!") for one in told))
    n4 = national_instruments.n4(form, "UNIT", tables)
    assert {name: n4[name] for name in case.get("shown", {})} == case.get("shown", {})
    assert all(getattr(form.shown, name) == text for name, text in case.get("sheet", {}).items())
    if "customs" in case:
        assert (national_instruments.n5(form, "UNIT") or {}) == case["customs"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_fault_is_said_in_both_languages_and_names_the_row(case: dict[str, Any]) -> None:
    for one in made(given(case), TABLES if case.get("tables") else NO_TABLES).findings:
        assert (one.kind, one.key) == ("instrument", "k1")
        for language in ("zh", "en"):
            said = words.say_in(language, one.code, **dict(one.params))  # type: ignore[arg-type]
            assert "{" not in said
            assert "instrument_field" not in said


def test_the_workbook_has_the_forty_columns_in_order_and_reads_back(tmp_path: Path) -> None:
    customs = {"customs_supervised": True, "declaration_number": "420220251000012345", "declaration_item": "01", "declared_name": "电镜"}
    exact = replace(SOUND, network_number="3701-0001")
    blank = replace(exact, asset_number="0012", english_name="", street="", value_fen=118_628_000, network_number="", image="")
    foreign = replace(SOUND, asset_number="A3", released_on=date(2025, 1, 10), funds="4", **customs)
    forms = [made(one) for one in (exact, blank, foreign)]
    assert all(form.sound for form in forms)
    path = tmp_path / "国家平台.xlsx"
    write.write(path, [national_instruments.sheet(forms)])
    headers = [
        "仪器编号", "所在单位仪器编号", "仪器设备名称", "英文名称", "所属资源载体类型", "载体内部编号", "所属单位内部门", "仪器分类编码", "来源",
        "海关监管", "原值", "国别", "制造商", "建账日期", "类别", "型号", "技术指标", "功能", "学科", "经费来源", "服务内容", "图片", "年运行机时",
        "用户须知", "收费标准", "预约网址", "省", "市", "区县", "街道", "年对外服务机时", "联系人", "电话", "邮箱", "通讯地址", "邮编",
        "进口报关单编号", "报关单项号", "海关放行日期", "报关单上的名称",
    ]  # fmt: skip
    book = spreadsheet.read(path)
    assert list(book.sheets[0].rows[0]) == headers
    read = sheet_in.read_rows(spreadsheet.read(path))
    assert not [one for one in read.findings if one.severity == "error"]
    assert len(read.rows) == 3
    for row, form in zip(read.rows, forms, strict=True):
        for field in national_instruments.COLUMNS:
            assert getattr(row, field.name) == getattr(form.shown, field.name), field.header
    assert [row.asset_number for row in read.rows] == ["A1", "0012", "A3"]
    assert [row.value_fen for row in read.rows] == [118_600_000, 118_630_000, 118_600_000]
    assert (read.rows[2].funds, read.rows[2].declaration_item) == ("其他资金", "01")


def test_the_object_has_the_exchange_s_names_and_only_text() -> None:
    names = [
        "insCode", "innerId", "cname", "ename", "instrBelongsType", "instrBelongsName", "resourceName", "insideDepart",
        "instrCategory", "instrSource", "instrSupervise", "worth", "nation", "manufacturer", "beginDate", "type",
        "instrVersion", "technical", "function", "subject", "funds", "serviceContent", "requirement", "fee", "serviceUrl",
        "runMachine", "serviceMachine", "image", "province", "city", "county", "street", "contact", "phone", "email",
        "address", "postalcode", "achievement",
    ]  # fmt: skip
    n4 = national_instruments.n4(made(SOUND), "0" * 32)
    assert list(n4) == names
    assert json.loads(json.dumps(n4)) == n4
    assert all(isinstance(value, str) for value in n4.values())


@pytest.mark.parametrize(("n_bytes", "sound"), [(None, True), (1 << 20, True), ((1 << 20) + 1, False)])
def test_the_attached_picture_is_at_most_a_megabyte(n_bytes: int | None, sound: bool) -> None:
    assert national_instruments.form(SOUND, today=TODAY, picture_bytes=n_bytes).sound == sound


def test_wan_is_rounded_once_however_the_amount_falls() -> None:
    assert [national.wan(fen) for fen in (0, 4_999, 5_000, 14_999, 15_000, 49_999_999, 10**15)] == [
        "0.00", "0.00", "0.01", "0.01", "0.02", "50.00", "1000000000.00",
    ]  # fmt: skip


def test_a_rounding_that_cuts_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national, "half_up", int)
    assert national.wan(118_605_000) != "118.61"
