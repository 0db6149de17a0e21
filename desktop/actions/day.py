"""The day at the desk. Imports nothing of the ledger: the window asks for it before the ledger is open."""

from __future__ import annotations

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The day at the desk, in Asia/Shanghai. ``YIXIANG_TODAY`` (ISO) sets it for rehearsals of a day."""
    fixed = os.environ.get("YIXIANG_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(SHANGHAI).date()
