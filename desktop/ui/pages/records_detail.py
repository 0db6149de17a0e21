"""One service record beside the list: facts, price, problems with the answers they ask for, money received, history."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import evaluations, record_views
from desktop.actions.fee_words import published, unit_name
from desktop.actions.record_views import Detail
from desktop.ledger.national_service import STATED
from desktop.ledger.voucher_rows import VoucherMark
from desktop.ui import texts, theme
from desktop.ui.attachments_view import AttachmentsView, counted
from desktop.ui.desk import Desk
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.labels import label
from desktop.ui.pages.records_answers import AnswersView
from desktop.ui.pages.records_list import nothing_chosen
from desktop.ui.pages.records_receipts import ReceiptsView
from desktop.ui.texts import Spoken
from desktop.words import tr

FACTS, PRICE, PROBLEMS, RECEIPTS, EVIDENCE, HISTORY = range(6)


class DetailPane(QWidget):
    """``show_key`` reads and shows the record behind a key of the list; None shows what to do."""

    editing = Signal(object)  # ServiceRecord: correct this draft
    posting = Signal(object)  # ServiceRecord: post this draft
    reversing = Signal(object)  # ServiceRecord: take a posted one back
    replacing = Signal(object)  # ServiceRecord: take a posted one back and enter it corrected
    renumbering = Signal(object)  # Detail: give one another number that another seat's record has too
    stating = Signal(object)  # Detail: what the national platform asks of a posted one
    unmarking = Signal(object)  # Detail: take the voucher mark off a draft, which cannot be removed with it

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.key: int | None = None
        self.detail: Detail | None = None
        self.to_problems = False  # the next record is shown for its problems
        self.heading = label("", role="section")
        self.line = label("", tone="muted")
        self.bar = QWidget()
        steps = FlowLayout(self.bar)
        self.edit, self.post, self.reverse, self.replace = (
            self._step(steps, text, icon, signal)
            for text, icon, signal in (
                (tr("修改…"), "edit", self.editing),
                (tr("记账…"), "approve", self.posting),
                (tr("冲销…"), "reverse", self.reversing),
                (tr("冲销并更正…"), "edit", self.replacing),
            )
        )
        self.renumber = QPushButton(tr("换编号…"))
        theme.dress(self.renumber, "edit")
        self.renumber.clicked.connect(lambda: self.renumbering.emit(self.detail))
        steps.addWidget(self.renumber)
        self.state = QPushButton(tr("国家平台…"))
        theme.dress(self.state, "edit")
        self.state.clicked.connect(lambda: self.stating.emit(self.detail))
        steps.addWidget(self.state)
        self.unmark = QPushButton(tr("去掉创新券标注…"))
        theme.dress(self.unmark, "remove")
        self.unmark.clicked.connect(lambda: self.unmarking.emit(self.detail))
        steps.addWidget(self.unmark)
        self.tabs = QTabWidget()
        self.facts, self.price_facts, self.history = FactList(), FactList(), FactList()
        self.amount = label("", role="large")
        self.rule = label("")
        self.rule.setProperty("tone", "plain")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self._explain)
        self.price_findings = QVBoxLayout()
        self.answers = AnswersView(desk)
        for asked, told in (
            (self.answers.editing, self.editing), (self.answers.posting, self.posting), (self.answers.replacing, self.replacing),
        ):  # fmt: skip
            asked.connect(told)
        self.receipts = ReceiptsView(desk)
        self.evidence = AttachmentsView(desk)
        self.evidence.counted.connect(self._count)
        for title, widget in (
            (tr("事实"), scrolled(self.facts)),
            (tr("价格"), scrolled(self._price())),
            (tr("问题"), scrolled(self.answers)),
            (tr("到账"), scrolled(self.receipts)),
            (tr("附件"), scrolled(self.evidence)),
            (tr("历史"), scrolled(self.history)),
        ):
            self.tabs.addTab(widget, title)
        self._stack = QStackedWidget()
        self.hint = nothing_chosen()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(self._arranged())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _price(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        row = QHBoxLayout()
        row.addWidget(self.amount)
        row.addWidget(self.why)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.rule)
        column.addLayout(self.price_findings)
        column.addSpacing(theme.UNIT)
        column.addWidget(self.price_facts, 1)
        return made

    def _arranged(self) -> QWidget:
        made = QWidget()
        head = QHBoxLayout()
        head.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, 0)
        head.addWidget(self.heading, 1)
        under = QHBoxLayout()
        under.setContentsMargins(2 * theme.UNIT, 0, theme.UNIT, theme.UNIT)
        under.addWidget(self.line, 1)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(under)
        steps = QVBoxLayout()
        steps.setContentsMargins(2 * theme.UNIT, 0, theme.UNIT, theme.UNIT)
        steps.addWidget(self.bar)
        column.addLayout(steps)
        column.addWidget(self.tabs, 1)
        return made

    def _step(self, row: FlowLayout, text: str, icon: str, signal: SignalInstance) -> QPushButton:
        """What can be done with the record as it stands; only what applies is seen."""
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: self._say(signal))
        row.addWidget(made)
        return made

    def _count(self, n: int) -> None:
        self.tabs.setTabText(EVIDENCE, counted(n))

    # Showing

    def show_key(self, key: int | None) -> None:
        """Read the record and show it."""
        self.key = key
        if key is None:
            self.detail = None
            self._stack.setCurrentWidget(self.hint)
            return
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: record_views.detail(workspace, key), self._shown, owner=self, key="detail")

    def again(self) -> None:
        """The same record, read anew."""
        self.show_key(self.key)

    def _shown(self, detail: Detail | None) -> None:
        self.detail = detail
        if detail is None:
            self.show_key(None)
            return
        record = detail.record
        state = texts.state(record.state, "record.state")
        self.heading.setText(texts.visible(record.number))
        instrument = detail.instrument
        named = f"{instrument.asset_number} {instrument.name}" if instrument else texts.unknown()
        secret = " · " + tr("涉密") if record.confidential else ""
        self.line.setText(texts.visible(f"{state.text}{secret} · {named}"))
        for button in (self.edit, self.post):
            button.setVisible(record.state == "draft")
        for button in (self.reverse, self.replace):
            button.setVisible(record.state == "posted")
        self.renumber.setVisible(bool(detail.other_number))
        self.state.setVisible(record.state == "posted" and not record.confidential)
        self.unmark.setVisible(record.state == "draft" and detail.mark is not None)
        self.bar.setVisible(record.state in ("draft", "posted") or bool(detail.other_number))
        self.facts.show_facts(_facts(detail))
        self._show_price(detail)
        self.answers.show_detail(detail)
        self.receipts.show_detail(detail)
        self.evidence.show_subject("service_record", record.id)
        self.history.show_facts(_history(detail))
        self.post.setEnabled(not any(one.severity == "error" for one in detail.pricing.findings))
        n_errors = sum(one.severity == "error" for one in detail.pricing.findings) if record.state == "draft" else 0
        self.tabs.setTabText(PROBLEMS, tr("问题 {n}", n=n_errors) if n_errors else tr("问题"))
        self.tabs.setTabVisible(RECEIPTS, record.state != "draft")
        if n_errors and (self.to_problems or self._stack.currentWidget() is self.hint):
            self.tabs.setCurrentIndex(PROBLEMS)
        self.to_problems = False
        self._stack.setCurrentIndex(1)

    def _show_price(self, detail: Detail) -> None:
        pricing = detail.pricing
        priced, posted = pricing.priced, pricing.posted_fen
        fen = posted if detail.record.state != "draft" else priced.amount_fen if priced else None
        self.amount.setText(texts.money(fen) if fen is not None else tr("还不能计价"))
        theme.say_tone(self.amount, "plain" if fen is not None else "muted")
        own = next((posting for posting in detail.postings if posting.reverses is None), None)
        if own is not None:
            self.rule.setText(texts.visible(own.rule_text))
        elif priced is not None:
            self.rule.setText(words.say("fee.joiner").join(part.told() for part in priced.rule))
        else:
            self.rule.setText(tr("补齐“问题”里的各项后才有价格；不会按零计。"))
        while (item := self.price_findings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        if detail.record.state == "draft":
            for each in priced.findings if priced else ():
                said = FindingLabel()
                said.show_spoken(texts.finding(each))
                self.price_findings.addWidget(said)
        self.price_facts.show_facts(_price_facts(detail))

    def _explain(self) -> None:
        if self.detail is not None:
            self.desk.explain(self.detail.figure)

    def _say(self, signal: SignalInstance) -> None:
        if self.detail is not None:
            signal.emit(self.detail.record)


def _facts(detail: Detail) -> list[tuple[str, str | Spoken]]:
    record = detail.record
    minutes = texts.minutes(record.minutes) + ("（" + tr("按机时折算") + "）" if record.derived else "")
    missing = Spoken(texts.unknown(), "muted")
    facts: list[tuple[str, str | Spoken]] = [
        (tr("使用单位"), record.customer_name or missing),
        (tr("开始"), f"{record.started_at:%Y-%m-%d %H:%M}"),
        (tr("结束"), f"{record.ended_at:%Y-%m-%d %H:%M}"),
        (tr("时长"), minutes),
        (tr("服务项目"), record.item or missing),
        (tr("操作人"), record.operator_name or missing),
    ]
    more = (
        (tr("数量"), texts.number(record.quantity) if record.quantity is not None else ""),
        (tr("第二个数量"), texts.number(record.second_quantity) if record.second_quantity is not None else ""),
        (tr("登记机时"), texts.figure(record.claimed_hours, "hours") if record.claimed_hours is not None else ""),
        (tr("合同编号"), record.contract),
        (tr("加急"), tr("待答复：{said}", said=record.urgent_said) if record.urgent_said else tr("是") if record.urgent else ""),
        (tr("议定单价"), texts.money(record.agreed_price_fen) if record.agreed_price_fen is not None else ""),
        (tr("耗材费"), texts.money(record.consumables_fen) if record.consumables_fen is not None else ""),
        (tr("超长原因"), record.long_reason),
        (tr("联系人"), record.contact),
        (tr("服务方式"), record.way),
        (tr("服务类型"), record.direction),
        (tr("用户评价"), evaluations.said(detail.rating)),
        (tr("创新券标注"), " · ".join(marked(detail.mark)) if detail.mark is not None else ""),
        (tr("备注"), record.note),
        (tr("更正自"), detail.replaces),
        (tr("已更正为"), detail.replaced_by),
        *((words.say(f"national_service.field.{name}"), getattr(detail.stated, name)) for name in STATED if detail.stated is not None),
    )
    return facts + [(name, value) for name, value in more if value]


def marked(mark: VoucherMark) -> list[str]:
    """What a voucher mark says, in words."""
    network = {True: tr("通过网络"), False: tr("未通过网络"), None: tr("是否通过网络：未知")}[mark.through_network]
    more = (
        mark.order_number and tr("网络订单号 {number}", number=mark.order_number),
        "" if mark.invoiced_fen is None else tr("已开票 {fen}", fen=texts.money(mark.invoiced_fen)),
        mark.excluded_fen and tr("不计入 {fen}（{why}）", fen=texts.money(mark.excluded_fen), why=mark.excluded_why),
    )
    return [network, *(one for one in more if one)]


def _price_facts(detail: Detail) -> list[tuple[str, str | Spoken]]:
    facts: list[tuple[str, str | Spoken]] = []
    matched, priced = detail.pricing.matched, detail.pricing.priced
    for posting in detail.postings:
        name = tr("记账") if posting.reverses is None else tr("冲销")
        reason = f" · {posting.reason}" if posting.reason else ""
        facts.append((name, f"{texts.day(posting.posted_on)} · {texts.money(posting.amount_fen)}{reason}"))
    if matched is not None and detail.record.state == "draft":
        version = matched.schedule
        until = texts.day(version.to_on) if version.to_on else tr("另行通知")
        facts += [
            (tr("收费标准"), tr("{a} 起，至 {b}", a=texts.day(version.from_on), b=until)),
            (tr("收费项目"), matched.line.item),
            (tr("公布文字"), published(matched.line.source_text)),
            (tr("用户类别"), words.say(f"fee.class.{matched.customer_class}")),
        ]
    if priced is not None and detail.record.state == "draft":
        times = "×" if priced.unit[:1].isdigit() else ""  # 1 × 30分钟
        facts.append((tr("计费数量"), " ".join(part for part in (texts.number(priced.quantity), times, unit_name(priced.unit)) if part)))
        if priced.unit_price_fen is not None:
            facts.append((tr("单价"), f"{texts.money(priced.unit_price_fen)} / {unit_name(priced.price_unit)}"))
    return facts


def _history(detail: Detail) -> list[tuple[str, str | Spoken]]:
    told: list[tuple[str, str | Spoken]] = []
    for done in detail.history:
        named = texts.operation(done.name, done.params)
        parts = [named, done.who, done.reason, tr("已撤销") if done.undone_by else ""]
        text = " · ".join(part for part in parts if part)
        told.append((texts.moment(datetime.fromisoformat(done.at)), Spoken(text, "muted" if done.undone_by else "plain")))
    return told
