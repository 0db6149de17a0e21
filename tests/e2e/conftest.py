"""The chapters of the day hold assertions too: they are to tell what they saw."""

from __future__ import annotations

import pytest

CHAPTERS = ("hands", "beginning", "working", "paying", "sending", "disagreeing", "restoring")
pytest.register_assert_rewrite(*(f"tests.e2e.{name}" for name in CHAPTERS))
