"""Why an instrument's duty is what it is: the tree of facts, cited rules, calendar and comparisons behind one state."""

from __future__ import annotations

from datetime import date

from desktop.ledger.document_number import distinct
from desktop.ledger.duty import Duty, DutyFacts
from desktop.rules.duties import FILES_ONLY, FISCAL_ONLY, JOIN_DAYS, THRESHOLD, assess, begins_on
from desktop.rules.figure import Figure, Rows, Value
from desktop.rules.parameters import Parameters
from desktop.rules.workdays import Calendar, Deadline, nth_workday_after


def explain(facts: DutyFacts, on_day: date, parameters: Parameters, calendar: Calendar) -> Figure:
    """The state of ``duties.assess`` as a figure (unit ``state``), with everything it was made from."""
    duty = assess(facts, on_day, parameters, calendar)
    day = facts.accepted_on or on_day
    parts = [_fact("on_day", on_day, "date"), _obliged(facts, duty, day, on_day, parameters)]
    if duty.state != "not_obliged":
        parts.append(_confidential(facts, day, parameters))
        if facts.confidential:
            how = _when(facts.filed_on, on_day)
            parts.append(_fact("filing_number", facts.filing_number or None, "text", how))
            parts.append(_fact("filed_on", facts.filed_on, "date", how))
        else:
            parts += _joining(facts, duty, on_day, parameters, calendar)
    citing = parameters.figure(THRESHOLD, day)
    rows = Rows("instrument", where=(("asset_number", facts.asset_number),))
    return Figure("duty.figure.state", duty.state, "state", "choice", citing.clause, inputs=tuple(parts), rows=rows)


def _fact(name: str, value: Value, unit: str, how: str = "fact") -> Figure:
    return Figure(f"duty.figure.{name}", value, unit, how)


def _when(done_on: date | None, on_day: date) -> str:
    """How a fact of the ledger bears on the day asked: one dated later had not happened."""
    return "later" if done_on is not None and done_on > on_day else "fact"


def _begun(facts: DutyFacts, on_day: date) -> list[Figure]:
    """Whether the duty could have begun and was not over: acceptance (or booking) and retirement against the day asked."""
    parts = []
    begins, asked = begins_on(facts), _fact("on_day", on_day, "date")
    acceptance = _fact("acceptance", facts.accepted_on, "date", _when(facts.accepted_on, on_day))
    if facts.accepted_on is None:
        parts.append(acceptance)
    if begins is not None:
        name, day = "accepted_by_then", acceptance
        if facts.accepted_on is None:
            name, day = "booked_by_then", _fact("booked_on", facts.booked_on, "date", _when(facts.booked_on, on_day))
        parts.append(Figure(f"duty.figure.{name}", begins <= on_day, "flag", "comparison", inputs=(day, asked)))
    if facts.retired_on is not None:
        parts.append(_fact("retired_on", facts.retired_on, "date", _when(facts.retired_on, on_day)))
    return parts


def _obliged(facts: DutyFacts, duty: Duty, day: date, on_day: date, parameters: Parameters) -> Figure:
    if parameters.in_force(THRESHOLD, day) is None:
        return _before_rule(facts, on_day, parameters)
    threshold = parameters.figure(THRESHOLD, day)
    value = _fact("value", facts.value_fen, "fen")
    reaches = None
    if facts.value_fen is not None and isinstance(threshold.value, int):
        reaches = facts.value_fen >= threshold.value
    falls: bool | None = True
    if duty.state == "not_obliged":
        falls = False
    elif facts.value_fen is None or (facts.fiscal is None and parameters.figure(FISCAL_ONLY, day).value is not False):
        falls = None
    return Figure(
        "duty.figure.obliged",
        falls,
        "flag",
        "choice",
        inputs=(
            *_begun(facts, on_day),
            Figure("duty.figure.value_reaches", reaches, "flag", "comparison", inputs=(value, threshold)),
            _fact("fiscal", facts.fiscal, "flag"),
            parameters.figure(FISCAL_ONLY, day),
        ),
    )


