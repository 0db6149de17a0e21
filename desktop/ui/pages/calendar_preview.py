"""What taking a year's calendar would do, in lines a person reads before saying yes."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.actions.calendars import CalendarPlan
from desktop.ledger.calendar import CalendarDay
from desktop.ui import texts
from desktop.words import tr


def effects(plan: CalendarPlan) -> list[str]:
    """Counts, then a line a holiday, then what was remarked."""
    lines = [tr("{year} 年：放假的工作日 {off} 天，调休上班 {worked} 天。", year=plan.year, off=plan.n_off, worked=plan.n_worked)]
    lines.append(
        tr("新增 {new} 天，改动 {changed} 天，已知 {known} 天。", new=len(plan.new), changed=len(plan.changed), known=plan.n_known)
    )
    named: dict[str, list[CalendarDay]] = {}
    for one in plan.days:
        named.setdefault(one.holiday, []).append(one)
    for holiday, days in named.items():
        off = _days(one for one in days if one.kind == "weekday_off")
        worked = _days(one for one in days if one.kind == "makeup_workday")
        said = [tr("放假 {days}", days=off)] if off else []
        said += [tr("上班 {days}", days=worked)] if worked else []
        lines.append(texts.visible(f"{holiday}  {' · '.join(said)}".strip()))
    return lines + [texts.finding(one).text for one in plan.findings if one.severity == "warning"]


def _days(days: Iterable[CalendarDay]) -> str:
    return "、".join(f"{one.day:%m-%d}" for one in days)
