"""What a new ledger needs, in the order it is best done, each a step away; gone once everything is there or it was put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.labels import label
from desktop.words import tr

_PUT_AWAY = "overview.start"
_COLUMNS = 2


class StartCard(QFrame):
    """``show_begun(kinds)`` ticks what is there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("从这里开始"))
        self._desk = desk
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.put_away = QPushButton(tr("不再显示"))
        self.put_away.setProperty("role", "link")
        self.put_away.clicked.connect(self._hide_for_good)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.put_away)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * theme.UNIT)
        grid.setVerticalSpacing(theme.UNIT // 2)
        self.steps: list[tuple[frozenset[str], theme.IconLabel, QPushButton]] = []
        for place, (kinds, words, act) in enumerate(self._every()):
            icon, button = theme.IconLabel("play", "muted", 16), QPushButton(words)
            button.setProperty("role", "link")
            button.clicked.connect(lambda checked=False, act=act: act())
            row, column = place // _COLUMNS, place % _COLUMNS
            grid.addWidget(icon, row, 2 * column)
            grid.addWidget(button, row, 2 * column + 1, Qt.AlignmentFlag.AlignLeft)
            self.steps.append((frozenset(kinds), icon, button))
        for column in range(_COLUMNS):
            grid.setColumnStretch(2 * column + 1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        whole.setSpacing(theme.UNIT)
        whole.addLayout(head)
        whole.addWidget(label(tr("已有的 Excel 表可以直接导入：先预览、逐格说明问题，再一次写入，可以整批撤销。"), tone="muted"))
        whole.addLayout(grid)
        self.hide()

    def _every(self) -> tuple[tuple[tuple[str, ...], str, Callable[[], object]], ...]:
        desk = self._desk
        return (
            (("instrument",), tr("导入仪器表"), lambda: self._import("instruments")),
            (("fee_line",), tr("导入收费标准"), lambda: self._import("fees")),
            (("technician",), tr("导入实验技术人员"), lambda: self._import("technicians")),
            (("customer",), tr("导入使用单位"), lambda: self._import("customers")),
            (("service_record",), tr("导入或录入服务记录"), lambda: desk.go("records")),
            (("person",), tr("添加财务和审批人员"), lambda: desk.go("settings", tab="people")),
            (("scheme",), tr("定下分配方案"), lambda: desk.go("payouts", tab="schemes")),
        )

    def _import(self, kind: str) -> None:
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self._desk, kind, parent=self)

    def show_begun(self, kinds: frozenset[str]) -> None:
        """What is there is ticked; the card goes when nothing is left."""
        n_done = 0
        for needed, icon, button in self.steps:
            done = needed <= kinds
            n_done += done
            theme.dress(icon, "done" if done else "right", "done" if done else "muted")
            button.setAccessibleName(tr("{step}，已完成", step=button.text()) if done else button.text())
        self.title.setText(tr("从这里开始 · 已完成 {n} / {all}", n=n_done, all=len(self.steps)))
        self.setVisible(n_done < len(self.steps) and self._desk.preferences.get(_PUT_AWAY) is not False)

    def _hide_for_good(self) -> None:
        self._desk.preferences[_PUT_AWAY] = False
        self.hide()
