"""A home and a folder of papers that appear whole or not at all: made beside their places, put there when everything is done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.actions import workspace as opening
from desktop.ledger.problem import Problem

_PART = ".day.part"


@contextmanager
def staged(home: Path, out: Path) -> Iterator[tuple[Path, Path]]:
    """Two empty folders to work in; what stands in them is moved to ``home`` and ``out`` when the block ends without an exception.

    After one, nothing of it is left. What a killed process left is cleared by the next. The ledger file is moved last: a home has
    a ledger or it has not. Raises Problem when the home has a ledger already or another process works in it.
    """
    made = [place for place in (out, home) if not place.exists()]
    for place in (home, out):
        place.mkdir(parents=True, exist_ok=True)
    release = opening.take_lock(home)
    parts = {home / _PART: home, out / f".papers{_PART}": out}
    done = False
    try:
        if opening.exists(home):
            raise Problem("store.exists", path=home)
        for part in parts:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
        yield home / _PART, out / f".papers{_PART}"
        for part, place in reversed(parts.items()):
            for file in sorted(part.iterdir(), key=lambda path: path.name == opening.ledger_path(part).name):
                if file.name != opening.LOCK_NAME:
                    os.replace(file, place / file.name)
        done = True
    finally:
        for part in parts:
            shutil.rmtree(part, ignore_errors=True)
        release()
        if not done:
            _forget(home, made)


def _forget(home: Path, made: list[Path]) -> None:
    """Take away the folders that were made for nothing; one that somebody else uses by now stays."""
    if home in made:
        (home / opening.LOCK_NAME).unlink(missing_ok=True)
    for place in made:
        with suppress(OSError):
            place.rmdir()
