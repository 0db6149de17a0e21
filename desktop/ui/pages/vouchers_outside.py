"""省内检索 and 省外使用: the searches of the province that are kept as evidence, what each found and why it could not serve, and the uses elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions import evidence, voucher_outside, voucher_renumbering
from desktop.actions.voucher_outside import Kept
from desktop.ledger.voucher_rows import OutsideUse
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.page import split
from desktop.ui.paged_model import Column
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.vouchers_outside_steps import Elsewhere, OutsideSteps
from desktop.ui.pages.vouchers_steps import VoucherSteps
from desktop.ui.table import RowAction
from desktop.words import tr


class OutsideView(QObject):
    """Two tabs of one reading, every year's: ``searched`` with what each search found, ``used`` with the uses."""

    def __init__(self, desk: Desk, steps: VoucherSteps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = OutsideSteps(steps, self._searched)
        self._wanted = 0
        self._searches: dict[str, Kept] = {}
        self._uses: dict[str, Elsewhere] = {}
        self.search = tab_button(tr("检索省内…"), "search", self.steps.search, primary=True)
        self.answer = tab_button(tr("写明原因…"), "edit", self._answer)
        self.enter = tab_button(tr("登记省外使用…"), "add", self._enter)
        self.change = tab_button(tr("修改…"), "edit", self._change)
        self.files = tab_button(tr("附件…"), "attach", self._files)
        self.renumber = tab_button(tr("换编号…"), "edit", self._renumber)
        self.drop = tab_button(tr("作废…"), "undo", self._drop)
        self.searches = self._table_of_searches()
        self.hits = self._table_of_hits()
        self.uses = self._table_of_uses()
        self.searched = self._part(split("vouchers.searches", desk.preferences, self.searches, self.hits, share=0.45), self.search, self.answer)
        self.used = self._part(self.uses, self.enter, self.change, self.files, self.renumber, self.drop)
        self.searches.selected.connect(lambda keys: self._show_hits())
        self.uses.selected.connect(lambda keys: self._allow())
        self.uses.opened.connect(lambda key: self._change())
        self._show_hits()

    @staticmethod
    def _part(table: QWidget, *buttons: QWidget) -> QWidget:
        made, bar = QWidget(), QWidget()
        flow = FlowLayout(bar)
        for button in buttons:
            flow.addWidget(button)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(bar)
        column.addWidget(table, 1)
        return made

    def _table_of_searches(self) -> HeldTable:
        columns = [
            Column("place", tr("序号"), "number", 56),
            Column("asked", tr("检索词"), width=160),
            Column("searched_on", tr("检索日期"), "date", 104),
            Column("n_hits", tr("找到"), "number", 64),
            Column("n_open", tr("未写原因"), "number", 80),
            Column("catalogue_on", tr("目录读取"), "date", 104),
        ]
        return HeldTable(
            columns, name="voucher_searches", title=tr("省内检索"), preferences=self.desk.preferences,
            empty=Empty(tr("还没有留存的检索"), tr("用省外仪器之前先检索省内：检索的词、日期和找到的仪器留作证据。"), "search"),
        )  # fmt: skip

    def _table_of_hits(self) -> HeldTable:
        columns = [
            Column("place", tr("序号"), "number", 56),
            Column("name", tr("仪器名称"), width=144),
            Column("institution", tr("所在单位"), width=144),
            Column("why_not", tr("不能用的原因"), width=176, blank=tr("未写")),
        ]
        return HeldTable(
            columns, name="voucher_hits", title=tr("检索到的仪器"), preferences=self.desk.preferences,
            empty=Empty(tr("没有要列的仪器"), tr("选一次检索，看当时找到了哪些仪器；一台也没有找到，也是证据。"), "instrument"),
            actions=[RowAction(tr("写明原因…"), lambda keys: self._answer(), "edit")],
        )  # fmt: skip

    def _table_of_uses(self) -> HeldTable:
        columns = [
            Column("number", tr("编号"), "code", 96),
            Column("customer", tr("企业"), width=144),
            Column("instrument", tr("仪器名称"), width=144),
            Column("institution", tr("所在单位"), width=144),
            Column("province", tr("所在省"), width=80),
            Column("ended_on", tr("结束日"), "date", 104),
            Column("fee_fen", tr("费用"), "money", 112),
            Column("search", tr("检索"), "number", 64, blank=tr("无")),
            Column("n_files", tr("附件"), "number", 64, blank=tr("无")),
        ]
        return HeldTable(
            columns, name="voucher_outside", title=tr("省外使用"), preferences=self.desk.preferences,
            empty=Empty(tr("还没有省外使用"), tr("省内没有可用的仪器时，企业用省外仪器的费用登记在这里，和省内的合用一个上限。"), "voucher"),
            actions=[
                RowAction(tr("修改…"), lambda keys: self._change(), "edit", "one"),
                RowAction(tr("附件…"), lambda keys: self._files(), "attach", "one"),
            ],
        )  # fmt: skip

    # Reading

    def read(self) -> None:
        """Read searches and uses again."""
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: (
                voucher_outside.searches(workspace), voucher_outside.every(workspace), evidence.counted(workspace, voucher_renumbering.OUTSIDE),
            ),
            lambda found: self.show_all(*found),
            owner=self,
            key="outside",
        )

    def show_all(self, searches: Sequence[Kept], uses: Sequence[tuple[OutsideUse, str, int | None]], n_files: Mapping[str, int]) -> None:
        """Draw them; ``n_files`` by the key of a use."""
        self._searches = {one.search.id: one for one in searches}
        self._uses = {use.id: Elsewhere(use, customer, place) for use, customer, place in uses}
        self.searches.hold(
            (
                key, one.place, one.search.asked, one.search.searched_on, len(one.hits), sum(not hit.why_not for hit in one.hits),
                one.search.catalogue_on,
            )
            for key, one in self._searches.items()
        )  # fmt: skip
        self.uses.hold(
            (
                key, one.use.number, one.customer, one.use.instrument_name, one.use.institution, one.use.province, one.use.ended_at.date(),
                one.use.fee_fen, one.search, n_files.get(key),
            )
            for key, one in self._uses.items()
        )  # fmt: skip
        wanted = next((key for key, one in self._searches.items() if one.place == self._wanted), None)
        if wanted is not None:
            self._wanted = 0
            self.searches.select([wanted])
        self._show_hits()

    def chosen(self) -> Kept | None:
        """The search that is chosen."""
        keys = self.searches.keys()
        return self._searches.get(str(keys[0])) if len(keys) == 1 else None

    def _show_hits(self) -> None:
        kept = self.chosen()
        hits = enumerate(kept.hits, 1) if kept else ()
        self.hits.hold((place, place, hit.name, hit.institution, hit.why_not) for place, hit in hits)
        self._allow()

    def _allow(self) -> None:
        self.answer.setEnabled(self.chosen() is not None)
        for button in (self.change, self.files, self.renumber, self.drop):
            button.setEnabled(len(self.uses.keys()) == 1)

    # Doing

    def _searched(self, place: int) -> None:
        self._wanted = place
        self.read()

    def _answer(self) -> None:
        kept = self.chosen()
        if kept is not None:
            places = self.hits.keys()
            self.steps.answer(kept, sorted(int(str(place)) for place in places))

    def _enter(self) -> None:
        self.steps.enter(list(self._searches.values()))

    def _renumber(self) -> None:
        keys = self.uses.keys()
        if len(keys) == 1:
            use = self._uses[str(keys[0])].use
            workspace = self.desk.workspace
            self.desk.jobs.read(
                lambda progress: voucher_renumbering.offer(workspace, voucher_renumbering.OUTSIDE, use.id, use.number),
                lambda offered: self.steps.steps.renumber(voucher_renumbering.OUTSIDE, use.number, offered),
                owner=self,
                key="number",
            )

    def _files(self) -> None:
        keys = self.uses.keys()
        if len(keys) == 1:
            self.steps.steps.files_of_use(self._uses[str(keys[0])].use)

    def _drop(self) -> None:
        keys = self.uses.keys()
        if len(keys) == 1:
            self.steps.drop(self._uses[str(keys[0])].use)

    def _change(self) -> None:
        keys = self.uses.keys()
        if len(keys) == 1:
            self.steps.enter(list(self._searches.values()), self._uses[str(keys[0])])
