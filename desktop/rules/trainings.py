"""What the trainings of a period come to (clause 8): courses, people and hours by subject, the pilot subjects together.

A training belongs to the period in which it ends; who took part several times is one person and several attendances
(``definition.trained_people``). Clause 8 sets goals for the province, none for one institution: no share of them is worked out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.ledger.training import PILOT_SUBJECTS, SUBJECTS, Attendance, Training
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

TRAINED = "definition.trained_people"


@dataclass(frozen=True, slots=True)
class Course:
    """A training with those who took part."""

    training: Training
    people: tuple[Attendance, ...]


@dataclass(frozen=True, slots=True)
class OfSubject:
    """One subject in the period: courses, attendances, different people, those who passed, and hours of all who took part."""

    subject: str
    n_courses: int
    n_attended: int
    n_people: int
    n_passed: int
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The period by subject, in the order of SUBJECTS, those without a course left out. ``pilot`` and ``all`` are people once each."""

    subjects: tuple[OfSubject, ...]
    pilot: Figure
    all: Figure
    findings: tuple[Finding, ...]


def who(one: Attendance) -> str:
    """What tells a person from another: the technician, else name and organisation as written, spaces and widths aside."""
    if one.technician_id is not None:
        return one.technician_id
    return "|".join(map(_folded, (one.name, one.organisation)))


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def faults(one: Training) -> str | None:
    """The code of what makes no training; None when nothing does."""
    if not all(text.strip() for text in (one.number, one.name, one.document)):
        return "training.empty"
    if one.subject not in SUBJECTS:
        return "training.subject"
    if one.ends_on < one.starts_on:
        return "training.days"
    if not 0 < one.hours <= 24 * ((one.ends_on - one.starts_on).days + 1):
        return "training.hours"
    return None


def statement(courses: Iterable[Course], period: Period, known: Parameters, day: date, own: Iterable[str] = ()) -> Statement:
    """The statement of a period, by the definition in force on ``day``; courses that end outside the period do not count. ``own``: what
    the institution is called, beside which one of its technicians may have been entered by name.
    """
    counted = [one for one in courses if one.training.ends_on in period]
    by_subject: dict[str, list[Course]] = {}
    for one in counted:
        by_subject.setdefault(one.training.subject, []).append(one)
    ordered = {subject: by_subject[subject] for subject in SUBJECTS if subject in by_subject}
    told = tuple(
        finding("training.nobody", "warning", number=one.training.number, name=one.training.name) for one in counted if not one.people
    )
    told += tuple(_perhaps_twice(counted, own))
    pilot = {subject: some for subject, some in ordered.items() if subject in PILOT_SUBJECTS}
    return Statement(
        tuple(_of(subject, some) for subject, some in ordered.items()), _people("training.pilot_people", pilot, known, day),
        _people("training.people", ordered, known, day), told,
    )  # fmt: skip


def _perhaps_twice(courses: Sequence[Course], own: Iterable[str]) -> Iterator[Finding]:
    """Who was entered by name, with the institution itself or none beside it, while a technician of that name took part too: counted as two."""
    here = {"", *map(_folded, own)}
    technicians = {_folded(one.name) for course in courses for one in course.people if one.technician_id is not None}
    for course in courses:
        for one in course.people:
            if one.technician_id is None and _folded(one.name) in technicians and _folded(one.organisation) in here:
                yield finding("training.perhaps_twice", "warning", number=course.training.number, name=one.name)


def _of(subject: str, courses: Sequence[Course]) -> OfSubject:
    people = [one for course in courses for one in course.people]
    hours = sum((course.training.hours * len(course.people) for course in courses), Decimal(0))
    passed = {who(one) for one in people if one.outcome == "passed"}
    return OfSubject(subject, len(courses), len(people), len({who(one) for one in people}), len(passed), hours)


def _people(code: str, by_subject: Mapping[str, Sequence[Course]], known: Parameters, day: date) -> Figure:
    """Different people over all of these, with the attendances of each subject behind it."""
    inputs = []
    everyone: set[str] = set()
    for subject, courses in by_subject.items():
        people = [one for course in courses for one in course.people]
        different = {who(one) for one in people}
        everyone |= different
        rows = Rows("training_attendance", tuple(one.id for one in people))
        inputs.append(Figure("training.subject_people", len(different), "count", "count", rows=rows, params=(("subject", f"training.subjects.{subject}"),)))
    rule = known.in_force(TRAINED, day)
    clause, certainty = (f"{rule.source} {rule.clause}".strip(), rule.certainty) if rule else ("", "")
    return Figure(code, len(everyone), "count", "count", clause, certainty, inputs=tuple(inputs))
