"""Why a set that the national platform counts is not open to others (不开放的原因): it stands in the annex of the yearly effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CLOSED_REASONS: tuple[str, ...] = ("outdated", "online", "part", "setting_up")
"""The reasons the platform takes for a set that may be named: 老旧、性能落后; 在线检测; 配件不单独使用; 正在调试.

涉密 is no choice here: such a set stands in no annex.
"""


@dataclass(frozen=True, slots=True)
class NationalClosed:
    """``reason`` is one of CLOSED_REASONS, ``note`` whatever is to be said besides; ``noted_on`` the day it was entered, Asia/Shanghai."""

    id: str
    instrument_id: str
    reason: str
    note: str
    noted_on: date
    noted_by: str
