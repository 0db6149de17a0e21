"""Who may do what with payout runs, months and confidentiality (four eyes). Pure checks: each answers the findings that forbid the step.

The one who prepares never approves, whatever their role; the database refuses it too. PINs are checked where people act; a step
without one is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from desktop.ledger import period
from desktop.ledger.allocation import MonthEvent, PayoutRun
from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Person
from desktop.ledger.reclassification import Reclassification

ROLES_FOR: dict[str, tuple[str, ...]] = {
    "prepare": ("lab_manager", "finance", "equipment_office"),
    "withdraw": ("lab_manager", "finance", "equipment_office", "approver"),
    "approve": ("finance", "equipment_office", "approver"),
    "close": ("finance", "approver"),
    "reverse": ("finance", "approver"),
    "release": ("finance", "equipment_office"),
    "approve_release": ("finance", "approver"),
    "prepare_reclassification": ("lab_manager", "equipment_office", "approver"),
    "decide_reclassification": ("equipment_office", "approver"),
    "prepare_transfer": ("lab_manager", "equipment_office"),
    "decide_transfer": ("equipment_office", "approver"),
    "hand_transfer": ("lab_manager", "equipment_office"),
    "prepare_month": ("lab_manager", "finance", "equipment_office"),
    "withdraw_month": ("lab_manager", "finance", "equipment_office", "approver"),
    "close_month": ("finance", "approver"),
    "reopen_month": ("approver",),
    "propose_purchase": ("lab_manager", "equipment_office"),
    "review_purchase": ("equipment_office", "approver"),
}
"""Step -> roles that may take it. The auditor reads everything and changes nothing."""


def role_words(*roles: str) -> str:
    """Roles as a parameter of a sentence: codes with words, joined as ``words.say`` reads them."""
    return "|".join(f"person.roles.{role}" for role in roles)


def may(person: Person, step: str) -> tuple[Finding, ...]:
    """Whether a person's role allows a step of ROLES_FOR. Raises KeyError for an unknown step."""
    told = []
    if not person.active:
        told.append(finding("person.retired", kind="person", key=person.id, name=person.name))
    roles = ROLES_FOR[step]
    if person.role not in roles:
        told.append(
            finding(
                "person.not_allowed", kind="person", key=person.id, name=person.name, role=role_words(person.role), roles=role_words(*roles)
            )
        )
    return tuple(told)


def unproven(person: Person) -> tuple[Finding, ...]:
    """A step on money by a person without a PIN is taken and told: nothing shows that it was they who took it."""
    return () if person.has_pin else (finding("person.no_pin", "warning", kind="person", key=person.id, name=person.name),)


def withdraw(run: PayoutRun, person: Person) -> tuple[Finding, ...]:
    """A prepared run is dropped; its lines are unsettled again."""
    return (*may(person, "withdraw"), *_state(run, "prepared"))


def approve(run: PayoutRun, person: Person) -> tuple[Finding, ...]:
    """Another person than the one who prepared it approves a prepared run (a reversing run too)."""
    told = [*may(person, "approve"), *_state(run, "prepared")]
    if person.id == run.prepared_by:
        told.append(finding("payout.same_person", kind="payout_run", key=run.id, number=run.number, name=person.name))
    return tuple(told)


def close(run: PayoutRun, person: Person) -> tuple[Finding, ...]:
    """An approved run is paid and closed."""
    return (*may(person, "close"), *_state(run, "approved"))


def reverse(run: PayoutRun, person: Person, reason: str) -> tuple[Finding, ...]:
    """A reversing run is prepared for an approved or closed run, with a reason."""
    told = [*may(person, "reverse"), *_state(run, "approved", "closed")]
    if not reason.strip():
        told.append(finding("payout.no_reason", kind="payout_run", key=run.id, number=run.number))
    return tuple(told)


def reclassify(change: Reclassification, person: Person, state: str) -> tuple[Finding, ...]:
    """A change of confidentiality is approved or declined by another person, who has a PIN; withdrawn by the one who prepared it,

    and only a declassification: one person alone never makes a confidential set ordinary.
    """
    told = list(may(person, "prepare_reclassification" if state == "withdrawn" else "decide_reclassification"))

    def tell(code: str, **params: str) -> None:
        told.append(Finding(code, "error", tuple(params.items()), kind="reclassification", key=change.id))

    if state == "withdrawn":
        if change.to_confidential:
            tell("reclassification.not_withdrawn")
        elif person.id != change.prepared_by:
            tell("reclassification.not_own", name=person.name)
        return tuple(told)
    if person.id == change.prepared_by:
        tell("reclassification.same_person", name=person.name)
    if not person.has_pin:
        tell("reclassification.no_pin", name=person.name)
    return tuple(told)


