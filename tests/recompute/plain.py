"""The ledger's rows in a plain database, and the rule values as their files have them: all the second reckoning knows.

Nothing of the program is imported here or in the other ``plain_…`` files; the driver is asked for the decrypted rows and then done with.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TABLES = (
    "institution", "instrument", "technician", "customer", "service_record", "posting", "receipt", "fee_schedule", "fee_line", "cost_component",
    "cost_row", "scheme", "payout_run", "payout_line", "payout_share", "payout_cost", "voucher_enterprise", "voucher_group", "voucher_mark",
    "province_search", "outside_use", "voucher_claim", "voucher_claim_line", "voucher_claim_step", "voucher_paper",
    "purchase_proposal", "purchase_national", "parameter",
    "evaluation_fact", "user_rating", "university_count", "sensor_binding", "sensor_session", "power_band", "cers_set",
    "pilot_base", "pilot_partner", "pilot_equipment", "pilot_openness", "pilot_service", "training", "training_attendance", "staff_fact",
    "national_message", "national_event", "national_removal", "national_audit",
    "management_document", "publication", "integrity_answer", "notice", "notice_answer",
)  # fmt: skip
# These have no key of their own.
_BESIDE = ("catalogue_entry", "national_row", "setting")


class Plain:
    """A decrypted copy. ``rows(sql, …)`` answers mappings, ``value(sql, …)`` one value; ``home`` is the folder of the ledger."""

    def __init__(self, ledger: Path, ledger_key: bytes, copy: Path) -> None:
        from sqlcipher3 import dbapi2

        self.home = ledger.parent
        source = dbapi2.connect(str(ledger), isolation_level=None)
        source.execute(f"PRAGMA key=\"x'{ledger_key.hex()}'\"")
        source.execute("ATTACH DATABASE ? AS plain KEY ''", (str(copy),))
        for name in TABLES:
            source.execute(f"CREATE TABLE plain.{name} AS SELECT * FROM main.{name}")
        for name in _BESIDE:
            source.execute(f"CREATE TABLE plain.{name} AS SELECT * FROM main.{name}")
        source.execute("DETACH DATABASE plain")
        source.close()
        self.connection = sqlite3.connect(copy)
        self.connection.row_factory = sqlite3.Row
        for name in TABLES:
            self.connection.execute(f"CREATE UNIQUE INDEX key_of_{name} ON {name} (id)")
        self.connection.execute("CREATE INDEX of_message ON national_row (message_id)")
        self.connection.execute("CREATE INDEX reversing ON posting (reverses)")
        self.connection.execute("CREATE INDEX of_record ON posting (record_id)")
        self.connection.execute("CREATE INDEX paid ON receipt (posting_id)")
        own = [(one["name"], (one["from_on"], None, _own(one["value"], one["unit"]))) for one in self.rows("SELECT * FROM parameter ORDER BY from_on")]
        self._dated = {name: [*packaged().get(name, ()), *(value for key, value in own if key == name)] for name in packaged().keys() | dict(own).keys()}
        self._rules: dict[tuple[str, str], Any] = {}

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        return self.connection.execute(sql, values).fetchone()[0]

    def setting(self, name: str) -> str:
        """What is kept here under a name."""
        return str(self.value("SELECT value FROM setting WHERE name = ?", name))

    def rule(self, name: str, day: date | str) -> Any:
        """The value in force on a day, the institution's own newer ones on top; None when there is none."""
        asked = name, str(day)
        if asked not in self._rules:
            found = [one for one in self._dated.get(name, ()) if one[0] <= asked[1]]
            in_force = found and (found[-1][1] is None or asked[1] < found[-1][1])
            self._rules[asked] = found[-1][2] if in_force else None
        return self._rules[asked]


def _own(text: str, unit: str) -> Any:
    reads = {"ratio": Decimal, "codes": lambda text: text.split(","), "fen": int, "flag": lambda text: text == "true"}
    return reads[unit](text)


@cache
def packaged() -> dict[str, list[tuple[str, str | None, Any]]]:
    """Key -> (first day, first day after, value), as the files have them."""
    told: dict[str, list[tuple[str, str | None, Any]]] = {}
    for file in sorted((ROOT / "resources" / "rules").glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
        usual = content.get("defaults", {})
        for entry in content.get("value", ()):
            first, until = entry.get("from", usual.get("from")), entry.get("until", usual.get("until"))
            told.setdefault(entry["key"], []).append((str(first), str(until) if until else None, entry["value"]))
    return {name: sorted(values, key=lambda one: one[0]) for name, values in told.items()}


@cache
def _calendar() -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    off, worked, years = set(), set(), set()
    for file in (ROOT / "resources" / "calendar").glob("*.toml"):
        content = tomllib.loads(file.read_text("utf-8"))
        years.add(content["year"])
        off |= {date.fromisoformat(day) for day in content["weekday_off"]}
        worked |= {date.fromisoformat(day) for day in content["makeup_workday"]}
    return frozenset(off), frozenset(worked), frozenset(years)


def works(day: date) -> bool:
    """Whether people work on a day; outside the published years Monday to Friday but New Year's Day."""
    off, worked, _ = _calendar()
    return day in worked or (day.weekday() < 5 and day not in off and (day.month, day.day) != (1, 1))


@cache
def working_days(after: date, until: date) -> tuple[int, bool]:
    """Working days after a day up to and with another, negative backwards, and whether a year between is not published. Day by day."""
    first, last = sorted((after, until))
    n = sum(works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    return n if after == first else -n, any(year not in _calendar()[2] for year in range(first.year, last.year + 1))


@cache
def counted_from(day: date, n: int) -> tuple[date, bool]:
    """The n-th working day after a day, and whether a counted one lies outside the published years. Day by day."""
    years, provisional = _calendar()[2], False
    while n:
        day += timedelta(days=1)
        if works(day):
            n -= 1
            provisional = provisional or day.year not in years
    return day, provisional


@cache
def places() -> tuple[dict[str, str], dict[str, str]]:
    """Cities by name -> four digits; provinces by name -> two."""
    codes = ROOT / "resources" / "codes"
    cities = tomllib.loads((codes / "regions.toml").read_text("utf-8"))
    provinces = tomllib.loads((codes / "provinces.toml").read_text("utf-8"))
    return {part["name"]: code for code, part in cities.items()}, {name: code for code, name in provinces.items()}


def nearest(value: Fraction) -> int:
    """To the nearest whole, the half away from zero."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))


def total(values: Iterable[int | None]) -> int:
    """The sum of what is known."""
    return sum(value for value in values if value is not None)
