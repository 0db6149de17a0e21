"""A dialog around a form: it stays open until whoever asked says that it worked, and shows findings beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.ledger.problem import Problem
from desktop.ui import texts
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.forms import Form, FormRoom
from desktop.ui.labels import at_least, fit_height, label

Submit = Callable[[Mapping[str, object], "FormDialog"], object]


class FormDialog(DialogFrame):
    """``submit(draft, dialog)`` starts the work and calls ``dialog.accept()`` or ``dialog.problem(problem)``."""

    def __init__(
        self, parent: QWidget | None, title: str, says: str, do: str, form: Form, submit: Submit, width: int = 480
    ) -> None:
        super().__init__(parent, title, do)
        self.form = form
        self._submit = submit
        at_least(self, width)
        if says:
            self.body.addWidget(label(says))
        self.room = FormRoom(form)
        self.body.addWidget(self.room, 1)
        self.do.setDefault(False)  # Enter moves through the form; its end and Ctrl+Enter submit
        self.do.setAutoDefault(False)
        self.cancel.setAutoDefault(False)
        form.submitted.connect(self._go)
        form.told.connect(self.fit_soon)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = self.form.first()
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit_soon(self) -> None:
        """``fit`` once the labels that changed have been laid out."""
        QTimer.singleShot(0, self, self.fit)

    def fit(self) -> None:
        """As high as the form needs now: findings come and go."""
        self.form.settle()
        self.room.updateGeometry()
        layout = self.layout()
        if layout is not None:
            layout.activate()  # labels that just came or went have asked for nothing yet
        fit_height(self)
        self.room.place_bar()

    def act(self) -> None:
        """The button and Ctrl+Enter do the same."""
        self.form.submit()

    def _go(self) -> None:
        self.do.setEnabled(False)
        self.said.show_spoken(None)
        self._submit(self.form.draft(), self)

    def problem(self, problem: Problem) -> None:
        """It did not work: say why, beside the fields where that is known."""
        self.do.setEnabled(True)
        if problem.findings:
            self.form.show_problem(problem)
        else:
            self.refuse(texts.problem(problem))


def ask_form(
    parent: QWidget | None, *, title: str, form: Form, do: str, submit: Submit, says: str = "", width: int = 480
) -> FormDialog:
    """Open a form over the window."""
    dialog = FormDialog(parent, title, says, do, form, submit, width)
    dialog.open()
    return dialog
