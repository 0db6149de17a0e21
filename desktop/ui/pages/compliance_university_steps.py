"""What is entered and written for a university's yearly tables at the desk: the school's code, what is stated of a set, a year's use, the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.ledger.money import half_up
from desktop.ledger.university import HOURS, ITEMS, STATED, STATES, USES
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.fields import NoteField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.payout_steps import told
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.university_year import Line, Written
    from desktop.ledger.period import Period
    from desktop.ledger.problem import Problem


class UniversitySteps:
    """The dialogs of the section; ``after()``: something was kept that is no fact of the ledger."""

    def __init__(self, desk: Desk, page: QWidget, after: Callable[[], object]) -> None:
        self.desk = desk
        self.page = page
        self.after = after

    def _ask(self, title: str, form: Form, says: str, work: Callable[[Mapping[str, object]], object], done_words: str) -> FormDialog:
        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            def refused(problem: Problem) -> None:
                dialog.refuse(told(problem))

            def done(_: object) -> None:
                dialog.accept()
                self.desk.tell("done", done_words)
                self.after()

            self.desk.jobs.write(title, lambda progress: work(given), done, failed=refused, owner=dialog)

        return ask_form(self.page.window(), title=title, form=form, do=tr("保存"), submit=submit, says=says, width=560)

    def school(self, known: str) -> FormDialog:
        """The school's code."""
        from desktop.actions import university

        form, workspace = Form(), self.desk.workspace
        form.add("school", tr("学校代码"), TextField(tr("教育部的五位学校代码；空着就去掉")))
        form.set_draft({"school": known})
        return self._ask(
            tr("填写学校代码"), form, tr("教育部报表和共享成效的每一行都以它开头。"),
            lambda given: university.set_school_code(workspace, str(given["school"] or "")), tr("学校代码已存下。"),
        )  # fmt: skip

    def state(self, line: Line) -> FormDialog:
        """What the school states of a set; an empty field is not stated."""
        from desktop.actions import university

        form, workspace, number = Form(), self.desk.workspace, line.instrument.asset_number
        form.add("number", tr("报表编号"), TextField(tr("最多 8 位；空着用资产编号"), limit=8))
        form.add("class_code", tr("分类号"), TextField(tr("教育部的八位分类号"), limit=8))
        form.add("use", tr("使用方向"), SelectField(_choices("use", USES), optional=True))
        form.add("department_code", tr("单位编号"), TextField(tr("最多 10 位"), limit=10))
        form.add("state", tr("现状"), SelectField(_choices("state", STATES), optional=True))
        form.add("name", tr("报表名称"), TextField(tr("最多 30 位，一个汉字占两位；空着用台账的名称"), limit=30))
        form.add("specification", tr("规格"), TextField(tr("最多 30 位；空着用台账的技术指标"), limit=30))
        if line.stated is not None:
            form.set_draft({name: getattr(line.stated, name) or None for name in STATED})
        return self._ask(
            tr("{number} 在教育部报表里的各项", number=number), form, tr("台账里没有、报表要写的，写在这里；现状空着为在用，已退役的必须选。只留在本机。"),
            lambda given: university.state(workspace, number, {name: str(given[name] or "") for name in STATED}),
            tr("{number} 已保存，可以撤销。", number=number),
        )  # fmt: skip

    def use(self, line: Line, year: Period) -> FormDialog:
        """A year's use of a set; an empty field is not entered, what postings say stands beside it."""
        from desktop.actions import university

        form, workspace, number = Form(), self.desk.workspace, line.instrument.asset_number
        known = {one.item: one for one in line.settled}
        for item in ITEMS:
            derived = known[item].derived
            field = NumberField(places=2 if item in HOURS else 0, least=Decimal(0))
            if derived is not None:
                field.line.setPlaceholderText(tr("由记账得出 {n}", n=_shown(item, derived.amount)))
            form.add(item, say(f"moe.use.{item}") + (tr("（小时）") if item in HOURS else ""), field)
        form.add("ground", tr("录入依据"), NoteField(2))
        entered = {one.item: one.entered for one in line.settled if one.entered is not None}
        grounds = {fact.ground for fact in entered.values()}
        draft: dict[str, object] = {item: Decimal(fact.amount) / 60 if item in HOURS else fact.amount for item, fact in entered.items()}
        draft = {item: round(value, 2) if isinstance(value, Decimal) else value for item, value in draft.items()}
        form.set_draft(draft | {"ground": grounds.pop() if len(grounds) == 1 else ""})

        def work(given: Mapping[str, object]) -> object:
            amounts = {item: _amount(item, given[item]) for item in ITEMS if given[item] != draft.get(item)}
            ground = str(given["ground"] or "").strip()
            kept = {item: fact.amount for item, fact in entered.items() if item not in amounts and fact.ground != ground} if ground else {}
            return university.enter(workspace, number, year.name, amounts | kept, ground or None)

        return self._ask(
            tr("{number} {year} 学年的使用", number=number, year=year.name), form,
            tr("没有的写 0；空着的，能由记账得出就按记账，否则报表写 0。"), work, tr("{number} 已保存，可以撤销。", number=number),
        )  # fmt: skip

    def tables(self, year: Period) -> None:
        """Write the workbook to a chosen place."""
        from desktop.actions import university_year

        workspace = self.desk.workspace
        self._save(tr("写出教育部报表"), f"SJ-{year.name}.xlsx", (tr("Excel 工作簿"), ("xlsx",)), lambda path: university_year.tables(workspace, year, path))

    def xml(self, year: Period) -> None:
        """Write ShareEffect to a chosen place."""
        from desktop.actions import university_year

        workspace = self.desk.workspace
        self._save(tr("写出共享成效"), f"ShareEffect-{year.name}.xml", (tr("XML 文件"), ("xml",)), lambda path: university_year.xml(workspace, year, path))

    def _save(self, title: str, name: str, kind: tuple[str, tuple[str, ...]], write: Callable[[Path], Written]) -> None:
        def chosen(path: Path) -> None:
            self.desk.jobs.read(lambda progress: write(path), self._written, title=title, owner=self.page)

        save_file(
            self.page.window(), title=title, name=name, kinds=(kind,), preferences=self.desk.preferences, purpose="university", then=chosen,
        )  # fmt: skip

    def _written(self, done: Written) -> None:
        rows = say("report.list").join(f"{name} {n}" for name, n in done.rows.items())
        said = tr("已写出 {path}：{rows} 行。", path=texts.visible(done.path.name), rows=rows)
        rest = tr("有错误没有写全的 {wrong} 台（套）；涉密 {withheld} 台（套）不列。", wrong=done.left_out, withheld=done.n_withheld)
        self.desk.tell("warning" if done.left_out else "done", f"{said}\n{rest}")


def _choices(name: str, codes: tuple[str, ...]) -> list[Choice]:
    return [Choice(code, f"{code} {say(f'university.{name}_{code}')}") for code in codes]


def _shown(item: str, amount: int) -> str:
    return say("explain.minutes", n=amount) if item in HOURS else str(amount)


def _amount(item: str, value: object) -> int | None:
    if value is None:
        return None
    return half_up(Decimal(str(value)) * 60) if item in HOURS else int(str(value))
