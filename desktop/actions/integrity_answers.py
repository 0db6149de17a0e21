"""Answering the self-checks of integrity: what stands open, the answer that holds for each, why, and what a rectification report tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import integrity, integrity_charges, integrity_sensors
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.changes import Changes
from desktop.ledger.integrity import INTEGRITY_CHECKS, IntegrityAnswer
from desktop.ledger.keys import new_key
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import integrity_answers as rules
from desktop.rules.figure import Figure, Rows
from desktop.store import integrity as check_rows
from desktop.store import integrity_answers as rows
from desktop.store.integrity import Seen
from desktop.store.integrity_answers import ANSWERS

COUNTED = ("explained", "corrected", "accepted", "open")


@dataclass(frozen=True, slots=True)
class Point:
    """One finding: a check and a record. ``seen`` is what the check says now, None when it points at the record no more;
    ``answers`` all that was said to it, the oldest first; ``held`` the one that holds, None while it stands open; ``n_files`` attached to them."""

    check: str
    number: str
    asset_number: str
    instrument: str
    confidential: bool
    ended_on: str
    seen: Seen | None
    answers: tuple[IntegrityAnswer, ...]
    held: IntegrityAnswer | None
    n_files: int = 0

    @property
    def state(self) -> str:
        """``open`` or what the answer that holds says."""
        return self.held.state if self.held else "open"


@dataclass(frozen=True, slots=True)
class Answered:
    """The points of a period by check and record, and the checks they come from."""

    period: Period
    checks: integrity.SelfCheck
    points: tuple[Point, ...]

    def of(self, check: str) -> tuple[Point, ...]:
        """The points of one check."""
        return tuple(one for one in self.points if one.check == check)


def every(workspace: Workspace, period: Period, as_of: date, names: Collection[str] = INTEGRITY_CHECKS) -> Answered:
    """What the checks see in a period's posted records now, and all that was answered to records of it, also where nothing is seen any more.

    ``names``: only these checks.
    """
    found = integrity.self_check(workspace, period, as_of, names)
    with workspace.read() as connection:
        given = rows.of_period(connection, period)
        files = rows.files(connection) if given else {}
    answers: dict[tuple[str, str], list[IntegrityAnswer]] = {}
    records = {}
    for record, one in given:
        records[record.number] = record
        answers.setdefault((one.check_name, record.number), []).append(one)
    points = []
    for check in found.checks:
        seen = {one.number: one for one in check.seen}
        gone = sorted(number for name, number in answers if name == check.name and number not in seen)
        for number in (*seen, *gone):
            now, told = seen.get(number), tuple(answers.get((check.name, number), ()))
            about = now or records[number]
            n_files = sum(len(files.get(one.id, ())) for one in told)
            points.append(
                Point(
                    check.name, number, about.asset_number, about.instrument, about.confidential, str(about.ended_on), now, told, rules.holds(told),
                    n_files,
                )
            )  # fmt: skip
    return Answered(period, found, tuple(points))


def years(workspace: Workspace, day: date) -> list[int]:
    """The calendar years that can be looked at, the newest with a posted service first; that of ``day`` when nothing was posted."""
    with workspace.read() as connection:
        found = check_rows.years(connection)
    return [day.year] if found is None else list(range(found[1], found[0] - 1, -1))


def answer(
    workspace: Workspace, check: str, number: str, state: str, text: str, *, correction: str = "", evidence: str = "", on: date | None = None,
    by: str = "",
) -> Changes:  # fmt: skip
    """Answer what a check sees in a record. An answer is never edited: a further one adds to it, and undo takes the last one back.

    ``on``: the day of the answer, today when not given; ``by``: who answers, whoever is at the desk when not given. Raises Refused, with
    nothing written, for an unknown record or what ``rules.integrity_answers.faults`` finds.
    """
    with workspace.read() as connection:
        record = rows.named(connection, number)
        named = rows.named(connection, correction) if correction.strip() else None
        before = record is not None and bool(ANSWERS.find(connection, "record_id = ? AND check_name = ?", (record.id, check)))
    if record is None:
        raise Refused("integrity.record_unknown", number=number.strip())
    given = IntegrityAnswer(
        new_key(confidential=record.confidential), check, record.id, state, text.strip(), on or today(),  # type: ignore[arg-type]  # the rule refuses others
        correction.strip(), evidence.strip(), by.strip() or workspace.who,
    )  # fmt: skip
    if named is not None and named.confidential and not record.confidential:
        named = None  # an answer about an ordinary record is printed: it tells nothing of a confidential one, not even that it is there
    # What was taken back is seen by no check any more; that it was corrected can still be said.
    pointed = before or (record.state == "reversed" and state == "corrected") or _pointed_at(workspace, check, record)
    about = rules.About(
        record.number, record.ended_on, pointed, named.state if named else "", named is None or named.asset_number == record.asset_number
    )
    told = rules.faults(given, about, today())
    if told:
        raise Refused(told[0].code, findings=told, **dict(told[0].params))
    with workspace.write("integrity answer", params={"number": record.number}) as operation:
        ANSWERS.insert(operation.connection, [given])
    return operation.changes


def pointed(workspace: Workspace, checks: Collection[str], year: int) -> set[tuple[str, str]]:
    """Check and record number of what these checks see in a year, by the limits the report of that year is made by."""
    period = periods.parse(str(year))
    found = every(workspace, period, min(period.last_day, today()), checks)
    return {(one.check, one.number) for one in found.points}


def _pointed_at(workspace: Workspace, check: str, record: rows.Named) -> bool:
    """Whether the check sees the record, by the limits the report of its year is made by."""
    return (check, record.number) in pointed(workspace, (check,), record.ended_on.year)


def on_paper(found: Answered) -> tuple[Figure, ...]:
    """Each check with how many of its findings stand how, for a paper: confidential records are counted and not named."""
    told = []
    for check in found.checks.checks:
        points = found.of(check.name)
        counts = tuple(_count(state, points, named=False) for state in COUNTED)
        told.append(replace(check.on_paper, inputs=(*check.figure.inputs, *counts)))
    return tuple(told)


def explain(workspace: Workspace, key: str, period: str | None = None, on: date | None = None) -> Figure:
    """Why a check counts what it counts, and how each record behind it was answered. ``key`` is a check, or ``check:record`` for one.

    Raises Refused for an unknown check, a wrong period, or a record the check does not point at.
    """
    check, _, number = key.strip().partition(":")
    if check not in INTEGRITY_CHECKS:
        raise Refused("integrity.check_unknown", check=check)
    span = _span(workspace, number, period)
    found = every(workspace, span, min(span.last_day, on or today()), (check,))
    points = found.of(check)
    (whole,) = [one for one in found.checks.checks if one.name == check]
    if not number:
        counts = tuple(_count(state, points) for state in COUNTED)
        return Figure(whole.figure.code, whole.figure.value, "count", "count", inputs=(*whole.figure.inputs, *counts), rows=whole.figure.rows)
    for one in points:
        if one.number == number:
            return _one(one, (*whole.figure.inputs, *_further(workspace, one, span)))
    raise Refused("integrity.not_pointed_at", number=number)


def _span(workspace: Workspace, number: str, period: str | None) -> Period:
    if number and period is None:
        with workspace.read() as connection:
            record = rows.named(connection, number)
        if record is None:
            raise Refused("integrity.record_unknown", number=number)
        return periods.parse(str(record.ended_on.year))
    try:
        return periods.parse(period or str(today().year))
    except ValueError as error:
        raise Refused("report.period", period=period) from error


def _count(state: str, points: Iterable[Point], *, named: bool = True) -> Figure:
    """``named`` False: the rows name no confidential record."""
    behind = tuple(one for one in points if one.state == state)
    keys = tuple(one.number for one in behind if named or not one.confidential)
    return Figure(f"integrity.n_{state}", len(behind), "count", "count", rows=Rows("record_number", keys))


def _further(workspace: Workspace, point: Point, span: Period) -> tuple[Figure, ...]:
    if point.seen is not None and point.check == integrity_sensors.CHECK:
        return integrity_sensors.inputs(point.seen)
    if point.check != integrity_charges.CHECK or point.seen is None:
        return ()
    with workspace.read() as connection:
        return integrity_charges.inputs(connection, span, point.number)


def _one(point: Point, limits: tuple[Figure, ...]) -> Figure:
    inputs = [*limits, Figure(f"integrity.{point.check}", point.seen is not None, "flag", "pointed_at")]
    if point.seen is not None:
        inputs.append(Figure("integrity.saw", integrity.detail_words(point.check, point.seen.detail), "text"))
    inputs += [Figure("integrity.said", one.text, "text", note=one.evidence, params=(("day", str(one.answered_on)),)) for one in point.answers]
    return Figure("integrity.answered", point.state, "state", "newest_answer", inputs=tuple(inputs), rows=Rows("record_number", (point.number,)))
