"""What is done to a history, told apart from what merely comes about in it: a conflict, a preview or a request that arrives late
after it was delayed is no fault of its own."""

from __future__ import annotations

from collections.abc import Mapping

from tests.simulation.line import FAULTS

INJECTED = (
    *FAULTS,
    "killed before a commit",
    "killed after a commit",
    "seat restored",
    "service restored",
    "clock jump",
    "reclassified",
    "seat upgraded",
    "package carried",
    "frozen",
    "limits changed",
    "tampering",
)
"""The kinds of faults of the simulation, as histories count them."""


def injected(counts: Mapping[str, int]) -> dict[str, int]:
    """How often each kind of fault was injected; a kind that never was is told too, as 0."""
    return {name: counts.get(name, 0) for name in INJECTED}


def beside(counts: Mapping[str, int]) -> dict[str, int]:
    """What else came about."""
    return {name: n for name, n in sorted(counts.items()) if name not in INJECTED}


def never(counts: Mapping[str, int]) -> list[str]:
    """The kinds that these histories do not try at all."""
    return [name for name, n in injected(counts).items() if not n]
