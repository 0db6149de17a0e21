"""The claims of a year, and one of them with its papers, what it still lacks, and the steps that may follow."""

from __future__ import annotations

from functools import partial
from typing import get_args

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions import voucher_claims
from desktop.actions.voucher_claims import Shown
from desktop.actions.voucher_overview import Overview
from desktop.actions.voucher_renumbering import CLAIM
from desktop.ledger.voucher import ClaimVerb
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.vouchers_steps import VoucherSteps, verb_words
from desktop.ui.table import RowAction
from desktop.words import tr

_MOST = 3
_MISSING = "voucher.paper_missing"
_ICONS: dict[ClaimVerb, str] = {
    "submit": "send", "send_back": "undo", "accept": "approve", "refuse": "refused", "pay": "coins", "withdraw": "remove", "recover": "reverse",
}  # fmt: skip


class ClaimsView(QWidget):
    """See the module's head."""

    def __init__(self, desk: Desk, steps: VoucherSteps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = steps
        self.shown: Shown | None = None
        self.table = self._table()
        self.heading = label(tr("选一份申请"), role="section")
        self.facts = FactList()
        self.lacks = label(tone="warning")
        self.papers = self._papers()
        self.buttons = {verb: tab_button(verb_words(verb), _ICONS[verb], partial(self._take, verb)) for verb in get_args(ClaimVerb)}
        self.paper = tab_button(tr("登记材料…"), "attach", self._paper)
        self.print_button = tab_button(tr("申请表…"), "report", self._print)
        self.renumber = tab_button(tr("换编号…"), "edit", self._renumber)
        self.files = tab_button(tr("附件…"), "attach", self._files)
        self.collect = tab_button(tr("汇总材料…"), "save", self._collect)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(split("vouchers.claims", desk.preferences, self.table, self._beside(), share=0.5))
        self.table.selected.connect(lambda keys: self._see())
        self.table.opened.connect(lambda key: self._print())
        self.papers.selected.connect(lambda keys: self._offer())
        self.papers.opened.connect(lambda key: self._paper())
        self._show(None)

    def _table(self) -> HeldTable:
        columns = [
            Column("number", tr("申请编号"), "code", 112),
            Column("enterprise", tr("企业"), width=144),
            Column("state", tr("状态"), "state", 104, said_under="voucher.claim"),
            Column("claimed_fen", tr("申报金额"), "money", 112, blank="—"),
            Column("n_unknown", tr("市级未知（项）"), "number", 104, blank=""),
            Column("accepted_fen", tr("通过金额"), "money", 112, blank="—"),
            Column("paid_fen", tr("兑付金额"), "money", 112, blank="—"),
            Column("last_on", tr("办理日期"), "date", 104, blank="—"),
        ]
        return HeldTable(
            columns,
            name="voucher_claims",
            title=tr("兑付申请"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年还没有兑付申请"), tr("在“使用”里选中一家企业的几项，起草一份申请。"), "voucher"),
            actions=[RowAction(tr("申请表…"), lambda keys: self._print(), "report", "one")],
        )

    def _papers(self) -> HeldTable:
        columns = [
            Column("use", tr("编号"), "code", 88),
            Column("item", tr("材料"), "state", 128, said_under="voucher.paper"),
            Column("state", tr("情况"), "state", 96, said_under="voucher.state"),
        ]
        return HeldTable(
            columns,
            name="voucher_papers",
            title=tr("证据材料"),
            preferences=self.desk.preferences,
            empty=Empty(tr("没有要列的材料"), tr("选一份申请，看它每一项要哪些材料。"), "attach"),
            actions=[RowAction(tr("登记材料…"), lambda keys: self._paper(), "attach", "one")],
        )

    def _beside(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.heading)
        column.addWidget(self.facts)
        column.addWidget(self.lacks)
        column.addWidget(self.papers, 1)
        self.bar = QWidget()
        flow = FlowLayout(self.bar)
        for button in (self.paper, *self.buttons.values(), self.print_button, self.files, self.collect, self.renumber):
            flow.addWidget(button)
        column.addWidget(self.bar)
        made.setMinimumWidth(theme.px(288))
        return made

    def show_year(self, found: Overview) -> None:
        """Draw the claims of a year."""
        self.table.hold(
            (
                one.claim.number, one.claim.number, one.customer, one.stands.state,
                None if one.stands.state == "draft" else one.stands.claimed_fen,
                None if one.stands.state == "draft" else one.stands.n_unknown or None, one.stands.accepted_fen, one.stands.paid_fen, one.stands.last_on,
            )
            for one in found.claims
        )  # fmt: skip
        if found.claims and not self.table.keys():
            self.table.select([found.claims[0].claim.number])
        self._see()

    def choose(self, number: str) -> None:
        """Show this claim."""
        self.table.select([number])

    def _see(self) -> None:
        keys = self.table.keys()
        if len(keys) != 1:
            self._show(None)
            return
        workspace, number = self.desk.workspace, str(keys[0])
        self.desk.jobs.read(
            lambda progress: voucher_claims.show(workspace, number), self._show, failed=lambda problem: self._show(None), owner=self, key="claim"
        )

    def _show(self, shown: Shown | None) -> None:
        self.shown = shown
        self.heading.setText(tr("申请 {number}", number=shown.claim.number) if shown else tr("选一份申请"))
        for widget in (self.facts, self.bar):
            widget.setVisible(shown is not None)
        if shown is None:
            self.lacks.hide()
            self.papers.hold(())
            return
        stands = shown.stands
        draft = stands.state == "draft"
        fresh = stands.state in ("draft", "sent_back")  # worked out anew when it is submitted
        facts: list[tuple[str, str | texts.Spoken]] = [
            (tr("企业"), shown.customer),
            (tr("状态"), texts.state(stands.state, "voucher.claim")),
            (tr("现在可得") if fresh else tr("申报金额"), texts.money(_now(shown)[0] if fresh else stands.claimed_fen)),
        ]
        n_unknown = _now(shown)[1] if fresh else stands.n_unknown
        if n_unknown:
            facts.append((tr("市级部分"), tr("{n} 项未知，不在上面的金额内，由市级核定", n=n_unknown)))
        said = next((one for one in reversed(shown.steps) if one.reason or one.document), None)
        if said is not None:
            facts.append((tr("文号和理由"), " · ".join(part for part in (said.document, said.reason) if part)))
        self.facts.show_facts(facts)
        self._say_lacks(shown)
        self.renumber.setVisible(draft or bool(shown.other_number))
        self.papers.hold(
            (f"{grant.use.number}\n{item}", grant.use.number, item, state)
            for grant, papers in zip(shown.grants, shown.papers, strict=True)
            for item, state in papers.papers
        )
        for verb, button in self.buttons.items():
            button.setVisible(verb in shown.may)
            button.setEnabled(not (verb == "submit" and fresh and shown.findings))
        self._offer()

    def _say_lacks(self, shown: Shown) -> None:
        """What keeps it from being submitted; papers that are missing stand in the list below and are only counted."""
        lacking = shown.findings if shown.stands.state in ("draft", "sent_back") else ()
        n_papers = sum(each.code == _MISSING for each in lacking)
        told = list(dict.fromkeys(texts.finding(each).text for each in lacking if each.code != _MISSING))
        lines = [tr("缺 {n} 份材料，见下表。", n=n_papers)] if n_papers else []
        lines += told[:_MOST] + ([tr("…另有 {n} 项", n=len(told) - _MOST)] if len(told) > _MOST else [])
        said = list(dict.fromkeys(texts.finding(each).text for each in shown.told))
        if shown.elsewhere:
            said.append(tr("{n} 项金额的计算过程留在提交申请的那台电脑上。", n=shown.elsewhere))
        said += [tr("还不能提交："), *lines] if lines else []
        self.lacks.setText("\n".join(said))
        self.lacks.setVisible(bool(said))

    def _offer(self) -> None:
        open_ = self.shown is not None and self.shown.stands.state in ("draft", "sent_back")
        self.paper.setEnabled(open_ and len(self.papers.keys()) == 1)

    def _paper(self) -> None:
        keys = self.papers.keys()
        if self.shown is not None and len(keys) == 1 and self.paper.isEnabled():
            number, item = str(keys[0]).split("\n")
            use = next((one.use for one in self.shown.grants if one.use.number == number), None)
            if use is not None:
                self.steps.paper(use, item)

    def _take(self, verb: ClaimVerb) -> None:
        if self.shown is not None:
            self.steps.take(self.shown, verb)

    def _renumber(self) -> None:
        if self.shown is not None:
            self.steps.renumber(CLAIM, self.shown.claim.number, self.shown.other_number)

    def _files(self) -> None:
        if self.shown is not None:
            self.steps.files(self.shown.claim)

    def _collect(self) -> None:
        if self.shown is not None:
            self.steps.collect(self.shown.claim.number)

    def _print(self) -> None:
        if self.shown is not None:
            self.steps.print_claim(self.shown.claim.number)


def _now(shown: Shown) -> tuple[int | None, int]:
    """What the draft would come to today as far as it is known, in fen, unknown while a part of the province is; and of how many uses the city's part is."""
    total = 0
    for one in shown.grants:
        if one.amount_fen is None:
            return None, 0
        total += one.amount_fen + (one.top_up_fen or 0)
    return total, sum(one.top_up_fen is None for one in shown.grants)
