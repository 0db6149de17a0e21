"""Small parts the tabs of 分配 share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from desktop.ui import theme


def tab_button(words: str, icon: str, act: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """An action at the head of a tab."""
    made = QPushButton(words)
    theme.dress(made, icon, "on_accent" if primary else "muted")
    if primary:
        made.setProperty("role", "primary")
    made.clicked.connect(lambda: act())
    return made