def closed_months(events: Iterable[MonthEvent]) -> frozenset[str]:
    """The months (``2025-07``) whose last event is a close."""
    return frozenset(closings(events))


def closings(events: Iterable[MonthEvent]) -> dict[str, str]:
    """Each month that is closed -> the key of the event that closed it last."""
    ordered = sorted(events, key=_when)
    last = {event.month: event for event in ordered if event.verb in ("close", "reopen")}
    return {month: event.id for month, event in last.items() if event.verb == "close"}


def preparations(events: Iterable[MonthEvent]) -> dict[str, MonthEvent]:
    """Each month whose close waits for another person -> the event that prepared it."""
    last = {event.month: event for event in sorted(events, key=_when)}
    return {month: event for month, event in last.items() if event.verb == "prepare"}


def _when(event: MonthEvent) -> tuple[datetime, str]:
    return event.at, event.id


def prepare_month(
    month: str, person: Person, events: Sequence[MonthEvent], today: date, n_drafts: int = 0, contested: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """The close of a month that is over is prepared; ``n_drafts`` unposted records of it are no obstacle, but whoever acts is told.

    ``contested``: names of rows of the month that were changed on two seats and wait for a person's choice; they are an obstacle.
    """
    told = [*may(person, "prepare_month"), *_closable(month, events, today, n_drafts, contested)]
    if month in preparations(events):
        told.insert(0, finding("payout.month_prepared", month=month))
    return tuple(told)


def withdraw_month(month: str, person: Person, events: Sequence[MonthEvent]) -> tuple[Finding, ...]:
    """A preparation nobody has approved is dropped."""
    told = [*may(person, "withdraw_month"), *_month(month)]
    if month not in preparations(events):
        told.append(finding("payout.month_not_prepared", month=month))
    return tuple(told)


def close_month(
    month: str, person: Person, events: Sequence[MonthEvent], today: date, n_drafts: int = 0, contested: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """A month is closed by another person than the one who prepared it; see ``prepare_month``."""
    told = [*may(person, "close_month"), *_closable(month, events, today, n_drafts, contested)]
    prepared = preparations(events).get(month)
    if prepared is not None and prepared.person == person.id:
        told.insert(0, finding("payout.month_same_person", month=month, name=person.name))
    elif prepared is None and not any(one.severity == "error" for one in told):
        told.insert(0, finding("payout.month_not_prepared", month=month))
    return tuple(told)


def _closable(month: str, events: Sequence[MonthEvent], today: date, n_drafts: int, contested: Sequence[str]) -> list[Finding]:
    unreadable = _month(month)
    told = [*unreadable]
    if not unreadable and today < period.parse(month).end:
        told.append(finding("payout.month_not_over", month=month))
    if month in closed_months(events):
        told.append(finding("payout.month_closed", month=month))
    if contested:
        names = "、".join(contested[:3]) + (" …" if len(contested) > 3 else "")
        told.append(finding("payout.month_contested", month=month, n=len(contested), names=names))
    if n_drafts:
        told.append(finding("payout.month_drafts", "warning", month=month, n=n_drafts))
    return told


def reopen_month(month: str, person: Person, events: Iterable[MonthEvent], reason: str) -> tuple[Finding, ...]:
    """A closed month is reopened, by role and with a reason."""
    told = [*may(person, "reopen_month"), *_month(month)]
    if month not in closed_months(events):
        told.append(finding("payout.month_open", month=month))
    if not reason.strip():
        told.append(finding("payout.month_no_reason", month=month))
    return tuple(told)


def _month(month: str) -> tuple[Finding, ...]:
    try:
        known = period.parse(month).name == month and "-" in month
    except ValueError:
        known = False
    return () if known else (finding("payout.month_unreadable", month=month),)


def _state(run: PayoutRun, *allowed: str) -> tuple[Finding, ...]:
    if run.state in allowed:
        return ()
    return (finding("payout.run_state", kind="payout_run", key=run.id, number=run.number, state=f"payout.state.{run.state}"),)
