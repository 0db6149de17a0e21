"""The picture of days on paper: what is drawn is what was given, in every day, again on each page; and in a sheet as sums."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl

from desktop.reports import pdf, xlsx
from desktop.reports.content import Content, DayLane, DayLanes, DayMark, DayNames
from desktop.reports.page import ACCENT
from tests.reports import paper
from tests.reports.samples import LETTERHEAD, PRINTED_ON

NAMES = DayNames("申报机时", "没有佐证", "实测工作", "实测待机", "没有传感器")
MARK = DayMark(up=240, up_pale=60, down=120, down_pale=30)
CLOSED_ = DayMark(up_pale=120, open_=False)


def picture(*lanes: DayLane, first: date = date(2025, 1, 1)) -> Content:
    return Content("x", "测试图", "2025 年", LETTERHEAD, (DayLanes(first, lanes, NAMES, "逐日"),), orientation="landscape")


def rectangles(content: Content, colour: tuple[float, float, float]) -> list[tuple[float, float, float, float]]:
    """The filled rectangles of a colour: x, y, width, height."""
    said = paper.inflated(pdf.render(content, PRINTED_ON).data).decode("latin-1")
    head = " ".join(f"{part:.2f}" for part in colour)
    found = re.findall(rf"^{re.escape(head)} rg (\S+) (\S+) (\S+) (\S+) re f$", said, re.MULTILINE)
    return [(float(x), float(y), float(width), float(height)) for x, y, width, height in found]


def bars(content: Content) -> list[tuple[float, float, float, float]]:
    """The claimed hours: rectangles in the strong colour without the one that stands in the legend."""
    return [one for one in rectangles(content, ACCENT) if (one[2], one[3]) != (9, 7)]


def test_each_day_stands_in_its_place_as_high_as_its_hours() -> None:
    marks = (MARK, DayMark(), DayMark(up=480), CLOSED_)
    first, third = bars(picture(DayLane("A1 甲", "相符", marks)))
    assert third[3] == 2 * first[3]
    assert abs(third[0] - first[0] - 2 * first[2] / 0.84) < 0.02, "the day between is left free"
    assert third[1] == first[1], "both stand on the line"


def test_an_hour_that_is_not_drawn_is_seen() -> None:
    whole, lacking = (DayLane("A1 甲", "相符", (MARK,) * n) for n in (3, 2))
    assert len(bars(picture(whole))) == 3
    assert len(bars(picture(lacking))) == 2


def test_the_scale_holds_the_longest_day_of_all_lanes() -> None:
    short, long = DayLane("A1 甲", "相符", (DayMark(up=480),)), DayLane("A2 乙", "相符", (DayMark(down=1440),))
    alone = bars(picture(short))[0][3]
    assert abs(bars(picture(short, long))[0][3] * 3 - alone) < 0.02
    assert "半格高 24 小时" in "".join(paper.pages(pdf.render(picture(short, long), PRINTED_ON).data))


def test_the_days_are_named_again_on_each_page_and_no_lane_is_lost() -> None:
    lanes = [DayLane(f"A{n:03d} 仪器", "相符", (MARK,) * 365) for n in range(40)]
    texts = paper.pages(pdf.render(picture(*lanes), PRINTED_ON).data)
    assert len(texts) > 2
    drawn = [text for text in texts if "仪器" in text]
    assert all("2025-01" in text for text in drawn)
    whole = "".join(texts)
    assert all(f"A{n:03d} 仪器" in whole for n in range(40))
    assert all(name in whole for name in ("横线以上：申报机时", "横线以下：实测工作", "没有佐证", "实测待机", "没有传感器"))


def test_a_short_picture_numbers_its_days() -> None:
    texts = paper.pages(pdf.render(picture(DayLane("A1 甲", "相符", (MARK,) * 40), first=date(2025, 1, 5)), PRINTED_ON).data)
    assert all(said in texts[0].replace("\n", " ") for said in ("2025-01-05", "10", "20", "02-01"))


def test_a_picture_of_nothing_leaves_no_mark() -> None:
    assert bars(picture()) == []
    assert not rectangles(picture(DayLane("A1 甲", "相符", (DayMark(),))), ACCENT)[1:]


def test_a_sheet_has_the_sums_in_hours() -> None:
    lane = DayLane("A1 甲", "申报偏多", (MARK, MARK, CLOSED_))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(picture(lane), PRINTED_ON)))
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert next(row for row in rows if row[0] == "A1 甲")[1:4] == [8, 4, "申报偏多"]
    assert any(row[1:3] == ["申报机时", "实测工作"] for row in rows)
