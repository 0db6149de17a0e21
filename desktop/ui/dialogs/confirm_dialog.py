"""Asks before something that matters: says what it will do, line by line, and whether it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.labels import label
from desktop.words import tr

_MOST_LINES = 12


class ConfirmDialog(DialogFrame):
    """Irreversible actions have the safe button as default and say that they cannot be taken back."""

    def __init__(self, parent: QWidget | None, title: str, effects: Sequence[str], do: str, irreversible: str) -> None:
        super().__init__(parent, title, do, danger=bool(irreversible), icon="warning" if irreversible else "info")
        for effect in effects[:_MOST_LINES]:
            row = QHBoxLayout()
            row.setSpacing(theme.UNIT)
            row.addWidget(theme.IconLabel("right", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(effect), 1)
            self.body.addLayout(row)
        if len(effects) > _MOST_LINES:
            self.body.addWidget(label(tr("…另有 {n} 项", n=len(effects) - _MOST_LINES), tone="muted"))
        if irreversible:
            self.body.addWidget(label(irreversible, role="strong", tone="error"))


def confirm(
    parent: QWidget | None,
    *,
    title: str,
    effects: Sequence[str],
    do: str,
    then: Callable[[], object],
    irreversible: str = "",
) -> ConfirmDialog:
    """Ask; ``then()`` only when the person says yes. ``effects``: what will be done, a line each. ``irreversible``: a sentence
    that says why there is no way back and what there is instead (empty: it can be undone)."""
    dialog = ConfirmDialog(parent, title, effects, do, irreversible)
    dialog.accepted.connect(lambda: then())
    dialog.open()
    return dialog
