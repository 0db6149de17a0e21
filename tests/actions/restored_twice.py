"""A seat with an open conflict behind which a third state waits, and a service that is restored a second time before anybody decides."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.actions import enrolment, instruments, syncing
from desktop.actions.workspace import Workspace, open_ledger
from tests.actions.making import USCC
from tests.network import at_hand

ASSET = "A1"
MINE, FIRST, SECOND = 100, 200, 300
PHONE = "0531-3"
"""Of the second state alone: a field that neither side of the conflict touched."""


def enter(ledger: Workspace, **fields: Any) -> None:
    instruments.change(ledger, replace(instruments.get(ledger, ASSET), **fields))


@contextmanager
def restored_twice(ours: Workspace, folder: Path, role: str = "hub", passphrase: str | None = None) -> Iterator[Workspace]:
    """``ours`` has a conflict of MINE and FIRST; SECOND was at the service until it was restored, and its seat is gone. Yields the seat of FIRST."""
    folder.mkdir(exist_ok=True)
    database = f"sqlite:///{folder / 'hub.db'}"
    backup = folder / "hub.backup"
    with ExitStack() as stack:
        url, code = stack.enter_context(at_hand.serve(database, "齐鲁示范大学", USCC, role))
        others = []
        for name in "bc":
            shutil.copytree(ours.home, folder / name, ignore=shutil.ignore_patterns("*.lock"))
            others.append(stack.enter_context(open_ledger(folder / name, passphrase=passphrase)))
        first, second = others
        for seat in (ours, first, second):
            enrolment.enrol(seat, url, code, role)
            syncing.sync(seat, remote=role)
            code = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
        at_hand.operator(database, "backup", "--file", str(backup))

        enter(first, value_fen=FIRST)
        syncing.sync(first, remote=role)
        enter(ours, value_fen=MINE)
        assert syncing.sync(ours, remote=role).conflicts == 1

        at_hand.operator(database, "restore", "--file", str(backup))
        enter(second, value_fen=SECOND, phone=PHONE)
        assert syncing.sync(second, remote=role).sent == 1
        assert syncing.sync(ours, remote=role).conflicts == 1
        (waiting,) = syncing.conflicts(ours, role)
        assert (waiting.mine or {})["value_fen"] == MINE
        assert (waiting.theirs or {})["value_fen"] == FIRST

        at_hand.operator(database, "restore", "--file", str(backup))
        syncing.sync(first, remote=role)
        syncing.sync(ours, remote=role)
        yield first
