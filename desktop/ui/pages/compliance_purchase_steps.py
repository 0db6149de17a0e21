"""The steps of a purchase: enter, change, withdraw, judge, take in and out what the national platform answered, look at the report.

What was typed stays until the ledger took it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import purchase_entry, purchase_national, purchase_report, purchases
from desktop.actions.purchases import View
from desktop.ledger.purchase import OPINIONS
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.fields import DateField, MoneyField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.compliance_purchase_facts import result_words
from desktop.ui.pages.signed_step import Work, sign_step
from desktop.words import tr

_WIDE = 840


class PurchaseSteps:
    """``after(number)``: a step was taken on this purchase."""

    def __init__(self, desk: Desk, page: QWidget, after: Callable[[str], object]) -> None:
        self.desk = desk
        self.page = page
        self.after = after

    def propose(self) -> None:
        """Enter a purchase."""
        form = self._form()
        form.set_draft({"proposed_on": self.desk.today()})
        workspace = self.desk.workspace

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            proposal = purchase_entry.proposal_of(draft)
            self._who(
                "propose", tr("登记申购 {number}", number=proposal.number), tr("登记"),
                lambda name, pin: purchases.propose(workspace, proposal, name, pin),
                proposal.number, tr("申购 {number} 已存下。", number=proposal.number), dialog,
            )  # fmt: skip

        self._ask(tr("登记申购"), form, submit)

    def change(self, view: View) -> None:
        """Correct a purchase nobody has settled."""
        form = self._form()
        form.set_draft(purchase_entry.draft_of(view.proposal))
        form.show_findings(purchase_entry.check(form.draft()))
        workspace, number = self.desk.workspace, view.proposal.number

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            proposal = purchase_entry.proposal_of(draft)
            self._who(
                "propose", tr("修改申购 {number}", number=number), tr("保存"),
                lambda name, pin: purchases.change(workspace, number, proposal, name, pin),
                proposal.number, tr("申购 {number} 已存下。", number=proposal.number), dialog,
            )  # fmt: skip

        self._ask(tr("修改申购 {number}", number=number), form, submit)

    def withdraw(self, view: View) -> None:
        """Give up a purchase nobody has settled."""
        workspace, number = self.desk.workspace, view.proposal.number
        title = tr("撤回申购 {number}", number=number)

        def reasoned(reason: str) -> None:
            self._who(
                "propose", title, tr("撤回"), lambda name, pin: purchases.withdraw(workspace, number, reason, name, pin), number,
                tr("申购 {number} 已撤回。", number=number),
            )  # fmt: skip

        ask_reason(
            self.page.window(), title=title, do=tr("下一步"), then=reasoned, says=tr("撤回后留在台账里，不能再修改，也不能再评议。")
        )

    def review(self, view: View) -> None:
        """Give the opinion, by another person than whoever prepared it, with a PIN."""
        workspace, number = self.desk.workspace, view.proposal.number
        form = Form()
        form.add(
            "opinion", tr("意见"), SelectField([Choice(one, words.say(f"purchase.opinion.{one}")) for one in OPINIONS], optional=True),
            required=True,
        )  # fmt: skip
        form.add("text", tr("理由"), NoteField(4), required=True, hint=tr("评议的理由，印在报告上"))
        advice = words.say(f"purchase.state.{purchase_report.stated(view.figure, 'advice')}")
        says = "\n".join(
            (
                tr("数据支持的意见：{advice}。", advice=advice),
                tr("编制人 {name} 不能评议。同意或不同意之后不能再改；退回修改之后可以改了再评。", name=view.prepared_by),
            )
        )

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            opinion, text = str(draft["opinion"]), str(draft["text"])
            said = words.say(f"purchase.opinion.{opinion}")
            self._who(
                "review", tr("评议申购 {number}", number=number), tr("给出意见"),
                lambda name, pin: purchases.review(workspace, number, opinion, text, name, pin), number,
                tr("申购 {number} 的评议意见已存下：{opinion}。", number=number, opinion=said), dialog, says=said,
            )  # fmt: skip

        ask_form(
            self.page.window(), title=tr("评议申购 {number}", number=number), form=form, do=tr("下一步"), submit=submit, says=says, width=560
        )

    def bring_results(self) -> None:
        """The shared import wizard, for a table of the national platform's results."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "purchase_results", parent=self.page)

    def withdraw_result(self, view: View) -> None:
        """Take a result out that does not belong to this purchase."""
        workspace, number = self.desk.workspace, view.proposal.number
        title = tr("撤去申购 {number} 的查重结果", number=number)
        form = Form()
        form.add("document", tr("文号"), SelectField([Choice(one.document, result_words(one).split("\n")[0]) for one in view.national]), required=True)
        form.add("reason", tr("理由"), NoteField(3), required=True, hint=tr("理由，写入操作日志"))

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            document, reason = str(draft["document"]), str(draft["reason"])
            self._who(
                "propose", title, tr("撤去"), lambda name, pin: purchase_national.withdraw(workspace, number, document, reason, name, pin), number,
                tr("申购 {number} 的国家平台查重结果 {document} 已撤去，可以撤销（undo）。", number=number, document=document), dialog,
            )  # fmt: skip

        ask_form(
            self.page.window(), title=title, form=form, do=tr("下一步"), submit=submit, width=560,
            says=tr("记在别的申购上的、文号写错的，从这里撤去；内容写错的改好表格再导入一次。"),
        )  # fmt: skip

    def paper(self, view: View) -> None:
        """Look at the report as it would be printed, to print or save it."""
        from desktop.actions import reporting
        from desktop.ui.pages.paper_dialog import PaperDialog

        workspace, number = self.desk.workspace, view.proposal.number
        PaperDialog(
            self.page.window(), self.desk, tr("查重评议报告"), number,
            lambda progress: reporting.draw_purchase(workspace, number, progress),
            lambda path, progress: reporting.make_purchase(workspace, number, out=path, progress=progress),
        ).open()  # fmt: skip

    def files(self, view: View) -> None:
        """The files of a purchase: the application, quotations, the minutes of the review."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        number = texts.visible(view.proposal.number)
        says = tr("申购 {number}：申请、报价、论证意见等。只留在本机，不随同步发出。", number=number)
        show_attachments(self.desk, self.page.window(), "purchase_proposal", view.proposal.id, says)

    def _ask(self, title: str, form: Form, submit: Callable[[Mapping[str, object], FormDialog], object]) -> None:
        ask_form(
            self.page.window(), title=title, form=form, do=tr("下一步"), submit=submit, width=_WIDE,
            says=tr("写得越具体，查得越准；存下之后随即查重。"),
        )  # fmt: skip

    def _form(self) -> Form:
        form = Form(check=purchase_entry.check, columns=2)
        form.add("number", tr("申购编号"), TextField(limit=60), required=True)
        form.add("proposed_on", tr("申购日期"), DateField(self.desk.today), required=True, hint=tr("按这一天的规则判断，比较上一自然年的机时"))
        form.add("name", tr("仪器名称"), TextField(), required=True)
        form.add("model", tr("规格型号"), TextField())
        form.add("class_code", tr("分类编码"), TextField("010102"), hint=tr("仪器分类与代码，六位数字"))
        form.add("department", tr("申购部门"), TextField())
        form.add("price_fen", tr("单台（套）预算"), MoneyField(), required=True)
        form.add("provincial_fen", tr("其中省级财政性资金"), MoneyField(), hint=tr("不知道就空着，是否应当评议会显示未知"))
        form.add("central_fen", tr("其中中央财政资金"), MoneyField(), hint=tr("没有就写 0；国家平台的查重评议按它判断"))
        form.add("functions", tr("主要功能"), NoteField(2), wide=True)
        form.add("reason", tr("申购理由"), NoteField(2), wide=True, hint=tr("现有仪器不能满足的理由"))
        return form

    def _who(
        self, step: str, title: str, do: str, work: Work, number: str, said: str, form: FormDialog | None = None, says: str = ""
    ) -> None:
        workspace = self.desk.workspace

        def done(result: object) -> None:
            self.desk.tell("done", said)
            self.after(number)

        sign_step(
            self.desk, self.page, lambda: purchase_entry.allowed(workspace, step), title=title, do=do, work=work, done=done, form=form, says=says
        )
