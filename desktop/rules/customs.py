"""How long a duty-free set stays under customs supervision (national.customs_years): one reckoning for whatever asks.

The source says so many years from the day of release (自海关放行日期起) and no more. Years are counted as 民法典 art. 201 and 202 do: the first day
does not count, the last is the day of the same date. Whoever moves or discharges a set on that very day asks customs first.
"""

from __future__ import annotations

from datetime import date

YEARS = "national.customs_years"


def last_day(released_on: date, years: int) -> date:
    """The last day of supervision, Asia/Shanghai: the day of the same date, or 28 February after a 29th in a year that has none."""
    try:
        return released_on.replace(year=released_on.year + years)
    except ValueError:
        return date(released_on.year + years, 2, 28)


def over(released_on: date, years: int, on: date) -> bool:
    """Whether supervision is over on a day: from the day after its last."""
    return last_day(released_on, years) < on
