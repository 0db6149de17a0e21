"""Filter chips over a list: each is one filter that is on or off, with the number it would show when that is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui.flow import FlowLayout
from desktop.words import tr


class Chip(NamedTuple):
    """``name=value`` goes to the source's filters while the chip is on; chips of one name exclude each other."""

    name: str
    value: str
    text: str
    tip: str = ""


class ChipButton(QPushButton):
    """Always as wide as its words are when it is on: they are bold then, which the style sheet says only while it draws."""

    def sizeHint(self) -> QSize:
        bold = QFont(self.font())
        bold.setBold(True)
        more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint() + QSize(max(more, 0), 0)


class ChipBar(QWidget):
    """A row of chips that wraps. ``filters`` are those that are on; ``chosen`` tells when the person changed them."""

    chosen = Signal()

    def __init__(self, chips: Sequence[Chip], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[tuple[str, str], tuple[Chip, QPushButton]] = {}
        row = FlowLayout(self)
        for chip in chips:
            button = ChipButton(chip.text)
            button.setCheckable(True)
            button.setProperty("role", "chip")
            button.setAccessibleName(tr("筛选：{name}", name=chip.text))
            if chip.tip:
                button.setToolTip(chip.tip)
            button.clicked.connect(lambda checked=False, chip=chip: self._clicked(chip))
            row.addWidget(button)
            self._chips[chip.name, chip.value] = (chip, button)

    def filters(self) -> dict[str, str]:
        """The filters that are on."""
        return {chip.name: chip.value for chip, button in self._chips.values() if button.isChecked()}

    def show_filters(self, filters: Mapping[str, str]) -> None:
        """Turn chips on as these filters say, without telling ``chosen``; filters without a chip are left to the caller."""
        for (name, value), (_, button) in self._chips.items():
            button.setChecked(filters.get(name) == value)

    def show_counts(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Put the number of rows behind each chip on it."""
        for place, (chip, button) in self._chips.items():
            button.setText(f"{chip.text} {counts[place]:,}" if place in counts else chip.text)

    def offer(self, places: Collection[tuple[str, str]]) -> None:
        """Only the chips of these filters (name, value) are there, and those that are on: a chip for nothing only takes room."""
        for place, (_, button) in self._chips.items():
            button.setVisible(place in places or button.isChecked())
        self.updateGeometry()

    def clear(self) -> None:
        """All off."""
        self.show_filters({})

    def _clicked(self, chip: Chip) -> None:
        for (name, value), (_, button) in self._chips.items():
            if name == chip.name and value != chip.value:
                button.setChecked(False)
        self.chosen.emit()
