"""The fee builder: cost components left, price rows right, cost price and comparison live; a draft is all it changes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.actions import fee_building, rules_in_force
from desktop.actions.fees import Version
from desktop.actions.rules_in_force import Parameters
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.forms import scrolled
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.pages.fees_costs import CostsEditor
from desktop.ui.pages.fees_gauge import Gauge
from desktop.ui.pages.fees_lines import LinesEditor
from desktop.words import tr

FEE_KINDS = frozenset({"fee_schedule", "fee_line", "cost_component", "record_problem"})


class FeeBuilder(QWidget):
    """``edit`` a version. In an approved one only the cost components may change: its prices are fixed."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.version: Version | None = None
        self._known: Parameters | None = None
        self._dirty = False
        self.heading = label("", role="section")
        self.costs = CostsEditor(desk)
        self.gauge = Gauge(desk)
        self.lines = LinesEditor()
        self.save = QPushButton(tr("保存"))
        self.save.setProperty("role", "primary")
        self.save.setShortcut("Ctrl+S")
        self.back = QPushButton(tr("返回列表"))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.UNIT)
        column.addWidget(self.costs)
        column.addWidget(self.gauge)
        column.addStretch(1)
        area = scrolled(left)
        area.setMinimumWidth(theme.px(360))
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(self.heading, 1)
        head.addWidget(self.back)
        head.addWidget(self.save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addLayout(head)
        whole.addWidget(split("fee_builder", desk.preferences, area, self.lines, share=0.42), 1)
        self.costs.edited.connect(self._edited)
        self.lines.edited.connect(self._edited)
        self.save.clicked.connect(self._save)
        self.back.clicked.connect(self._leave)

    def edit(self, version: Version) -> None:
        """Show a version."""
        self.version = version
        self._known = rules_in_force.of(self.desk.workspace)
        draft = version.schedule.state == "draft"
        state = texts.state(version.schedule.state, "fee.state").text
        instrument = version.instrument
        words = f"{instrument.asset_number} {instrument.name} · {version.schedule.from_on.isoformat()} · {state}"
        if not draft:
            words += " · " + tr("价目已定，只能补成本构成")
        self.heading.setText(texts.visible(words))
        self.costs.show_parts(version.components, fee_building.suggestions(self.desk.workspace, instrument.asset_number))
        self.lines.show_lines(version.lines)
        self.lines.setEnabled(draft)
        self._dirty = False
        self._tell()

    def unsaved(self) -> bool:
        """Whether something was typed that is not stored."""
        return self._dirty

    def _edited(self) -> None:
        self._dirty = True
        self._tell()

    def _tell(self) -> None:
        self.gauge.show_live(fee_building.live(self.costs.parts(), self.lines.model.lines(), self._known))
        self.save.setEnabled(self._dirty)

    def _save(self) -> None:
        if self.version is None:
            return
        wrong = self.costs.unreadable()
        if wrong:
            wrong[0].editor.setFocus()
            self.desk.tell("error", tr("有 {n} 个成本数字读不懂，没有保存。请改正标红的格子。", n=len(wrong)))
            return
        workspace, key, seen = self.desk.workspace, self.version.schedule.id, self.version
        lines, parts = self.lines.model.lines(), self.costs.parts()
        self.save.setEnabled(False)
        self.desk.jobs.write(
            tr("保存收费标准"),
            lambda progress: fee_building.save(workspace, key, lines, parts, seen=seen),
            self._saved,
            failed=self._failed,
            owner=self,
        )

    def _saved(self, n: int) -> None:
        self._dirty = False
        if n:
            self.desk.announce(Changes(0, FEE_KINDS))
        unread = sum(line.to_confirm for line in self.lines.model.lines())
        if unread:
            self.desk.tell("warning", tr("已保存。有 {n} 行没有读懂，改写或确认之前不能批准。", n=unread))
        else:
            self.desk.tell("done", tr("已保存。"))
        self.closed.emit()

    def _failed(self, problem: Problem) -> None:
        self.save.setEnabled(True)
        self.desk.trouble(problem)

    def _leave(self) -> None:
        if not self._dirty:
            self.closed.emit()
            return
        from desktop.ui.dialogs.confirm_dialog import confirm

        confirm(
            self.window(),
            title=tr("不保存就返回？"),
            effects=[tr("这次填写的成本和价目不会保存。")],
            do=tr("不保存"),
            then=self._drop_edits,
        )

    def _drop_edits(self) -> None:
        self._dirty = False
        self.closed.emit()
