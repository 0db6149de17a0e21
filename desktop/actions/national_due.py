"""What is still to be told the national platform: sets by their day, and the service records of each span of a year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from desktop.actions import national_messages, national_outgoing, national_taken, rules_in_force
from desktop.actions.duties import calendar_of
from desktop.actions.national_taken import Taken
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.formats import national_soap
from desktop.ledger.instrument import Instrument
from desktop.ledger.national_message import NationalMessage
from desktop.ledger.period import Period
from desktop.rules import national_due as rules
from desktop.rules import national_there as there_rules
from desktop.rules.national_due import Report, ReportFacts
from desktop.rules.national_there import SpanState
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Line:
    """A set and how reporting it stands; ``elsewhere`` the message by which it was taken at another address or for another unit, None without."""

    instrument: Instrument
    report: Report
    elsewhere: NationalMessage | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The services of a span: ``n_sound`` may be sent, ``n_taken`` of them the platform took as they are or were, ``n_wrong`` have an error.

    ``over``: the span has ended. What the platform's audit refused counts as not taken: ``n_refused`` of the sound ones.
    """

    period: Period
    n_sound: int
    n_taken: int
    n_wrong: int
    over: bool
    n_refused: int = 0

    @property
    def state(self) -> SpanState:
        """How reporting it stands."""
        return there_rules.span(self.n_sound, self.n_taken, self.n_wrong, over=self.over)


def _taken(workspace: Workspace, kind: str, on: date) -> dict[str, Taken]:
    """Key -> row that the platform, at the address in use, had on a day."""
    to = national_outgoing.target(workspace)
    with workspace.read() as connection:
        found = national_taken.of(connection, to.address, to.unit, kind)
    return {key: one for key, one in found.items() if one.had_on(on)}


def sets(workspace: Workspace, on: date | None = None) -> list[Line]:
    """Every set on a day (today when not given), those first that are over their day, then by it."""
    day, known, calendar = on or today(), rules_in_force.of(workspace), calendar_of(workspace)
    taken = _taken(workspace, national_soap.INSTRUMENT, day)
    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, order="asset_number")
        away = elsewhere(connection, set(taken), day)
    lines = [
        Line(one, rules.assess(facts_of(one, taken.get(one.asset_number), day), day, known, calendar), away.get(one.asset_number)) for one in found
    ]
    order = rules.REPORT_STATES
    return sorted(lines, key=lambda line: (order.index(line.report.state), line.report.deadline.day if line.report.deadline else date.max))


def elsewhere(connection: Connection, taken: Collection[str], on: date) -> dict[str, NationalMessage]:
    """Asset number -> the message by which a set was there on a day, of sets that the address in use has not ``taken``."""
    found = national_taken.anywhere(connection, national_soap.INSTRUMENT)
    return {key: one.message for key, one in found.items() if key not in taken and one.had_on(on)}


def facts_of(one: Instrument, there: Taken | None, on: date) -> ReportFacts:
    """What reporting a set hangs on, of a day; ``there``: the row by which the platform has it."""
    first = None if there is None else there.first_on
    audit = None if there is None else there.audit(on)
    refused = audit.seen_on if audit is not None and audit.state == "refused" else None
    return ReportFacts(one.asset_number, one.value_fen, one.confidential, one.accepted_on, one.retired_on, first, refused)


def records(workspace: Workspace, year: int, on: date | None = None, progress: Progress = UNWATCHED) -> list[Span]:
    """The spans of a calendar year, by the rule of its last day; empty where no rule says how often. Confidential services count nowhere.

    Every service of the year is judged, so it is told span by span. Raises Cancelled.
    """
    day = on or today()
    taken = _taken(workspace, national_soap.SERVICE, day)
    unit = national_outgoing.target(workspace).unit
    told = []
    wanted = rules.spans(year, rules_in_force.of(workspace))
    for n, span in enumerate(wanted):
        progress.report(n, len(wanted), "work.judging_services")
        forms, _ = national_messages.services(workspace, span, unit, progress=progress)
        sound = [one for one in forms if one.sound]
        there = [taken[key] for one in sound if (key := one.values["recordInnerId"]) in taken]
        refused = sum(is_refused(one, day) for one in there)
        told.append(Span(span, len(sound), len(there) - refused, len(forms) - len(sound), span.last_day < day, refused))
    return told


def is_refused(there: Taken, on: date) -> bool:
    """Whether the platform's audit refused the row it has, as seen by a day."""
    audit = there.audit(on)
    return audit is not None and audit.state == "refused"


def spans(workspace: Workspace, on: date | None = None, progress: Progress = UNWATCHED) -> list[Span]:
    """The spans to look at on a day (today when not given): those of its year, before them those of the year before that are not told yet.

    Raises Cancelled.
    """
    day = on or today()
    before = [one for one in records(workspace, day.year - 1, day, progress) if one.state in ("to_tell", "wrong")]
    return before + records(workspace, day.year, day, progress)
