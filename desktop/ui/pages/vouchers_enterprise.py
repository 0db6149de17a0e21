"""What a person says of an enterprise at the desk: place, size with its certificate, and who controls it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from desktop import words
from desktop.actions import voucher_enterprises
from desktop.actions.voucher_enterprises import SIZES, Profile, Said
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, CompletedField, SelectField, found_in
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.fields import DateField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.vouchers_steps import VoucherSteps, text_of
from desktop.words import tr


class EnterpriseSteps:
    """The dialogs are those of ``steps``."""

    def __init__(self, steps: VoucherSteps) -> None:
        self.steps = steps
        self.desk = steps.desk

    def describe(self, name: str) -> None:
        """Read what is known of an enterprise, then ask."""
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: voucher_enterprises.profile(workspace, name), self.ask_facts, owner=self.steps.parent, key="enterprise"
        )

    def ask_facts(self, known: Profile) -> FormDialog:
        """Where it is, its certificate of size, and what the size is worked out from without one."""
        workspace, said = self.desk.workspace, known.said
        form = Form()
        form.add("place", tr("所在地"), TextField(), hint=tr("写到县（市、区），补助比例按它定"))
        form.section(tr("规模证明"))
        sizes = [Choice(code, words.say(f"voucher.state.{code}")) for code in SIZES]
        form.add("size", tr("证明上的规模"), SelectField(sizes, optional=True))
        form.add("size_on", tr("认定日期"), DateField(self.desk.today))
        form.section(tr("没有证明时按这些推算"))
        lookup, named = found_in([Choice(one, one) for one in voucher_enterprises.industries()])
        form.add("industry", tr("行业"), CompletedField(lookup, lambda key: named(key) or Choice(key, key), free=True))
        form.add("staff", tr("从业人数"), NumberField(places=0, least=Decimal(0)), hint=tr("空着表示未知"))
        form.add("revenue", tr("营业收入"), NumberField(places=4, least=Decimal(0), unit=tr("万元")), hint=tr("空着表示未知"))
        form.add("assets", tr("资产总额"), NumberField(places=4, least=Decimal(0), unit=tr("万元")), hint=tr("空着表示未知"))
        form.set_draft({
            "place": known.place, "size": voucher_enterprises.size_code(said.size_class), "size_on": said.size_on, "industry": said.industry or None,
            "staff": said.n_staff, "revenue": said.revenue_wan, "assets": known.assets_wan,
        })  # fmt: skip

        def work(given: Mapping[str, object]) -> object:
            code, staff, on = given["size"], _number(given["staff"]), given["size_on"]
            read = voucher_enterprises.size_code(said.size_class)
            told = Said(
                text_of(given["industry"]), None if staff is None else int(staff), _number(given["revenue"]),
                said.size_class if code == read else voucher_enterprises.size_word(str(code) if code else None), on if isinstance(on, date) else None,
            )  # fmt: skip
            return voucher_enterprises.describe(workspace, known.name, text_of(given["place"]), _number(given["assets"]), told, known)

        return self.steps.ask(
            tr("企业资料：{name}", name=texts.visible(known.name)), form, tr("保存"),
            tr("规模以服务那天有效的证明为准；没有证明的按行业和数字推算。"), work,
            lambda given: self.desk.tell("done", tr("企业资料已保存，可以撤销。")),
        )  # fmt: skip

    def control(self, name: str) -> None:
        """Read who controlled an enterprise, then ask who does from which day on."""
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: voucher_enterprises.profile(workspace, name), self.ask_group, owner=self.steps.parent, key="enterprise"
        )

    def ask_group(self, known: Profile) -> FormDialog:
        """Who controls it, from which day on, by which paper."""
        workspace = self.desk.workspace
        form = Form()
        form.add("controller", tr("实际控制人"), TextField(limit=120), required=True)
        form.add("from_on", tr("自这一天起"), DateField(self.desk.today), required=True)
        form.add("document", tr("依据的材料"), TextField(limit=200), required=True)
        form.set_draft({"from_on": self.desk.today()})
        before = [
            tr("{day} 起：{who}（{paper}）", day=one.from_on.isoformat(), who=texts.visible(one.name), paper=texts.visible(one.document))
            for one in known.groups
        ]
        says = tr("只在市里的规定要求时，同一控制人的企业才合用一个上限。")

        def work(given: Mapping[str, object]) -> object:
            on = given["from_on"]
            day = on if isinstance(on, date) else self.desk.today()
            return voucher_enterprises.group(workspace, known.name, text_of(given["controller"]), day, text_of(given["document"]))

        return self.steps.ask(
            tr("实际控制人：{name}", name=texts.visible(known.name)), form, tr("保存"), "\n".join((says, *before)), work,
            lambda given: self.desk.tell("done", tr("实际控制人已登记，可以撤销。")),
        )  # fmt: skip


def _number(value: object) -> Decimal | None:
    """What a field of numbers holds; one without places gives a whole number."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
