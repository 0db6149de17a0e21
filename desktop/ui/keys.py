"""Shortcuts of buttons. Qt's own shortcut of a button waits a tenth of a second and is lost when its text changes."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton


def press(button: QAbstractButton, keys: QKeySequence | QKeySequence.StandardKey | str) -> str:
    """Let these keys press the button while it can be seen; returns them as this system writes them, for the tooltip."""
    sequence = QKeySequence(keys)
    if not sequence.isEmpty():
        QShortcut(sequence, button).activated.connect(button.click)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
