"""The pilot equipment: where it belongs, what it can do, whether it is open. Confidential pieces are shown and marked; they stay in this window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions.pilot_view import EquipmentSeen
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.pilot_states import QuickStates
from desktop.ui.pages.pilot_steps import PilotSteps
from desktop.ui.table import RowAction
from desktop.words import tr


class EquipmentView(QWidget):
    """``bases()`` gives the numbers of the bases equipment can belong to."""

    def __init__(self, desk: Desk, steps: PilotSteps, bases: Callable[[], list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = steps
        self._bases = bases
        self._pieces: dict[str, EquipmentSeen] = {}
        self.table = HeldTable(
            [
                Column("number", tr("设备编号"), "code", 96), Column("name", tr("设备名称"), width=168), Column("base", tr("所属基地"), "code", 96, blank="—"),
                Column("openness", tr("开放状态"), "state", 104, said_under="pilot.state"), Column("model", tr("规格型号"), width=112, blank=""),
                Column("value_fen", tr("原值"), "money", 128), Column("process", tr("工艺"), width=136, blank=""),
                Column("capacity", tr("中试能力"), width=136, blank=""), Column("asset", tr("资产编号"), "code", 112, blank=""),
                Column("confidential", tr("涉密"), width=128, blank=""), Column("retired_on", tr("退役日期"), "date", 104, blank=""),
            ],
            name="pilot_equipment", title=tr("中试设备"), preferences=desk.preferences,
            empty=Empty(tr("还没有登记中试设备"), tr("在仪器台账里的设备关联资产编号，其他的逐件登记原值和验收日期。"), "pilot"),
            actions=[
                RowAction(tr("开放状态…"), lambda keys: self._do(self._open), "unlock", "one"),
                RowAction(tr("修改…"), lambda keys: self._do(self._change), "edit", "one"),
                RowAction(tr("图片和附件…"), lambda keys: self._do(self._files), "attach", "one"),
            ],
        )  # fmt: skip
        self.open_state = tab_button(tr("开放状态…"), "unlock", lambda: self._do(self._open), primary=True)
        self.states = QuickStates(lambda state: self._do(lambda one: self.steps.say_now(one.equipped.equipment.number, state)))
        self.change = tab_button(tr("修改…"), "edit", lambda: self._do(self._change))
        self.files = tab_button(tr("图片和附件…"), "attach", lambda: self._do(self._files))
        self.buttons = (self.open_state, self.change, self.files)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(self.table, 1)
        bar = QWidget()
        flow = FlowLayout(bar)
        for button in self.buttons:
            flow.addWidget(button)
        column.addWidget(self.states)
        column.addWidget(bar)
        self.table.selected.connect(lambda keys: self._offer())
        self.table.opened.connect(lambda key: self._do(self._change))
        self._offer()

    def show_equipment(self, found: Sequence[EquipmentSeen]) -> None:
        """Draw the equipment."""
        self._pieces = {one.equipped.equipment.number: one for one in found}
        self.table.hold(
            (
                number, number, one.equipped.equipment.name, one.base, one.openness.state if one.openness else None, one.equipped.model,
                one.equipped.value_fen, one.equipped.equipment.process, one.equipped.equipment.capacity, one.equipped.asset_number,
                tr("涉密") if one.equipped.confidential else tr("没有注明，不报送") if one.equipped.unsaid else "", one.equipped.retired_on,
            )
            for number, one in self._pieces.items()
        )  # fmt: skip
        self._offer()

    def _offer(self) -> None:
        for button in self.buttons:
            button.setEnabled(len(self.table.keys()) == 1)
        one = self._pieces.get(str(self.table.keys()[0])) if len(self.table.keys()) == 1 else None
        self.states.offer(one.openness.state if one and one.openness else None, there=one is not None)

    def _do(self, act: Callable[[EquipmentSeen], object]) -> None:
        keys = self.table.keys()
        one = self._pieces.get(str(keys[0])) if len(keys) == 1 else None
        if one is not None:
            act(one)

    def _open(self, one: EquipmentSeen) -> None:
        self.steps.openness(one.equipped.equipment.number, one.equipped.equipment.name)

    def _change(self, one: EquipmentSeen) -> None:
        self.steps.equipment(self._bases(), one)

    def _files(self, one: EquipmentSeen) -> None:
        self.steps.files("pilot_equipment", one.equipped.equipment.id, one.equipped.equipment.name)
