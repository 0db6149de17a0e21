"""The rectification report gathered: notices of a period with how each stands, and every finding of the self-checks with its answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.actions import duties, integrity_answers, library, rules_in_force
from desktop.actions.integrity_answers import Point
from desktop.actions.workspace import Workspace
from desktop.ledger.notice import Notice
from desktop.ledger.period import Period
from desktop.rules import integrity_answers as rules
from desktop.rules.workdays import Calendar

if TYPE_CHECKING:
    from desktop.reports.content import Content, Letterhead
    from desktop.reports.rectification import NoticeLine, PointLine

ASKING = ("rectification", "warning", "circular")
"""The kinds of notices that ask something of the institution (clause 17)."""


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """A notice belongs to the period in which it was issued, or received when it says no day; answers count as they stand now."""
    from desktop.reports import rectification as paper
    from desktop.reports.phrases import period_words

    calendar = duties.calendar_of(workspace)
    asked = sorted((one for one in library.notices(workspace) if _asks(one, period)), key=lambda one: (library.issued(one), one.id))
    found = integrity_answers.every(workspace, period, min(period.last_day, as_of))
    said = paper.report(
        paper.RectificationFacts(
            period_words(period),
            found.checks.n_records,
            tuple(_notice(one, as_of, calendar) for one in asked),
            tuple(_point(one) for one in found.points),
        ),
        head,
    )
    known = rules_in_force.of(workspace)
    standing = tuple(rules.notice_figure(one.title, one.due_on, _first(one), as_of, calendar, known) for one in asked)
    return replace(said, figures=(*said.figures, *standing, *integrity_answers.on_paper(found)))


def _first(one: Notice) -> date | None:
    return min((each.answered_on for each in one.answers), default=None)


def _asks(one: Notice, period: Period) -> bool:
    return one.kind in ASKING and period.start <= library.issued(one) < period.end


def _notice(one: Notice, as_of: date, calendar: Calendar) -> NoticeLine:
    from desktop.reports.rectification import NoticeLine

    first = _first(one)
    standing = rules.notice(one.due_on, first, as_of, calendar)
    return NoticeLine(
        one.kind, one.title, one.issued_on, one.due_on, first, _said(one), standing.state, standing.workdays, standing.provisional
    )


def _said(one: Notice) -> str:
    """What was answered; where it was more than once, each with its day, the oldest first: the day beside it is of the first alone."""
    if len(one.answers) < 2:
        return "".join(each.text for each in one.answers)
    several = sorted(one.answers, key=lambda each: each.answered_on)
    return "\n".join(f"{each.answered_on}  {each.text}" for each in several)


def _point(one: Point) -> PointLine:
    from desktop.reports.rectification import AnswerLine, PointLine

    last = one.answers[-1] if one.answers else None
    return PointLine(
        one.check, one.number, one.ended_on, one.asset_number, one.instrument, one.seen is not None, one.state, last.text if last else "",
        last.correction if last else "", last.evidence if last else "", last.answered_on if one.held and last else None,
        last.answered_by if last else "", one.confidential, one.n_files,
        tuple(
            AnswerLine(each.state, each.text, each.correction, each.evidence, each.answered_on, each.answered_by) for each in one.answers[:-1]
        ),
    )  # fmt: skip
