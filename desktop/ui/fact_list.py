"""Facts as a quiet column: what each is called at the left, its value at the right, in text that can be selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from desktop.ui import texts, theme
from desktop.ui.labels import label
from desktop.ui.texts import Spoken

_LABEL_WIDTH = 96


class FactList(QWidget):
    """``show_facts`` replaces what is shown; a value is text, or Spoken when it has a tone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * theme.UNIT)
        self._grid.setVerticalSpacing(theme.UNIT)
        self._grid.setColumnMinimumWidth(0, theme.px(_LABEL_WIDTH))
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_facts(self, facts: Sequence[tuple[str, str | Spoken]]) -> None:
        """Show these facts, in this order."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for row in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(facts), 1)  # what room is left stays below
        for row, (name, value) in enumerate(facts):
            spoken = value if isinstance(value, Spoken) else Spoken(value)
            what = label(name, tone="muted")
            said = label(texts.visible(spoken.text), tone=spoken.tone)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said.setAccessibleName(f"{name} {spoken.text}")
            self._grid.addWidget(what, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, row, 1, Qt.AlignmentFlag.AlignTop)

    def told(self) -> list[str]:
        """What stands there, a line each."""
        shown: list[str] = []
        for row in range(self._grid.rowCount()):
            cells = [item.widget() for column in range(2) if (item := self._grid.itemAtPosition(row, column)) is not None]
            if cells:
                shown.append(" ".join(cell.text() for cell in cells if isinstance(cell, QLabel)))
        return shown
