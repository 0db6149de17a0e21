"""What was done to the ledger, and undo and redo of it, by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Refused
from desktop.store import acted, undo
from desktop.store.database import Connection
from desktop.store.undo import Done
from desktop.words import known, say

__all__ = ["Done", "latest", "meant", "offered", "redo_last", "undo_last", "undo_one"]


def latest(workspace: Workspace, limit: int = 200, before: int | None = None) -> list[Done]:
    """The newest operations first."""
    with workspace.read() as connection:
        return undo.history(connection, limit, before)


def offered(workspace: Workspace) -> tuple[Done | None, Done | None]:
    """What undo and redo would act on."""
    with workspace.read() as connection:
        return undo.next_undo(connection), undo.next_redo(connection)


def meant(workspace: Workspace, seq: int) -> Done:
    """What an undo or redo took back or brought again: the operation at the beginning of its chain. Raises Refused for an unknown one."""
    with workspace.read() as connection:
        found = undo.get(connection, seq)
        while found is not None and found.undoes is not None:
            found = undo.get(connection, found.undoes)
    if found is None:
        raise Refused("undo.unknown", seq=seq)
    return found


def undo_one(workspace: Workspace, seq: int) -> Changes:
    """Take one operation back. Raises Refused when it is final or something has changed since."""
    with _in_words(workspace, seq), workspace.write("undo", undoes=seq, params={"of": str(seq)}) as operation:
        _nobody_lost(operation.connection, seq)
        undo.take_back(operation, seq)
    return operation.changes


@contextmanager
def _in_words(workspace: Workspace, seq: int) -> Iterator[None]:
    """A refusal names the operation and the kind of rows as the history does; the store knows them by their codes alone."""
    try:
        yield
    except Refused as refused:
        params = dict(refused.params)
        if "name" in params:
            params["name"] = _named(workspace, seq)
        if known(f"kind.{params.get('kind')}"):
            params["kind"] = f"kind.{params['kind']}"
        raise Refused(refused.code, findings=refused.findings, **params) from refused


def _named(workspace: Workspace, seq: int) -> str:
    with workspace.read() as connection:
        done = undo.get(connection, seq)
    return say(f"operation.{done.name.replace(' ', '_')}", **done.params) if done else ""


def _nobody_lost(connection: Connection, seq: int) -> None:
    """Four eyes: whoever prepared or approved something stays in the ledger, or they could come back as somebody else.

    The database keeps them too; asked here first, it can be said what they did.
    """
    name = acted.by_people_of(connection, seq)
    if name is not None:
        raise Refused("undo.person_acted", what=name)


def undo_last(workspace: Workspace) -> Changes:
    """Take the newest operation back. Raises Refused when there is nothing to take back, or it is final: which one that is, is said."""
    with workspace.read() as connection:
        found = undo.newest(connection)
    if found is None:
        raise Refused("undo.nothing")
    if not found.undoable:
        raise Refused("undo.final", seq=found.seq, name=_named(workspace, found.seq))
    return undo_one(workspace, found.seq)


def redo_last(workspace: Workspace) -> Changes:
    """Bring back what was undone last, when nothing else was done since."""
    with workspace.read() as connection:
        found = undo.next_redo(connection)
    if found is None:
        raise Refused("undo.nothing_again")
    with _in_words(workspace, found.seq), workspace.write("redo", undoes=found.seq, params={"of": str(found.seq)}) as operation:
        undo.take_back(operation, found.seq)
    return operation.changes
