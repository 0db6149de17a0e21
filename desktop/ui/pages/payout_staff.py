"""技术人员: who holds which post, title, evaluation, certificates and recognitions today and what runs out; one of them beside. Clauses 8 and 10."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.actions import evidence, explaining, staff_facts
from desktop.actions.staff_facts import Holds
from desktop.actions.workspace import Workspace
from desktop.ledger.staff_fact import ALONE, BESIDE, StaffFact
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.detail_side import DetailSide, bar_of, column_of
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel, FormRoom
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key, Row
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.payout_staff_steps import StaffSteps
from desktop.ui.table import RowAction
from desktop.words import say, tr

STATE, _NAME = "staff.state", "staff.names"
_RUNS_OUT = ("over", "ends_soon")
_PLACES = {kind: place for place, kind in enumerate(ALONE, 4)}
"""Where a row of the list has what is in force."""

Found = tuple[list[Holds], dict[str, int]]


def see(workspace: Workspace) -> Found:
    """Everyone in service with what they hold today, and how many files each fact has."""
    return staff_facts.every(workspace), evidence.counted(workspace, "staff_fact")


class StaffTab(QWidget):
    """A list at the left; at the right every fact about one technician, with what can be done about it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = StaffSteps(desk, self)
        self.one: Holds | None = None
        self._wanted = ""
        self._people: dict[str, Holds] = {}
        self._facts: dict[str, StaffFact] = {}
        self._files: dict[str, int] = {}
        self.says = Elided("")
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("工号、姓名、部门、证书"))
        self.search.setAccessibleName(tr("查找技术人员"))
        self.search.setClearButtonEnabled(True)
        self.load = tab_button(tr("导入技术人员…"), "import", self.bring_in)
        self.load_facts = tab_button(tr("导入岗位、考核、证书…"), "import", self.bring_in_facts)
        self.report = tab_button(tr("培训情况表…"), "report", lambda: desk.go("reports", kind="trainings"))
        self.table = self._table()
        self.finding = FindingLabel()
        self.now = FactList()
        self.facts = self._held()
        self.add = tab_button(tr("登记…"), "add", self.enter, primary=True)
        self.change = tab_button(tr("更正…"), "edit", lambda: self._do(self.steps.correct))
        self.stop = tab_button(tr("写明止日…"), "calendar", lambda: self._do(self.steps.end))
        self.files = tab_button(tr("附件…"), "attach", lambda: self._do(self.steps.files))
        self.drop = tab_button(tr("删除…"), "delete", lambda: self._do(self.steps.withdraw))
        self.room = FormRoom(column_of(self.finding, self.now))
        self.side = DetailSide(
            Empty(tr("选一位技术人员"), tr("岗位、职称、考核、证书和认定，各从哪天到哪天、凭什么，都在这里登记和查看。"), "person"),
            column_of(self.room, self.facts), (self.add, self.change, self.stop, self.files, self.drop), self.explain,
        )  # fmt: skip
        self.search.setFixedWidth(theme.px(216))
        left = column_of(self.says, bar_of((self.search, self.load, self.load_facts, self.report)), self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(split("payout.staff", desk.preferences, left, self.side, share=0.54))
        self.search.textChanged.connect(lambda text: self.table.set_filter("text", text.strip()))
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self.explain())
        self.facts.selected.connect(lambda keys: self._offer())
        self.facts.opened.connect(lambda key: self._do(self.steps.correct))
        self._offer()

    def _table(self) -> HeldTable:
        chips = [Chip("certificate", "over", tr("证书过期")), Chip("certificate", "ends_soon", tr("证书快到期"))]
        chips += [Chip("lacks", kind, tr("没有{kind}", kind=say(f"staff.kinds.{kind}")), tr("今天没有登记有效的")) for kind in ALONE]
        return HeldTable(
            [
                Column("staff_number", tr("工号"), "code", 80), Column("name", tr("姓名"), width=88),
                Column("certificate", tr("证书情况"), "state", 112, said_under=STATE, blank=""),
                *(Column(kind, say(f"{_NAME}.{kind}"), width=112, blank=tr("未登记")) for kind in ALONE),
                Column("factor", tr("考核系数"), "number", 88, blank="—"),
                *(Column(kind, say(f"{_NAME}.{kind}"), "number", 64) for kind in BESIDE),
                Column("department", tr("部门"), width=128, blank=""),
            ],
            name="payout.staff", title=tr("技术人员"), preferences=self.desk.preferences,
            empty=Empty(
                tr("还没有技术人员"), tr("先导入技术人员名单，再逐人登记岗位、职称、考核、证书和认定。"), "person", ((tr("导入技术人员…"), self.bring_in),),
            ),
            chips=chips,
            filters={
                "certificate": lambda row, value: value in self._states(str(row[0]), "certificate"),
                "lacks": lambda row, value: row[_PLACES[value]] is None,
                "text": self._matches,
            },
            actions=[
                RowAction(tr("登记…"), lambda keys: self.enter(), "add", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
            ],
        )  # fmt: skip

    def _held(self) -> HeldTable:
        table = HeldTable(
            [
                Column("kind", tr("类别"), width=104), Column("value", tr("名称或结果"), width=136),
                Column("state", tr("状态"), "state", 112, said_under=STATE),
                Column("from_on", tr("起"), "date", 96), Column("last_on", tr("有效期至"), "date", 96, blank=tr("没有止日")),
                Column("n_files", tr("附件"), "number", 56, blank="—"), Column("factor", tr("考核系数"), "number", 88, blank="—"),
                Column("issuer", tr("发给单位"), width=128, blank=""), Column("number", tr("文件或证书编号"), "code", 128, blank=""),
                Column("ground", tr("依据文件"), width=160),
            ],
            name="payout.staff_facts", title=tr("岗位、职称、考核、证书和认定"), preferences=self.desk.preferences,
            empty=Empty(tr("还没有登记"), tr("没有登记不等于没有。"), "person"),
            actions=[
                RowAction(tr("更正…"), lambda keys: self._do(self.steps.correct), "edit", "one"),
                RowAction(tr("写明止日…"), lambda keys: self._do(self.steps.end), "calendar", "one"),
                RowAction(tr("附件…"), lambda keys: self._do(self.steps.files), "attach", "one"),
                RowAction(tr("删除…"), lambda keys: self._do(self.steps.withdraw), "delete", "one", "Del"),
            ],
        )  # fmt: skip
        table.setMinimumHeight(theme.px(152))
        return table

    # Reading

    def refresh(self) -> None:
        """Read everyone again."""
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: see(workspace), self._show, owner=self, key="staff")

    def show_number(self, staff_number: str) -> None:
        """Show a technician, as soon as they are here."""
        self._wanted = staff_number
        self.table.clear_filters()
        self.search.clear()
        self._choose()

    def _choose(self) -> None:
        if self._wanted in self._people:
            self.table.select([self._wanted])
            self._wanted = ""
        elif self._people and not self.table.keys():
            self.table.select([next(iter(self._people))])

    def _show(self, found: Found) -> None:
        everyone, self._files = found
        self._people = {one.person.staff_number: one for one in everyone}
        self.table.hold(self._row(one) for one in everyone)
        n = {state: sum(state in self._states(number, "certificate") for number in self._people) for state in _RUNS_OUT}
        self.says.setText(
            tr("今天在册 {n} 人，{over} 人有证书过期，{soon} 人有证书快到期", n=len(everyone), over=n["over"], soon=n["ends_soon"]) if everyone else ""
        )
        self.table.chips.show_counts({("certificate", state): n[state] for state in _RUNS_OUT})
        self._choose()
        self._selected(self.table.keys())

    def _states(self, staff_number: str, kind: str) -> set[str]:
        one = self._people[staff_number]
        return {state for fact, state in zip(one.facts, one.states, strict=True) if fact.kind == kind}

    def _row(self, one: Holds) -> Row:
        states = self._states(one.person.staff_number, "certificate")
        worst = next((state for state in (*_RUNS_OUT, "in_force") if state in states), None)
        now = (fact.value if fact else None for fact in (one.post, one.title, one.evaluation))
        return (
            one.person.staff_number, one.person.staff_number, one.person.name, worst, *now, one.evaluation.factor if one.evaluation else None,
            len(one.certificates), len(one.recognitions), one.person.department,
        )  # fmt: skip

    def _matches(self, row: Row, text: str) -> bool:
        held = " ".join(fact.value for fact in self._people[str(row[0])].facts)
        return text.casefold() in f"{row[1]} {row[2]} {row[-1]} {held}".casefold()

    def _selected(self, keys: Sequence[Key]) -> None:
        self.one = self._people.get(str(keys[0])) if len(keys) == 1 else None
        if self.one is None:
            self.side.show_nothing()
            return
        one = self.one
        self.side.heading.setText(tr("{name}（{staff_number}）", name=texts.visible(one.person.name), staff_number=texts.visible(one.person.staff_number)))
        said = "\n".join(texts.finding(each).text for each in one.findings)
        tone: texts.Tone = "warning" if any(each.severity != "note" for each in one.findings) else "note"
        self.finding.show_spoken(texts.Spoken(said, tone) if said else None)
        self.now.show_facts([(say(f"{_NAME}.{kind}"), _in_force(getattr(one, kind))) for kind in ALONE])
        self._facts = {fact.id: fact for fact in one.facts}
        order = sorted(zip(one.facts, one.states, strict=True), key=lambda pair: pair[0].from_on, reverse=True)
        self.facts.hold(
            (
                fact.id, say(f"{_NAME}.{fact.kind}"), fact.value, state, fact.from_on, fact.last_on, self._files.get(fact.id), fact.factor,
                fact.issuer, fact.number, fact.ground,
            )
            for fact, state in order
        )  # fmt: skip
        self._offer()
        self.side.show_one()
        QTimer.singleShot(0, self.room, self.room.updateGeometry)  # what it shows now has another height, known once it is laid out

    def _offer(self) -> None:
        fact = self._chosen()
        for button in (self.change, self.stop, self.files, self.drop):
            button.setEnabled(fact is not None)
            button.setToolTip("" if fact is not None else texts.tip(tr("先在上面选一条")))

    def _chosen(self) -> StaffFact | None:
        keys = self.facts.keys()
        return self._facts.get(str(keys[0])) if len(keys) == 1 else None

    # Steps

    def enter(self) -> FormDialog | None:
        """A fact about the technician at hand."""
        return self.steps.enter(self.one.person) if self.one is not None else None

    def _do(self, act: Callable[..., object]) -> None:
        fact = self._chosen()
        if self.one is not None and fact is not None:
            act(self.one.person, fact)

    def explain(self) -> None:
        """What the technician at hand holds today, as a tree."""
        if self.one is not None:
            workspace, number = self.desk.workspace, self.one.person.staff_number
            self.desk.jobs.read(lambda progress: explaining.explain(workspace, "staff", number), self.desk.explain, owner=self, key="why")

    def bring_in(self) -> None:
        """The shared import wizard, for the list of technicians."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "technicians", parent=self)

    def bring_in_facts(self) -> None:
        """The shared import wizard, for a table of what technicians hold."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "staff_facts", parent=self)


def _in_force(fact: StaffFact | None) -> str | texts.Spoken:
    if fact is None:
        return texts.Spoken(tr("未登记"), "muted")
    parts = [fact.value, tr("自 {day}", day=fact.from_on)]
    parts += [tr("考核系数 {factor}", factor=texts.figure(fact.factor))] if fact.factor is not None else []
    return " · ".join(parts)

