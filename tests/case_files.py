"""The cases a clerk can read: the ``[[case]]`` tables of a file in ``tests/cases``; where a file has several questions ``of`` says which one a case asks."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


def cases(name: str, of: str = "") -> list[dict[str, Any]]:
    """The cases of one question, in the file's order. Raises KeyError where the file has none of it."""
    found = [case for case in tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"] if case.get("of", "") == of]
    if not found:
        raise KeyError(f"{name}: {of}")
    return found
