"""The chapters of the day hold assertions too: they are to tell what they saw."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.e2e.hands", "tests.e2e.beginning", "tests.e2e.working", "tests.e2e.paying", "tests.e2e.sending")
