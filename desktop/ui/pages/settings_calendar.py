"""设置 · 放假安排: the very view of 合规, where somebody looks who sets the program up."""

from __future__ import annotations

from desktop.ui.desk import Desk
from desktop.ui.pages.compliance_calendars import CalendarsView
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr


class CalendarPart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"calendar_day", "instrument"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("放假安排"), tr("期限按工作日推算。没有放假安排的年份按周一至周五推算，期限标为“暂定”。"))
        self.view = CalendarsView(desk)
        self.body.addWidget(self.view, 1)

    def refresh(self) -> None:
        self.view.refresh()
