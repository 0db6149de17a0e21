"""Bars on paper: one below the other from zero, their values at the end, and a line where others stand."""

from __future__ import annotations

from decimal import Decimal

from desktop.reports import layout
from desktop.reports.content import Bars
from desktop.reports.page import ACCENT, ALARM, HAIR, INK, QUIET, TINT, Sheet
from desktop.words import tr

_ROW = 15.0
_BAR = 9.0
_SIZE = 8.5


def draw(sheet: Sheet, block: Bars) -> None:
    """The caption, the bars, and under them what the line is. A bar that is not known has no length and says so."""
    fit, width = sheet.lettering.fit, sheet.lettering.width
    if block.caption:
        sheet.need(60)
        for line in layout.wrap(fit(block.caption), sheet.breadth, lambda part: width(part, 9.5, True)):
            sheet.text(sheet.left, sheet.y - 9.5, line, 9.5, bold=True, colour=ACCENT)
            sheet.y -= 15
        sheet.y -= 2
    names = min(max((width(fit(bar.label), _SIZE) for bar in block.bars), default=0) + 10, sheet.breadth * 0.34)
    ends = max((width(fit(bar.said), _SIZE) for bar in block.bars), default=0) + 10
    start = sheet.left + names
    room = sheet.right - ends - start
    most = max((Decimal(value) for value in (*(bar.value for bar in block.bars), block.mark) if value is not None), default=Decimal(0))
    for bar in block.bars:
        lines = layout.wrap(fit(bar.label), names - 8, lambda part: width(part, _SIZE, False))
        height = max(_ROW, len(lines) * 11.5 + 3.5)
        sheet.need(height + (14 if block.mark is not None else 0))
        for place, line in enumerate(lines):
            sheet.text(sheet.left, sheet.y - 10.5 - 11.5 * place, line, _SIZE, colour=INK)
        sheet.fill(start, sheet.y - 3 - _BAR, room, _BAR, TINT)
        length = room * float(Decimal(bar.value or 0) / most) if most else 0.0
        if length > 0:
            sheet.fill(start, sheet.y - 3 - _BAR, length, _BAR, ACCENT)
        if block.mark is not None and most:
            sheet.fill(start + room * float(Decimal(block.mark) / most) - 0.6, sheet.y - height, 1.2, height, ALARM)
        sheet.text(sheet.right, sheet.y - 10.5, fit(bar.said if bar.value is not None else tr("未知")), _SIZE, side="right")
        sheet.y -= height
    sheet.rule(start, start + room, sheet.y, HAIR, 0.4)
    if block.mark is not None and block.mark_said:
        at = start + (room * float(Decimal(block.mark) / most) if most else 0.0)
        said = fit(block.mark_said)
        wide = width(said, 8)
        at = max(sheet.left, min(at - wide / 2, sheet.right - wide))
        sheet.text(at, sheet.y - 10, said, 8, colour=QUIET)
        sheet.y -= 13
    sheet.y -= 9
