"""What stays on this machine because nobody said whether it is confidential: neither the network nor the hub is told of it until somebody does."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.actions.workspace import Workspace
from desktop.store import instrument_views, pilot

__all__ = ["Unsaid", "unsaid"]


@dataclass(frozen=True, slots=True)
class Unsaid:
    """How many sets there are, and how many pieces of pilot equipment that the register does not have. A set keeps its records, fees and files here."""

    n_sets: int
    n_equipment: int


def unsaid(workspace: Workspace) -> Unsaid:
    """What there is of it now."""
    with workspace.read() as connection:
        return Unsaid(instrument_views.tallies(connection)["unsaid"], len(pilot.unsaid(connection)))
