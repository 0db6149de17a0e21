"""The frame's view of an open ledger, answered from the actions. Imported late: it brings the database with it."""

from __future__ import annotations

from datetime import datetime

from desktop.actions import history, ledger_name, sync_pending
from desktop.actions.progress import Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ui import texts
from desktop.ui.desk import Standing


class OpenLedger:
    """One open workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def standing(self) -> Standing:
        """See desk.Ledger."""
        workspace = self._workspace
        back, again = history.offered(workspace)
        newest = history.latest(workspace, 1)
        return Standing(
            institution=ledger_name.institution_name(workspace),
            undo=operation_words(back) if back else "",
            redo=operation_words(self._undone(again)) if again else "",
            n_unsent=sync_pending.n_pending(workspace),
            n_unsent_hub=sync_pending.n_pending(workspace, sync_pending.HUB),
            saved_at=datetime.fromisoformat(newest[0].at) if newest else None,
            practice=workspace.practice,
        )

    def _undone(self, undo: history.Done) -> history.Done:
        # What redo brings back is called by what was undone, not "undo".
        before = history.latest(self._workspace, 1, (undo.undoes or undo.seq) + 1)
        return before[0] if before else undo

    def undo(self, progress: Progress) -> Changes:
        """See desk.Ledger."""
        progress.check()
        return history.undo_last(self._workspace)

    def redo(self, progress: Progress) -> Changes:
        """See desk.Ledger."""
        progress.check()
        return history.redo_last(self._workspace)


def operation_words(done: history.Done) -> str:
    """What an operation is called for people: ``operation.<name>`` with its parameters."""
    return texts.operation(done.name, done.params)
