"""Each set of a year: hours, rates, income, and its benefit score with the grade; at the side the parts and the counts that were entered,
and whether it is a candidate for transfer, with the way to one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions import benefit, transfer_candidates
from desktop.actions.performance_overview import Overview, SetSeen
from desktop.ledger.evaluation import ITEMS
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.detail_side import scrolling_side, why_button
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.performance_steps import PerformanceSteps
from desktop.ui.table import RowAction
from desktop.ui.texts import Spoken
from desktop.words import say, tr

_GRADE = "benefit.state"
_TRANSFER = "transfer.state"
_GRADES = ("excellent", "good", "pass", "fail", benefit.OPEN)


class SetsView(QWidget):
    """See the module's head. ``year()`` is the chosen year."""

    def __init__(self, desk: Desk, steps: PerformanceSteps, year: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = steps
        self.year = year
        self._sets: dict[Key, SetSeen] = {}
        self.table = self._table()
        self.heading = label(tr("选一台仪器"), role="section")
        self.why = why_button(self.explain)
        self.parts = FactList()
        self.counts = FactList()
        self.counts_head = label(tr("录入的数和依据"), role="strong")
        self.enter = tab_button(tr("录入评价数据…"), "edit", self._enter, primary=True)
        self.load = tab_button(tr("导入评价数据…"), "import", self.steps.import_file)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        self.transfer_why = tab_button(tr("调配：为什么？"), "why", self.explain_transfer)
        self.to_transfer = tab_button(tr("去调配"), "right", self._go_to_transfer)
        side = scrolling_side(
            self.heading, self.why, (self.parts, self.counts_head, self.counts), (self.enter, self.load, self.transfer_why, self.to_transfer)
        )
        column.addWidget(split("performance.sets", desk.preferences, self.table, side, share=0.66), 1)
        self.table.selected.connect(lambda keys: self._show_chosen())
        self.table.opened.connect(lambda key: self.explain())
        self._show_chosen()

    def _table(self) -> HeldTable:
        return HeldTable(
            [
                Column("asset_number", tr("资产编号"), "code", 88),
                Column("name", tr("仪器名称"), width=152),
                Column("total", tr("总分"), "code", 112),
                Column("grade", tr("等级"), "state", 112, said_under=_GRADE),
                Column("effective", tr("有效机时"), "minutes", 112),
                Column("sharing", tr("共享率"), "ratio", 72),
                Column("utilisation", tr("利用率"), "ratio", 72),
                Column("income_fen", tr("服务收入"), "money", 112),
                Column("external", tr("对外机时"), "minutes", 112, hidden=True),
                Column("department", tr("部门"), width=128, blank=""),
                Column("platform", tr("创新平台"), width=136, blank=""),
                Column("users", tr("使用单位（家）"), "number", 96, hidden=True),
                Column("transfer", tr("调配"), "state", 128, said_under=_TRANSFER),
            ],
            name="performance_sets",
            title=tr("仪器和效益评价"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年没有在用的仪器"), tr("登记仪器以后，这里有每台的机时、共享率、收入和效益评价得分。"), "evaluation"),
            filters={
                "grade": lambda row, value: row[4] == value,
                "department": lambda row, value: row[10] == value,
                "platform": lambda row, value: row[11] == value,
                "transfer": lambda row, value: row[13] == value,
            },
            narrowed_words=lambda name, value: texts.visible(value),
            chips=[
                *(Chip("grade", code, texts.state(code, _GRADE).text) for code in _GRADES),
                Chip("transfer", "candidate", tr("可调配")),
            ],
            actions=[
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
                RowAction(tr("录入评价数据…"), lambda keys: self._enter(), "edit", "one"),
                RowAction(tr("调配：为什么？"), lambda keys: self.explain_transfer(), "why", "one"),
                RowAction(tr("去调配"), lambda keys: self._go_to_transfer(), "right", "one"),
            ],
        )

    def show_year(self, found: Overview) -> None:
        """Draw a year."""
        self._sets = {one.one.instrument_id: one for one in found.sets}
        self.table.hold(
            (
                key, seen.one.asset_number, seen.one.name, benefit.shown(seen.scored.score.range), seen.scored.grade, seen.one.effective_minutes,
                seen.measured.sharing_rate.value, seen.measured.utilisation.value, seen.one.income_fen, seen.one.external_minutes,
                seen.one.department, seen.platform, seen.one.n_users, seen.transfer.verdict,
            )
            for key, seen in self._sets.items()
        )  # fmt: skip
        self._show_chosen()

    def chosen(self) -> SetSeen | None:
        """The one set that is selected."""
        keys = self.table.keys()
        return self._sets.get(keys[0]) if len(keys) == 1 else None

    def _show_chosen(self) -> None:
        seen = self.chosen()
        self.why.setVisible(seen is not None)
        for button in (self.enter, self.transfer_why, self.to_transfer):
            button.setEnabled(seen is not None)
        self.counts_head.setVisible(seen is not None)
        if seen is None:
            self.heading.setText(tr("选一台仪器"))
            self.parts.show_facts([])
            self.counts.show_facts([])
            return
        self.heading.setText(tr("{name}（{number}）", name=texts.visible(seen.one.name), number=texts.visible(seen.one.asset_number)))
        score = seen.scored.score
        facts: list[tuple[str, str | Spoken]] = [(tr("等级"), texts.state(seen.scored.grade, _GRADE)), (tr("总分"), _spoken(score.range))]
        facts += [(say(f"benefit.short_{part.name}"), _spoken(part.range)) for part in score.parts]
        if seen.scored.reportable is not None:
            facts.append((tr("须上报"), tr("是") if seen.scored.reportable else tr("否")))
        facts.append((tr("调配"), texts.state(seen.transfer.verdict, _TRANSFER)))
        if _wanting(seen):
            facts.append((tr("理由"), tr("；").join(say(f"transfer.test.{code}") for code in _wanting(seen))))
        self.parts.show_facts(facts)
        entered = seen.scored.facts
        told: list[tuple[str, str | Spoken]] = [
            (say(f"import_field.evaluations.{item}"), str(entered[item].count) if item in entered else Spoken(texts.unknown(), "warning"))
            for item in ITEMS
        ]
        told += [(tr("录入依据"), ground) for ground in dict.fromkeys(entered[item].ground for item in ITEMS if item in entered)]
        self.counts.show_facts(told)

    def explain(self) -> None:
        """Every figure of the chosen set, down to its rows."""
        seen, workspace, year = self.chosen(), self.desk.workspace, self.year()
        if seen is not None:
            number = seen.one.asset_number
            self.desk.jobs.read(lambda progress: benefit.explain(workspace, number, year), self.desk.explain, owner=self, key="why")

    def explain_transfer(self) -> None:
        """Why the chosen set's year makes it a candidate for transfer, or not."""
        seen, workspace, year = self.chosen(), self.desk.workspace, self.year()
        if seen is not None:
            number = seen.one.asset_number
            self.desk.jobs.read(lambda progress: transfer_candidates.explain(workspace, number, year), self.desk.explain, owner=self, key="why")

    def _go_to_transfer(self) -> None:
        seen = self.chosen()
        if seen is not None:
            self.desk.go("instruments", asset_number=seen.one.asset_number, tab="transfer")

    def _enter(self) -> None:
        seen = self.chosen()
        if seen is not None:
            self.steps.enter(seen, self.year())


def _wanting(seen: SetSeen) -> tuple[str, ...]:
    """What is wanting in the use of a candidate; what every candidate has in common is not said, and of the others "why?" tells."""
    return tuple(code for code in ("little_used", "badly_shared") if seen.transfer.verdict == "candidate" and code in seen.transfer.reasons)


def _spoken(found: benefit.Range | None) -> Spoken:
    return Spoken(benefit.shown(found), "plain" if found is not None and found.known else "warning")
