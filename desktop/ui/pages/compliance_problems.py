"""Problems of service records, gathered by kind: how many records carry each; opened, the records behind it are listed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.actions import compliance
from desktop.actions.compliance import ProblemGroup
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key
from desktop.ui.table import RowAction
from desktop.words import tr


class ProblemsView(QWidget):
    """One row a kind of problem."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.says = label(tone="muted")
        columns = [
            Column("severity", tr("程度"), "state", 112, said_under="severity"),
            Column("n", tr("记录数"), "number", 88),
            Column("kind", tr("问题"), width=224),
            Column("words", tr("例如，和怎么办"), width=480),
        ]
        self.table = HeldTable(
            columns,
            name="record_problems",
            title=tr("服务记录的问题"),
            preferences=desk.preferences,
            empty=Empty(
                tr("服务记录没有问题"),
                tr("缺价格、缺操作人员、时间重叠、缺合同等问题会归类列在这里；补齐以前不能记账。"),
                "done",
            ),
            actions=[
                RowAction(tr("逐条处理这些记录"), lambda keys: self.open(keys[0]), "right", "one"),
                RowAction(tr("打开举例的一条"), lambda keys: self._open_example(keys[0]), "record", "one"),
            ],
        )
        self.table.opened.connect(self.open)
        self.table.selected.connect(lambda keys: self._chosen())
        self.open_all = QPushButton(tr("逐条处理这些记录"))
        self.open_all.setProperty("role", "primary")
        theme.dress(self.open_all, "right", "on_accent")
        self.open_all.clicked.connect(lambda: self._do(self.open))
        self.open_one = QPushButton(tr("打开举例的一条"))
        theme.dress(self.open_one, "record")
        self.open_one.clicked.connect(lambda: self._do(self._open_example))
        self.whole = label()
        self._groups: dict[str, ProblemGroup] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.says)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        bar = QWidget()
        row = FlowLayout(bar)
        row.addWidget(self.open_all)
        row.addWidget(self.open_one)
        column.addWidget(bar)
        self._chosen()

    def refresh(self) -> None:
        """Read the groups."""
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: compliance.problem_groups(workspace), self.show_groups, owner=self, key="problems")

    def show_groups(self, groups: list[ProblemGroup]) -> None:
        """Draw them."""
        self._groups = {group.code: group for group in groups}
        n = sum(group.n_records for group in groups if group.severity == "error")
        self.says.setText(
            tr("{n} 处问题补齐以前不能记账。选一类，逐条补填、更正，或写明理由接受。", n=f"{n:,}") if n else tr("没有妨碍记账的问题。")
        )
        self.table.hold(
            (group.code, group.severity, group.n_records, texts.problem_kind(group.code), texts.finding(group.example).text)
            for group in groups
        )
        if groups and not self.table.keys():
            self.table.select([groups[0].code])
        self._chosen()

    def _chosen(self) -> None:
        """The kind at hand in full, and what can be done about it."""
        keys = self.table.keys()
        group = self._groups.get(str(keys[0])) if len(keys) == 1 else None
        self.whole.setText(texts.finding(group.example).text if group is not None else "")
        self.whole.setVisible(group is not None)
        for button in (self.open_all, self.open_one):
            button.setEnabled(group is not None)

    def _do(self, act: Callable[[Key], object]) -> None:
        keys = self.table.keys()
        if len(keys) == 1:
            act(keys[0])

    def open(self, key: Key) -> None:
        """The records with this kind of problem."""
        self.desk.go("records", problem_code=str(key), any_period="1")  # counted here whatever the period

    def _open_example(self, key: Key) -> None:
        group = self._groups.get(str(key))
        if group is not None:
            self.desk.go("records", number=group.example_number, tab="problems")
