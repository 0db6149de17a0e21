"""The packaged rule values: strict reading of ``resources/rules/<subject>.toml``, every fault of a file told at once.

A file holds ``[[value]]`` tables (key, from, until?, value, unit, source, clause, certainty, note?), ``[[unset]]`` tables
(key, unit, note) for rules whose value nobody has published, and ``[defaults]`` for fields its values share.
Numbers with a point are Decimal. It does not decide what is in force: see ``parameters``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from desktop.ledger.finding import Finding, finding
from desktop.ledger.parameter import CERTAINTIES, Parameter, ParameterValue
from desktop.ledger.problem import Problem

WHOLE = frozenset({"fen", "minutes", "days", "workdays", "years", "month", "count", "score", "watts", "milliamps"})
UNITS = WHOLE | {"hours", "ratio", "flag", "text", "codes", "people", "wan"}

# Beyond these a value is a slip of the pen, and counting by it would never end.
_MOST = {
    "fen": 10**15, "minutes": 10**7, "days": 3_660, "workdays": 3_660, "years": 200, "month": 12, "count": 10**9, "score": 1_000,
    "watts": 10**9, "milliamps": 10**9, "hours": 8_784, "people": 10**9, "wan": 10**12,
}  # fmt: skip
_LONGEST = 2_000

_REQUIRED = ("key", "from", "value", "unit", "source", "clause", "certainty")
_OPTIONAL = ("until", "note")
_KEY = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Subject:
    """One file: each key's values in the order of their first days, and the keys without a published value."""

    values: Mapping[str, tuple[Parameter, ...]]
    unset: Mapping[str, tuple[str, str]]

    def unit(self, key: str) -> str:
        """The unit of a key. Raises KeyError when the file does not know it."""
        return self.values[key][0].unit if key in self.values else self.unset[key][0]


def fits(unit: str, value: object) -> bool:
    """Whether a value has the type and the range its unit asks for."""
    if unit == "flag":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if unit in WHOLE:
        return isinstance(value, int) and (unit == "month") <= value <= _MOST[unit]
    if isinstance(value, Decimal) and not value.is_finite():
        return False
    if unit == "hours":
        return isinstance(value, int | Decimal) and 0 <= value <= _MOST[unit]
    if unit == "ratio":
        return isinstance(value, Decimal) and 0 <= value <= 1
    if unit == "text":
        return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()
    if not isinstance(value, tuple) or not 0 < len(value) <= _LONGEST:
        return False
    if unit == "codes":
        return all(isinstance(part, str) and part.isalnum() and len(part) <= 20 for part in value)
    return all(type(part) is int and 0 <= part <= _MOST[unit] for part in value)


@cache
def load(folder: Path, subject: str) -> Subject:
    """Read one file. Raises Problem ``parameter.file_faulty`` with all its faults as findings."""
    file = folder / f"{subject}.toml"
    found, faults = read(file.read_text(encoding="utf-8"), subject)
    if faults:
        raise Problem("parameter.file_faulty", findings=faults, file=file.name, n=len(faults))
    return found


@cache
def subjects(folder: Path) -> tuple[str, ...]:
    """The names of all files, sorted."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def faults(folder: Path) -> tuple[Finding, ...]:
    """What is wrong in any file of a folder; empty when all can be used."""
    told: list[Finding] = []
    for subject in subjects(folder):
        told += read((folder / f"{subject}.toml").read_text(encoding="utf-8"), subject)[1]
    return tuple(told)


def read(text: str, subject: str) -> tuple[Subject, tuple[Finding, ...]]:
    """The values of a file's text and its faults. Values with a fault are left out. ``subject`` "": a file of several subjects."""
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:  # besides what is no TOML: a number or a nesting without measure
        return Subject({}, {}), (finding("parameter.unreadable", file=subject, why=error),)
    return of_tables(content, subject)


