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

from tests.simulation.__main__ import play

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


def first_caught(name: str, likely: int | None = None) -> tuple[int | None, str]:
    """The first history in which a bug breaks a promise, looking at a likely one first; and what was told of it."""
    with broken(name):
        for seed in [*([] if likely is None else [likely]), *range(N_HISTORIES)]:
            _, told = play(seed)
            if told:
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
