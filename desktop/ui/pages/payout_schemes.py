"""分配方案: every scheme and its versions; adopting an example, writing a new one, a newer version of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.actions import institution, payout_views, payouts, schemes
from desktop.ledger.allocation import TECHNICIANS, Scheme, Share
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.scheme_dialog import open_scheme
from desktop.ui.dialogs.share_grid import in_words
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.table import RowAction
from desktop.words import say, tr

Found = tuple[list[Scheme], dict[str, int], str]


class SchemesTab(QWidget):
    """The versions, newest first, and the selected one in words."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._schemes: dict[str, Scheme] = {}
        self._kind = ""
        self.table = HeldTable(
            _columns(), name="payout.schemes", preferences=desk.preferences, title=tr("分配方案"),
            empty=Empty(
                tr("还没有分配方案"),
                tr("方案写明收入口径、各方先后提取的比例和上限、技术人员按什么分。可以采用一个示例再改成本单位的办法，也可以从空白开始。"),
                "payout", ((tr("采用一个示例"), self.adopt), (tr("新建方案"), self.write_new)),
            ),
            actions=[RowAction(tr("编写新版本…"), self.write_version, "edit", "one")],
        )  # fmt: skip
        self.table.opened.connect(lambda key: self.write_version([key]))
        self.table.selected.connect(self._selected)
        self.adopt_button = tab_button(tr("采用示例…"), "copy", self.adopt)
        self.new_button = tab_button(tr("新建方案…"), "add", self.write_new, primary=True)
        self.version_button = tab_button(tr("编写新版本…"), "edit", lambda: self.write_version(self.table.keys()))
        self.detail = label()
        self.menu: QMenu | None = None
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(label(tr("方案保存后不改动；要改就编写新版本，从新的执行日期起用。"), tone="muted"), 1)
        for button in (self.version_button, self.adopt_button, self.new_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        self._selected([])

    def refresh(self) -> None:
        """Read the schemes again."""
        workspace = self.desk.workspace

        def work(progress: object) -> Found:
            return schemes.schemes(workspace), payout_views.scheme_uses(workspace), institution.get(workspace).kind

        self.desk.jobs.read(work, self._show, owner=self, key="schemes")

    def _show(self, found: Found) -> None:
        every, uses, self._kind = found
        self._schemes = {one.id: one for one in every}
        newest = sorted(every, key=lambda one: (one.from_on, one.name), reverse=True)
        self.table.hold(_row(one, self.desk.today(), every, uses.get(one.id, 0)) for one in newest)

    def show_key(self, key: str) -> None:
        """Select the scheme behind a figure."""
        self.table.select([key])

    def _selected(self, keys: list[Key]) -> None:
        one = self._schemes.get(str(keys[0])) if len(keys) == 1 else None
        self.version_button.setEnabled(one is not None)
        self.detail.setVisible(one is not None)
        if one is not None:
            self.detail.setText(in_words_of(one))

    # What can be done

    def write_new(self) -> None:
        """An empty scheme in the editor."""
        shares = (
            Share(TECHNICIANS, say("payout.receiver.technicians"), "rest", Decimal("0.5")),
            Share("institution", tr("本单位"), "rest", Decimal(1)),
        )
        base = Scheme("", "", self.desk.today(), "", "posted", False, shares, "amount", True, "")
        open_scheme(self, self.desk, base, tr("新建分配方案"))

    def write_version(self, keys: list[Key]) -> None:
        """A newer version of the selected scheme."""
        if len(keys) != 1:
            return
        old = self._schemes[str(keys[0])]
        base = replace(old, from_on=max(self.desk.today(), date.fromordinal(old.from_on.toordinal() + 1)))
        says = tr("旧版本仍用于它执行期间的分配。改好后写上新的执行日期和文号。")
        open_scheme(self, self.desk, base, tr("“{name}”的新版本", name=old.name), says)

    def adopt(self) -> None:
        """Offer the packaged examples; those made for this kind of institution come first."""
        menu = QMenu(self)
        for example in sorted(payouts.examples(), key=lambda one: (self._kind not in one.kinds, one.key)):
            action = menu.addAction(say(f"payout.example.{example.key}"))
            action.setToolTip(texts.tip(say(f"payout.example_note.{example.key}")))
            says = "\n".join(
                (
                    say(f"payout.example_note.{example.key}"),
                    tr("出处：{source}（{sure}）", source=example.source, sure=texts.certainty(example.certainty).text),
                )
            )
            base = replace(example.scheme, from_on=self.desk.today())
            action.triggered.connect(
                lambda checked=False, base=base, says=says: open_scheme(self, self.desk, base, tr("采用示例方案"), says)
            )
        menu.setToolTipsVisible(True)
        self.menu = menu
        menu.popup(self.adopt_button.mapToGlobal(self.adopt_button.rect().bottomLeft()))


def in_words_of(one: Scheme) -> str:
    """A scheme as people say it, in lines."""
    who = tr("技术人员按{weigh}分", weigh=say(f"payout.weight_{one.weigh}"))
    if one.use_coefficient:
        who += tr("，乘以角色系数")
    if one.evaluations:
        who += tr("，{n} 人另有考核系数", n=len(one.evaluations))
    if one.evaluation_facts:
        who += tr("，乘以截止日有效的考核系数")
    lines = [
        " → ".join((say(f"payout.basis.{one.basis}"), *(in_words(share) for share in one.shares))),
        tr("{who}；尾差归工号 {staff_number}；{internal}", who=who, staff_number=one.remainder_to,
           internal=payout_views.internal_words(one)),
    ]  # fmt: skip
    return "\n".join(lines)


def _row(one: Scheme, today: date, every: list[Scheme], n_runs: int) -> tuple[object, ...]:
    versions = sorted(other.from_on for other in every if other.name == one.name)
    following = next((day for day in versions if day > one.from_on), None)
    state = "later" if one.from_on > today else "replaced" if following is not None and following <= today else "in_force"
    shares = tr("、").join(f"{share.name} {texts.percent(share.rate, 4)}" for share in one.shares)
    return (one.id, one.name, state, one.from_on, say(f"payout.basis.{one.basis}"), shares, one.document, n_runs)


def _columns() -> list[Column]:
    return [
        Column("name", tr("方案名称"), width=200),
        Column("state", tr("状态"), "state", 104, said_under="payout.scheme_state"),
        Column("from_on", tr("执行日期"), "date", 104),
        Column("basis", tr("收入口径"), width=104),
        Column("shares", tr("份额"), width=304),
        Column("document", tr("文号"), width=136, blank="—"),
        Column("n_runs", tr("用于分配"), "number", 80),
    ]
