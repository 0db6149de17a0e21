"""By how much a clock is off, as far as one exchange can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.sync.skew import ahead

AT = datetime(2026, 1, 15, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("told", "asked", "answered", "off"),
    [
        ("2026-01-15T08:00:00.000Z", AT, AT, timedelta(0)),
        ("2026-01-15T08:00:00.000Z", AT + 5 * MINUTE, AT + 5 * MINUTE, 5 * MINUTE),
        ("2026-01-15T16:00:00.000+08:00", AT - 5 * MINUTE, AT - 5 * MINUTE, -5 * MINUTE),
        # As far as the time that the answer took explains it, and nothing that matters, is nothing.
        ("2026-01-15T08:00:00.000Z", AT, AT + 5 * MINUTE, timedelta(0)),
        ("2026-01-15T08:00:00.000Z", AT - 8 * MINUTE, AT, timedelta(0)),
        ("2026-01-15T08:00:00.000Z", AT + MINUTE, AT + MINUTE, timedelta(0)),
        ("2026-01-15T08:00:00.000Z", AT + 2 * MINUTE, AT + 2 * MINUTE, 2 * MINUTE),
        ("2026-01-15T08:00:00.000Z", AT + 10 * MINUTE, AT + 12 * MINUTE, 11 * MINUTE),
        # The clock was set while the answer was on its way.
        ("2026-01-15T08:00:00.000Z", AT + 60 * MINUTE, AT, timedelta(0)),
        ("", AT, AT, None),
        ("gestern", AT, AT, None),
        ("2026-01-15T08:00:00.000", AT, AT, None),
    ],
)
def test_a_clock_is_off_by(told: str, asked: datetime, answered: datetime, off: timedelta | None) -> None:
    assert ahead(told, asked, answered) == off
