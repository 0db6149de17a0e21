"""The rule values an institution works with: those the program ships, with the institution's own newer ones laid on top.

Every action that asks a rule for a value takes it from here, so that a value entered in the settings holds everywhere at once.
"""

from __future__ import annotations

from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from desktop.rules import parameters
from desktop.rules.parameters import Parameters
from desktop.store import parameters as own_values
from desktop.store.database import Connection

__all__ = ["Parameters", "faults", "of", "within"]


def within(connection: Connection) -> Parameters:
    """The values as an open read or operation sees them."""
    own = own_values.own(connection)
    return parameters.packaged().layered(own)[0] if own else parameters.packaged()


def of(workspace: Workspace) -> Parameters:
    """The values of a ledger now."""
    with workspace.read() as connection:
        return within(connection)


def faults(workspace: Workspace) -> tuple[Finding, ...]:
    """Why an own value of the ledger is left out; empty when all are used."""
    with workspace.read() as connection:
        return parameters.packaged().layered(own_values.own(connection))[1]
