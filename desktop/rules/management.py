"""The checklist of management documents on a day: which of the required kinds is in force, which is over, ends soon, or was never entered.

Source: providers keep a sound management system, measure clause 9 (and incentives, clause 10). Which papers make it up no text says: the list
is the parameter ``management.required_kinds``, the days before an end are ``management.warning_days`` (both certainty C).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.ledger.finding import Finding, finding
from desktop.ledger.management import AGREEMENT, MANAGEMENT_KINDS, ManagementDocument
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing

REQUIRED = "management.required_kinds"
WARNING = "management.warning_days"

State = Literal["in_force", "ends_soon", "over", "not_yet", "missing"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind on a day: the paper that counts for it (None: none was entered) and how it stands."""

    kind: str
    state: State
    document: ManagementDocument | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """``required`` None: which kinds are required is unknown. ``agreements`` each with its state, by party and first day."""

    required: tuple[Entry, ...] | None
    others: tuple[Entry, ...]
    agreements: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    figure: Figure


def faults(one: ManagementDocument, today: date) -> str | None:
    """The code of what makes no management document on the day it is entered; None when nothing does. It may be in force later, not issued later."""
    if one.kind not in MANAGEMENT_KINDS:
        return "management.kind"
    if not one.number.strip() or not one.title.strip():
        return "management.empty"
    if (one.kind == AGREEMENT) != bool(one.party.strip()):
        return "management.party"
    if one.last_on is not None and one.last_on < one.from_on:
        return "management.days"
    if one.issued_on > today:
        return "management.to_come"
    return None


def good(one: ManagementDocument, day: date) -> bool:
    """Whether a paper is in force on a day: its first and its last day are in."""
    return one.from_on <= day and (one.last_on is None or day <= one.last_on)


def counts(papers: Iterable[ManagementDocument], day: date) -> ManagementDocument | None:
    """The paper that counts on a day: in force and begun last; else the one over last; else the next to come."""
    every = list(papers)
    now = [one for one in every if good(one, day)]
    if now:
        return max(now, key=lambda one: (one.from_on, one.number))
    past = [one for one in every if one.from_on <= day]
    if past:
        return max(past, key=lambda one: (one.last_on or day, one.from_on, one.number))
    return min(every, key=lambda one: (one.from_on, one.number), default=None)


def state(papers: Sequence[ManagementDocument], day: date, warning_days: int | None) -> State:
    """How a kind with these papers stands on a day. ``warning_days`` None: nobody knows when an end is near, so none is told."""
    one = counts(papers, day)
    if one is None:
        return "missing"
    if not good(one, day):
        return "over" if one.from_on <= day else "not_yet"
    if warning_days is None or one.last_on is None or (one.last_on - day).days > warning_days:
        return "in_force"
    later = any(other.from_on <= _next(one.last_on) and (other.last_on is None or other.last_on > one.last_on) for other in papers)
    return "in_force" if later else "ends_soon"


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def checklist(papers: Iterable[ManagementDocument], known: Parameters, day: date) -> Checklist:
    """Every required kind on a day, the other papers, the agreements, and what to do about them."""
    by_kind: dict[str, list[ManagementDocument]] = {}
    by_party: dict[str, list[ManagementDocument]] = {}
    for one in papers:
        if one.kind == AGREEMENT:
            by_party.setdefault(one.party, []).append(one)
        else:
            by_kind.setdefault(one.kind, []).append(one)
    rule, warning = known.in_force(REQUIRED, day), known.in_force(WARNING, day)
    days = warning.integer if warning is not None else None
    wanted = rule.codes if rule is not None else ()
    required = tuple(_entry(kind, by_kind.get(kind, []), day, days) for kind in wanted)
    others = tuple(_entry(kind, by_kind[kind], day, days) for kind in MANAGEMENT_KINDS if kind in by_kind and kind not in wanted)
    agreements = tuple(_entry(AGREEMENT, by_party[party], day, days) for party in sorted(by_party))
    told = [missing(key, day) for key, one in ((REQUIRED, rule), (WARNING, warning)) if one is None]
    told += [found for entry in (*required, *others, *agreements) if (found := _finding(entry)) is not None]
    n = sum(entry.state in ("in_force", "ends_soon") for entry in required)
    parts = (*(_part(entry) for entry in (*required, *others, *agreements)), known.figure(REQUIRED, day), known.figure(WARNING, day))
    figure = Figure(
        "management.checklist", n if rule is not None else None, "count", "count", inputs=parts,
        params=(("day", day.isoformat()), ("n", str(len(wanted)) if rule is not None else "—")),
    )  # fmt: skip
    return Checklist(required if rule is not None else None, others, agreements, tuple(told), figure)


def _entry(kind: str, papers: Sequence[ManagementDocument], day: date, warning_days: int | None) -> Entry:
    return Entry(kind, state(papers, day, warning_days), counts(papers, day))


def _finding(entry: Entry) -> Finding | None:
    one, kind = entry.document, f"management.kinds.{entry.kind}"
    if one is None:
        return finding("management.missing", "warning", kind="management_document", what=kind)
    if entry.state == "over":
        return finding("management.over", "warning", kind="management_document", key=one.id, what=kind, title=one.title, day=one.last_on)
    if entry.state == "not_yet":
        return finding("management.not_yet", "warning", kind="management_document", key=one.id, what=kind, title=one.title, day=one.from_on)
    if entry.state == "ends_soon":
        return finding("management.ends", "note", kind="management_document", key=one.id, what=kind, title=one.title, day=one.last_on)
    return None


def _part(entry: Entry) -> Figure:
    one = entry.document
    named = (("what", f"management.kinds.{entry.kind}"),)
    if one is None:
        return Figure("management.entry", entry.state, "state", "lookup", params=named)
    code = "management.agreement" if one.party else "management.entry"
    told = [Figure("management.from_on", one.from_on, "date")]
    if one.last_on is not None:
        told.append(Figure("management.last_on", one.last_on, "date"))
    note = " ".join(part for part in (one.title, one.number, one.issuer) if part)
    return Figure(code, entry.state, "state", "lookup", note=note, inputs=tuple(told), params=(*named, ("party", one.party)))
