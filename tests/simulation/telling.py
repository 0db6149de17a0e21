"""A history as a person reads it: one line for each thing that happened, keys shortened to their numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulation.history import History

_KEY = re.compile(r"0{0,7}([0-9a-f]+)-0000-7000-8000-00000000000a")


def tell(history: History) -> str:
    """The whole history up to where it ended."""
    head = f"  {len(history.seats)} seats; {', '.join(sorted(history.features)) or 'nothing special'}"
    lines = [f"  {n:4} {line(event)}" for n, event in enumerate(history.told, 1)]
    return "\n".join([head, *lines])


def line(event: tuple[Any, ...]) -> str:
    what, seat, *more = event
    text = " ".join(str(part) for part in more)
    return _KEY.sub(r"k\1", f"{seat} {what} {text}")
