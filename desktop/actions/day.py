"""The day at the desk. Opens nothing of the ledger: the window asks for it before the ledger is open."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from desktop.ledger.problem import Problem

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The day at the desk, in Asia/Shanghai. ``YIXIANG_TODAY`` (ISO) sets it for rehearsals of a day; Problem when it is no day."""
    fixed = os.environ.get("YIXIANG_TODAY")
    if not fixed:
        return datetime.now(SHANGHAI).date()
    try:
        return date.fromisoformat(fixed)
    except ValueError as error:
        raise Problem("work.bad_today", text=fixed) from error


def day_of(moment: str) -> date:
    """The day in Asia/Shanghai of a UTC moment as ISO text with its zone."""
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).date()


def now() -> datetime:
    """The moment at the desk, UTC without zone, to the minute: the machine's time of day on ``today()``.

    So that who prepared and approved something, and the day printed on the same paper, are told by one clock.
    """
    moment = datetime.now(SHANGHAI).replace(second=0, microsecond=0)
    return datetime.combine(today(), moment.timetz()).astimezone(UTC).replace(tzinfo=None)