def _before_rule(facts: DutyFacts, on_day: date, parameters: Parameters) -> Figure:
    """Accepted before the first version of the rule: what the set cost and who paid is known, but no rule asks for it."""
    first = parameters.history(THRESHOLD)[0]
    began = Figure(
        "duty.figure.rule_from", first.from_on, "date", "parameter", f"{first.source} {first.clause}".strip(), first.certainty, first.note
    )
    acceptance = _fact("acceptance", facts.accepted_on, "date") if facts.accepted_on is not None else _fact("on_day", on_day, "date")
    in_force = Figure("duty.figure.rule_in_force", False, "flag", "comparison", inputs=(acceptance, began))
    told = (_fact("value", facts.value_fen, "fen"), _fact("fiscal", facts.fiscal, "flag"))
    return Figure("duty.figure.obliged", False, "flag", "choice", inputs=(*_begun(facts, on_day), in_force, *told))


def _confidential(facts: DutyFacts, day: date, parameters: Parameters) -> Figure:
    told = _fact("confidential", facts.confidential, "flag")
    rule = parameters.figure(FILES_ONLY, day)
    return Figure("duty.figure.files_only", facts.confidential, "flag", "choice", rule.clause, inputs=(told, rule))


def _joining(facts: DutyFacts, duty: Duty, on_day: date, parameters: Parameters, calendar: Calendar) -> list[Figure]:
    deadline = deadline_figure(facts.accepted_on, parameters, calendar)
    how = _when(facts.joined_on, on_day)
    parts = [deadline]
    if facts.network_number or facts.joined_on is not None:
        parts += [_fact("network_number", facts.network_number or None, "text", how), _fact("joined_on", facts.joined_on, "date", how)]
    else:  # neither is missing: the set has not joined
        parts.append(_fact("joined", False, "flag"))
    if duty.deadline is None:
        return parts
    if duty.state in ("joined", "joined_late") and facts.joined_on is not None:
        in_time = facts.joined_on <= duty.deadline
        pair = (_fact("joined_on", facts.joined_on, "date"), _fact("last_day", duty.deadline, "date"))
        parts.append(Figure("duty.figure.joined_in_time", in_time, "flag", "comparison", inputs=pair))
    if duty.days_left is not None:
        pair = (_fact("on_day", on_day, "date"), _fact("last_day", duty.deadline, "date"))
        parts.append(Figure("duty.figure.days_left", duty.days_left, "workdays", "workdays", inputs=pair))
    return parts


def deadline_figure(accepted_on: date | None, parameters: Parameters, calendar: Calendar) -> Figure:
    """The last day to join, from the day of acceptance, the number of days and the calendar; unknown without either."""
    acceptance = _fact("acceptance", accepted_on, "date")
    if accepted_on is None:
        return Figure("duty.figure.deadline", None, "date", "workdays", inputs=(acceptance,))
    days = parameters.figure(JOIN_DAYS, accepted_on)
    counting = parameters.figure("definition.counting_days", accepted_on)
    if not isinstance(days.value, int):
        return Figure("duty.figure.deadline", None, "date", "workdays", inputs=(acceptance, days))
    deadline = nth_workday_after(accepted_on, days.value, calendar)
    inputs = (acceptance, days, counting, *calendar_met(deadline, calendar))
    return Figure("duty.figure.deadline", deadline.day, "date", "workdays", days.clause, inputs=inputs)


def calendar_met(deadline: Deadline, calendar: Calendar) -> tuple[Figure, ...]:
    """The exceptions met on the way, with their notices; and that the count is provisional, if it is."""
    met = calendar.within(deadline.after, deadline.day)
    figures = []
    for kind, code in (("weekday_off", "duty.figure.days_off"), ("makeup_workday", "duty.figure.makeup_days")):
        these = [one for one in met if one.kind == kind]
        named = "; ".join(f"{one.day.isoformat()} {one.holiday}".strip() for one in these)
        documents = " / ".join(sorted(distinct(one.document for one in these)))
        sure = max((one.certainty for one in these), default="")
        figures.append(Figure(code, len(these), "days", "lookup", documents, sure, named))
    figures.append(Figure("duty.figure.provisional", deadline.provisional, "flag", "lookup"))
    return tuple(figures)
