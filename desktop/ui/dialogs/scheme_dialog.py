"""The editor of an allocation scheme: a new one, or a newer version of one that exists. A scheme in use never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions import payout_views, schemes
from desktop.ledger import money
from desktop.ledger.allocation import BASES, WEIGHT_BASES, Basis, Scheme, WeightBasis
from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Technician
from desktop.ui import theme
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.share_grid import ShareGrid, in_words
from desktop.ui.fields import CheckField, DateField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.labels import label
from desktop.words import say, tr


class SchemeDialog(FormDialog):
    """``base`` is shown to be edited; what is saved is always a new version."""

    def __init__(
        self, parent: QWidget | None, desk: Desk, title: str, says: str, base: Scheme, technicians: Sequence[Technician]
    ) -> None:
        form = Form(columns=2)
        super().__init__(parent, title, says, tr("保存方案"), form, self._save, 1080)
        self.desk = desk
        form.add("name", tr("方案名称"), TextField(), required=True, hint=tr("同名的方案是同一方案的新版本"))
        form.add("from_on", tr("执行日期"), DateField(desk.today), required=True)
        form.add("document", tr("文号"), TextField(), hint=tr("批准这个办法的文件"), required=True)
        form.add("remainder_to", tr("尾差归"), SelectField(_people(technicians)), required=True, hint=tr("除不尽的几分钱归谁"))
        form.add(
            "basis", tr("收入口径"), SelectField([Choice(code, say(f"payout.basis.{code}")) for code in BASES]), required=True
        )
        form.add("include_internal", tr("校内服务"), CheckField(tr("校内服务也参加分配")))
        form.add("internal_from", tr("校内服务自"), DateField(desk.today), hint=tr("从这天起结束的校内服务才计入；空着表示不限，以前没有计入的也会补发"))
        weights = [Choice(code, say(f"payout.weight_{code}")) for code in WEIGHT_BASES]
        form.add("weigh", tr("人员权重按"), SelectField(weights), required=True)
        form.add("use_coefficient", tr("角色系数"), CheckField(tr("乘以每人的角色系数")))
        form.add(
            "evaluations", tr("考核系数"), NoteField(2), wide=True, hint=tr("每行一人：工号 系数，例如 T001 1.2；不写的按 1")
        )
        form.add(
            "evaluation_facts", tr("考核事实"), CheckField(tr("考核系数取分配截止日有效的考核")), wide=True,
            hint=tr("考核在“技术人员”里登记；有人没有有效的考核系数时，不能编制"),
        )  # fmt: skip
        form.set_draft({
            "name": base.name or None, "from_on": base.from_on, "document": base.document or None, "remainder_to": base.remainder_to or None,
            "basis": base.basis, "include_internal": base.include_internal, "weigh": base.weigh, "use_coefficient": base.use_coefficient,
            "internal_from": base.internal_from, "evaluation_facts": base.evaluation_facts,
            "evaluations": "\n".join(f"{number} {factor}" for number, factor in base.evaluations) or None,
        })  # fmt: skip
        self.grid = ShareGrid()
        self.words = label(tone="muted")
        inner = QWidget()
        shares = QVBoxLayout(inner)
        shares.setContentsMargins(0, 0, theme.UNIT, 0)
        shares.setSpacing(theme.UNIT)
        self.room.takeWidget()
        shares.addWidget(form)
        shares.addWidget(label(tr("份额按从上到下的次序提取；归实验技术人员的恰好一项"), role="strong"))
        shares.addWidget(self.grid)
        shares.addWidget(self.words)
        self.grid.changed.connect(self._say_shares)
        self.grid.set_shares(base.shares)
        self.room.setWidget(inner)

    def _say_shares(self) -> None:
        self.words.setText(" → ".join(in_words(share) for share in self.grid.shares()))

    def scheme(self, draft: Mapping[str, object]) -> tuple[Scheme, list[Finding]]:
        """The scheme as it stands in the fields, and what cannot be read of it."""
        evaluations, told = read_evaluations(str(draft["evaluations"] or ""))
        made = Scheme(
            "", str(draft["name"]), cast(date, draft["from_on"]), str(draft["document"]), cast(Basis, draft["basis"]),
            bool(draft["include_internal"]), tuple(self.grid.shares()), cast(WeightBasis, draft["weigh"]), bool(draft["use_coefficient"]),
            str(draft["remainder_to"]), tuple(evaluations), cast("date | None", draft["internal_from"]),
            bool(draft["evaluation_facts"]),
        )  # fmt: skip
        return made, [*told, *self.grid.faults()]

    def _save(self, draft: Mapping[str, object], dialog: FormDialog) -> None:
        made, told = self.scheme(draft)
        told += payout_views.scheme_faults(made)
        if told:
            self.form.show_findings(told)
            self.do.setEnabled(True)
            return
        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("保存分配方案"), lambda progress: schemes.add_scheme(workspace, made), lambda changes: self._saved(made), failed=self.problem,
            owner=self,
        )  # fmt: skip

    def _saved(self, made: Scheme) -> None:
        self.accept()
        self.desk.tell("done", tr("方案“{name}”已保存，从 {day} 起执行。", name=made.name, day=made.from_on))


def read_evaluations(text: str) -> tuple[list[tuple[str, Decimal]], list[Finding]]:
    """Lines of staff number and factor; a line that is not both is a finding."""
    found, told = [], []
    for line in text.splitlines():
        parts = line.replace("，", " ").replace(",", " ").split()
        if not parts:
            continue
        try:
            number, factor = parts
            found.append((number, money.number(factor)))
        except ValueError:
            told.append(finding("payout.evaluation_unreadable", field="evaluations", line=line.strip()))
    return found, told


def _people(technicians: Sequence[Technician]) -> list[Choice]:
    return [
        Choice(one.staff_number, tr("{name}（{staff_number}）", name=one.name, staff_number=one.staff_number))
        for one in technicians
    ]


def open_scheme(parent: QWidget, desk: Desk, base: Scheme, title: str, says: str = "") -> None:
    """Read the technicians on a lane and open the editor."""
    workspace = desk.workspace

    def opened(technicians: list[Technician]) -> None:
        SchemeDialog(parent, desk, title, says, base, technicians).open()

    desk.jobs.read(lambda progress: payout_views.technicians(workspace), opened, owner=parent, key="scheme")
