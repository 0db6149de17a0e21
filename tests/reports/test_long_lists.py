"""A long list on paper and in the workbook of the same report: what a page shows, where the rest is, and what both stop at."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from desktop.reports import integrity, keeping, long_lists, pdf, plain, sensors, xlsx
from desktop.reports.content import Column, Content, Heading, Paragraph, Table
from desktop.reports.integrity import SeenLine
from tests.actions.printed_numbers import missing
from tests.reports import integrity_samples, paper, sensor_samples
from tests.reports.samples import LETTERHEAD, PRINTED_ON

NUMBER = re.compile(r"R2025\d{6}")
WHERE = "其余见同一报表的工作簿（XLSX）"


def self_check(n: int, name: str = "beyond_day", secret: int = 0) -> Content:
    """``n`` records of one check, the last ``secret`` of them confidential; and the one of another, which comes after it."""
    lines = tuple(SeenLine(f"R2025{k:06}", "A1", "电子显微镜", "2025-06-01", 721, str(1441 + k), k >= n - secret) for k in range(n))
    contact = SeenLine("R-CONTACT", "A1", "电子显微镜", "2025-06-03", 30, "王老师", False)
    checks = (integrity_samples.check(name, *lines, limit=1440, certainty="C"), integrity_samples.check("same_contact", contact))
    return integrity.report(replace(integrity_samples.SELF_CHECK, checks=checks), LETTERHEAD)


def claimed(n: int) -> Content:
    """``n`` records that claim more than a sensor saw."""
    over = tuple(replace(sensor_samples.SENSORS.over[0], number=f"R2025{k:06}") for k in range(n))
    return sensors.report(replace(sensor_samples.SENSORS, over=over), LETTERHEAD)


def on_pages(content: Content) -> tuple[list[str], str]:
    """The record numbers on the pages of the PDF, and everything that is read there."""
    texts = paper.pages(pdf.render(content, PRINTED_ON).data)
    return [number for text in texts for number in NUMBER.findall(text)], paper.running("".join(texts))


def in_workbook(content: Content) -> tuple[list[str], dict[str, str]]:
    """The record numbers of the workbook, and everything that is read on each of its sheets."""
    book: Any = openpyxl.load_workbook(io.BytesIO(xlsx.render(content, PRINTED_ON)), read_only=True)
    said = {sheet.title: " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None) for sheet in book}
    return [number for text in said.values() for number in NUMBER.findall(text)], said


@pytest.mark.parametrize("made", [self_check, claimed])
def test_a_page_shows_the_first_rows_and_the_workbook_all(made: Any) -> None:
    content = made(731)
    wanted = [f"R2025{k:06}" for k in range(731)]
    numbers, text = on_pages(content)
    assert numbers == wanted[:200]
    assert f"以上是前200行，共731行；{WHERE}。" in text
    rows, said = in_workbook(content)
    assert rows == wanted
    assert WHERE not in "".join(said.values())
    assert plain.text(content).count("R2025") == 200
    whole = replace(content, blocks=tuple(replace(block, shown=0) if isinstance(block, Table) else block for block in content.blocks))
    assert on_pages(whole)[0] == wanted, "without the mark of the table the pages go on"


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "nothing is kept together"])
def test_what_is_said_of_the_rest_stands_with_the_last_row(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    if broken:
        monkeypatch.setattr(keeping, "tails", lambda blocks, *rest: [0.0] * len(blocks))
    parted = []
    for n in range(1, 30):
        table = Table((Column("名称"),), tuple((f"行{k}",) for k in range(9)), shown=5)
        blocks = (*[Paragraph(f"段落{k}") for k in range(n)], table, Heading("又一"), table)
        texts = paper.pages(pdf.render(Content("x", "测试", "2025 年", LETTERHEAD, blocks, orientation="landscape"), PRINTED_ON).data)
        parted += [text for text in texts if paper.running(text).count("以上是前5行") > text.count("行4")]
    assert bool(parted) is broken


def test_of_as_many_as_a_page_shows_nothing_is_said() -> None:
    numbers, text = on_pages(self_check(long_lists.ON_PAGE))
    assert len(numbers) == long_lists.ON_PAGE
    assert WHERE not in text
    assert WHERE in on_pages(self_check(long_lists.ON_PAGE + 1))[1]


def test_the_workbook_stops_at_a_bound_that_stands_over_the_list() -> None:
    content = self_check(long_lists.IN_WORKBOOK + 3)
    rows, said = in_workbook(content)
    assert len(rows) == long_lists.IN_WORKBOOK
    bound = "共 5,003 条，超过报表所能列的：只列前 5,000 条，全部见台账。"
    assert [title for title, text in said.items() if bound in text] == ["同一台仪器一天的机时超过界限"], "on the sheet of the list it is about"
    text = on_pages(content)[1]
    assert paper.running(bound) in text
    assert "共5,000行" in text
    (full,) = [said for said in in_workbook(self_check(long_lists.IN_WORKBOOK))[1].values() if "R2025000000" in said]
    assert "超过报表" not in full


def test_what_is_confidential_is_counted_and_in_neither() -> None:
    content = self_check(300, secret=7)
    rows, said = in_workbook(content)
    assert rows == [f"R2025{k:06}" for k in range(293)]
    assert "另有涉密 7 项未列" in said["说明"]
    assert len(on_pages(content)[0]) == 200


def test_every_row_of_the_workbook_keeps_what_was_reckoned_of_it() -> None:
    content = self_check(731)
    assert missing(content, ("机时（小时）",)) == []
    assert "当天合计（小时）: 36.18" in missing(content, ("机时（小时）",), content.figures[:1]), "the last row of the workbook, on no page"


def test_the_same_long_report_is_the_same_bytes() -> None:
    assert pdf.render(self_check(731), PRINTED_ON).data == pdf.render(self_check(731), PRINTED_ON).data
    assert xlsx.render(self_check(731), PRINTED_ON) == xlsx.render(self_check(731), PRINTED_ON)
