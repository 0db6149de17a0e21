"""设置 · 日历: the years whose published days off are known, and importing another year's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import open_file
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.duties import CalendarYear


class CalendarPart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"calendar_day"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            tr("日历"),
            tr("期限按工作日推算。没有放假安排的年份按周一至周五推算，期限标为“暂定”；国务院办公厅公布后请导入。"),
        )
        self.button(tr("导入一年的放假安排…"), "import", self.ask_import, primary=True)
        columns = (
            Column("year", tr("年份"), "code", 88),
            Column("off", tr("工作日放假"), "number", 104),
            Column("worked", tr("周末上班"), "number", 104),
            Column("from", tr("来自"), width=120),
            Column("document", tr("文号"), width=280, blank="—"),
        )
        empty = Empty(tr("没有日历"), tr("导入公布的放假安排后，期限才能准确推算。"), "calendar")
        self.table = HeldTable(columns, name="settings.calendar", preferences=desk.preferences, empty=empty, title=tr("日历"))
        self.body.addWidget(self.table)

    def refresh(self) -> None:
        from desktop.actions import duties

        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: duties.calendar_years(workspace), self.show_years, owner=self, key="years")

    def show_years(self, found: list[CalendarYear]) -> None:
        """List the years."""
        self.table.hold(
            (
                one.year,
                str(one.year),
                one.n_off,
                one.n_worked,
                tr("自行导入") if one.imported else tr("随程序"),
                tr("；").join(one.documents),
            )
            for one in found
        )

    def ask_import(self) -> QFileDialog:
        """Choose the file."""
        kinds = [(tr("放假安排"), ("toml",))]
        return open_file(
            self,
            title=tr("导入一年的放假安排"),
            kinds=kinds,
            preferences=self.desk.preferences,
            purpose="calendar",
            then=self.take,
        )

    def take(self, path: Path) -> None:
        """Import the file; it is refused whole when it cannot be a full year."""
        from desktop.actions import duties

        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("导入放假安排"),
            lambda progress: duties.import_calendar(workspace, path),
            lambda changes: self.desk.tell(
                "done", tr("放假安排已导入，期限已按它重新推算。") if changes else tr("这些日子已在日历中，没有改动。")
            ),
            owner=self,
        )
