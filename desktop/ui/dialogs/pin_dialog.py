"""Who is acting: choose the person and give the PIN. The action checks it; a wrong one is said here and asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from desktop import words
from desktop.ledger.people import Person
from desktop.ui import texts, theme
from desktop.ui.choice_fields import Choice
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.labels import label
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """The person's key and the PIN as typed. Never logged: its repr hides the PIN."""

    person: str
    pin: str

    def __repr__(self) -> str:
        return "PinAnswer(…)"


class PinDialog(DialogFrame):
    """Stays open until ``accept`` or ``refuse`` is called by whoever asked."""

    def __init__(
        self,
        parent: QWidget | None,
        people: Sequence[Choice],
        purpose: str,
        says: str,
        do: str,
        submit: Callable[[PinAnswer, PinDialog], object],
    ) -> None:
        super().__init__(parent, purpose, do, icon="key")
        self._submit = submit
        self.person = QComboBox()
        for choice in people:
            self.person.addItem(choice.text, choice.key)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(64)
        form = QFormLayout()
        form.setHorizontalSpacing(theme.UNIT)
        form.setVerticalSpacing(theme.UNIT)
        form.addRow(tr("人员"), self.person)
        form.addRow(tr("PIN"), self.pin)
        self.person.setAccessibleName(tr("人员"))
        self.pin.setAccessibleName(tr("PIN"))
        if says:
            self.body.addWidget(label(says))
        self.body.addLayout(form)
        if not people:
            self.do.setEnabled(False)
            self.body.addWidget(label(tr("还没有登记可以办理此事的人员。请先到“设置”中登记人员、角色和 PIN。"), tone="warning"))
        (self.pin if self.person.count() == 1 else self.person).setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        """Hand the answer on; the button waits for the verdict."""
        self.do.setEnabled(False)
        self.said.show_spoken(None)
        self._submit(PinAnswer(str(self.person.currentData()), self.pin.text()), self)

    def refuse(self, words: str) -> None:
        """Say why, and ask for the PIN again."""
        super().refuse(words)
        self.pin.clear()
        self.pin.setFocus()


def choices(people: Sequence[Person]) -> list[Choice]:
    """People by name with their role; of whom nothing will show that it is they, it is said."""
    chosen = []
    for one in people:
        shown = tr("{name}（{role}）", name=texts.visible(one.name), role=words.say(f"person.roles.{one.role}"))
        chosen.append(Choice(one.name, shown if one.has_pin else tr("{person} · 没有 PIN", person=shown)))
    return chosen


def ask_pin(
    parent: QWidget | None,
    *,
    people: Sequence[Choice],
    purpose: str,
    submit: Callable[[PinAnswer, PinDialog], object],
    says: str = "",
    do: str = "",
) -> PinDialog:
    """Ask who acts. ``submit(answer, dialog)`` starts the job and calls ``dialog.accept()`` or ``dialog.refuse(words)``."""
    dialog = PinDialog(parent, people, purpose, says, do or tr("确认"), submit)
    dialog.open()
    return dialog
