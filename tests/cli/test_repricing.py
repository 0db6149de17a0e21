"""What if, by command: the prices meant, what is told, the files written, and what cannot be meant."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.cli.parser import parse
from tests.cli.conftest import Shell

NUMBER = re.compile(r"记录 (\S+) 在")
BY = ("--as", "张会计", "--pin", "1234")


@pytest.fixture
def worked(filled: Shell) -> Shell:
    """The practice files with what can be posted of them, and one who may draft fees."""
    filled("person", "add", "张会计", "--role", "finance", "--pin", "1234")
    filled("post", "--to", "2026-11-22", status=1)
    return filled


def dearest(told: dict[str, Any]) -> dict[str, Any]:
    return max(told["sets"], key=lambda one: one["posted_fen"])


def test_every_price_up_by_a_tenth(worked: Shell, tmp_path: Path) -> None:
    as_posted = worked.json("fee", "reprice", "2025", "--on", "2025-12-31")
    assert as_posted["services"] > 0
    assert as_posted["difference_fen"] == sum(one["difference_fen"] or 0 for one in as_posted["sets"])
    told = worked.json("fee", "reprice", "2025", "--percent", "10%")
    assert (told["change"], told["posted_fen"]) == ("0.10", as_posted["posted_fen"])
    assert abs(told["difference_fen"] * 10 - told["repriced_posted_fen"]) <= 10 * told["services"], "no more than rounding and consumables"
    for part in ("sets", "customers"):
        assert sum(one["difference_fen"] or 0 for one in told[part]) == told["difference_fen"]
        assert sum(one["posted_fen"] for one in told[part]) == told["posted_fen"]
    assert sum(one["records"] for one in told["reasons"]) == told["not_repriced"]
    said = worked("fee", "reprice", "2025", "--percent", "10")
    assert "所有价格 +10% 重算（只是设想，没有写入）" in said
    for name in ("again.pdf", "again.xlsx"):
        made = worked.json("fee", "reprice", "2025", "--percent", "10", "--out", tmp_path / name)
        assert Path(made["file"]).read_bytes()
    book = openpyxl.load_workbook(tmp_path / "again.xlsx")
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert told["posted_fen"] / 100 in cells or told["repriced_posted_fen"] / 100 in cells


def test_typed_prices_a_draft_and_one_record(worked: Shell) -> None:
    first = dearest(worked.json("fee", "reprice", "2025", "--percent", "1"))
    asset = first["asset_number"]
    (item, *_) = [one["item"] for one in worked.json("fee", "line", "list", asset)["lines"]]
    free = ("--asset", asset, "--item", item, "--external", "1")
    typed = worked.json("fee", "reprice", "2025", *free)
    assert typed["basis"].endswith("，其中有刚填写的价格")
    assert [one["asset_number"] for one in typed["sets"]] == [asset]
    assert typed["would_fen"] < typed["repriced_posted_fen"]
    worked("fee", "draft", asset, "--from", "2027-01-01", "--copy", "--item", item, "--external", "1", *BY)
    drafted = worked.json("fee", "reprice", "2025", "--asset", asset, "--from", "2027-01-01")
    assert {name: drafted[name] for name in ("would_fen", "difference_fen")} == {name: typed[name] for name in ("would_fen", "difference_fen")}
    unpriced = worked.json("fee", "reprice", "2025", "--on", "2001-01-01", status=1)
    assert (unpriced["difference_fen"], unpriced["would_fen"], unpriced["repriced"]) == (None, None, 0)
    assert [one["code"] for one in unpriced["reasons"]] == ["record.no_fee"]
    number = NUMBER.search(unpriced["reasons"][0]["words"])
    assert number
    tree = worked.json("fee", "reprice", "2025", "--on", "2001-01-01", "--record", number[1], status=1)["figure"]
    assert tree["value"] is None
    assert worked.json("explain", "repricing", number[1], "--on", "2001-01-01")["figure"] == tree
    said = worked("fee", "reprice", "2025", "--percent", "5", "--record", number[1])
    assert "设想的价格变动：5 %" in said


@pytest.mark.parametrize("text", ["-10", "-10%", "－10％", "-10.0", "-10.00％"])
def test_prices_go_down_as_people_write_it(text: str) -> None:
    assert parse(["fee", "reprice", "2025", "--percent", text]).percent == Decimal("-0.1")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "请写明按什么价格"),
        (("--percent", "0"), "请写明按什么价格"),
        (("--percent", "五"), "不是百分比"),
        (("--percent", "0.1234567"), "小数太多"),
        (("--from", "2026-01-01"), "--asset"),
        (("--asset", "A", "--external", "3"), "--item"),
        (("--on", "2026-01-01", "--asset", "A", "--from", "2026-01-01"), "不能同时"),
        (("--percent", "5", "--record", "R1", "--out", "a.pdf"), "--record"),
    ],
)
def test_what_cannot_be_meant(shell: Shell, options: tuple[str, ...], words: str) -> None:
    assert words in shell.json("fee", "reprice", "2025", *options, status=2)["words"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("2025-13", "--percent", "5"), "report.period"),
        (("2025", "--percent", "-100"), "repricing.change"),
        (("2025", "--percent", "5", "--asset", "不存在"), "instrument.unknown"),
        (("2025", "--percent", "5", "--record", "不存在"), "repricing.no_service"),
        (("2025", "--asset", "2019170038", "--item", "常规测试", "--external", "面议"), "fee.still_unread"),
    ],
)
def test_what_is_refused(filled: Shell, options: tuple[str, ...], code: str) -> None:
    assert filled.json("fee", "reprice", *options, status=1)["error"] == code
