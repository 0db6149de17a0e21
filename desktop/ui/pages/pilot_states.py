"""One click says how open the base or equipment at hand is from today on; a reason of its own, or another day, is given in the form beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from desktop import words
from desktop.ledger.pilot import OPENNESS
from desktop.ui import theme
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import label
from desktop.words import tr

_ICONS = {"open": "unlock", "limited": "warning", "paused": "pause", "closed": "lock"}


class QuickStates(QWidget):
    """A button for each state; the one that holds cannot be said again. ``say(state)`` is called with the one that was clicked."""

    def __init__(self, say: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(self)
        row.addWidget(label(tr("从今天起："), tone="muted"))
        self.buttons: dict[str, QPushButton] = {}
        for state in OPENNESS:
            made = QPushButton(words.say(f"pilot.state.{state}"))
            made.setToolTip(tr("从今天起{state}；下次同步最先报送，可以撤销。", state=words.say(f"pilot.state.{state}")))
            theme.dress(made, _ICONS[state])
            made.clicked.connect(lambda _=False, state=state: say(state))
            row.addWidget(made)
            self.buttons[state] = made

    def offer(self, holds: str | None, *, there: bool) -> None:
        """What can be said now: every state but the one that holds, when there is something at hand."""
        for state, button in self.buttons.items():
            button.setEnabled(there and state != holds)
