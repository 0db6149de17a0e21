"""The day at the desk. Opens nothing of the ledger: the window asks for it before the ledger is open."""

from __future__ import annotations

import os
from datetime import date, datetime
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
