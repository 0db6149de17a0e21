"""Looks at a window as it is drawn: what is cut off, what lies over something else, what sticks out, what has no name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.labels import Elided

HAN = re.compile(r"[\u4e00-\u9fff]")
_SLACK = 2  # pixels that rounding may take
_BESIDE = 16  # design pixels of padding in a heading


def faults(window: QWidget) -> list[str]:
    """Everything that is wrong with what a person sees now."""
    seen = [each for each in window.findChildren(QWidget) if each.isVisible() and not each.visibleRegion().isEmpty()]
    return sorted({*_cut_off(seen), *_over_another(seen), *_nameless(seen)})


def _cut_off(seen: Sequence[QWidget]) -> Iterator[str]:
    for each in seen:
        if isinstance(each, QLabel) and not isinstance(each, Elided) and each.text():
            yield from _cut_label(each)
        elif isinstance(each, QPushButton | QCheckBox | QRadioButton) and each.text():
            if each.sizeHint().width() > each.width() + _SLACK:
                yield f"cut off: {each.text()!r} in {_place(each)}"
        elif isinstance(each, QHeaderView) and each.orientation() == Qt.Orientation.Horizontal and each.model() is not None:
            yield from cut_headings(each)


def cut_headings(header: QHeaderView) -> Iterator[str]:
    """Headings wider than their column, bold and with the space at both sides as they are drawn, also those scrolled out of sight."""
    font = QFont(header.font())
    font.setBold(True)
    for section in range(header.count()):
        said = str(header.model().headerData(section, Qt.Orientation.Horizontal) or "")
        needed = QFontMetrics(font).horizontalAdvance(said) + theme.px(_BESIDE)
        if not header.isSectionHidden(section) and needed > header.sectionSize(section) + _SLACK:
            yield f"cut off: heading {said!r} in {_place(header)}"


def _cut_label(label: QLabel) -> Iterator[str]:
    metrics, room = label.fontMetrics(), label.contentsRect()
    if label.wordWrap():
        if label.heightForWidth(label.width()) > label.height() + _SLACK:
            yield f"cut off: {label.text()!r} in {_place(label)}"
    elif max(metrics.horizontalAdvance(line) for line in label.text().split("\n")) > room.width() + _SLACK:
        yield f"cut off: {label.text()!r} in {_place(label)}"


def _over_another(seen: Sequence[QWidget]) -> Iterator[str]:
    beside: dict[QWidget, list[QWidget]] = {}
    for each in seen:
        parent = each.parentWidget()
        if parent is not None and not each.isWindow() and parent.layout() is not None:
            beside.setdefault(parent, []).append(each)
    layered = (QStackedWidget, QSplitter, QAbstractScrollArea, QTabWidget, QTabBar, QComboBox, QAbstractSpinBox, QHeaderView)
    for parent, children in beside.items():
        if isinstance(parent, layered):
            continue
        for place, one in enumerate(children):
            edge = one.geometry()
            if edge.right() > parent.width() + _SLACK or edge.bottom() > parent.height() + _SLACK:
                yield f"sticks out: {_what(one)} of {_place(parent)}"
            for other in children[place + 1 :]:
                both = edge & other.geometry()
                if both.width() > _SLACK and both.height() > _SLACK:
                    yield f"one over the other: {_what(one)} and {_what(other)} in {_place(parent)}"


def _nameless(seen: Sequence[QWidget]) -> Iterator[str]:
    """What can be operated and tells a screen reader nothing."""
    for each in seen:
        inside = isinstance(each.parentWidget(), QComboBox | QAbstractSpinBox | QTabBar)
        said = each.accessibleName() or (each.text() if isinstance(each, QPushButton | QToolButton | QCheckBox | QRadioButton) else "")
        operated = isinstance(each, QPushButton | QToolButton | QCheckBox | QRadioButton | QComboBox | QLineEdit | QAbstractItemView)
        if operated and not said.strip() and not inside and each.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield f"no name: {_what(each)} in {_place(each)}"


def chinese(window: QWidget, known: set[str]) -> list[str]:
    """Chinese among the window's own words; ``known`` are the words of the data."""
    found = []
    for each in window.findChildren(QWidget):
        said = each.text() if isinstance(each, QLabel | QPushButton | QToolButton | QCheckBox | QRadioButton) else ""
        if each.isVisible() and HAN.search(said) and not any(word in said for word in known):
            found.append(f"{said!r} in {_place(each)}")
    return sorted(set(found))


def _what(widget: QWidget) -> str:
    said = widget.text() if isinstance(widget, QLabel | QPushButton | QToolButton | QLineEdit) else ""
    return f"{type(widget).__name__} {said or widget.accessibleName()!r}"


def _place(widget: QWidget) -> str:
    names = []
    at: QWidget | None = widget
    while at is not None and len(names) < 5:
        if not isinstance(at, QFrame) or at.accessibleName() or type(at).__module__.startswith("desktop"):
            names.append(type(at).__name__)
        at = at.parentWidget()
    return " < ".join(names)
