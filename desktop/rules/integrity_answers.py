"""What an answer to a self-check needs, which answer holds, and how a notice with a day to answer by stands (clause 17). Pure checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.integrity import ANSWER_STATES, INTEGRITY_CHECKS, LONGEST_TEXT, AnswerStanding, IntegrityAnswer
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.workdays import Calendar, workdays_between

COUNTING = "definition.counting_days"


@dataclass(frozen=True, slots=True)
class About:
    """What is known when an answer is given: whether the check points at the record now, the record's last day of service, its number,
    the state of the record that the correction names ("" when there is none), and whether that is of the same set."""

    number: str
    ended_on: date
    pointed_at: bool
    correction_state: str = ""
    same_set: bool = True


def faults(given: IntegrityAnswer, about: About, today: date) -> tuple[Finding, ...]:
    """What speaks against an answer; all of them are errors but the last of ``corrected``, which is told.

    A correction is believed when it can be seen: the record it names was reversed, or stands posted in place of the wrong one.
    """
    told = []
    if given.check_name not in INTEGRITY_CHECKS:
        told.append(finding("integrity.check_unknown", check=given.check_name))
    if given.state not in ANSWER_STATES:
        told.append(finding("integrity.state_unknown", state=given.state))
    if not about.pointed_at:
        told.append(finding("integrity.not_pointed_at", number=about.number))
    if not given.text.strip():
        told.append(finding("integrity.no_text", field="text"))
    if len(given.text) > LONGEST_TEXT:
        told.append(finding("integrity.long_text", n=f"{len(given.text):,}", most=f"{LONGEST_TEXT:,}", field="text"))
    if given.answered_on > today:
        told.append(finding("integrity.answer_to_come", day=given.answered_on))
    elif given.answered_on < about.ended_on:
        told.append(finding("integrity.answer_before_service", day=given.answered_on, ended_on=about.ended_on))
    told += _correction(given, about)
    return tuple(told)


def _correction(given: IntegrityAnswer, about: About) -> Iterable[Finding]:
    if given.state != "corrected":
        if given.correction:
            yield finding("integrity.correction_not_asked", state=given.state, field="correction")
        return
    if not given.correction:
        yield finding("integrity.no_correction", field="correction")
    elif not about.correction_state:
        yield finding("integrity.correction_unknown", number=given.correction, field="correction")
    elif about.correction_state == "draft":
        yield finding("integrity.correction_draft", number=given.correction, field="correction")
    elif not about.same_set:
        yield finding("integrity.correction_other_set", number=given.correction, field="correction")
    elif given.correction == about.number and about.correction_state != "reversed":
        yield finding("integrity.correction_itself", number=given.correction, field="correction")


def holds(answers: Iterable[IntegrityAnswer]) -> IntegrityAnswer | None:
    """The answer that holds: the last of those given in order; None when there is none, or the last leaves it open."""
    last = None
    for one in answers:
        last = one
    return None if last is None or last.state == "open" else last


def standings(answers: Sequence[IntegrityAnswer]) -> tuple[AnswerStanding, ...]:
    """How each of the answers to one finding stands, in their order: the last ``holds``, or ``reopens`` where it leaves the finding open; those
    before it are ``replaced``."""
    last = len(answers) - 1
    return tuple("replaced" if place < last else "reopens" if one.state == "open" else "holds" for place, one in enumerate(answers))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a notice stands: ``answered``, ``answered_late``, ``due``, ``overdue`` or ``no_day``; ``workdays`` left to its day, negative
    after it, None when it is answered or has none; ``provisional`` when the calendar of a year in between is not known."""

    state: str
    workdays: int | None = None
    provisional: bool = False


def notice(due_on: date | None, answered_on: date | None, day: date, calendar: Calendar) -> Standing:
    """How a notice stands on a day. ``answered_on``: the first answer. The day to answer by is the authority's own, none is reckoned."""
    if answered_on is not None:
        return Standing("answered_late" if due_on is not None and answered_on > due_on else "answered")
    if due_on is None:
        return Standing("no_day")
    left = workdays_between(day, due_on, calendar)
    years = range(min(day, due_on).year, max(day, due_on).year + 1)
    return Standing("overdue" if day > due_on else "due", left, any(year not in calendar.years for year in years))


def notice_figure(title: str, due_on: date | None, answered_on: date | None, day: date, calendar: Calendar, known: Parameters) -> Figure:
    """How a notice stands on a day, with the days it hangs on; ``known`` says by what working days are counted."""
    standing = notice(due_on, answered_on, day, calendar)
    inputs = [Figure("notice.due_on", due_on, "date"), Figure("notice.first_answered_on", answered_on, "date"), Figure("notice.asked_on", day, "date")]
    if standing.workdays is not None:
        rule = known.figure(COUNTING, day)
        inputs.append(Figure("notice.workdays", standing.workdays, "workdays", "workdays", inputs=(rule,)))
        inputs.append(Figure("notice.provisional", standing.provisional, "flag"))
    return Figure("notice.standing", standing.state, "state", "comparison", inputs=tuple(inputs), params=(("title", title),))
