"""A set's academic year as a university reports it: what was entered counts; what was not is derived from posted services where they say it.

How postings are read is the ledger's own definition (``definition.academic_use``, certainty C); that blanks are written as 0 is the ministry's.
What no service says stays unknown: a direction or way that one of them leaves out makes the sum over all of them unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from desktop.ledger.finding import Finding, finding
from desktop.ledger.money import half_up
from desktop.ledger.university import HOURS, ITEMS, UseCount
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

DEFINITION = "definition.academic_use"

Direction = Literal["teaching", "research", "other", ""]
Origin = Literal["entered", "derived", "blank"]


@dataclass(frozen=True, slots=True)
class Service:
    """A posted service: ``direction`` "" and ``by_user`` None are not said; ``by_user``: the user ran the set himself (占用共享)."""

    key: str
    minutes: int
    external: bool
    direction: Direction = ""
    by_user: bool | None = None
    samples: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """What postings say of one item: minutes or a count, and the postings behind it."""

    amount: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What the services of a set say by item, and how many of them leave out their direction, way or number of samples."""

    items: Mapping[str, Derived]
    undirected: int = 0
    wayless: int = 0
    sampleless: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """One item of a set's year. ``amount`` None: blank; ``derived`` is told beside what was entered, too."""

    item: str
    amount: int | None
    origin: Origin
    entered: UseCount | None
    derived: Derived | None

    @property
    def hours(self) -> bool:
        """Whether the amount is minutes, reported in whole hours."""
        return self.item in HOURS

    @property
    def reported(self) -> int:
        """What the tables are given: whole hours rounded half up, or the count; 0 for a blank. They hold open hours to the sum of the others."""
        return whole_hours(self.amount or 0) if self.hours else self.amount or 0


def whole_hours(minutes: int) -> int:
    """Minutes as whole hours, rounded half up once."""
    return half_up(Decimal(minutes) / 60)


def read(services: Iterable[Service]) -> Read:
    """What the posted services of one set and year say. A set without any says nothing: 0 is only what services add up to."""
    every = list(services)
    if not every:
        return Read({})
    inside = [one for one in every if not one.external]
    undirected = sum(not one.direction for one in inside)
    wayless = sum(one.by_user is None for one in every)
    told = {"service_minutes": _sum([one for one in every if one.external])}
    if not undirected:
        # A school's own teaching and research is often in no service: only what services do say is taken, none of them is no 0.
        found = {f"{name}_minutes": _sum([one for one in inside if one.direction == name]) for name in ("teaching", "research")}
        told |= {item: one for item, one in found.items() if one.amount}
    if not wayless:
        told["open_minutes"] = _sum([one for one in every if one.by_user])
    sampled = [one for one in every if one.samples is not None]
    if sampled:
        n = half_up(sum((one.samples for one in sampled if one.samples is not None), Decimal()))
        told["samples"] = Derived(n, tuple(one.key for one in sampled))
    return Read(told, undirected, wayless, len(every) - len(sampled))


def _sum(services: Sequence[Service]) -> Derived:
    return Derived(sum(one.minutes for one in services), tuple(one.key for one in services))


def settle(entered: Mapping[str, UseCount], derived: Mapping[str, Derived]) -> tuple[Settled, ...]:
    """Every item in the order of the shapes: as entered, else as derived, else blank."""
    told = []
    for item in ITEMS:
        fact, found = entered.get(item), derived.get(item)
        if fact is not None:
            told.append(Settled(item, fact.amount, "entered", fact, found))
        elif found is not None:
            told.append(Settled(item, found.amount, "derived", None, found))
        else:
            told.append(Settled(item, None, "blank", None, None))
    return tuple(told)


def faults(amounts: Mapping[str, int]) -> str | None:
    """The code of what is wrong with the amounts of one set's year, taken together; None when nothing is."""
    if any(item not in ITEMS for item in amounts):
        return "university.item"
    if any(amount < 0 for amount in amounts.values()):
        return "university.negative"
    parts = [amounts.get(item) for item in HOURS[:3]]
    known = [part for part in parts if part is not None]
    if len(known) == len(parts) and amounts.get("open_minutes", 0) > sum(known):
        return "university.open_beyond"
    return None


def remarks(number: str, found: Read, settled: Sequence[Settled]) -> tuple[Finding, ...]:
    """What a clerk should look at: items that stand in for what nobody entered, and services that leave out what it would take to derive more."""
    blank = {one.item for one in settled if one.origin == "blank"}
    n_derived = sum(one.origin == "derived" for one in settled)
    told = []
    if n_derived:
        told.append(finding("university.derived", "note", number=number, n=n_derived))
    if found.undirected and blank & {"teaching_minutes", "research_minutes"}:
        told.append(finding("university.undirected", "warning", number=number, n=found.undirected))
    if found.wayless and "open_minutes" in blank:
        told.append(finding("university.wayless", "warning", number=number, n=found.wayless))
    if found.sampleless and any(one.item == "samples" and one.origin == "derived" for one in settled):
        told.append(finding("university.sampleless", "warning", number=number, n=found.sampleless))
    return tuple(told)


def figure(one: Settled, known: Parameters, day: date) -> Figure:
    """One item as it stands in the tables, with what was entered and what postings say."""
    plain = "minutes" if one.hours else "count"
    inputs = []
    if one.entered is not None:
        inputs.append(Figure("university.entered", one.entered.amount, plain, "entered", note=one.entered.ground))
    if one.derived is not None:
        behind = Rows("posting", one.derived.keys)
        inputs.append(Figure("university.from_postings", one.derived.amount, plain, "posted_year", inputs=(known.figure(DEFINITION, day),), rows=behind))
    if one.origin == "blank":
        inputs.append(Figure("university.blank", 0, plain, "as_zero", certainty="B"))
    how = {"entered": "entered", "derived": "posted_year", "blank": "as_zero"}[one.origin]
    unit = "hours" if one.hours else "count"
    return Figure(f"moe.use.{one.item}", one.reported, unit, "whole_hours" if one.hours and one.origin != "blank" else how, inputs=tuple(inputs))
