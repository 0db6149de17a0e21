"""Two seats of one institution with the same small ledger and the same hub."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from desktop.actions import enrolment, syncing
from desktop.actions.workspace import Workspace, open_ledger
from tests.actions.making import USCC
from tests.network import at_hand

Seats = tuple[Workspace, Workspace]


@contextmanager
def at_one_hub(home: Path, folder: Path) -> Iterator[Seats]:
    """Both hold what the home holds, and the hub has it."""
    folder.mkdir(exist_ok=True)
    database = f"sqlite:///{folder / 'hub.db'}"
    with ExitStack() as stack:
        url, code = stack.enter_context(at_hand.serve(database, "齐鲁示范大学", USCC, "hub"))
        both = []
        for name in "ab":
            shutil.copytree(home, folder / name)
            both.append(stack.enter_context(open_ledger(folder / name)))
            enrolment.enrol(both[-1], url, code, "hub")
            syncing.sync(both[-1], remote="hub")
            code = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
        yield both[0], both[1]


@contextmanager
def elsewhere(ledger: Workspace, folder: Path, role: str) -> Iterator[Workspace]:
    """A second seat, a copy of this one, at the same remote; both are level. The remote stays as long as the seat does."""
    database = f"sqlite:///{folder / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, role) as (url, code):
        enrolment.enrol(ledger, url, code, role)
        syncing.sync(ledger, remote=role)
        shutil.copytree(ledger.home, folder / "other", ignore=shutil.ignore_patterns("*.lock"))
        with open_ledger(folder / "other") as other:
            with other.write("another seat") as operation:
                operation.connection.exec_driver_sql("DELETE FROM remote")
            enrolment.enrol(other, url, str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"]), role)
            syncing.sync(other, remote=role)
            yield other


def exchange(first: Workspace, second: Workspace) -> syncing.Result:
    """Both sync until both have what the other had; what the second one was told last."""
    syncing.sync(first, remote="hub")
    told = syncing.sync(second, remote="hub")
    syncing.sync(first, remote="hub")
    return told


def rows(ledger: Workspace, sql: str, *params: object) -> list[tuple[Any, ...]]:
    with ledger.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql, params)]


def in_step(*seats: Workspace) -> bool:
    """Nothing waits, is refused or contested at any seat, and each holds what the hub holds."""
    for seat in seats:
        done = syncing.sync(seat, remote="hub")
        assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, True), done
    return True
