"""What a report says before it has a look: values as people read them, sums that must agree, what every report adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ledger import money
from desktop.ledger.problem import Problem
from desktop.reports import content
from desktop.reports.content import Column, Content, Step, Table, Waterfall, written
from desktop.reports.visible import shown
from tests.reports.samples import HEAD, LETTERHEAD, PARAMETERS


@pytest.mark.parametrize(
    ("cell", "column", "text"),
    [
        (1_234_567, Column("", "money"), "12,345.67"),
        (-5, Column("", "money"), "-0.05"),
        (0, Column("", "money"), "0.00"),
        (None, Column("", "money"), "未知"),
        ("约定价", Column("", "money"), "约定价"),
        (100, Column("", "minutes"), "1.67"),
        (0, Column("", "minutes"), "0.00"),
        (None, Column("", "minutes"), "未知"),
        (Decimal(1) / 3, Column("", "ratio"), "33.33%"),
        (Decimal("0.00005"), Column("", "ratio"), "0.01%"),
        (Decimal(0), Column("", "ratio"), "0.00%"),
        (1_234_567, Column("", "number"), "1,234,567"),
        (Decimal("1234.50"), Column("", "number"), "1,234.50"),
        (Decimal("2.5"), Column("", "number", places=0), "3"),
        (Decimal("-2.5"), Column("", "number", places=0), "-3"),
        (Decimal("-0.05"), Column("", "number", places=1), "-0.1"),
        (date(2026, 1, 5), Column("", "date"), "2026-01-05"),
        (None, Column("", "date"), "未知"),
        ("", Column("", "date"), ""),
    ],
)
def test_values_read_as_people_write_them(cell: content.Cell, column: Column, text: str) -> None:
    assert written(cell, column) == text


@pytest.mark.parametrize(
    ("cell", "kind"),
    [(12.5, "money"), (12.5, "number"), (0.5, "ratio"), (Decimal("12.50"), "money"), (True, "number"), (True, "money"),
     (Decimal(3), "minutes"), (date(2026, 1, 1), "money"), (12, "text"), (12, "date")],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_a_fault_not_a_guess(cell: content.Cell, kind: content.Kind) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        written(cell, Column("金额", kind))


@settings(max_examples=100)
@given(st.integers(-(10**17), 10**17))
def test_money_on_paper_is_the_money(fen: int) -> None:
    assert money.from_yuan(money.number(written(fen, Column("", "money")))) == fen


def report(*blocks: content.Block) -> Content:
    return Content("x", "表", "2025 年", LETTERHEAD, blocks)


COLUMNS = (Column("名称"), Column("金额", "money"))


def test_sums_are_added_again() -> None:
    content.check(report(Table(COLUMNS, (("甲", 100), ("乙", None), ("丙", "约定价"), ("丁", -1)), ("合计", 99))))
    steps = (Step("收入", 500), Step("成本", 600, "-"), Step("余额", -100, "="), Step("单位承担", 100, "+"), Step("池", 0, "="))
    content.check(report(Waterfall(steps)))


@pytest.mark.parametrize(
    "block",
    [
        Table(COLUMNS, (("甲", 100), ("乙", 200)), ("合计", 301)),
        Table(COLUMNS, (), ("合计", 1)),
        Waterfall((Step("收入", 500), Step("成本", 100, "-"), Step("余额", 401, "="))),
        Waterfall((Step("收入", 500), Step("成本", -100, "-"), Step("余额", 400, "="))),
    ],
)
def test_a_sum_that_differs_stops_the_print(block: content.Block) -> None:
    with pytest.raises(Problem) as caught:
        content.check(report(block))
    assert caught.value.code == "report.sums_differ"


def test_a_row_that_does_not_fit_its_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="cells under"):
        Table(COLUMNS, (("甲", 1, 2),))
    with pytest.raises(ValueError, match="cells under"):
        Table(COLUMNS, (("甲", 1),), ("合计",))


def test_every_report_closes_with_its_witnesses() -> None:
    told = "\n".join(replace(report(), withheld=3, notes=("注",)).closing_notes())
    assert HEAD in told
    assert PARAMETERS in told
    assert "另有涉密 3 项未列" in told
    assert "鲁科字〔2024〕62号" in told
    assert "涉密" not in "\n".join(report().closing_notes())


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("垚龘 ①㎡", "垚龘 ①㎡"),
        ("a\u202eb", "a〔U+202E〕b"),
        ("\u200b", "〔U+200B〕"),
        ("a\x00\x1b", "a〔U+0000〕〔U+001B〕"),
        ("一\r\n二\r三\t四\n五", "一\n二\n三 四\n五"),
        ("\u2028\ue000\ufeff", "〔U+2028〕〔U+E000〕〔U+FEFF〕"),
    ],
)
def test_what_nobody_sees_is_made_visible(text: str, seen: str) -> None:
    assert shown(text) == seen
