"""What a person does about instruments of another province at the desk: search this one first, say why nothing served, enter the use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from desktop.actions import voucher_outside
from desktop.actions.voucher_outside import Kept
from desktop.ledger.voucher_rows import OutsideUse
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.fields import DateField, MoneyField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.records_choices import customer_field
from desktop.ui.pages.vouchers_steps import NETWORK_SAID, VoucherSteps, fen_of, network_field, text_of
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A use as it is listed: with the name of its customer and the place of its search (None: none was named)."""

    use: OutsideUse
    customer: str
    search: int | None


class OutsideSteps:
    """The dialogs are those of ``steps``; ``after_search(place)``: a search was made and kept."""

    def __init__(self, steps: VoucherSteps, after_search: Callable[[int], object]) -> None:
        self.steps = steps
        self.desk = steps.desk
        self.after_search = after_search

    def search(self) -> FormDialog:
        """Search the catalogue and keep what it finds today."""
        workspace, made = self.desk.workspace, list[Kept]()
        form = Form()
        form.add("words", tr("检索词"), TextField(limit=200), required=True, hint=tr("名称、型号、功能的几个词，用空格分开"))
        form.add("reason", tr("为什么用省外仪器"), NoteField())

        def work(given: Mapping[str, object]) -> object:
            kept, changes = voucher_outside.search(workspace, text_of(given["words"]), text_of(given["reason"]))
            made.append(kept)
            return changes

        def then(_: Mapping[str, object]) -> None:
            kept = made[-1]
            self.desk.tell("done", tr("检索已留存，找到 {n} 台。", n=len(kept.hits)))
            self.after_search(kept.place)

        return self.steps.ask(
            tr("检索省内仪器"), form, tr("检索并留存"), tr("检索的词、日期和当时找到的每一台都留作证据，以后不改。"), work, then
        )

    def answer(self, kept: Kept, places: Sequence[int]) -> FormDialog:
        """Why the chosen sets could not serve, and why another province is used."""
        workspace = self.desk.workspace
        form = Form()
        if places:
            form.add("why", tr("不能用的原因"), NoteField())
        form.add("reason", tr("为什么用省外仪器"), NoteField())
        first = {kept.hits[n - 1].why_not for n in places}
        form.set_draft({"why": first.pop() if len(first) == 1 else "", "reason": kept.search.reason})
        chosen = tr("选中 {n} 台。", n=len(places)) if places else tr("没有选中仪器，只写用省外仪器的理由。")

        def work(given: Mapping[str, object]) -> object:
            return voucher_outside.answer(workspace, kept.place, places, text_of(given.get("why")), text_of(given["reason"]))[1]

        return self.steps.ask(
            tr("检索 {n}：{asked}", n=kept.place, asked=texts.visible(kept.search.asked)), form, tr("保存"), chosen, work,
            lambda given: self.desk.tell("done", tr("原因已写明，可以撤销。")),
        )  # fmt: skip

    def enter(self, searches: Sequence[Kept], before: Elsewhere | None = None) -> FormDialog:
        """A use elsewhere, or the same once more as it should be."""
        workspace = self.desk.workspace
        form = self._form(searches, before)

        def work(given: Mapping[str, object]) -> object:
            number = before.use.number if before else text_of(given["number"])
            place = given["search"]
            use, found = self._use(number, given), int(str(place)) if place else None
            return voucher_outside.enter(workspace, use, text_of(given["customer"]), found, new=before is None)

        title = tr("修改省外使用 {number}", number=before.use.number) if before else tr("登记省外使用")
        return self.steps.ask(
            title, form, tr("保存"), tr("用省外仪器之前要先检索省内；没有检索的使用不补助。"), work,
            lambda given: self.desk.tell("done", tr("省外使用已保存，可以撤销。")), 720,
        )  # fmt: skip

    def drop(self, use: OutsideUse) -> FormDialog:
        """A use that never was."""
        workspace = self.desk.workspace
        form = Form()
        form.add("reason", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志"))
        says = tr("只用于登记错了。有申请用过它的不能作废；检索留着。")
        return self.steps.ask(
            tr("作废省外使用 {number}", number=texts.visible(use.number)), form, tr("作废"), says,
            lambda given: voucher_outside.drop(workspace, use.number, text_of(given["reason"])),
            lambda given: self.desk.tell("done", tr("已作废，可以撤销。")),
        )  # fmt: skip

    def _form(self, searches: Sequence[Kept], before: Elsewhere | None) -> Form:
        form = Form(columns=2)
        if before is None:
            form.add("number", tr("编号"), TextField(limit=60), required=True, hint=tr("不与服务记录相同"))
        form.add("customer", tr("企业"), customer_field(self.desk.workspace), required=True)
        form.add("instrument", tr("仪器名称"), TextField(limit=200), required=True)
        form.add("institution", tr("所在单位"), TextField(limit=200), required=True)
        form.add("province", tr("所在省"), TextField(limit=60), required=True, hint=tr("省名，或写全地级市"))
        form.add("from", tr("服务开始日"), DateField(self.desk.today), required=True)
        form.add("to", tr("服务结束日"), DateField(self.desk.today), required=True)
        form.add("fee", tr("费用"), MoneyField(), hint=tr("空着表示未知"))
        form.add("invoiced", tr("已开票金额"), MoneyField(), hint=tr("空着表示未知"))
        form.add("excluded", tr("不计入补助的金额"), MoneyField())
        form.add("why", tr("不计入的理由"), TextField())
        form.add("network", tr("通过服务网络使用"), network_field(), required=True)
        form.add("order", tr("网络订单号"), TextField(limit=80))
        form.add("contract", tr("合同编号"), TextField(limit=80))
        choices = [
            Choice(str(one.place), tr("检索 {n}：{asked}", n=one.place, asked=f"{texts.visible(one.search.asked)} · {one.search.searched_on.isoformat()}"))
            for one in searches
        ]
        form.add("search", tr("省内检索"), SelectField(choices, optional=True), wide=True)
        form.set_draft({"network": "unknown"} if before is None else self._given(before))
        return form

    @staticmethod
    def _given(before: Elsewhere) -> dict[str, object]:
        use = before.use
        network = next(key for key, value in NETWORK_SAID.items() if value is use.through_network)
        return {
            "customer": before.customer, "instrument": use.instrument_name, "institution": use.institution, "province": use.province,
            "from": use.started_on, "to": use.ended_at.date(), "fee": use.fee_fen, "invoiced": use.invoiced_fen,
            "excluded": use.excluded_fen or None, "why": use.excluded_why, "network": network, "order": use.order_number,
            "contract": use.contract, "search": None if before.search is None else str(before.search),
        }  # fmt: skip

    @staticmethod
    def _use(number: str, given: Mapping[str, object]) -> OutsideUse:
        # The hour of a service elsewhere is not asked: it takes its place under the cap at the end of its day.
        return OutsideUse(
            "", number, "", text_of(given["instrument"]), text_of(given["institution"]), text_of(given["province"]), _day(given["from"]),
            datetime.combine(_day(given["to"]), time(23, 59)), fen_of(given["fee"]), fen_of(given["invoiced"]), fen_of(given["excluded"]) or 0,
            text_of(given["why"]), NETWORK_SAID[str(given["network"])], text_of(given["order"]), text_of(given["contract"]),
        )  # fmt: skip


def _day(value: object) -> date:
    """A day that the form asks for. Raises TypeError when it holds none."""
    if not isinstance(value, date):
        raise TypeError(f"not a day: {value!r}")
    return value
