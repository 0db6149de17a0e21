"""A picture of days on paper: a lane a subject, hours above its line against hours below it, so that it can be read in grey print too.

Above and below are told apart by where they stand, each from its pale part by lightness; days that cannot be compared have a grey ground.
"""

from __future__ import annotations

from datetime import date, timedelta

from desktop.reports import layout
from desktop.reports.content import DayLane, DayLanes
from desktop.reports.page import ACCENT, HAIR, INK, QUIET, Colour, Sheet
from desktop.words import tr

OPENING = 110.0
_HALF = 13.0
_LANE = 2 * _HALF + 7
_AXIS = 13.0
_SIZE = 8.0
_UP_PALE: Colour = (0.72, 0.82, 0.90)
_DOWN: Colour = (0.80, 0.47, 0.05)
_DOWN_PALE: Colour = (0.95, 0.85, 0.68)
_CLOSED: Colour = (0.925, 0.925, 0.925)
# The height of half a lane is at least these hours, else four hours a day look like a full one.
_LEAST = 8 * 60
_DAYS_NUMBERED = 62


def draw(sheet: Sheet, block: DayLanes) -> None:
    """The caption, what the colours mean, the axis (again on each page), the lanes."""
    fit, width = sheet.lettering.fit, sheet.lettering.width
    if not block.lanes:
        return
    sheet.need(OPENING)
    for line in layout.wrap(fit(block.caption), sheet.breadth, lambda part: width(part, 9.5, True)) if block.caption else ():
        sheet.text(sheet.left, sheet.y - 9.5, line, 9.5, bold=True, colour=ACCENT)
        sheet.y -= 15
    full = _full(block)
    _legend(sheet, block, full)
    names = min(max(width(fit(lane.label), _SIZE) for lane in block.lanes) + 10, sheet.breadth * 0.24)
    ends = max(width(fit(lane.said), _SIZE) for lane in block.lanes) + 8
    start, room = sheet.left + names, sheet.breadth - names - ends
    n_days = max(len(lane.marks) for lane in block.lanes)
    step = room / max(n_days, 1)
    _axis(sheet, block.first, n_days, start, step)
    for lane in block.lanes:
        if sheet.need(_LANE + 2):
            _axis(sheet, block.first, n_days, start, step)
        _lane(sheet, lane, names, start, step, full)
    sheet.y -= 9


def _full(block: DayLanes) -> int:
    """The minutes that fill half a lane: the most of any day, up to the next four hours."""
    marks = (mark for lane in block.lanes for mark in lane.marks)
    most = max((max(mark.up + mark.up_pale, mark.down + mark.down_pale) for mark in marks), default=0)
    return max(_LEAST, -(-most // 240) * 240)


def _legend(sheet: Sheet, block: DayLanes, full: int) -> None:
    fit, names = sheet.lettering.fit, block.names
    parts: list[tuple[Colour, str]] = [
        (ACCENT, tr("横线以上：{name}", name=names.up)), (_UP_PALE, names.up_pale), (_DOWN, tr("横线以下：{name}", name=names.down)),
        (_DOWN_PALE, names.down_pale), (_CLOSED, names.closed),
    ]  # fmt: skip
    x = sheet.left
    for colour, text in parts:
        wide = sheet.lettering.width(fit(text), _SIZE) + 26
        if x + wide > sheet.right and x > sheet.left:
            x = sheet.left
            sheet.y -= 13
        sheet.fill(x, sheet.y - 9, 9, 7, colour)
        sheet.frame(x, sheet.y - 9, 9, 7)
        sheet.text(x + 13, sheet.y - 8.5, fit(text), _SIZE, colour=QUIET)
        x += wide
    told = fit(tr("半格高 {n} 小时", n=full // 60))
    if x + sheet.lettering.width(told, _SIZE) > sheet.right:
        x = sheet.left
        sheet.y -= 13
    sheet.text(x, sheet.y - 8.5, told, _SIZE, colour=QUIET)
    sheet.y -= 17


def _axis(sheet: Sheet, first: date, n_days: int, start: float, step: float) -> None:
    """Months of a long picture, days of a short one."""
    days = [first + timedelta(n) for n in range(n_days)]
    numbered = n_days <= _DAYS_NUMBERED
    for place, day in enumerate(days):
        if place == 0 or (day.day == 1 and day.month == 1):
            said = f"{day:%Y-%m-%d}" if numbered else f"{day:%Y-%m}"
        elif day.day == 1:
            said = f"{day:%m-%d}" if numbered else f"{day:%m}"
        elif numbered and day.day in (10, 20):
            said = str(day.day)
        else:
            continue
        sheet.text(start + place * step, sheet.y - 8, said, 7, colour=QUIET)
    sheet.y -= _AXIS
    sheet.rule(start, start + n_days * step, sheet.y, HAIR, 0.6)


def _lane(sheet: Sheet, lane: DayLane, names: float, start: float, step: float, full: int) -> None:
    fit, width = sheet.lettering.fit, sheet.lettering.width
    middle = sheet.y - 3 - _HALF
    lines = layout.wrap(fit(lane.label), names - 8, lambda part: width(part, _SIZE))
    lines = lines if len(lines) < 4 else [*lines[:2], lines[2][:-1] + "…"]
    top = middle + 5.2 * (len(lines) - 1) - 2.6
    for place, line in enumerate(lines):
        sheet.text(sheet.left, top - 10.4 * place, line, _SIZE, colour=INK)
    for left, right in _closed(lane):
        sheet.fill(start + left * step, middle - _HALF, (right - left) * step, 2 * _HALF, _CLOSED)
    bar = step * 0.84 if step > 4 else step
    for place, mark in enumerate(lane.marks):
        x = start + place * step
        high, low = _HALF * mark.up / full, _HALF * mark.down / full
        for y, height, colour in (
            (middle, high, ACCENT), (middle + high, _HALF * mark.up_pale / full, _UP_PALE), (middle - low, low, _DOWN),
            (middle - low - _HALF * mark.down_pale / full, _HALF * mark.down_pale / full, _DOWN_PALE),
        ):  # fmt: skip
            if height > 0:
                sheet.fill(x, y, bar, height, colour)
    end = start + len(lane.marks) * step
    sheet.rule(start, end, middle, QUIET, 0.4)
    sheet.text(sheet.right, middle - 2.8, fit(lane.said), _SIZE, side="right")
    sheet.y -= _LANE
    sheet.rule(sheet.left, sheet.right, sheet.y, HAIR, 0.3)


def _closed(lane: DayLane) -> list[tuple[int, int]]:
    """Runs of days with a grey ground, as [first, after the last)."""
    found: list[tuple[int, int]] = []
    for place, mark in enumerate(lane.marks):
        if mark.open_:
            continue
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found
