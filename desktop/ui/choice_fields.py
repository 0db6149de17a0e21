"""Fields that hold one of a list: a drop-down for a few, completion while typing for many."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QListView, QWidget

from desktop.ledger.finding import Finding, finding
from desktop.ui.fields import Field
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list: what is stored, what is shown, and further words it is found by (number, pinyin)."""

    key: str
    text: str
    search: str = ""


class SelectField(Field):
    """One of a few, in a drop-down. ``optional`` adds an empty first line for "not given"."""

    def __init__(self, choices: Sequence[Choice], *, optional: bool = False, parent: QWidget | None = None) -> None:
        self.box = QComboBox()
        super().__init__(self.box, parent)
        self._optional = optional
        self.set_choices(choices)
        self.box.currentIndexChanged.connect(self.changed)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Another list; the chosen key stays when it is in it."""
        kept = self.value()
        self.box.clear()
        if self._optional:
            self.box.addItem("", None)
        for choice in choices:
            self.box.addItem(choice.text, choice.key)
        if kept is not None:
            self.set_value(kept)

    def value(self) -> object:
        return self.box.currentData()

    def set_value(self, value: object) -> None:
        self.box.setCurrentIndex(self.box.findData(value))


Lookup = Callable[[str], Sequence[Choice]]


class CompletedField(Field):
    """One of many, found while typing. ``lookup(text)`` gives the candidates (a small read, under 5 ms); ``named(key)`` the
    one behind a key, to show a stored value. What matches no candidate is a fault, unless ``free`` is set."""

    def __init__(
        self,
        lookup: Lookup,
        named: Callable[[str], Choice | None],
        *,
        placeholder: str = "",
        free: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.line = QLineEdit()
        super().__init__(self.line, parent)
        self._lookup, self._named, self._free = lookup, named, free
        self._key: str | None = None
        self._found: list[Choice] = []
        self.line.setPlaceholderText(placeholder or tr("输入几个字查找"))
        self._names = QStringListModel(self)
        self.completer = QCompleter(self._names, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(10)
        self.popup = QListView()
        self.completer.setPopup(self.popup)
        self.completer.setWidget(self.line)
        activated: Any = self.completer.activated  # two signals in one name; the stubs know only the first
        activated[str].connect(self._take_text)
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self._settle)

    def value(self) -> object:
        if self._key is None and self._free:
            return self.line.text().strip() or None
        return self._key

    def set_value(self, value: object) -> None:
        self._key = None if value is None else str(value)
        choice = None if self._key is None else self._named(self._key)
        self.line.setText(choice.text if choice is not None else ("" if value is None else str(value)))
        self.changed.emit()

    def fault(self) -> Finding | None:
        text = self.line.text().strip()
        if text and self._key is None and not self._free:
            return finding("field.not_found", text=text)
        return None

    def take(self, choice: Choice) -> None:
        """Choose a candidate."""
        self._key = choice.key
        self.line.setText(choice.text)
        self.popup.hide()
        self.changed.emit()

    def _typed(self, text: str) -> None:
        self._key = None
        plain = unicodedata.normalize("NFKC", text).strip()
        self._found = list(self._lookup(plain))[:50] if plain else []
        exact = [choice for choice in self._found if choice.text == plain]
        if len(exact) == 1:
            self._key = exact[0].key
        self._names.setStringList([choice.text for choice in self._found])
        if self._found:
            self.completer.complete()
        else:
            self.popup.hide()
        self.changed.emit()

    def _take_text(self, text: str) -> None:
        place = self.popup.currentIndex().row()
        same = [choice for choice in self._found if choice.text == text]
        if 0 <= place < len(self._found) and self._found[place].text == text:
            self.take(self._found[place])
        elif same:
            self.take(same[0])
        self.finished.emit()

    def _settle(self) -> None:
        if self._key is None and len(self._found) == 1 and not self._free and not self.popup.isVisible():
            self.take(self._found[0])


def found_in(choices: Sequence[Choice]) -> tuple[Lookup, Callable[[str], Choice | None]]:
    """``lookup`` and ``named`` over a list in memory: every typed word must occur in the text or the search words; text that
    begins with it comes first."""
    by_key = {choice.key: choice for choice in choices}
    prepared = [(choice, f"{choice.text} {choice.search}".casefold()) for choice in choices]

    def lookup(text: str) -> Sequence[Choice]:
        typed = text.casefold().split()
        hits = [choice for choice, hay in prepared if all(word in hay for word in typed)]
        return sorted(hits, key=lambda choice: not choice.text.casefold().startswith(text.casefold()))

    return lookup, by_key.get
