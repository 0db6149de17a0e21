"""How far this computer's clock is from the remote's. It is told and decides nothing: what came first is seen from tokens alone."""

from __future__ import annotations

from datetime import datetime, timedelta

LEAST = timedelta(minutes=2)
"""Less than this is nothing that anybody needs to know of."""


def ahead(told: str, asked: datetime, answered: datetime) -> timedelta | None:
    """By how much the clock here is ahead of the remote's (behind: below zero); zero where the time that the answer took, or ``LEAST``, explains it.

    ``told`` is the remote's moment (ISO, with its zone), ``asked`` and ``answered`` are moments here around it. None: it told none that can be read.
    """
    try:
        there = datetime.fromisoformat(told)
    except ValueError:
        return None
    if there.tzinfo is None:
        return None
    doubt = abs(answered - asked) / 2
    off = min(asked, answered) + doubt - there
    return off if abs(off) >= doubt + LEAST else timedelta(0)
