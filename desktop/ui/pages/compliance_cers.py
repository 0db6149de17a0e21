"""高校共享系统: every set as the universities' sharing system would get it, what it still lacks, one of them beside; stated here, written as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop import words
from desktop.ledger.finding import Finding
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.detail_side import DetailSide, bar_of, column_of
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel, FormRoom
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key, Row
from desktop.ui.pages.compliance_cers_steps import CersSteps
from desktop.ui.pages.compliance_university_steps import UniversitySteps
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.read_when_shown import ReadWhenShown
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.cers import Judged, Listed, Part
    from desktop.ledger.instrument import Instrument

STANDING = "cers.standing"
_SHORT = "cers.short"  # a chip as long as the words of a row would leave no room for an explanation beside the list
_BLANK = "cers.blank"  # told of many elements at once: one line names them all
_ASSET, _NAME, _STANDING = 1, 2, 3


class CersView(ReadWhenShown):
    """A list at the left, those with an error first; at the right one set, element by element. ``kept``: the school's code was.

    Nothing leaves by itself: the file is written where the person says.
    """

    kept = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.found: Judged | None = None
        self.one: Instrument | None = None
        self._listed: dict[str, Listed] = {}
        self._sets: dict[str, Instrument] = {}
        self.steps = CersSteps(desk, self)
        self.school_steps = UniversitySteps(desk, self, self.kept.emit)
        self.says = Elided("")
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("资产编号、仪器名称"))
        self.search.setAccessibleName(tr("查找仪器"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(theme.px(184))
        self.school = tab_button(tr("学校代码…"), "settings", self.enter_school)
        self.load = tab_button(tr("从表格导入…"), "import", self.bring_in)
        self.file = tab_button(tr("写出报文…"), "export", self.write)
        self.paper = tab_button(tr("核对表…"), "report", lambda: desk.go("reports", kind="cers"))
        self.table = self._table()
        self.finding = FindingLabel()
        self.facts = FactList()
        self.enter = tab_button(tr("写明…"), "edit", self.state, primary=True)
        self.drop = tab_button(tr("不再报送…"), "remove", self.withdraw)
        self.look = tab_button(tr("打开这台仪器"), "instrument", self.open_set)
        self.room = FormRoom(column_of(self.finding, self.facts))
        self.side = DetailSide(
            Empty(tr("选一台仪器"), tr("共享系统要的每一项写什么、从哪里来、还缺什么，都在这里看和写明。"), "instrument"),
            self.room, (self.enter, self.drop, self.look), self.explain,
        )  # fmt: skip
        left = column_of(self.says, bar_of((self.search, self.school, self.load, self.file, self.paper)), self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(split("compliance.cers", desk.preferences, left, self.side, share=0.58))
        self.search.textChanged.connect(lambda text: self.table.set_filter("text", text.strip()))
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self.state())

    def _table(self) -> HeldTable:
        columns = [
            Column("asset_number", tr("资产编号"), "code", 104),
            Column("name", tr("仪器名称"), width=144),
            Column("standing", tr("报送情况"), "state", 168, said_under=STANDING),
            Column("lacking", tr("要补或要改的"), width=216, blank=""),
            Column("inner_id", tr("共享系统编号"), "code", 112, blank=""),
            Column("department", tr("部门"), width=128, blank=""),
        ]
        return HeldTable(
            columns, name="cers", title=tr("高校共享系统"), preferences=self.desk.preferences,
            empty=Empty(
                tr("没有要报送的仪器"), tr("先在仪器页登记仪器，再逐台写明共享系统要的信息；涉密的从不报送。"), "report",
                ((tr("从表格导入…"), self.bring_in),),
            ),
            chips=[Chip("standing", one, words.say(f"{_SHORT}.{one}"), words.say(f"{STANDING}.{one}")) for one in ("left_out", "written", "unstated")],
            filters={"standing": lambda row, value: row[_STANDING] == value, "text": _matches},
            actions=[
                RowAction(tr("写明…"), lambda keys: self.state(), "edit", "one"),
                RowAction(tr("不再报送…"), lambda keys: self.withdraw(), "remove", "one"),
                RowAction(tr("打开这台仪器"), lambda keys: self.open_set(), "instrument", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
            ],
        )  # fmt: skip

    # Reading

    def read(self) -> None:
        """Judge every set again."""
        from desktop.actions import cers

        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: cers.judge(workspace), self._show, title=tr("核对高校共享系统报送"), owner=self, key="cers"
        )  # fmt: skip

    def _show(self, found: Judged) -> None:
        self.found = found
        self._listed = {one.instrument.id: one for one in found.sets}
        self._sets = {one.id: one for one in (*(each.instrument for each in found.sets), *found.others)}
        first = sorted(found.sets, key=lambda one: one.row.sound)  # what has an error first, each part by asset number
        self.table.hold([*(_row(one) for one in first), *(_unstated(one) for one in found.others)])
        n_sound = len(found.sound)
        n_wrong = len(found.sets) - n_sound
        self.table.chips.show_counts({("standing", "left_out"): n_wrong, ("standing", "written"): n_sound, ("standing", "unstated"): found.unstated})
        self.says.setText(tr("学校代码 {school}；涉密 {withheld} 台（套）从不报送", school=found.school or tr("没有填写"), withheld=found.withheld))
        if self._sets and not self.table.keys() and self.table.model.rowCount():
            self.table.select([self.table.model.key_at(0)])
        self._selected(self.table.keys())

    def _selected(self, keys: Sequence[Key]) -> None:
        self.one = self._sets.get(str(keys[0])) if len(keys) == 1 else None
        if self.one is None:
            self.side.show_nothing()
            return
        listed = self._listed.get(self.one.id)
        self.side.heading.setText(f"{texts.visible(self.one.asset_number)} {texts.visible(self.one.name)}")
        self.finding.show_spoken(_told(listed))
        self.facts.show_facts(_facts(listed))
        self.drop.setEnabled(listed is not None)
        self.side.show_one()
        QTimer.singleShot(0, self.room, self.room.updateGeometry)  # what it shows now has another height, known once it is laid out

    # Steps

    def _do(self, act: Callable[[Instrument], object]) -> None:
        if self.one is not None:
            act(self.one)

    def enter_school(self) -> None:
        """The school's code, which both university sections write."""
        if self.found is not None:
            self.school_steps.school(self.found.school)

    def state(self) -> None:
        """What the school states of the chosen set."""
        self._do(lambda one: self.steps.state(one, self._listed[one.id].stated if one.id in self._listed else None))

    def withdraw(self) -> None:
        """Report the chosen set no more."""
        if self.one is not None and self.one.id in self._listed:
            self.steps.withdraw(self.one)

    def open_set(self) -> None:
        """The chosen set in the register, where most of the elements are kept."""
        self._do(lambda one: self.desk.go("instruments", key=one.asset_number))

    def explain(self) -> None:
        """Why the chosen set is in the file or not."""
        from desktop.actions import cers

        workspace = self.desk.workspace
        self._do(
            lambda one: self.desk.jobs.read(
                lambda progress: cers.explain(workspace, one.asset_number), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
            )
        )

    def write(self) -> None:
        """Write the file, once there is something to write."""
        if self.found is None:
            return
        if not self.found.school:
            self.desk.tell("warning", tr("还没有填写学校代码，没有写文件。请先点“学校代码…”填写。"))
        elif not self.found.sound:
            self.desk.tell("warning", tr("没有一台可以写出，没有写文件。请先写明，或照清单逐台补上。"))
        else:
            self.steps.write()

    def bring_in(self) -> None:
        """The shared import wizard, for a table of what is stated."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "cers_sets", parent=self)


def _matches(row: Row, text: str) -> bool:
    return text.casefold() in f"{row[_ASSET]} {row[_NAME]}".casefold()


def _row(one: Listed) -> Row:
    errors = [_short(found) for found in one.row.findings if found.severity == "error"]
    lacking = words.say("report.list").join(dict.fromkeys(errors))
    standing = "written" if one.row.sound else "left_out"
    return (
        one.instrument.id, one.instrument.asset_number, one.instrument.name, standing, lacking, one.row.cells["InnerID"], one.instrument.department
    )


def _unstated(one: Instrument) -> Row:
    return (one.id, one.asset_number, one.name, "unstated", "", "", one.department)


def _short(found: Finding) -> str:
    """What is wrong in a word: what the field is called."""
    return words.say("cers.field.school") if found.code == "moe.school_code" else words.say(dict(found.params)["column"])


def _told(listed: Listed | None) -> texts.Spoken | None:
    if listed is None:
        return texts.Spoken(tr("没有写明共享系统信息，不报送。要报送，点“写明…”。"), "note")
    found = sorted(listed.row.findings, key=lambda one: one.severity != "error")
    blank = [_short(one) for one in found if one.code == _BLANK]
    lines = [tr("没有填的必填项：{names}。", names=words.say("report.list").join(blank))] if blank else []
    lines += [texts.finding(one).text for one in found if one.code != _BLANK]
    return texts.Spoken("\n".join(lines), "warning" if listed.row.sound else "error") if lines else None


def _facts(listed: Listed | None) -> list[tuple[str, str | texts.Spoken]]:
    from desktop.actions import cers

    return [] if listed is None else [(words.say(part.said), _said(part)) for part in cers.parts(listed)]


def _said(part: Part) -> str | texts.Spoken:
    if part.text is None:
        return texts.Spoken(words.say("cers.left_blank"), "muted")
    return part.text or texts.Spoken(tr("没有填，在台账里补") if part.origin in ("register", "table") else tr("没有填写"), "error")
