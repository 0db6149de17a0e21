"""What a person enters for yearly evaluations at the desk: counts of a set's year with their ground, what a user said, a file of counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.actions import evaluations
from desktop.actions.evaluations import said
from desktop.actions.performance_overview import SetSeen
from desktop.ledger.changes import Changes
from desktop.ledger.evaluation import ITEMS, RATINGS
from desktop.ledger.problem import Problem
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.fields import DateField, NoteField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.payout_steps import told
from desktop.words import say, tr


class PerformanceSteps:
    """The dialogs of the page of performance."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk = desk
        self.parent = parent

    def _ask(
        self, title: str, form: Form, says: str, work: Callable[[Mapping[str, object]], object], done_words: Callable[[Mapping[str, object]], str]
    ) -> FormDialog:
        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            def refused(problem: Problem) -> None:
                dialog.refuse(told(problem))

            def done(_: object) -> None:
                dialog.accept()
                self.desk.tell("done", done_words(given))

            self.desk.jobs.write(title, lambda progress: work(given), done, failed=refused, owner=dialog)

        return ask_form(self.parent, title=title, form=form, do=tr("保存"), submit=submit, says=says, width=520)

    def enter(self, seen: SetSeen, year: str) -> FormDialog:
        """The counts of a set's year; an empty field is unknown, also one that was entered before."""
        number, workspace = seen.one.asset_number, self.desk.workspace
        known = seen.scored.facts
        form = Form()
        for item in ITEMS:
            form.add(item, say(f"benefit.count_{item}"), NumberField(places=0, least=Decimal(0)))
        form.add("ground", tr("录入依据"), NoteField(), required=True)
        grounds = {fact.ground for fact in known.values()}
        ground = grounds.pop() if len(grounds) == 1 else ""  # one that is not that of all would be written over the others
        form.set_draft({item: known[item].count for item in ITEMS if item in known} | {"ground": ground})

        def work(given: Mapping[str, object]) -> object:
            counts = {item: int(str(given[item])) for item in ITEMS if given.get(item) is not None}
            changed = {item: count for item, count in counts.items() if item not in known or known[item].count != count}
            cleared = [item for item in known if given.get(item) is None]
            said = str(given["ground"] or "")
            grounded = said.strip() == ground
            if counts and grounded and not (changed or cleared):
                return Changes()
            return evaluations.enter(workspace, number, year, changed if changed or grounded else counts, said, cleared)

        return self._ask(
            tr("录入评价数据：{number} {year}", number=number, year=year), form, tr("没有的写 0；空着表示不知道，得分写成至少～至多。"), work,
            lambda given: tr("{number} {year} 的评价数据已录入，可以撤销。", number=number, year=year),
        )  # fmt: skip

    def rate(self) -> FormDialog:
        """What the user of a posted service said of it."""
        workspace = self.desk.workspace
        form = Form()
        form.add("number", tr("记录编号"), TextField(limit=60), required=True)
        form.add("word", tr("用户评价"), SelectField([Choice(word, said(word)) for word in RATINGS]), required=True)
        form.add("on", tr("评价日期"), DateField(self.desk.today), required=True)
        form.add("comment", tr("用户的意见"), NoteField())
        form.set_draft({"on": self.desk.today()})

        def work(given: Mapping[str, object]) -> object:
            day = given["on"]
            return evaluations.rate(
                workspace, str(given["number"] or ""), str(given["word"] or ""), day if isinstance(day, date) else None, str(given["comment"] or "")
            )

        return self._ask(
            tr("录入用户评价"), form, tr("评价另存，不改动已记账的记录。"), work,
            lambda given: tr("记录 {number} 的用户评价已录入，可以撤销。", number=str(given["number"])),
        )  # fmt: skip

    def import_file(self, path: Path | None = None) -> None:
        """A table of counts, one row a set and year."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "evaluations", path, parent=self.parent)
