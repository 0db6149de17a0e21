"""The uses of a year with what each gets, and beside the list the cap of the enterprise and what keeps the chosen use from more."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions import vouchers
from desktop.actions.voucher_overview import Meter, Overview, UseSeen
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.detail_side import scrolling_side, why_button
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.vouchers_enterprise import EnterpriseSteps
from desktop.ui.pages.vouchers_meter import CapMeter
from desktop.ui.pages.vouchers_steps import VoucherSteps
from desktop.ui.table import RowAction
from desktop.words import tr


class UsesView(QWidget):
    """See the module's head."""

    def __init__(self, desk: Desk, steps: VoucherSteps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = steps
        self.enterprise = EnterpriseSteps(steps)
        self.found: Overview | None = None
        self._uses: dict[Key, UseSeen] = {}
        self._meters: dict[str, Meter] = {}
        self.table = self._table()
        self.meter, self.city_meter = CapMeter(desk), CapMeter(desk)
        self.heading = label(tr("选一项使用"), role="section")
        self.facts = FactList()
        self.told = label(tone="muted")
        self.why = why_button(self.explain)
        self.mark = tab_button(tr("标注…"), "edit", self._mark)
        self.describe = tab_button(tr("企业资料…"), "customer", self._describe)
        self.draft = tab_button(tr("起草兑付申请…"), "voucher", self._draft, primary=True)
        self.withheld = label(tone="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        side = scrolling_side(self.heading, self.why, (self.facts, self.told, self.meter, self.city_meter), (self.mark, self.describe, self.draft))
        column.addWidget(split("vouchers.uses", desk.preferences, self.table, side, share=0.64), 1)
        column.addWidget(self.withheld)
        self.table.selected.connect(lambda keys: self._show_chosen())
        self.table.opened.connect(lambda key: self.explain())
        self._show_chosen()

    def _table(self) -> HeldTable:
        columns = [
            Column("number", tr("编号"), "code", 80),
            Column("enterprise", tr("企业"), width=136),
            Column("rate", tr("比例"), "ratio", 64),
            Column("fen", tr("省补助"), "money", 96),
            Column("top_up_fen", tr("市级配套"), "money", 96),
            Column("state", tr("状态"), "state", 132, said_under="voucher.use"),
            Column("ended_on", tr("结束日"), "date", 104),
            Column("fee_fen", tr("费用"), "money", 104),
            Column("claim", tr("申请"), "code", 88, blank=""),
        ]
        return HeldTable(
            columns,
            name="voucher_uses",
            title=tr("创新券使用"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年没有可以看的使用"), tr("外部企业的服务记录记账以后列在这里，按规则算出每项能得多少。"), "voucher"),
            filters={"state": lambda row, value: row[6] == value},
            chips=[Chip("state", code, texts.state(code, "voucher.use").text) for code in ("met", "open", "nothing", "not_met")],
            actions=[
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
                RowAction(tr("标注…"), lambda keys: self._mark(), "edit", "one", allowed=lambda keys: not self._uses[keys[0]].grant.use.outside),
                RowAction(tr("企业资料…"), lambda keys: self._describe(), "customer", "one"),
                RowAction(tr("实际控制人…"), lambda keys: self._control(), "customer", "one"),
                RowAction(tr("起草兑付申请…"), lambda keys: self._draft(), "voucher"),
            ],
        )

    def show_year(self, found: Overview) -> None:
        """Draw a year."""
        self.found = found
        self._uses = {one.grant.use.key: one for one in found.uses}
        self._meters = {one.key: one for one in found.meters}
        self.table.hold(
            (
                key, one.grant.use.number, one.grant.use.enterprise.name, "" if one.state == "not_met" else one.rate, one.grant.amount_fen,
                one.grant.top_up_fen, one.state, one.grant.use.ended_on, one.grant.use.fee_fen, one.claim,
            )
            for key, one in self._uses.items()
        )  # fmt: skip
        self.withheld.setText(tr("另有涉密 {n} 项未列。", n=found.n_withheld))
        self.withheld.setVisible(found.n_withheld > 0)
        self._show_chosen()

    def chosen(self) -> list[UseSeen]:
        """The selected uses."""
        keys = self.table.keys()
        return [self._uses[key] for key in keys if key in self._uses]

    def _show_chosen(self) -> None:
        uses = self.chosen()
        one = uses[0] if len(uses) == 1 else None
        enterprises = {each.grant.use.enterprise.counted_as for each in uses}
        meter = self._meters.get(enterprises.pop()) if len(enterprises) == 1 else None
        self.meter.show_meter(meter, self.found.year if self.found else 0)
        keys = {each.grant.use.key for each in uses}
        of_city = next((each for each in self.found.city_meters if keys and keys <= set(each.uses)), None) if self.found else None
        self.city_meter.show_meter(of_city, self.found.year if self.found else 0)
        self.heading.setText(one.grant.use.number if one else tr("选中 {n} 项", n=len(uses)) if uses else tr("选一项使用"))
        for widget in (self.why, self.facts, self.told):
            widget.setVisible(one is not None)
        self.mark.setEnabled(one is not None and not one.grant.use.outside)
        self.describe.setEnabled(one is not None)
        self.draft.setEnabled(bool(uses))
        if one is not None:
            self._show_use(one)

    def _show_use(self, one: UseSeen) -> None:
        use, grant = one.grant.use, one.grant
        fen = texts.money(grant.amount_fen)
        network = texts.figure(use.through_network)
        self.facts.show_facts(
            [
                (tr("企业"), use.enterprise.name),
                (tr("状态"), texts.state(one.state, "voucher.use")),
                (tr("通过网络"), texts.Spoken(network, "muted" if use.through_network is None else "plain")),
                (tr("已开票金额"), texts.money(use.invoiced_fen)),
                (tr("省补助"), tr("至少 {fen}", fen=fen) if grant.least else fen),
                (tr("市级配套"), texts.money(grant.top_up_fen)),
            ]
        )
        self.told.setText("\n".join(dict.fromkeys(texts.finding(each).text for each in grant.findings)))
        self.told.setVisible(bool(grant.findings))

    def explain(self) -> None:
        """Why the chosen use gets what it gets; of a held one as it was when the claim was submitted."""
        uses = self.chosen()
        if len(uses) == 1:
            workspace, number = self.desk.workspace, uses[0].grant.use.number
            self.desk.jobs.read(lambda progress: vouchers.explain(workspace, number), self.desk.explain, owner=self, key="why")

    def _mark(self) -> None:
        self.steps.mark(self.chosen()[0])

    def _describe(self) -> None:
        self.enterprise.describe(self.chosen()[0].grant.use.enterprise.name)

    def _control(self) -> None:
        self.enterprise.control(self.chosen()[0].grant.use.enterprise.name)

    def _draft(self) -> None:
        taken = {one.claim.number for one in self.found.claims} if self.found else set()
        year, n = self.found.year if self.found else self.desk.today().year, 1
        while f"{year}-{n:02d}" in taken:
            n += 1
        self.steps.draft(self.chosen(), f"{year}-{n:02d}")
