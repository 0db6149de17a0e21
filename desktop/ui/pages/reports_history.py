"""What was printed or saved as a report, with the digest of the very file: a paper or a file can be told from any other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.actions import explaining, reporting
from desktop.actions.reporting import Printed
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import open_file
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.reports_gallery import titles
from desktop.ui.table import RowAction
from desktop.words import tr

MOST = 2000


class HistoryTab(QWidget):
    """``again(kind)``: show this kind of report in the preview."""

    again = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.found: list[Printed] = []
        names = kind_names()
        self.table = HeldTable(
            _columns(),
            name="reports.history",
            preferences=desk.preferences,
            title=tr("打印历史"),
            empty=Empty(
                tr("还没有打印过报表"),
                tr("打印或保存一份报表后，这里记下期间、日期、办理人和文件摘要，以后能核对手里的文件是不是那一份。"),
                "history",
            ),
            chips=[Chip("kind", kind, name) for kind, name in names.items()],
            filters={"kind": lambda row, value: self.found[int(row[0])].kind == value},
            actions=[
                RowAction(tr("看这种报表"), lambda keys: self.show_again(keys[0]), "visible", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(keys[0]), "why", "one", "Ctrl+E"),
                RowAction(tr("复制摘要"), self.copy_digest, "copy", "one"),
            ],
        )
        self.table.chips.offer(())
        self.table.opened.connect(self.show_again)
        self.compare_button = tab_button(tr("核对文件…"), "check", self.compare)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(label(tr("同样的台账、同一天，打印出来逐字节相同；摘要一样就是同一份文件。"), tone="muted"), 1)
        row.addWidget(self.compare_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Read the history again."""
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: reporting.printed(workspace, MOST), self._show, owner=self, key="history")

    def _show(self, found: Sequence[Printed]) -> None:
        names = kind_names()
        self.found = list(found)
        self.table.hold(
            (place, names.get(one.kind, one.kind), one.period, one.printed_on, one.person, form_words(one.format), one.digest)
            for place, one in enumerate(found)
        )
        self.table.chips.offer({("kind", one.kind) for one in found})

    def show_again(self, key: Key) -> None:
        """Show the kind of report of an entry; of one that has no preview, where it is made."""
        kind = self.found[int(key)].kind
        if kind in titles():
            self.again.emit(kind)
        elif kind == "filing":
            self.desk.go("instruments")
        elif kind == "payout_comparison":
            self.desk.go("payouts", tab="compare")
        elif kind == "repricing":
            self.desk.go("fees")
        elif kind == "voucher":
            self.desk.go("vouchers", claim=self.found[int(key)].period)
        else:
            self.desk.go("compliance", tab="purchases", number=self.found[int(key)].period)

    def explain(self, key: Key) -> None:
        """The trees that were kept when this entry was printed; that none were is said."""
        workspace, digest = self.desk.workspace, self.found[int(key)].digest
        self.desk.jobs.read(
            lambda progress: explaining.explain(workspace, "paper", digest), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
        )

    def copy_digest(self, keys: list[Key]) -> None:
        """The digest as text."""
        QGuiApplication.clipboard().setText(self.found[int(keys[0])].digest)

    def compare(self) -> None:
        """Is a file on disk one of these?"""
        open_file(
            self,
            title=tr("核对文件"),
            kinds=((tr("报表文件"), ("pdf", "xlsx")),),
            preferences=self.desk.preferences,
            purpose="reports",
            then=self.compare_file,
        )

    def compare_file(self, path: Path) -> None:
        """Say whether this very file was printed from this ledger."""
        workspace = self.desk.workspace

        def told(answer: tuple[str, Printed | None]) -> None:
            digest, one = answer
            if one is None:
                self.desk.tell(
                    "warning",
                    tr(
                        "{file} 不在打印历史里：不是这本台账打印的，或者打印后被改过。摘要 {digest}",
                        file=path.name,
                        digest=digest[:16],
                    ),
                )
                return
            name = kind_names().get(one.kind, one.kind)
            said = tr(
                "{file} 就是 {day} 由 {person} 打印的{name}（{period}），没有改动过。",
                file=path.name,
                day=texts.day(one.printed_on),
                person=one.person,
                name=name,
                period=one.period,
            )
            self.desk.tell("done", said)

        self.desk.jobs.read(
            lambda progress: reporting.of_file(workspace, path), told, title=tr("核对文件"), owner=self, key="compare"
        )


def kind_names() -> dict[str, str]:
    """Every kind that is printed -> its name; those of the gallery and those made for one purchase, one claim, two periods or other prices."""
    return {kind: name for kind, (name, _) in titles().items()} | {
        "purchase": tr("查重评议"), "voucher": tr("创新券兑付申请表"), "filing": tr("报备说明"), "repricing": tr("收费重算"),
        "payout_comparison": tr("两期分配对比表"),
    }  # fmt: skip


def form_words(form: str) -> str:
    """How it was put out, in words."""
    return {"pdf": tr("PDF 文件"), "xlsx": tr("Excel 工作簿"), "paper": tr("纸面打印")}.get(form, form)


def _columns() -> list[Column]:
    return [
        Column("kind", tr("报表"), width=144),
        Column("period", tr("期间或编号"), width=176),
        Column("printed_on", tr("日期"), "date", 112),
        Column("person", tr("办理人"), width=120, blank="—"),
        Column("form", tr("形式"), width=120),
        Column("digest", tr("文件摘要（SHA-256）"), "code", 360),
    ]
