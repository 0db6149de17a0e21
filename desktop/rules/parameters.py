"""Which rule value is in force on a day: packaged values, with the institution's own later ones laid on top.

Asking for a value that is not in force gives None (and ``missing`` the finding that says so), never zero.
A key that no file declares is a slip in the program and raises KeyError.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from desktop import resource
from desktop.ledger.finding import Finding, finding
from desktop.ledger.parameter import CERTAINTIES, Parameter
from desktop.rules import parameter_files
from desktop.rules.figure import Figure, Value

# Figures are divided by these: zero would be no rule.
DIVISORS = frozenset({
    "cost.depreciation_years", "cost.yearly_hours", "hours.utilisation_base", "hours.rated_general", "hours.rated_special",
    "moe.demonstrated_people", "moe.income_step_fen", "moe.function_step",
})  # fmt: skip


def _from(parameter: Parameter) -> date:
    return parameter.from_on


@dataclass(frozen=True, slots=True)
class Parameters:
    """All rule values an institution works with. ``own``: for each key it has set, all its values packaged and own."""

    folder: Path = field(default_factory=lambda: resource.path("rules"))
    own: Mapping[str, tuple[Parameter, ...]] = field(default_factory=lambda: MappingProxyType({}))
    # A year of vouchers asks for the same few values on the same few days a million times. Nothing in here ever changes: other values are
    # another object.
    _held: dict[tuple[str, date], Parameter | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    _told: dict[tuple[str, date, bool], Figure] = field(default_factory=dict, init=False, repr=False, compare=False)

    def every_key(self) -> tuple[str, ...]:
        """Every declared key, sorted; reads all files."""
        told: list[str] = []
        for subject in parameter_files.subjects(self.folder):
            loaded = parameter_files.load(self.folder, subject)
            told += [*loaded.values, *loaded.unset]
        return tuple(sorted(told))

    def history(self, key: str) -> tuple[Parameter, ...]:
        """All values of a key by their first day. Raises KeyError for a key that no file declares."""
        mine = self.own.get(key)
        if mine is not None:
            return mine
        subject = self._subject(key)
        if key in subject.unset:
            return ()
        return subject.values[key]

    def unit(self, key: str) -> str:
        """The unit of a key. Raises KeyError for a key that no file declares."""
        return self._subject(key).unit(key)

    def _subject(self, key: str) -> parameter_files.Subject:
        name = key.partition(".")[0]
        if name not in parameter_files.subjects(self.folder):
            raise KeyError(key)
        return parameter_files.load(self.folder, name)

    def in_force(self, key: str, day: date) -> Parameter | None:
        """The value in force on a day, or None."""
        found = self._held.get((key, day))
        if found is None and (key, day) not in self._held:
            found = self._held[key, day] = _on(self.history(key), day)
        return found

    def figure(self, key: str, day: date) -> Figure:
        """The value on a day as a figure ``parameter.<key>``; unknown (None) when none is in force."""
        parameter = self.in_force(key, day)
        asked = (key, day, False) if parameter is None else (key, parameter.from_on, True)
        told = self._told.get(asked)
        if told is None:
            if parameter is None:
                told = Figure(f"parameter.{key}", None, self.unit(key), "parameter", params=(("day", str(day)),))
            else:
                told = figure(parameter)
            self._told[asked] = told
        return told

    def hash(self, day: date) -> str:
        """SHA-256 over every value in force on a day, as 64 hex digits: printed on reports, equal rules give equal hashes."""
        digest = hashlib.sha256()
        for key in self.every_key():
            parameter = self.in_force(key, day)
            if parameter is not None:
                digest.update(_line(parameter))
        return digest.hexdigest()

    def own_faults(self, parameter: Parameter) -> tuple[Finding, ...]:
        """Why an institution's own value cannot be used; empty when it can.

        It needs a known key, a document number, the key's unit, and a first day after the newest value already known:
        old values are never edited.
        """
        told = []
        try:
            known = self.history(parameter.key)
            unit = self.unit(parameter.key)
        except KeyError:
            return (finding("parameter.unknown_key", rule=parameter.key),)
        if not parameter.source.strip():
            told.append(finding("parameter.no_document", rule=parameter.key))
        if parameter.unit != unit or not parameter_files.fits(unit, parameter.value):
            told.append(finding("parameter.own_wrong_type", rule=parameter.key, unit=unit))
        elif unit in ("people", "wan") and known and len(parameter.limits) != len(known[-1].limits):
            told.append(finding("parameter.own_places", rule=parameter.key, n=len(known[-1].limits)))
        elif parameter.key in DIVISORS and parameter.decimal == 0:
            told.append(finding("parameter.own_zero", rule=parameter.key))
        if parameter.certainty not in CERTAINTIES:
            told.append(finding("parameter.own_certainty", rule=parameter.key, certainty=parameter.certainty))
        if parameter.until_on is not None and parameter.until_on <= parameter.from_on:
            told.append(finding("parameter.own_until", rule=parameter.key, day=parameter.until_on))
        if known and parameter.from_on <= known[-1].from_on:
            told.append(finding("parameter.not_newer", rule=parameter.key, day=parameter.from_on, newest=known[-1].from_on))
        return tuple(told)

    def layered(self, own: Iterable[Parameter]) -> tuple[Parameters, tuple[Finding, ...]]:
        """These values with an institution's own on top, and why any of them was left out."""
        layered = self
        told: list[Finding] = []
        for parameter in sorted(own, key=_from):
            wrong = layered.own_faults(parameter)
            if wrong:
                told += wrong
                continue
            several = (*layered.history(parameter.key), parameter)
            layered = Parameters(self.folder, MappingProxyType({**layered.own, parameter.key: several}))
        return layered, tuple(told)


def _on(history: tuple[Parameter, ...], day: date) -> Parameter | None:
    place = bisect_right(history, day, key=_from)
    if not place:
        return None
    newest = history[place - 1]
    return newest if newest.until_on is None or day < newest.until_on else None


def _line(parameter: Parameter) -> bytes:
    days = [str(parameter.from_on), str(parameter.until_on or "")]
    value = [parameter_files.value_text(parameter.value), parameter.unit]
    told = [parameter.key, *days, *value, parameter.source, parameter.clause, parameter.certainty]
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


@cache
def packaged() -> Parameters:
    """The values the program ships with; files are read when first asked."""
    return Parameters()


def missing(key: str, day: date) -> Finding:
    """The finding for a value that is not in force on a day: whatever hangs on it is unknown, not zero."""
    return finding("parameter.not_in_force", rule=key, day=day)


def figure(parameter: Parameter) -> Figure:
    """A value with its source, clause and certainty, as the leaf of an explanation."""
    value = parameter.value
    shown: Value = " / ".join(str(part) for part in value) if isinstance(value, tuple) else value
    return Figure(
        f"parameter.{parameter.key}",
        shown,
        parameter.unit,
        "parameter",
        f"{parameter.source} {parameter.clause}".strip(),
        parameter.certainty,
        parameter.note,
        params=(("from", str(parameter.from_on)), ("own", "true" if parameter.own else "false")),
    )
