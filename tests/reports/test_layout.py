"""Lines and columns: nothing is lost at a break, punctuation stays where Chinese wants it, figures stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.reports import layout
from desktop.reports.content import Column, Table


def width(text: str) -> float:
    return sum(10 if ord(char) > 0x2000 else 5 for char in text)


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("场发射扫描电子显微镜", 50, ["场发射扫描", "电子显微镜"]),
        ("一二三四，五六", 40, ["一二三", "四，五六"]),
        ("一二三（四五）", 40, ["一二三", "（四五）"]),
        ("一二三“四五”", 40, ["一二三", "“四五”"]),
        ("使用 HPLC-1260 测定", 60, ["使用", "HPLC-1260 测", "定"]),
        ("金额 12,345.67 元", 60, ["金额", "12,345.67 元"]),
        ("ABCDEFGHIJ", 20, ["ABCD", "EFGH", "IJ"]),
        ("https://a.cn/b/cd/efg-h.jpg", 60, ["https://", "a.cn/b/cd/", "efg-h.jpg"]),
        ("第一行\n第二行", 100, ["第一行", "第二行"]),
        ("", 10, [""]),
        ("宽", 5, ["宽"]),
    ],
)
def test_lines_break_where_people_break_them(text: str, limit: float, lines: list[str]) -> None:
    assert layout.wrap(text, limit, width) == lines


@settings(max_examples=100)
@given(st.text(alphabet="中文字，。（）“”ab12-/. \n", max_size=60), st.integers(10, 120))
def test_nothing_but_spaces_is_lost_at_a_break(text: str, limit: int) -> None:
    lines = layout.wrap(text, limit, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= limit for line in lines)


@settings(max_examples=100)
@given(st.text(alphabet="中文字，。", min_size=1, max_size=40).filter(lambda text: "，，" not in text and text[0] not in "，。"))
def test_no_line_begins_with_a_closing_mark(text: str) -> None:
    lines = layout.wrap(text, 60, width)
    begins = [line[0] for line in lines[1:] if line and not layout._CLOSERS & set(line[:1])]
    long_run = any(all(char in "，。" for char in text[i : i + 5]) for i in range(len(text) - 4))
    assert long_run or len(begins) == len([line for line in lines[1:] if line])


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(5, 80), st.integers(0, 200)), min_size=1, max_size=10),
    st.integers(300, 800),
)
def test_columns_fill_the_paper_exactly(spans: list[tuple[int, int]], available: int) -> None:
    padded = [(low, low + more) for low, more in spans]
    widths, squeezed = layout.share_out(padded, [1] * len(padded), available)
    assert abs(sum(widths) - available) < 0.1
    assert squeezed == (sum(low for low, _ in padded) > available)
    assert squeezed or all(width >= low - 0.01 for width, (low, _) in zip(widths, padded, strict=True))


def test_a_long_text_does_not_squeeze_short_ones() -> None:
    widths, _ = layout.share_out([(10, 60), (10, 900), (10, 50)], [1, 3, 1], 400)
    assert widths == [60, 290, 50]


def test_figures_keep_their_line() -> None:
    table = Table(
        (Column("名称"), Column("金额", "money"), Column("日期")),
        (("很长的名称" * 20, 123_456_789_012, "2026-01-01"),),
    )
    spans = layout.natural(table, lambda text: text, lambda text, bold: width(text))
    assert spans[1][0] >= width("1,234,567,890.12")
    assert spans[2][0] >= width("2026-01-01")
    assert spans[0][0] < spans[0][1] < width("很长的名称" * 20)


def test_a_table_too_wide_is_set_smaller_before_figures_break() -> None:
    table = Table(tuple(Column(f"列{i}", "money") for i in range(8)), ((1,) * 8,))
    grid = layout.grid([(60.0, 60.0)] * 8, table, 500, 8.5, 4.5)
    assert grid.squeezed
    assert grid.size < 8.5
    assert abs(sum(grid.widths) - 500) < 0.1
