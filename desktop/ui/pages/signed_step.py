"""A step somebody signs for: who acts and the PIN are asked over the form, and what was typed stays until the ledger took it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.ledger.people import Person
from desktop.ledger.problem import Problem
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.pin_dialog import PinAnswer, PinDialog, ask_pin, choices
from desktop.ui.pages.payout_steps import told

Work = Callable[[str, str], Any]
_OF_A_PERSON = (".same_person", ".no_pin", ".not_own")


def sign_step(
    desk: Desk, page: QWidget, people: Callable[[], Sequence[Person]], *, title: str, do: str, work: Work, done: Callable[[Any], object],
    form: FormDialog | None = None, says: str = "",
) -> None:  # fmt: skip
    """Ask which of ``people`` acts, then ``work(name, pin)`` on the writer lane, and ``done(result)``.

    A wrong person or PIN is said in the dialog that asked; anything else beside the fields of the form, which stays as it was typed.
    """

    def submit(answer: PinAnswer, dialog: PinDialog) -> None:
        def taken(result: object) -> None:
            dialog.accept()
            if form is not None:
                form.accept()
            done(result)

        def failed(problem: Problem) -> None:
            if form is None or _about_person(problem):
                dialog.refuse(told(problem))
            else:
                dialog.reject()
                form.problem(problem)

        desk.jobs.write(title, lambda progress: work(answer.person, answer.pin), taken, failed=failed, owner=dialog)

    def opened(found: Sequence[Person]) -> None:
        asked = ask_pin(form or page.window(), people=choices(found), purpose=title, says=says, do=do, submit=submit)
        if form is not None:
            asked.rejected.connect(lambda: form.do.setEnabled(True))

    desk.jobs.read(lambda progress: people(), opened, owner=form or page, key="who")


def _about_person(problem: Problem) -> bool:
    codes = (problem.code, *(one.code for one in problem.findings))
    return any(code.startswith("person.") or code.endswith(_OF_A_PERSON) for code in codes)
