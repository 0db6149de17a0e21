"""创新券: the uses of a calendar year with what each gets, the yearly cap of each enterprise, and the claims from draft to paid or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QComboBox, QTabWidget

from desktop.actions import voucher_claims, voucher_overview
from desktop.actions.voucher_city_meters import CityMeter
from desktop.actions.voucher_overview import Overview
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.page import Page
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.vouchers_claims import ClaimsView
from desktop.ui.pages.vouchers_outside import OutsideView
from desktop.ui.pages.vouchers_steps import VoucherSteps
from desktop.ui.pages.vouchers_uses import UsesView
from desktop.ui.table import RowAction
from desktop.words import tr

USES, CAPS, CLAIMS, SEARCHES, OUTSIDE = range(5)
_TABS = {"uses": USES, "caps": CAPS, "claims": CLAIMS, "searches": SEARCHES, "outside": OUTSIDE}
_FIRST_YEAR = 2024  # the rules begin on 2024-08-01


class VouchersPage(Page):
    """See the module's head. The year begins as that of the period and may be chosen on the page."""

    kinds: ClassVar[frozenset[str]] = frozenset({
        "service_record", "posting", "customer", "instrument", "institution", "parameter", "sync", "voucher_enterprise", "voucher_group", "voucher_mark",
        "province_search", "outside_use", "voucher_claim", "voucher_claim_line", "voucher_claim_step", "voucher_paper",
        "attachment",
    })  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("创新券"))
        self.steps = VoucherSteps(desk, self, self._drafted)
        self.found: Overview | None = None
        self._wanted = ""
        self.years = QComboBox()
        self.years.setAccessibleName(tr("自然年"))
        self.years.setMinimumWidth(theme.px(96))
        self.head.add(self.years)
        self._offer_years(desk.period.start.year)
        self._of_period = desk.period.start.year
        self.years.currentIndexChanged.connect(lambda place: self.read())
        self.uses = UsesView(desk, self.steps)
        self.claims = ClaimsView(desk, self.steps)
        self.caps = self._caps()
        self.outside = OutsideView(desk, self.steps, self)
        self.tabs = QTabWidget()
        parts = (
            (tr("使用"), self.uses), (tr("年度上限"), self.caps), (tr("兑付申请"), self.claims), (tr("省内检索"), self.outside.searched),
            (tr("省外使用"), self.outside.used),
        )  # fmt: skip
        for title, view in parts:
            self.tabs.addTab(view, title)
        self.body.addWidget(self.tabs)

    def _caps(self) -> HeldTable:
        made = HeldTable(
            [
                Column("name", tr("按谁计"), width=272),
                Column("which", tr("哪个上限"), width=168),
                Column("cap_fen", tr("年度上限"), "money", 136),
                Column("used_fen", tr("已用额度"), "money", 136),
                Column("left_fen", tr("剩余额度"), "money", 136),
                Column("n_open", tr("金额未知的项"), "number", 112),
            ],
            name="voucher_caps",
            title=tr("年度上限"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年没有企业占用上限"), tr("有企业的服务可以得创新券时，这里列出每家用了多少、还剩多少。"), "voucher"),
            actions=[RowAction(tr("为什么？"), lambda keys: self._explain_cap(keys[0]), "why", "one", "Ctrl+E")],
        )
        made.opened.connect(self._explain_cap)
        return made

    def _offer_years(self, chosen: int) -> None:
        first, last = min(_FIRST_YEAR, chosen), max(self.desk.today().year, chosen)
        self.years.blockSignals(True)
        self.years.clear()
        for year in range(last, first - 1, -1):
            self.years.addItem(tr("{year} 年", year=year), year)
        self.years.setCurrentIndex(self.years.findData(chosen))
        self.years.blockSignals(False)

    # Reading

    def refresh(self) -> None:
        """Read the year again; another period chooses its year."""
        if self.desk.period.start.year != self._of_period:
            self._of_period = self.desk.period.start.year
            self._offer_years(self._of_period)
        self.read()

    def read(self) -> None:
        """Read the chosen year."""
        workspace, year = self.desk.workspace, int(self.years.currentData())
        self.desk.jobs.read(lambda progress: voucher_overview.see(workspace, year), self.show_year, owner=self, key="year")
        self.outside.read()

    def show_year(self, found: Overview) -> None:
        """Draw a year."""
        self.found = found
        self.uses.show_year(found)
        self.claims.show_year(found)
        self.caps.hold([
            *((one.key, one.name, tr("省"), one.cap_fen, None if one.n_open else one.used_fen, one.left_fen, one.n_open) for one in found.meters),
            *((one.key, _counted(one), tr("省市合计（{city}）", city=one.city), one.cap_fen, None if one.n_open else one.used_fen, one.left_fen, one.n_open)
              for one in found.city_meters),
        ])  # fmt: skip
        n_open = sum(one.state == "open" for one in found.uses)
        said = tr("{n} 项使用", n=len(found.uses))
        self.head.line.setText(" · ".join((said, tr("{n} 项金额未知", n=n_open))) if n_open else said)
        if self._wanted:
            self.claims.choose(self._wanted)
            self._wanted = ""

    def arrive(self, where: Mapping[str, str]) -> None:
        tab, number = where.get("tab", ""), where.get("claim", "")
        if tab in _TABS:
            self.tabs.setCurrentIndex(_TABS[tab])
        if number:
            workspace = self.desk.workspace
            self.desk.jobs.read(
                lambda progress: voucher_claims.show(workspace, number).claim.year, lambda year: self._to_claim(number, year), owner=self, key="to"
            )

    def _drafted(self, number: str) -> None:
        self.desk.tell("done", tr("申请 {number} 已起草，可以撤销。", number=number))
        self._to_claim(number, int(self.years.currentData()))

    def _to_claim(self, number: str, year: int) -> None:
        self.tabs.setCurrentIndex(CLAIMS)
        self._wanted = number
        self._offer_years(year)
        self.read()

    def _explain_cap(self, key: Key) -> None:
        meter = next((one for one in self.found.caps if one.key == key), None) if self.found else None
        if meter is not None:
            self.desk.explain(meter.figure)


def _counted(meter: CityMeter) -> str:
    """Whose grants a city's cap counts: an enterprise's, or those of all under one controller."""
    if not meter.per_group:
        return texts.visible(meter.name)
    names = tr("、").join(map(texts.visible, meter.members))
    return tr("实际控制人 {name}（{names}）", name=texts.visible(meter.name), names=names)
