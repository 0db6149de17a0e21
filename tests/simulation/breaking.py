"""How a bug is seeded: a mutant replaces one place of the engine, the ledger or the service for as long as a history is played.

``MUTANTS`` maps a name to the replacements it makes. A replacement is (owner, attribute, new value); where the attribute was
imported elsewhere by name, that place is replaced too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.simulation.history import History
from tests.simulation.seat import Violation
from tests.simulation.telling import tell

N_HISTORIES = 5000
TABLE = Path(__file__).with_name("caught.toml")

Replacement = tuple[Any, str, Any]
MUTANTS: dict[str, tuple[Replacement, ...]] = {}


@contextmanager
def broken(name: str) -> Iterator[None]:
    """The program with this bug."""
    with ExitStack() as stack:
        for owner, attribute, value in MUTANTS[name]:
            stack.enter_context(patch.object(owner, attribute, value))
        yield


def violation(seed: int) -> str:
    """The promise a history breaks, with its history; "" for none. What merely crashes has broken none: a mutant whose words no longer fit
    what it replaces would count as caught for ever."""
    history = History(seed)
    try:
        history.play()
    except Violation as broken:
        return f"seed {seed}: {broken}\n{tell(history)}"
    except Exception:  # noqa: BLE001 - a crash, see above
        return ""
    return ""


def first_caught(name: str, likely: int | None = None) -> tuple[int | None, str]:
    """The first history in which a bug breaks a promise, looking at a likely one first; and what was told of it."""
    with broken(name):
        for seed in [*([] if likely is None else [likely]), *range(N_HISTORIES)]:
            if told := violation(seed):
                return seed, told
    return None, ""


def caught() -> dict[str, int]:
    """At which history each bug was caught when they were counted last."""
    return tomllib.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}


def mutant(name: str, *places: tuple[Any, str]) -> Callable[[Any], Any]:
    """The decorated function replaces what stands at these places."""

    def keep(function: Any) -> Any:
        MUTANTS[name] = tuple((owner, attribute, function) for owner, attribute in places)
        return function

    return keep
