"""成本申报: the declared cost statement. A run without one is refused, so that zero is declared too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.actions import costs, payout_views
from desktop.actions.payout_views import DeclaredCost
from desktop.ledger.allocation import COST_KINDS
from desktop.ledger.finding import Finding, finding
from desktop.ui import theme
from desktop.ui.chips import Chip
from desktop.ui.choice_fields import Choice, CompletedField, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.empty import Empty
from desktop.ui.fields import DateField, MoneyField, TextField
from desktop.ui.forms import Form
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key, Sort
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.table import RowAction
from desktop.ui.texts import money
from desktop.words import say, tr


class CostsTab(QWidget):
    """The list with adding, declaring zero, importing and taking back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._rows: dict[str, DeclaredCost] = {}
        self._wanted: tuple[str, ...] = ()
        self.table = HeldTable(
            _columns(), name="payout.costs", preferences=desk.preferences, title=tr("成本申报"), sort=Sort("period_from", descending=True),
            empty=Empty(
                tr("还没有申报成本"),
                tr("每次分配都要先扣成本：逐行申报类别、期间、金额和凭证号，可以按单台仪器，也可以按全单位。确实没有成本，也要申报一行零。"),
                "coins", ((tr("申报一行"), self.add), (tr("申报零成本"), self.declare_zero), (tr("从表格导入"), self.bring_in)),
            ),
            chips=(Chip("used", "open", tr("待扣除")), Chip("used", "deducted", tr("已扣除"))),
            filters={"used": lambda row, value: (self._rows[str(row[0])].state in ("open", "part")) == (value == "open")},
            actions=[
                RowAction(tr("附件…"), self.attach, "attach", "one"),
                RowAction(tr("撤去这行…"), self.take_back, "delete", "one", "Del", self._is_open),
            ],
        )  # fmt: skip
        self.add_button = tab_button(tr("申报一行…"), "add", self.add, primary=True)
        self.zero_button = tab_button(tr("申报零成本…"), "check", self.declare_zero)
        self.import_button = tab_button(tr("从表格导入…"), "import", self.bring_in)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(label(
            tr("跨期的成本按日历天数分到各次分配，合计等于申报金额。已扣除的行不能再改；写错的行在扣除前，或分配撤回、冲销后可以撤去。"),
            tone="muted",
        ), 1)
        for button in (self.add_button, self.zero_button, self.import_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Read the statement again."""
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: payout_views.declared_costs(workspace), self._show, owner=self, key="costs")

    def show_keys(self, keys: Sequence[str]) -> None:
        """Select the rows behind a figure, as soon as they are here."""
        self._wanted = tuple(keys)
        self.table.clear_filters()
        self._select()

    def _select(self) -> None:
        if self._wanted and any(key in self._rows for key in self._wanted):
            self.table.select(self._wanted)
            self._wanted = ()

    def _show(self, found: Sequence[DeclaredCost]) -> None:
        self._rows = {one.row.id: one for one in found}
        self.table.hold(_row(one) for one in found)
        self._select()

    def _is_open(self, keys: list[Key]) -> bool:
        return self._rows[str(keys[0])].free

    # What can be done

    def add(self) -> None:
        """Declare one row."""
        period = self.desk.period
        self._ask(tr("申报一行成本"), {"period_from": period.start, "period_to": date.fromordinal(period.end.toordinal() - 1)})

    def declare_zero(self) -> None:
        """Declare that there was no cost."""
        period = self.desk.period
        draft = {"kind": "none", "fen": 0, "period_from": period.start, "period_to": date.fromordinal(period.end.toordinal() - 1)}
        self._ask(tr("申报零成本"), draft)

    def _ask(self, title: str, draft: Mapping[str, object]) -> FormDialog:
        workspace = self.desk.workspace
        form = Form(check=_check)
        kinds = [Choice(kind, say(f"payout.cost_kinds.{kind}")) for kind in COST_KINDS]
        form.add("kind", tr("成本类别"), SelectField(kinds), required=True)

        def lookup(text: str) -> list[Choice]:
            return [Choice(number, f"{number} {name}") for number, name in payout_views.instruments_like(workspace, text)]

        def named(key: str) -> Choice | None:
            name = payout_views.instrument_name(workspace, key)
            return Choice(key, f"{key} {name}") if name is not None else None

        form.add(
            "asset_number",
            tr("所属仪器"),
            CompletedField(lookup, named, placeholder=tr("空着表示全单位")),
            hint=tr("只属于一台仪器的成本才填"),
        )
        form.add("period_from", tr("期间起"), DateField(self.desk.today), required=True)
        form.add("period_to", tr("期间止"), DateField(self.desk.today), required=True, hint=tr("含当日"))
        form.add("fen", tr("金额"), MoneyField(), required=True)
        form.add("document", tr("凭证编号"), TextField(), hint=tr("发票、领料单或分摊表的编号，审批人要看"))
        form.set_draft({"kind": COST_KINDS[0], **draft})

        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            self.desk.jobs.write(
                title,
                lambda progress: costs.cost_add(
                    workspace, str(given["kind"]), _text(given["asset_number"]), _day(given["period_from"]), _day(given["period_to"]),
                    _fen(given["fen"]), _text(given["document"]) or "",
                ),
                lambda changes: self._added(dialog, given), failed=dialog.problem, owner=dialog,
            )  # fmt: skip

        return ask_form(
            self, title=title, form=form, do=tr("申报"), submit=submit, says=tr("申报的成本从下一次分配的收入中扣除。")
        )

    def _added(self, dialog: FormDialog, given: Mapping[str, object]) -> None:
        dialog.accept()
        kind = say(f"payout.cost_kinds.{given['kind']}")
        self.desk.tell("done", tr("已申报成本：{kind} {fen}。", kind=kind, fen=money(_fen(given["fen"]))))

    def attach(self, keys: list[Key]) -> None:
        """The evidence of a row: invoices, requisitions, how it was shared out."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        show_attachments(self.desk, self, "cost_row", str(keys[0]), _said(self._rows[str(keys[0])]))

    def take_back(self, keys: list[Key]) -> None:
        """Take back a row no run has deducted; undo brings it back."""
        one = self._rows[str(keys[0])]
        workspace = self.desk.workspace

        def do() -> None:
            self.desk.jobs.write(tr("撤去成本"), lambda progress: costs.cost_remove(workspace, one.row.id), owner=self)

        confirm(self, title=tr("撤去这行成本？"), effects=[_said(one)], do=tr("撤去"), then=do)

    def bring_in(self) -> None:
        """The shared import wizard, for cost statements."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "costs", parent=self)


def _said(one: DeclaredCost) -> str:
    kind = say(f"payout.cost_kinds.{one.row.kind}")
    return tr("{kind} {fen}，凭证 {document}", kind=kind, fen=money(one.row.fen), document=one.row.document or "—")


def _check(draft: Mapping[str, object]) -> list[Finding]:
    told = []
    start, end = draft.get("period_from"), draft.get("period_to")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        told.append(finding("payout.cost_period", field="period_to", start=start, end=end))
    fen, kind = draft.get("fen"), draft.get("kind")
    if isinstance(fen, int) and (fen < 0 or (kind == "none" and fen != 0)):
        told.append(finding("payout.cost_amount", field="fen", yuan=money(fen)))
    if isinstance(fen, int) and fen > 0 and not draft.get("document"):
        told.append(finding("payout.cost_document", "warning", field="document", yuan=money(fen)))
    return told


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("the form lets no record without days through")
    return value


def _fen(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("the form lets no record without an amount through")
    return value


def _row(one: DeclaredCost) -> tuple[object, ...]:
    row = one.row
    where = f"{one.asset_number} {one.instrument_name}" if one.asset_number else tr("全单位")
    kind = say(f"payout.cost_kinds.{row.kind}")
    left = 0 if row.withdrawn else row.fen - one.used_fen
    state = say(f"payout.cost_state.{one.state}")
    return (row.id, kind, where, row.period_from, row.period_to, row.fen, left, row.document, state, " ".join(one.run_numbers))


def _columns() -> list[Column]:
    return [
        Column("kind", tr("成本类别"), width=112),
        Column("where", tr("所属仪器"), width=240),
        Column("period_from", tr("期间起"), "date", 112),
        Column("period_to", tr("期间止"), "date", 112),
        Column("fen", tr("金额"), "money", 136),
        Column("left", tr("尚未扣除"), "money", 136),
        Column("document", tr("凭证编号"), width=144, blank="—"),
        Column("state", tr("状态"), width=96),
        Column("run", tr("扣除于"), "code", 160, blank="—"),
    ]
