"""What a person does about vouchers at the desk: say of a use what the rules ask, draft a claim, enter papers, move it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.actions import evidence, voucher_claims, voucher_files, voucher_renumbering, vouchers
from desktop.actions.voucher_claims import Shown
from desktop.actions.voucher_files import Collected
from desktop.actions.voucher_overview import UseSeen
from desktop.ledger.attachment import Attachment, plain_name
from desktop.ledger.problem import Problem
from desktop.ledger.voucher import ClaimVerb, Evidence, VoucherUse
from desktop.ledger.voucher_rows import OutsideUse, VoucherClaim, VoucherMark
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.fields import DateField, MoneyField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.ui.pages.payout_steps import told
from desktop.words import tr

NETWORK_SAID: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}


def verb_words(verb: ClaimVerb) -> str:
    """What the button of a step is called."""
    return {
        "submit": tr("提交申请…"), "send_back": tr("登记退回补正…"), "accept": tr("登记通过…"), "refuse": tr("登记不通过…"),
        "pay": tr("登记兑付…"), "withdraw": tr("撤回申请…"), "recover": tr("登记追回…"),
    }[verb]  # fmt: skip


class VoucherSteps:
    """``after_draft(number)``: a claim was drafted."""

    def __init__(self, desk: Desk, parent: QWidget, after_draft: Callable[[str], object]) -> None:
        self.desk = desk
        self.parent = parent
        self.after_draft = after_draft

    def ask(
        self, title: str, form: Form, do: str, says: str, work: Callable[[Mapping[str, object]], object],
        then: Callable[[Mapping[str, object]], object], width: int = 480,
    ) -> FormDialog:  # fmt: skip
        """A form whose work is done off the window's thread; what is refused is said in it, and it stays open."""

        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            def refused(problem: Problem) -> None:
                dialog.refuse(told(problem))

            def done(_: object) -> None:
                dialog.accept()
                then(given)

            self.desk.jobs.write(title.rstrip("…"), lambda progress: work(given), done, failed=refused, owner=dialog)

        return ask_form(self.parent, title=title.rstrip("…"), form=form, do=do, submit=submit, says=says, width=width)

    def mark(self, use: UseSeen) -> FormDialog:
        """Whether a service went through the network, what was invoiced, what is left out."""
        number, workspace = use.grant.use.number, self.desk.workspace
        said = use.mark or VoucherMark("", use.grant.use.key)
        form = Form()
        form.add("network", tr("通过服务网络使用"), network_field(), required=True)
        form.add("order", tr("网络订单号"), TextField(limit=80))
        form.add("invoiced", tr("已开票金额"), MoneyField(), hint=tr("空着表示未知"))
        form.add("excluded", tr("不计入补助的金额"), MoneyField())
        form.add("why", tr("不计入的理由"), TextField())
        network = next(key for key, value in NETWORK_SAID.items() if value is said.through_network)
        form.set_draft({
            "network": network, "order": said.order_number, "invoiced": said.invoiced_fen, "excluded": said.excluded_fen or None,
            "why": said.excluded_why,
        })  # fmt: skip

        def work(given: Mapping[str, object]) -> object:
            return vouchers.mark(
                workspace, number, NETWORK_SAID[str(given["network"])], text_of(given["order"]), invoiced_fen=fen_of(given["invoiced"]),
                excluded_fen=fen_of(given["excluded"]) or 0, excluded_why=text_of(given["why"]),
            )  # fmt: skip

        return self.ask(
            tr("标注 {number}", number=number), form, tr("保存"), tr("没有说明是否通过网络的服务，金额显示为未知。"), work,
            lambda given: self.desk.tell("done", tr("已标注 {number}，可以撤销。", number=number)),
        )  # fmt: skip

    def draft(self, uses: Sequence[UseSeen], offered: str) -> FormDialog:
        """A claim of the chosen uses."""
        numbers, workspace = [one.grant.use.number for one in uses], self.desk.workspace
        form = Form()
        form.add("number", tr("申请编号"), TextField(limit=60), required=True)
        form.add("note", tr("备注"), NoteField())
        form.set_draft({"number": offered})
        return self.ask(
            tr("起草兑付申请"), form, tr("起草"), tr("选中 {n} 项。一份申请只能是一家企业、一个自然年。", n=len(numbers)),
            lambda given: voucher_claims.draft(workspace, text_of(given["number"]), numbers, text_of(given["note"])),
            lambda given: self.after_draft(text_of(given["number"])),
        )  # fmt: skip

    def paper(self, use: VoucherUse, item: str) -> None:
        """A paper of a use: a file that hangs at it, its number, or why it is not needed."""
        workspace = self.desk.workspace
        kind = voucher_renumbering.OUTSIDE if use.outside else "service_record"
        self.desk.jobs.read(
            lambda progress: (evidence.listing(workspace, kind, use.key), voucher_claims.papers(workspace, use.key)),
            lambda read: self._ask_paper(use, item, read[0].items, [one for one in read[1] if one.item == item]),
            owner=self.parent,
            key="files",
        )

    def _ask_paper(self, use: VoucherUse, item: str, files: Sequence[Attachment], have: Sequence[Evidence]) -> FormDialog:
        workspace, number, name = self.desk.workspace, use.number, texts.state(item, "voucher.paper").text
        form = Form()
        if files:
            choices = [Choice(one.id, texts.visible(one.name)) for one in files]
            form.add("file", tr("省外使用的附件") if use.outside else tr("服务记录的附件"), SelectField(choices, optional=True))
        form.add("given", tr("材料的编号"), TextField(limit=120))
        form.add("waived", tr("不需要的理由"), TextField())
        form.set_draft({
            "file": next((one.attachment_id for one in have if one.attachment_id), None), "given": next((one.number for one in have if one.number), ""),
            "waived": next((one.waived_why for one in have if one.waived_why), ""),
        })  # fmt: skip

        def work(given: Mapping[str, object]) -> object:
            return voucher_claims.paper(
                workspace, number, item, attachment_id=text_of(given.get("file")) or None, given=text_of(given["given"]),
                waived_why=text_of(given["waived"]),
            )  # fmt: skip

        return self.ask(
            tr("登记材料：{number} 的{item}", number=number, item=name), form, tr("保存"),
            tr("选一个附件，或填写编号，或写明为什么不需要。附件在“省外使用”里添加，只留在本机；只有编号的材料会提示。") if use.outside
            else tr("选一个附件，或填写编号，或写明为什么不需要。附件在服务记录里添加；只有编号的材料会提示。"), work,
            lambda given: self.desk.tell("done", tr("已登记 {number} 的{item}。", number=number, item=name)),
        )  # fmt: skip

    def take(self, shown: Shown, verb: ClaimVerb) -> FormDialog:
        """One step of a claim, with what it needs."""
        number, workspace = shown.claim.number, self.desk.workspace
        form = Form()
        form.add("on", tr("办理日期"), DateField(self.desk.today), required=True)
        if verb in ("accept", "pay"):
            form.add("fen", tr("金额"), MoneyField(), required=True)
        if verb in ("accept", "refuse", "pay", "recover"):
            form.add("document", tr("文号"), TextField(limit=120), required=verb != "pay")
        if verb in ("send_back", "refuse", "withdraw", "recover"):
            form.add("reason", tr("理由"), NoteField(), required=True)
        form.set_draft({"on": self.desk.today(), "fen": _expected(shown, verb)})
        says = tr("提交时金额按当时的规则算定，从此占用年度上限。不能撤销，只能退回或撤回。") if verb == "submit" else tr("办理后不能撤销。")

        def work(given: Mapping[str, object]) -> object:
            on = given["on"]
            return voucher_claims.step(
                workspace, number, verb, on if isinstance(on, date) else None, fen=fen_of(given.get("fen")),
                document=text_of(given.get("document")), reason=text_of(given.get("reason")),
            )  # fmt: skip

        title = verb_words(verb)
        return self.ask(
            f"{title.rstrip('…')} {number}", form, title.rstrip("…"), says, work,
            lambda given: self.desk.tell("done", tr("申请 {number} 已办理。", number=number)),
        )  # fmt: skip

    def renumber(self, kind: str, number: str, offered: str) -> FormDialog:
        """Another number for a claim or a use elsewhere; ``offered`` where another seat's has this one."""
        workspace = self.desk.workspace
        work = voucher_renumbering.claim if kind == voucher_renumbering.CLAIM else voucher_renumbering.outside
        form = Form()
        form.add("number", tr("新编号"), TextField(limit=80), required=True)
        form.add("reason", tr("理由"), TextField(limit=200), required=True)
        form.set_draft({"number": offered})
        says = tr("别的电脑已用这个编号报送了另一条。换了编号两条都在，金额不变。") if offered else tr("只换编号，别的都不变，可以撤销。")
        return self.ask(
            tr("{number} 换编号", number=number), form, tr("换编号"), says,
            lambda given: work(workspace, number, text_of(given["number"]), text_of(given["reason"])),
            lambda given: self.desk.tell("done", tr("{number} 的编号已改为 {new}，下次同步时报送。", number=number, new=text_of(given["number"]))),
        )  # fmt: skip

    def files_of_use(self, use: OutsideUse) -> None:
        """The files of a use in another province: contract, invoice, report; each may then be named as a paper of its claim."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        says = tr("省外使用 {number}：合同、发票、报告等。只留在本机；在“兑付申请”里登记为哪一项材料。", number=texts.visible(use.number))
        show_attachments(self.desk, self.parent, voucher_renumbering.OUTSIDE, use.id, says)

    def collect(self, number: str) -> None:
        """Choose where the archive of a claim's papers goes."""
        save_file(
            self.parent, title=tr("汇总材料"), name=plain_name(f"{tr('申请材料')}-{number}.zip"), kinds=((tr("ZIP 压缩包"), ("zip",)),),
            preferences=self.desk.preferences, purpose="reports", then=lambda path: self.collect_to(path, number),
        )  # fmt: skip

    def collect_to(self, path: Path, number: str) -> None:
        """Write the archive, and say what is not in it."""
        workspace = self.desk.workspace

        def done(made: Collected) -> None:
            lines = [tr("已汇成 {path}：{n} 个文件，另附清单。", path=made.path, n=made.n_files)]
            if made.n_elsewhere:
                lines.append(tr("另有 {n} 个文件在别的席位，本机未取回，只列在清单里。", n=made.n_elsewhere))
            if made.n_bare:
                lines.append(tr("有 {n} 项材料没有文件，情况写在清单里。", n=made.n_bare))
            if made.n_withheld:
                lines.append(tr("另有涉密 {n} 项未列。", n=made.n_withheld))
            self.desk.tell("warning" if made.n_elsewhere or made.n_bare or made.n_withheld else "done", "\n".join(lines))

        self.desk.jobs.write(tr("汇总材料"), lambda progress: voucher_files.collect(workspace, number, path, progress), done, owner=self.parent)

    def files(self, claim: VoucherClaim) -> None:
        """The files of a claim as a whole: the notice of acceptance, the receipt of the payment."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        says = tr("申请 {number}：批复、回执等整份申请的材料。随申请报送机构中心，不报省网。", number=texts.visible(claim.number))
        show_attachments(self.desk, self.parent, "voucher_claim", claim.id, says)

    def print_claim(self, number: str) -> PaperDialog:
        """The paper of a claim, to look at, print or save; a draft says on every page that it is one."""
        from desktop.actions import reporting

        workspace = self.desk.workspace
        made = PaperDialog(
            self.parent, self.desk, tr("创新券兑付申请表"), number,
            lambda progress: reporting.draw_claim(workspace, number, progress),
            lambda path, progress: reporting.make_claim(workspace, number, out=path, progress=progress),
        )  # fmt: skip
        made.open()
        return made


def network_field() -> SelectField:
    """Yes, no, unknown: keys of ``NETWORK_SAID``."""
    return SelectField([Choice("yes", tr("是")), Choice("no", tr("否")), Choice("unknown", tr("未知"))])


def text_of(value: object) -> str:
    """What a text field holds."""
    return value if isinstance(value, str) else ""


def fen_of(value: object) -> int | None:
    """What a field of money holds, in fen."""
    return value if isinstance(value, int) else None


def _expected(shown: Shown, verb: ClaimVerb) -> int | None:
    """What a decision most likely comes to, in fen: all that was claimed, or accepted; nothing is offered where the city's part is not known."""
    if verb != "accept":
        return shown.stands.accepted_fen
    return None if shown.stands.n_unknown else shown.stands.claimed_fen
