"""Paper is compared with golden texts that people have read: a changed text fails, and is written anew only when asked for.

``GOLDEN=write`` in the environment rewrites the files and still fails, so that the difference is looked at before it is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop import words

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Every test begins and ends in Chinese."""
    words.use("zh")
    yield
    words.use("zh")


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with ``tests/golden/<name>.txt``."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("GOLDEN") == "write":
            before = file.read_text(encoding="utf-8") if file.exists() else ""
            file.write_text(text, encoding="utf-8")
            assert before == text, f"{file.name} was rewritten: read the difference, then run again without GOLDEN=write"
        assert text == file.read_text(encoding="utf-8")

    return compare
