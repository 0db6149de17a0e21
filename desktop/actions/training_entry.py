"""Trainings and those who took part as forms hold them: judged while they are typed, made into the facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.actions.trainings import Given
from desktop.actions.workspace import today
from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Technician
from desktop.ledger.training import SUBJECTS, Training
from desktop.rules import trainings as rules

TEXTS = ("number", "name", "subject", "organiser", "place", "document")
OTHERS = ("starts_on", "ends_on", "hours")
_FIELDS = {"training.days": "ends_on", "training.hours": "hours"}
_BETWEEN = re.compile(r"[\s、，,;；]+")


def draft_of(one: Training) -> dict[str, Any]:
    """A training as a form shows it, by field."""
    return {name: getattr(one, name) for name in (*TEXTS, *OTHERS)}


def training_of(draft: Mapping[str, Any]) -> Training:
    """The training a form holds. Raises TypeError without days or hours, which the form asks for."""
    begins, ends, hours = (draft.get(name) for name in OTHERS)
    if not isinstance(begins, date) or not isinstance(ends, date) or not isinstance(hours, Decimal):
        raise TypeError("the form lets no training without days and hours through")
    texts = {name: str(draft.get(name) or "") for name in TEXTS}
    return Training("", starts_on=begins, ends_on=ends, hours=hours, **texts)


def check(draft: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with a training while it is typed; that something required is empty the form says itself."""
    number, ends = str(draft.get("number") or "…"), draft.get("ends_on")
    told = []
    if isinstance(ends, date) and ends > today():
        told.append(finding("training.to_come", field="ends_on", number=number, day=ends))
    if isinstance(ends, date) and isinstance(draft.get("starts_on"), date) and isinstance(draft.get("hours"), Decimal):
        subject = draft.get("subject")
        typed = {**draft, "number": number, "name": "…", "document": "…", "subject": subject if subject in SUBJECTS else SUBJECTS[0]}
        fault = rules.faults(training_of(typed))
        if fault:
            told.append(finding(fault, field=_FIELDS.get(fault, ""), number=number))
    return told


def people_of(draft: Mapping[str, Any], known: Sequence[Technician]) -> list[Given]:
    """Those a form names: technicians by staff number or name, others a line each as name and organisation; one certificate for one person."""
    outcome, certificate = str(draft.get("outcome") or "attended"), str(draft.get("certificate") or "")
    staff = [Given(staff_number=_staff_number(who, known) or who, outcome=outcome, certificate=certificate) for who in _named(draft)]
    others = [
        Given(name=name, organisation=organisation, outcome=outcome, certificate=certificate)
        for name, organisation in _others(_lines(draft))
    ]
    return staff + others


def check_people(draft: Mapping[str, Any], known: Sequence[Technician]) -> list[Finding]:
    """What is wrong with who is named while it is typed."""
    told = [finding("training.who", field="staff", who=who) for who in _named(draft) if _staff_number(who, known) is None]
    told += [finding("training.columns", field="others", who=line.strip().partition("\t")[0]) for line in _lines(draft) if line.strip().count("\t") > 1]
    if draft.get("certificate") and len(people_of(draft, known)) > 1:
        told.append(finding("training.one_certificate", field="certificate"))
    return told


def _lines(draft: Mapping[str, Any]) -> list[str]:
    return str(draft.get("others") or "").splitlines()


def _named(draft: Mapping[str, Any]) -> list[str]:
    return [who for who in _BETWEEN.split(str(draft.get("staff") or "")) if who]


def _staff_number(who: str, known: Sequence[Technician]) -> str | None:
    """The staff number of a technician by it or by a name that only one has; None for nobody or several."""
    if any(one.staff_number == who for one in known):
        return who
    called = [one.staff_number for one in known if one.name == who]
    return called[0] if len(called) == 1 else None


def _others(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Name and organisation of each line: apart by a tab, as pasted from a sheet, else by the first blank or mark; an organisation may have more."""
    for line in lines:
        told = line.lstrip()
        name, *organisation = (part.strip() for part in (*(told.split("\t") if "\t" in told else _BETWEEN.split(told.rstrip(), maxsplit=1)), ""))
        if name:
            yield name, organisation[0]
