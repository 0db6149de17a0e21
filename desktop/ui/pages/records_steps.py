"""What is done with records of the list: post, reverse, replace, remove, fill in many. What is irreversible says so first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from desktop.actions import posting, record_list, record_views, records, renumbering
from desktop.actions.posting import Posted
from desktop.actions.record_views import Detail, Preview
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.fields import DateField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.records_choices import operator_field
from desktop.words import tr


class RecordSteps:
    """The steps over one page. ``replacing(record, reason)`` opens the entry of the successor."""

    def __init__(self, desk: Desk, page: QWidget, replacing: Callable[[ServiceRecord, str], object]) -> None:
        self.desk = desk
        self.page = page
        self._replacing = replacing

    # Posting

    def post(self, numbers: Sequence[str]) -> None:
        """Post these records, after saying how many and how much."""
        chosen = list(numbers)
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: record_views.would_post(workspace, chosen, progress=progress),
            lambda preview: self._confirm_posting(preview, chosen, None),
            title=tr("试算记账"),
            owner=self.page,
            key="post",
        )

    def post_up_to(self) -> None:
        """Ask for a day, then post every draft whose service ended on or before it."""
        form = Form()
        form.add("to", tr("截止日期"), DateField(self.desk.today), required=True)
        form.set_draft({"to": min(self.desk.today(), date.fromordinal(self.desk.period.end.toordinal() - 1))})

        def chosen(draft: Mapping[str, object], dialog: FormDialog) -> None:
            to = draft["to"]
            if not isinstance(to, date):
                return
            dialog.accept()
            workspace = self.desk.workspace
            self.desk.jobs.read(
                lambda progress: record_views.would_post(workspace, None, to, progress=progress),
                lambda preview: self._confirm_posting(preview, None, to),
                title=tr("试算记账"),
                owner=self.page,
                key="post",
            )

        ask_form(
            self.page.window(),
            title=tr("全部记账"),
            says=tr("服务结束日在这一天及以前的草稿都会记账，不论所选期间；有问题的留下不动。下一步会先告诉您笔数和金额。"),
            form=form,
            do=tr("试算"),
            submit=chosen,
        )

    def _confirm_posting(self, preview: Preview, numbers: list[str] | None, to: date | None) -> None:
        if not preview.n_posted:
            self.desk.tell("warning", tr("没有可以记账的记录：{n} 条都有问题待补。", n=preview.n_refused))
            return
        effects = [tr("{n} 条服务记录记账，合计 {amount}", n=f"{preview.n_posted:,}", amount=texts.money(preview.amount_fen))]
        effects.append(tr("价格、单价和所用的收费标准从此固定在记录上"))
        if preview.n_refused:
            effects.append(tr("{n} 条有问题，不记账，留在问题清单里", n=f"{preview.n_refused:,}"))
        if preview.n_confidential:
            effects.append(tr("其中涉密 {n} 条，不会上报", n=f"{preview.n_confidential:,}"))
        confirm(
            self.page.window(),
            title=tr("记账"),
            effects=effects,
            do=tr("记账 {n} 条", n=f"{preview.n_posted:,}"),
            then=lambda: self._post(numbers, to),
            irreversible=tr("记账不能撤销；以后只能冲销，冲销也会留下痕迹。"),
        )

    def _post(self, numbers: list[str] | None, to: date | None) -> None:
        workspace = self.desk.workspace
        job = self.desk.jobs.write(
            tr("服务记录记账"),
            lambda progress: posting.post(workspace, numbers, to, progress=progress),
            self._posted,
            owner=self.page,
        )
        watch(self.page, self.desk.jobs, job)

    def _posted(self, done: Posted) -> None:
        self.desk.announce(Changes(done.operation, record_list.KINDS))
        words = tr("已记账 {n} 条，合计 {amount}。", n=f"{done.posted:,}", amount=texts.money(done.amount_fen))
        if done.n_late:
            words += tr("其中 {n} 条属于已结账的月份，标为补记，随以后的分配结算。", n=f"{done.n_late:,}")
        if not done.refused:
            self.desk.tell("done", words)
            return
        words += tr("{n} 条有问题没有记账。", n=f"{len(done.refused):,}")
        self.desk.tell("warning", words, (tr("看有问题的"), lambda: self.desk.go("records", problem="1")))

    # Reversing

    def reverse(self, record: ServiceRecord) -> None:
        """Take a posted record's amount back, with a reason."""
        workspace, number = self.desk.workspace, record.number

        def given(reason: str) -> None:
            self.desk.jobs.write(
                tr("冲销 {number}", number=number),
                lambda progress: posting.reverse(workspace, number, reason),
                self._reversed,
                owner=self.page,
            )

        ask_reason(
            self.page.window(),
            title=tr("冲销 {number}", number=number),
            says=tr("会登记一笔相反的金额，原记录保留并标为已冲销；冲销不能撤销。已发放的会在下次分配按原比例扣回。"),
            do=tr("冲销"),
            then=given,
        )

    def _reversed(self, fen: int) -> None:
        self.desk.announce(Changes(0, record_list.KINDS))
        self.desk.tell("done", tr("已冲销 {amount}。", amount=texts.money(fen)))

    def replace(self, record: ServiceRecord) -> None:
        """Reverse a posted record and enter its corrected successor in one operation; of a reversed one only the successor."""
        says = tr("先写明为什么更正，再改内容；保存时才冲销原记录，并登记一条更正后的草稿。")
        if record.state == "reversed":
            says = tr("先写明为什么更正，再改内容；原记录已冲销，编号留作历史，保存时登记一条替换它的草稿。")
        ask_reason(
            self.page.window(),
            title=tr("冲销并更正 {number}", number=record.number),
            says=says,
            do=tr("去更正"),
            then=lambda reason: self._replacing(record, reason),
        )

    def renumber(self, detail: Detail) -> None:
        """Another number for a record whose number another seat's record has; amounts and days stay."""
        workspace, number = self.desk.workspace, detail.record.number
        form = Form()
        form.add("number", tr("新编号"), TextField(limit=80), required=True)
        form.add("reason", tr("理由"), TextField(limit=200), required=True)
        form.set_draft({"number": detail.other_number})

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            def done(new: str) -> None:
                dialog.accept()
                self.desk.announce(Changes(0, record_list.KINDS))
                self.desk.tell("done", tr("{number} 的编号已改为 {new}，下次同步时报送。", number=number, new=new))

            def failed(problem: Problem) -> None:
                dialog.problem(problem)

            self.desk.jobs.write(
                tr("换编号"),
                lambda progress: renumbering.renumber(workspace, number, str(draft["number"]), str(draft["reason"])),
                done,
                failed=failed,
                owner=dialog,
            )

        ask_form(
            self.page.window(),
            title=tr("{number} 换编号", number=number),
            says=tr("别的电脑的一条记录已用这个编号报送。换了编号两条都在，金额和日期不变；两条若是同一次服务，同步后请冲销多出的一条。"),
            form=form,
            do=tr("换编号"),
            submit=submit,
        )

    # Drafts

    def unmark(self, detail: Detail) -> None:
        """Take the voucher mark off a draft, after showing what it says; undo brings it back."""
        from desktop.actions import vouchers
        from desktop.ui.pages.records_detail import marked

        if detail.mark is None:
            return
        workspace, number = self.desk.workspace, detail.record.number

        def do() -> None:
            self.desk.jobs.write(
                tr("去掉创新券标注"), lambda progress: vouchers.mark(workspace, number, None),
                lambda changes: self.desk.tell("done", tr("已去掉 {number} 的创新券标注，可以撤销。", number=number)), owner=self.page,
            )  # fmt: skip

        effects = [*map(texts.visible, marked(detail.mark)), tr("去掉以后才能删除这条草稿；可以撤销。")]
        confirm(self.page.window(), title=tr("去掉 {number} 的创新券标注？", number=number), effects=effects, do=tr("去掉标注"), then=do)

    def remove(self, numbers: Sequence[str]) -> None:
        """Remove drafts; undo brings them back."""
        chosen, workspace = list(numbers), self.desk.workspace

        def removed(changes: Changes) -> None:
            self.desk.tell("done", tr("已删除 {n} 条草稿，可以撤销。", n=len(chosen)))

        self.desk.jobs.write(tr("删除草稿"), lambda progress: records.remove(workspace, chosen), removed, owner=self.page)

    def fill(self, numbers: Sequence[str]) -> None:
        """Give many drafts the same operator or contract."""
        chosen, workspace = list(numbers), self.desk.workspace
        form = Form()
        form.add("operator", tr("操作人"), operator_field(workspace))
        form.add("contract", tr("合同编号"), TextField(limit=80))
        form.set_draft({})

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            operator, contract = draft["operator"], draft["contract"]
            if operator is None and contract is None:
                dialog.problem(Refused("record.nothing_to_fill"))
                return

            def done(changes: Changes) -> None:
                dialog.accept()
                self.desk.tell("done", tr("已补填 {n} 条，可以一次撤销。", n=len(chosen)))

            def failed(problem: Problem) -> None:
                dialog.problem(problem)

            self.desk.jobs.write(
                tr("批量补填"),
                lambda progress: record_views.fill(
                    workspace,
                    chosen,
                    operator=None if operator is None else str(operator),
                    contract=None if contract is None else str(contract),
                ),
                done,
                failed=failed,
                owner=dialog,
            )

        ask_form(
            self.page.window(),
            title=tr("批量补填 {n} 条", n=len(chosen)),
            says=tr("填了的内容写到所选的每一条草稿上，空着的不动。"),
            form=form,
            do=tr("补填"),
            submit=submit,
        )
