"""What a technician holds on a day (clauses 8 and 10): post, title and evaluation in force, certificates and recognitions that are good, and
those that run out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Technician
from desktop.ledger.staff_fact import ALONE, BESIDE, STAFF_KINDS, StaffFact
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing

WARNING = "staff.certificate_warning_days"

STATES = ("in_force", "ends_soon", "over", "not_yet", "replaced", "ended")
"""How a fact stands on a day. ``over`` is said of a certificate with none of its name after it alone: what else has ended harms nothing."""


def faults(one: StaffFact) -> str | None:
    """The code of what makes no fact; None when nothing does."""
    if one.kind not in STAFF_KINDS:
        return "staff.kind"
    if not one.value.strip() or not one.ground.strip():
        return "staff.empty"
    if one.last_on is not None and one.last_on < one.from_on:
        return "staff.days"
    if one.factor is not None and (one.kind != "evaluation" or not 0 <= one.factor <= 10):
        return "staff.factor"
    return None


def good(one: StaffFact, day: date) -> bool:
    """Whether a fact is in force on a day: its first and its last day are in."""
    return one.from_on <= day and (one.last_on is None or day <= one.last_on)


def held(facts: Iterable[StaffFact], kind: str, day: date) -> StaffFact | None:
    """The post, title or evaluation in force on a day: of several the one that began last, of the same day the one with the greater key."""
    found = [one for one in facts if one.kind == kind and good(one, day)]
    return max(found, key=lambda one: (one.from_on, one.id), default=None)


def beside(facts: Iterable[StaffFact], kind: str, day: date) -> tuple[StaffFact, ...]:
    """The certificates or recognitions that are good on a day, the earliest first."""
    return tuple(sorted((one for one in facts if one.kind == kind and good(one, day)), key=lambda one: (one.from_on, one.id)))


def state(one: StaffFact, facts: Sequence[StaffFact], known: Parameters, day: date) -> str:
    """How a fact of ``facts`` stands on a day, one of STATES. Without the days of ``staff.certificate_warning_days`` nothing ends soon."""
    if day < one.from_on:
        return "not_yet"
    ended = one.last_on is not None and one.last_on < day
    if one.kind == "certificate" and one.last_on is not None and not any(other is not one and _follows(other, one) for other in facts):
        rule = known.in_force(WARNING, day)
        if ended:
            return "over"
        if rule is not None and (one.last_on - day).days <= rule.integer:
            return "ends_soon"
    if ended:
        return "ended"
    return "replaced" if one.kind in ALONE and held(facts, one.kind, day) != one else "in_force"


def running_out(person: Technician, facts: Iterable[StaffFact], known: Parameters, day: date) -> tuple[Finding, ...]:
    """Certificates that ran out with none of the same name after them, and those that will within the days of ``staff.certificate_warning_days``."""
    told = [] if known.in_force(WARNING, day) is not None else [missing(WARNING, day)]
    certificates = [one for one in facts if one.kind == "certificate"]
    for one in certificates:
        stands = state(one, certificates, known, day)
        if stands == "over":
            told.append(finding("staff.certificate_over", "warning", name=person.name, certificate=one.value, day=one.last_on))
        elif stands == "ends_soon":
            told.append(finding("staff.certificate_ends", "note", name=person.name, certificate=one.value, day=one.last_on))
    return tuple(told)


def _follows(other: StaffFact, one: StaffFact) -> bool:
    """Whether a certificate of the same name is good longer: then the earlier one is over without harm."""
    return other.value == one.value and one.last_on is not None and (other.last_on is None or other.last_on > one.last_on)


def figure(facts: Iterable[StaffFact], day: date) -> Figure:
    """What someone holds on a day, as a tree: how many certificates and recognitions are good, each with its last day, and what is in force."""
    every = tuple(facts)
    alone = [one for kind in ALONE if (one := held(every, kind, day)) is not None]
    parts = [_part(one) for one in alone] + [_part(one) for kind in BESIDE for one in beside(every, kind, day)]
    n = sum(len(beside(every, kind, day)) for kind in BESIDE)
    return Figure("staff.good", n, "count", "count", inputs=tuple(parts), params=(("day", day.isoformat()),))


def _part(one: StaffFact) -> Figure:
    told = [Figure("staff.from_on", one.from_on, "date")]
    if one.last_on is not None:
        told.append(Figure("staff.last_on", one.last_on, "date"))
    if one.kind == "evaluation":
        told.append(Figure("staff.factor_of", one.factor, "count"))
    note = "；".join(part for part in (one.issuer, one.number, one.ground) if part)
    return Figure(f"staff.kinds.{one.kind}", one.value, "text", note=note, inputs=tuple(told))
