"""A form whose answer is written: what the ledger refuses is said in it, and it stays open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.ledger.problem import Problem
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.forms import Form
from desktop.ui.pages.payout_steps import told
from desktop.words import tr

_TOLD = 3


def ask_write(
    desk: Desk, parent: QWidget, title: str, form: Form, work: Callable[[Mapping[str, Any]], object],
    done_words: Callable[[Mapping[str, Any]], str], *, says: str = "", width: int = 480,
) -> FormDialog:  # fmt: skip
    """Ask over ``parent``, then ``work(draft)`` on the writer lane and ``done_words(draft)`` as a notice, with what is doubtful about what was
    kept where the work answers with ``findings``: the first of them, and that there are more."""

    def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
        def refused(problem: Problem) -> None:
            dialog.refuse(told(problem))

        def done(kept: object) -> None:
            dialog.accept()
            found = list(dict.fromkeys(texts.finding(each).text for each in getattr(kept, "findings", ())))
            desk.tell("warning" if found else "done", "\n".join([done_words(given), *found[:_TOLD], *(["…"] if found[_TOLD:] else [])]))

        desk.jobs.write(title.rstrip("…"), lambda progress: work(given), done, failed=refused, owner=dialog)

    return ask_form(parent, title=title.rstrip("…"), form=form, do=tr("保存"), submit=submit, says=says, width=width)
