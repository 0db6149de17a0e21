"""One instrument by command: shown in its groups, entered, corrected, taken out of service and back, undone; nothing half written."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell


def test_a_set_is_entered_shown_corrected_and_undone(filled: Shell) -> None:
    typed = (
        "仪器设备名称=扫描电镜", "原值（元）=298000", "分类编码=030299", "财政资金=是", "涉密=否", "安装验收日期=2025/3/4", "型号=S5",
        "所属资源载体类型=国家重点实验室",
    )  # fmt: skip
    assert "是新登记的一台" in filled("instrument", "enter", "N-1", *typed), "a mistyped number makes a new set: it is said"
    told = filled.json("instrument", "show", "N-1", "--period", "2025")
    assert {name: told[name] for name in ("name", "value_fen", "class_code", "fiscal", "confidential", "accepted_on", "model", "carrier_type")} == {
        "name": "扫描电镜", "value_fen": 29_800_000, "class_code": "030299", "fiscal": True, "confidential": False, "accepted_on": "2025-03-04",
        "model": "S5", "carrier_type": "国家重点实验室",
    }  # fmt: skip
    assert (told["use"]["n"], told["n_files"], told["duty"], told["satisfied"]) == (0, 0, "not_obliged", None)
    said = filled("instrument", "show", "N-1")
    for group in ("权属", "使用", "共享", "评价"):
        assert group in said, group
    assert "分布" not in said, "nothing is stated of its place"
    assert "298,000.00 元" in said
    filled("instrument", "enter", "N-1", "型号=", "原值（万元）=30", "街道=舜华路 1 号", "--reason", "照发票更正")
    told = filled.json("instrument", "show", "N-1")
    assert (told["model"], told["value_fen"], told["street"], told["name"]) == (None, 30_000_000, "舜华路 1 号", "扫描电镜")
    assert "分布" in filled("instrument", "show", "N-1")
    assert "Ownership" in filled("instrument", "show", "N-1", "--lang", "en")
    assert filled.json("instrument", "enter", "N-1", "街道=舜华路 1 号")["operation"] is None
    filled("undo")
    filled("undo")
    assert filled.json("instrument", "show", "N-1", status=1)["error"] == "instrument.unknown"


def test_what_is_remarked_on_what_was_typed_is_told(filled: Shell) -> None:
    asset = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    typed = ("年运行机时=10", "年对外服务机时=11", "原值（元）=300000.005")
    told = filled.json("instrument", "enter", asset, *typed)["findings"]
    assert [one["code"] for one in told] == ["import.rounded_to_fen", "instrument_entry.more_outside"]
    assert "对外机时多于年运行机时" in filled("instrument", "enter", asset, "年运行机时=9")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("原值=三十万", "instrument_entry.faults"), ("分类编码=12", "instrument_entry.faults"), ("安装验收日期=2025-13-01", "instrument_entry.faults"),
        ("安装验收日期=2027-01-01", "instrument_entry.faults"), ("颜色=红", "import.map_name"), ("原值=-1", "instrument_entry.faults"),
        ("仪器设备名称=", "instrument.no_name"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_and_nothing_is_written(filled: Shell, typed: str, code: str) -> None:
    first = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    before = filled.json("instrument", "show", first)
    assert filled.json("instrument", "enter", first, "型号=写不进去", typed, status=1)["error"] == code
    assert filled.json("instrument", "show", first) == before


def test_each_field_that_is_wrong_is_named(filled: Shell) -> None:
    first = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    filled("instrument", "enter", first, "原值=三十万", "安装验收日期=2025-13-01", status=1)
    said = filled.err
    assert "「原值」" in said
    assert "「安装验收日期」" in said


def test_a_set_leaves_service_and_comes_back_and_nothing_is_deleted(filled: Shell) -> None:
    every = len(filled.json("instrument", "list")["instruments"])
    asset = next(one["asset_number"] for one in filled.json("duties")["duties"] if one["state"] == "overdue")
    assert filled.json("instrument", "retire", asset, "--on", "2027-01-01", "--reason", "报废", status=1)["error"] == "instrument.future"
    filled("instrument", "retire", asset, "--on", "2026-11-01", "--reason", "报废，文号 1 号")
    assert filled.json("instrument", "show", asset)["retired_on"] == "2026-11-01"
    assert asset not in [one["asset_number"] for one in filled.json("duties")["duties"]]
    assert len(filled.json("instrument", "list")["instruments"]) == every
    assert "退役日期" in filled("instrument", "show", asset)
    assert filled.json("instrument", "retire", asset, "--on", "2026-11-01", "--reason", "再来", status=1)["error"] == "instrument_entry.retired_so"
    filled("instrument", "retire", asset, "--back", "--reason", "误登")
    assert filled.json("instrument", "show", asset)["retired_on"] is None
    filled("undo")
    filled("undo")
    assert filled.json("instrument", "show", asset)["retired_on"] is None
