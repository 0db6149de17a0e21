"""A new ledger for an institution: its file, keys under a passphrase and a recovery key, schema, and first operation."""

from __future__ import annotations

import os
from pathlib import Path

from desktop.actions import institution
from tests.bench.measuring import Figure, Place, median, seconds

BOUND_S = 1.0


def _start(home: Path) -> None:
    workspace, recovery = institution.start(
        home, "齐鲁示范大学（测速）", "123700004000000181", "university", "370102", passphrase="a passphrase for this run"
    )
    workspace.close()
    if not recovery:
        raise AssertionError("the ledger has no recovery key")


def figures(place: Place) -> list[Figure]:
    """Seconds from nothing to an open ledger, without the system's keyring."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    homes = iter(place.folder / f"new{n}" for n in range(5))
    return [Figure("a new ledger, with passphrase and recovery key", BOUND_S, median(lambda: seconds(lambda: _start(next(homes)))), "s")]
