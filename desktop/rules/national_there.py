"""How a row stands that the national platform took from here: as the ledger has it, or to be taken off or told anew.

The exchange has a message that reports a row and none that takes it off: what was reversed or retired since is seen to on the platform by hand.
No text in force says by when; none is reckoned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

There = Literal["confidential", "reversed", "corrected", "retired", "gone", "changed", "stands", "removed"]
THERE: tuple[There, ...] = ("confidential", "reversed", "corrected", "retired", "gone", "changed", "stands", "removed")
TO_REMOVE: frozenset[There] = frozenset({"confidential", "reversed", "corrected", "retired", "gone"})
"""What a person sees to on the platform; what is ``changed`` goes with the next report."""

SpanState = Literal["to_tell", "wrong", "running", "told", "nothing"]
SPAN_STATES: tuple[SpanState, ...] = ("to_tell", "wrong", "running", "told", "nothing")


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What the ledger has of a row the platform took; days in Asia/Shanghai, None: it did not happen.

    ``reversed_on`` of a service record, ``successor`` the number of the record that replaces it; ``retired_on`` of a set. ``same`` False: what would
    be reported now differs. ``removed_on``: a person said that it was taken off there.
    """

    taken_on: date
    in_ledger: bool = True
    confidential: bool = False
    reversed_on: date | None = None
    successor: str = ""
    retired_on: date | None = None
    same: bool = True
    removed_on: date | None = None


def assess(facts: RowFacts, on: date) -> There | None:
    """How the row stands on a day; None when the platform had not taken it by then. A reversal or retirement dated later has not happened."""
    if facts.taken_on > on:
        return None
    if facts.removed_on is not None and facts.removed_on <= on:
        return "removed"
    if facts.confidential:
        return "confidential"
    if not facts.in_ledger:
        return "gone"
    if facts.reversed_on is not None and facts.reversed_on <= on:
        return "corrected" if facts.successor else "reversed"
    if facts.retired_on is not None and facts.retired_on <= on:
        return "retired"
    return "stands" if facts.same else "changed"


def span(n_sound: int, n_taken: int, n_wrong: int, *, over: bool) -> SpanState:
    """How reporting the services of a span stands: sound ones, those of them the platform took, those with an error that keeps them here."""
    if not n_sound + n_wrong:
        return "nothing"
    if not over:
        return "running"
    if n_taken < n_sound:
        return "to_tell"
    return "wrong" if n_wrong else "told"
