"""A newer set of rule values held against those in force: what it would add, what is known, and why it cannot be taken.

A set is taken whole or not at all. It only adds: a value that is known otherwise is an error, for old values are never edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding, finding
from desktop.ledger.parameter import CERTAINTIES, Parameter
from desktop.rules import rule_codes
from desktop.rules.parameters import Parameters

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A value that would be added, and the one that is in force on its first day until then (None: unknown)."""

    parameter: Parameter
    before: Parameter | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """``new`` by key and first day; ``known`` are there already, word for word in value; ``findings`` with an error forbid the set."""

    new: tuple[Change, ...]
    known: tuple[Parameter, ...]
    findings: tuple[Finding, ...]


def named(key: str) -> str:
    """The code of a value's name, for words."""
    return f"parameter.{key}"


def _place(one: Parameter) -> tuple[str, date]:
    return one.key, one.from_on


def weigh(known: Parameters, offered: Iterable[Parameter]) -> Weighed:
    """Hold a set against the values in force. Nothing of it needs to be sound: whatever is wrong becomes a finding."""
    ordered = sorted(offered, key=_place)
    told: list[Finding] = []
    new: list[Change] = []
    there: list[Parameter] = []
    n_notes = 0
    for (key, day), n in Counter(_place(one) for one in ordered).items():
        if n > 1:
            told.append(finding("parameter.set_twice", rule=named(key), day=day))
    if any(told):
        return Weighed((), (), tuple(told))
    layered = known
    for one in ordered:
        try:
            history = known.history(one.key)
        except KeyError:
            told.append(finding("parameter.set_unknown_key", rule=one.key))
            continue
        same = next((value for value in history if value.from_on == one.from_on), None)
        if same is not None:
            told += _held(one, same)
            there.append(same)
            continue
        wrong = (*_text_faults(one), *layered.own_faults(one))
        if one.until_on is not None:
            wrong = (*wrong, finding("parameter.set_until", rule=named(one.key), day=one.until_on))
        told += wrong
        if wrong:
            continue
        before = layered.in_force(one.key, one.from_on)
        told += _remarks(one, before)
        n_notes += bool(one.note)
        new.append(Change(one, before))
        layered = layered.layered([one])[0]
    if not ordered:
        told.append(finding("parameter.set_empty"))
    if n_notes:
        told.append(finding("parameter.set_notes", "note", n=n_notes))
    return Weighed(tuple(new), tuple(there), tuple(told))


def _held(one: Parameter, same: Parameter) -> list[Finding]:
    """A value whose first day is known: it must be the same value."""
    if (one.unit, one.value) != (same.unit, same.value):
        return [finding("parameter.set_differs", rule=named(one.key), day=one.from_on)]
    if one.certainty != same.certainty or any(compared(a) != compared(b) for a, b in ((one.source, same.source), (one.clause, same.clause))):
        return [finding("parameter.set_cited_otherwise", "note", rule=named(one.key), day=one.from_on)]
    return []


def _text_faults(one: Parameter) -> tuple[Finding, ...]:
    texts = {"source": one.source, "clause": one.clause}
    return tuple(
        finding("parameter.set_text", rule=named(one.key), part=f"parameter_field.{name}")
        for name, text in texts.items()
        if len(text) > _LONGEST or not text.isprintable()
    )


def _remarks(one: Parameter, before: Parameter | None) -> list[Finding]:
    told = []
    unknown = rule_codes.strange(one.key, one.codes) if one.unit == "codes" and isinstance(one.value, tuple) else ()
    if unknown:
        codes = "、".join(f"{code}（{rule_codes.said(one.key, code)}）" for code in rule_codes.offered(one.key))
        told.append(finding("parameter.set_codes", "warning", rule=named(one.key), codes="、".join(unknown), known=codes))
    if before is None:
        return told
    if before.value == one.value:
        told.append(finding("parameter.set_same_value", "note", rule=named(one.key), day=one.from_on))
    if CERTAINTIES.index(one.certainty) > CERTAINTIES.index(before.certainty):
        told.append(finding("parameter.set_less_certain", "warning", rule=named(one.key), now=one.certainty, before=before.certainty))
    return told
