"""A small sample of the paper of sensors: two months of a set that agrees, one that claims too much, one whose sensor came late, a confidential one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from desktop.reports import sensors
from desktop.reports.content import Content
from desktop.reports.sensors import BareLine, OverLine, SensedLine, SensorFacts
from desktop.rules.sensor_days import SeenDay
from tests.reports.samples import LETTERHEAD, SECRET, SECRET_NUMBER

FIRST = date(2025, 11, 1)
LONG_NAME = "超高效液相色谱-三重四极杆串联质谱联用仪（含自动进样器与在线固相萃取模块）"


def days(claimed: int, working: int, idle: int = 0, from_: int = 0) -> tuple[SeenDay, ...]:
    """November and December, the weekends free; a sensor from the day ``from_`` on."""
    made = []
    for place in range(61):
        day = FIRST + timedelta(place)
        rests = day.weekday() > 4
        sat = place >= from_
        made.append(
            SeenDay(
                day, sat, 0 if rests or not sat else claimed, 0 if rests or sat else claimed, 0 if rests or not sat else working * 60,
                0 if rests or not sat else idle * 60,
            )
        )  # fmt: skip
    return tuple(made)


SENSORS = SensorFacts(
    "2025 年第 4 季度", FIRST, 7, 9, Decimal(7) / Decimal(9), Decimal("0.90"), "D", False, Decimal("0.10"), "C",
    (
        SensedLine("2019003", "共聚焦显微镜", "分析测试中心", ("CG-0003",), 61, 43, 10_320, 10_105, 0, 0, "agrees", days(240, 235, 30)),
        SensedLine("2015021", LONG_NAME, "化学学院", ("CG-0015", "CG-0016"), 61, 43, 18_060, 12_900, 0, 2, "over", days(420, 300, 90)),
        SensedLine("2020004", "核磁共振波谱仪", "化学学院", ("CG-0020",), 41, 28, 5_220, 7_250, 2_520, 0, "under", days(180, 250, 0, 20)),
        SensedLine("2021009", "离心机", "", ("CG-0099",), 0, 0, 0, None, 600, 0, "unknown", days(60, 0, 0, 61)),
        SensedLine(SECRET_NUMBER, SECRET, "某部门", ("CG-7777",), 61, 40, 9_000, 60, 0, 1, "over", days(500, 10), confidential=True),
    ),
    (
        OverLine("R20251103", date(2025, 11, 3), "2015021", LONG_NAME, 480, 215),
        OverLine("R20251209", date(2025, 12, 9), "2015021", LONG_NAME, 60, 0),
        OverLine("R20251210", date(2025, 12, 10), SECRET_NUMBER, SECRET, 600, 1, confidential=True),
    ),
    (BareLine("2012007", "紫外可见分光光度计", "化学学院", 38_000_000), BareLine("2024006", "流式细胞仪", "", None)),
    unfinished=True, least_fen=30_000_000, n_small=4, n_open=1, counted_certainty="C",
)  # fmt: skip

SENSED: dict[str, Callable[[], Content]] = {"sensors": lambda: sensors.report(SENSORS, LETTERHEAD)}
