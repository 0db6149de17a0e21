"""Why a set is to be reported to the national platform by a day, how the services of a span stand, and how a row stands there."""

from __future__ import annotations

from datetime import date

from desktop.ledger.national_audit import NationalAudit
from desktop.rules.duty_figures import calendar_met
from desktop.rules.figure import Figure, Rows, Value
from desktop.rules.national_due import RECORDS_PER_YEAR, REPORT_DAYS, ReportFacts, assess
from desktop.rules.national_effect import THRESHOLD
from desktop.rules.national_there import RowFacts
from desktop.rules.national_there import assess as assess_row
from desktop.rules.parameters import Parameters
from desktop.rules.workdays import Calendar, nth_workday_after


def _fact(name: str, value: Value, unit: str, how: str = "fact") -> Figure:
    return Figure(f"duty.figure.{name}", value, unit, how)


def of_set(facts: ReportFacts, on: date, known: Parameters, calendar: Calendar, message: str = "", elsewhere: str = "") -> Figure:
    """The state of ``national_due.assess`` with what it was made from; ``message``: the number of the one the platform took it by last;
    ``elsewhere``: number and address of the one by which another address took it, where the one in use has not."""
    report = assess(facts, on, known, calendar)
    day = facts.accepted_on or on
    threshold = known.figure(THRESHOLD, day)
    value = _fact("value", facts.value_fen, "fen")
    reaches = None if facts.value_fen is None or not isinstance(threshold.value, int) else facts.value_fen >= threshold.value
    parts = [
        _fact("on_day", on, "date"),
        Figure("national_due.value_reaches", reaches, "flag", "comparison", inputs=(value, threshold)),
        _fact("confidential", facts.confidential, "flag"),
        _deadline(facts.accepted_on, known, calendar),
    ]
    if facts.retired_on is not None:
        parts.append(_fact("retired_on", facts.retired_on, "date", "later" if facts.retired_on > on else "fact"))
    if facts.taken_on is None:
        parts.append(Figure("national_due.taken", False, "flag"))
        if elsewhere:
            parts.append(Figure("national_due.taken_elsewhere", True, "flag", note=elsewhere))
    else:
        parts.append(Figure("national_due.taken_on", facts.taken_on, "date", "later" if facts.taken_on > on else "fact", note=message))
    if report.days_left is not None:
        parts.append(Figure("duty.figure.days_left", report.days_left, "workdays", "workdays"))
    rows = Rows("instrument", where=(("asset_number", facts.asset_number),))
    return Figure("national_due.state", report.state, "state", "choice", known.figure(REPORT_DAYS, day).clause, inputs=tuple(parts), rows=rows)


def _deadline(accepted_on: date | None, known: Parameters, calendar: Calendar) -> Figure:
    acceptance = _fact("acceptance", accepted_on, "date")
    if accepted_on is None:
        return Figure("national_due.deadline", None, "date", "workdays", inputs=(acceptance,))
    days = known.figure(REPORT_DAYS, accepted_on)
    if not isinstance(days.value, int):
        return Figure("national_due.deadline", None, "date", "workdays", inputs=(acceptance, days))
    deadline = nth_workday_after(accepted_on, days.value, calendar)
    return Figure("national_due.deadline", deadline.day, "date", "workdays", days.clause, inputs=(acceptance, days, *calendar_met(deadline, calendar)))


def of_audit(audit: NationalAudit) -> Figure:
    """What the platform said of a row it took, as it was seen there or answered; a reason it did not give is unknown."""
    inputs = [Figure("national_audit.seen_on", audit.seen_on, "date", note=audit.by)]
    if audit.reason or audit.state == "refused":
        inputs.append(Figure("national_audit.reason", audit.reason or None, "text"))
    return Figure("national_audit.state", audit.state, "state", "entered" if not audit.raw else "answered", inputs=tuple(inputs))


def of_span(
    state: str, ends_on: date, known: Parameters, untold: tuple[str, ...], taken: tuple[str, ...], wrong: tuple[str, ...], refused: tuple[str, ...] = ()
) -> Figure:
    """How reporting the services of a span stands; by when is in no text: it is unknown.

    ``untold``, ``taken``, ``wrong`` and ``refused`` (by the platform's audit: they are to be told again) are record numbers.
    """
    inputs = (
        known.figure(RECORDS_PER_YEAR, date(ends_on.year, 12, 31)),
        Figure("national_span.ends_on", ends_on, "date"),
        Figure("national_span.by", None, "date"),
        *(
            Figure(f"national_span.n_{name}", len(numbers), "count", "count", rows=Rows("record_number", numbers))
            for name, numbers in (("untold", untold), ("refused", refused), ("taken", taken), ("wrong", wrong))
            if numbers or name != "refused"
        ),
    )
    return Figure("national_span.state", state, "state", "choice", inputs=inputs, rows=Rows("record_number", (*untold, *refused, *wrong)))


def of_row(facts: RowFacts, on: date, message: str, *, record: str = "", reason: str = "") -> Figure:
    """How a row the platform took stands there. ``record``: its number when it is a service; ``reason``: what a person did about it."""
    parts = [_fact("on_day", on, "date"), Figure("national_due.taken_on", facts.taken_on, "date", note=message)]
    parts.append(_fact("confidential", facts.confidential, "flag"))
    if not facts.in_ledger:
        parts.append(Figure("national_there.in_ledger", False, "flag"))
    if facts.reversed_on is not None:
        parts.append(Figure("national_there.reversed_on", facts.reversed_on, "date", "later" if facts.reversed_on > on else "fact"))
    if facts.successor:
        parts.append(Figure("national_there.successor", facts.successor, "text"))
    if facts.retired_on is not None:
        parts.append(_fact("retired_on", facts.retired_on, "date", "later" if facts.retired_on > on else "fact"))
    if facts.removed_on is not None:
        parts.append(Figure("national_there.removed_on", facts.removed_on, "date", "entered", note=reason))
    rows = Rows("record_number", (record,)) if record else None
    return Figure("national_there.state", assess_row(facts, on) or "stands", "state", "choice", inputs=tuple(parts), rows=rows)
