"""设置 · 分配方案: the very view of 分配, where somebody looks who sets the program up."""

from __future__ import annotations

from desktop.ui.desk import Desk
from desktop.ui.pages.payout_schemes import SchemesTab
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr


class SchemesPart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"scheme", "payout_run"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("分配方案"), "")
        self.view = SchemesTab(desk)
        self.body.addWidget(self.view, 1)

    def refresh(self) -> None:
        self.view.refresh()
