"""Customs data of a set: the form of its declaration, and how long it stays under supervision (national.customs_years), reckoned once for whatever asks.

The source says so many years from the day of release (自海关放行日期起) and no more. Years are counted as 民法典 art. 201 and 202 do: the first day
does not count, the last is the day of the same date. Whoever moves or discharges a set on that very day asks customs first.
"""

from __future__ import annotations

import re
from datetime import date

from desktop.ledger.finding import Finding, finding

_DECLARATION = re.compile(r"[0-9A-Z]{18}")
_ITEM = re.compile(r"[0-9]{2}")
FORMS = {"declaration_number": _DECLARATION, "declaration_item": _ITEM}
"""Fact of an instrument -> its form in the national exchange (N5): 18 digits, or capitals where customs numbers so; two digits with their zero."""
YEARS = "national.customs_years"


def odd(name: str, text: str) -> Finding | None:
    """A warning about the declaration's number or item (a name of FORMS) that has not its form, by field; None where it has, or nothing is stated.

    It is kept as it was written: a number is not guessed, and one that is known in part is worth keeping.
    """
    if not text or FORMS[name].fullmatch(text):
        return None
    return finding(f"customs.{name}", "warning", field=name, shown=text)


def last_day(released_on: date, years: int) -> date:
    """The last day of supervision, Asia/Shanghai: the day of the same date, or 28 February after a 29th in a year that has none."""
    try:
        return released_on.replace(year=released_on.year + years)
    except ValueError:
        return date(released_on.year + years, 2, 28)


def over(released_on: date, years: int, on: date) -> bool:
    """Whether supervision is over on a day: from the day after its last."""
    return last_day(released_on, years) < on