def of_tables(content: Mapping[str, object], subject: str) -> tuple[Subject, tuple[Finding, ...]]:
    """The same of the tables that a file's text holds: days are ``date``, numbers with a point Decimal."""
    told: list[Finding] = []
    for name, part in content.items():
        tables = part if isinstance(part, list) else [part]
        shaped = all(isinstance(one, dict) for one in tables) and isinstance(part, dict) == (name == "defaults")
        if name not in ("value", "unset", "defaults") or not shaped:
            told.append(finding("parameter.unknown_field", file=subject, rule="", part=name))
    if told:
        return Subject({}, {}), tuple(told)
    defaults: dict[str, object] = content.get("defaults", {})  # type: ignore[assignment]  # shapes checked above, here and below
    values: dict[str, list[Parameter]] = {}
    for entry in content.get("value", ()):  # type: ignore[attr-defined]
        parameter = _parameter({**defaults, **entry}, subject, told)
        if parameter is not None:
            values.setdefault(parameter.key, []).append(parameter)
    unset: dict[str, tuple[str, str]] = {}
    for entry in content.get("unset", ()):  # type: ignore[attr-defined]
        key = str(entry.get("key", ""))
        if entry.keys() != {"key", "unit", "note"} or not _own_key(key, subject) or str(entry["unit"]) not in UNITS:
            told.append(finding("parameter.unset_faulty", file=subject, rule=key))
        elif key in values or key in unset:
            told.append(finding("parameter.twice", file=subject, rule=key, day=""))
        else:
            unset[key] = (str(entry["unit"]), str(entry["note"]))
    ordered = {key: tuple(sorted(several, key=lambda one: one.from_on)) for key, several in values.items()}
    for key, several in ordered.items():
        told += _order_faults(subject, key, several)
    return Subject(MappingProxyType(ordered), MappingProxyType(unset)), tuple(told)


def _own_key(key: str, subject: str) -> bool:
    return bool(_KEY.fullmatch(key)) and subject in ("", key.partition(".")[0])


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _parameter(entry: dict[str, object], subject: str, told: list[Finding]) -> Parameter | None:
    key = str(entry.get("key", ""))
    before = len(told)

    def tell(code: str, *, part: str = "", given: object = "") -> None:
        told.append(finding(code, file=subject, rule=key, part=part, given=given))

    for name in _REQUIRED:
        if name not in entry:
            tell("parameter.missing_field", part=name)
    for name in entry.keys() - {*_REQUIRED, *_OPTIONAL}:
        tell("parameter.unknown_field", part=name)
    if key and not _own_key(key, subject):
        tell("parameter.foreign_key")
    for name in ("source", "clause", "note"):
        if not isinstance(entry.get(name, ""), str):
            tell("parameter.wrong_type", part=name)
    if entry.get("source") == "":
        tell("parameter.missing_field", part="source")
    for name in ("from", "until"):
        if name in entry and not _is_day(entry[name]):
            tell("parameter.wrong_type", part=name)
    if "certainty" in entry and entry["certainty"] not in CERTAINTIES:
        tell("parameter.unknown_certainty", part="certainty", given=entry["certainty"])
    unit = str(entry["unit"]) if "unit" in entry else None
    value = entry.get("value")
    value = tuple(value) if isinstance(value, list) else value
    if unit is not None and unit not in UNITS:
        tell("parameter.unknown_unit", part="unit", given=unit)
    elif unit is not None and "value" in entry and not fits(unit, value):
        tell("parameter.wrong_type", part="value")
    if len(told) > before:
        return None
    parameter = Parameter(
        key,
        entry["from"],  # type: ignore[arg-type]  # checked above, field by field
        value,  # type: ignore[arg-type]  # checked above by ``fits``
        str(unit),
        str(entry["source"]),
        str(entry["clause"]),
        str(entry["certainty"]),
        entry.get("until"),  # type: ignore[arg-type]  # checked above
        str(entry.get("note", "")),
    )
    if parameter.until_on is not None and parameter.until_on <= parameter.from_on:
        tell("parameter.until_before_from", part="until", given=parameter.until_on)
        return None
    return parameter


def _order_faults(subject: str, key: str, several: tuple[Parameter, ...]) -> list[Finding]:
    told = []
    for one, following in pairwise(several):
        if one.from_on == following.from_on:
            told.append(finding("parameter.twice", file=subject, rule=key, day=one.from_on))
        elif one.until_on is not None and one.until_on > following.from_on:
            told.append(finding("parameter.overlap", file=subject, rule=key, day=following.from_on))
        if one.unit != following.unit:
            told.append(finding("parameter.unit_changes", file=subject, rule=key, day=following.from_on))
    return told


def value_text(value: ParameterValue) -> str:
    """A value as text that ``value_from_text`` reads back with the same unit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return str(value)


def value_from_text(unit: str, text: str) -> ParameterValue:
    """A value typed or stored as text. Raises ValueError when it does not fit the unit."""
    value: ParameterValue
    try:
        if unit == "flag":
            value = {"true": True, "false": False}[text]
        elif unit in WHOLE:
            value = int(text)
        elif unit in ("hours", "ratio"):
            value = Decimal(text)
        elif unit == "codes":
            value = tuple(part.strip() for part in text.split(",") if part.strip())
        elif unit in ("people", "wan"):
            value = tuple(int(part) for part in text.split(","))
        else:
            value = text
        good = unit in UNITS and fits(unit, value)
    except (KeyError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{text!r} is no value in {unit}") from error
    if not good:
        raise ValueError(f"{text!r} is no value in {unit}")
    return value
