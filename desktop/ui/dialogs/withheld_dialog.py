"""What is confidential, or may be, and stays on this machine, row by row. It is shown when it is asked for, and written nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import begin_at, label
from desktop.ui.paged_model import Column
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.sync_views import WithheldRow


class WithheldDialog(DialogFrame):
    """Kind and number or name of each row."""

    def __init__(self, desk: Desk, parent: QWidget | None, found: Iterable[WithheldRow]) -> None:
        rows = list(found)
        super().__init__(parent, tr("不离开本机"), tr("关闭"), icon="lock")
        self.cancel.hide()
        begin_at(self, 640, 480)
        told = tr("{n} 项留在本机，不进入报送，也不进入离线报送包：涉密，或其仪器没有注明是否涉密。", n=f"{len(rows):,}")
        self.body.addWidget(label(told, tone="muted"))
        self.table = HeldTable(
            (Column("kind", tr("种类"), width=160), Column("label", tr("名称"), width=400)),
            name="sync.withheld",
            preferences=desk.preferences,
            empty=Empty(tr("没有留在本机的内容"), tr("本台账里没有涉密的、没有注明是否涉密的仪器、记录或收费。"), "lock"),
            title=tr("不离开本机"),
            filters={"kind": lambda row, value: bool(row[1] == words.say(f"kind.{value}"))},
        )
        self.table.setMinimumHeight(theme.px(240))
        self.table.hold((n, words.say(f"kind.{one.kind}"), texts.visible(one.label or one.key)) for n, one in enumerate(rows))
        self.body.addWidget(self.table, 1)


def show_withheld(desk: Desk, parent: QWidget | None, found: Iterable[WithheldRow]) -> WithheldDialog:
    """Open it over ``parent``."""
    dialog = WithheldDialog(desk, parent, found)
    dialog.open()
    return dialog
