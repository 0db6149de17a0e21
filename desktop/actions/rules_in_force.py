"""The rule values an institution works with: those the program ships, with the institution's own newer ones laid on top.

Every action that asks a rule for a value takes it from here, so that a value entered in the settings holds everywhere at once;
and so that any figure can be asked what it would be under values that nobody has taken yet (``supposing``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NoReturn

from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from desktop.ledger.parameter import Parameter
from desktop.rules import parameters
from desktop.rules.parameters import Parameters
from desktop.store import parameters as own_values
from desktop.store.database import Connection

__all__ = ["Parameters", "faults", "of", "supposing", "within"]

_SUPPOSED = "supposed_rule_values"


class _Supposing(Workspace):
    """The same open ledger, for looking only: what is read through it sees further rule values."""

    def __init__(self, real: Workspace, values: tuple[Parameter, ...]) -> None:
        super().__init__(real.home, real.database, real.key, real.lock, lambda: None)
        self.person = real.person
        self._values = values

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with super().read() as connection:
            yield connection.execution_options(**{_SUPPOSED: self._values})

    def read(self) -> AbstractContextManager[Connection]:
        return self._read()

    def write(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a supposed ledger is only looked at")

    def close(self) -> None:
        """The ledger stays open: it belongs to somebody else."""


def supposing(workspace: Workspace, values: Iterable[Parameter]) -> Workspace:
    """The ledger as it would be with further own values. Actions that read take it as they take the ledger itself; nothing can be written."""
    return _Supposing(workspace, tuple(values))


def within(connection: Connection) -> Parameters:
    """The values as an open read or operation sees them."""
    own = [*own_values.own(connection), *connection.get_execution_options().get(_SUPPOSED, ())]
    return parameters.packaged().layered(own)[0] if own else parameters.packaged()


def of(workspace: Workspace) -> Parameters:
    """The values of a ledger now."""
    with workspace.read() as connection:
        return within(connection)


def faults(workspace: Workspace) -> tuple[Finding, ...]:
    """Why an own value of the ledger is left out; empty when all are used."""
    with workspace.read() as connection:
        return parameters.packaged().layered(own_values.own(connection))[1]
