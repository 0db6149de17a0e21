"""Who must join the network and by when (clause 2): a state, a deadline, and what is missing, for each instrument.

A missing fact makes a duty ``unknown`` only when it could change what has to be done: a value below the threshold settles it
whatever the money was; a set already on the network has nothing left to do. The rule applied is the one in force on the day of
acceptance; a set accepted before there was a rule is not obliged. Facts later than the day asked have not happened yet: before
acceptance (or, where that is not stated, before the set was in the books) there is no duty, and after retirement none is left.
The text gives no deadline for filing. ``duty_figures`` explains a duty as a tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.duty import Duty, DutyFacts, DutyState
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.parameter import Parameter
from desktop.rules.parameters import Parameters, missing
from desktop.rules.workdays import Calendar, Deadline, nth_workday_after, workdays_between

THRESHOLD = "duty.threshold_fen"
JOIN_DAYS = "duty.join_days"
FISCAL_ONLY = "duty.fiscal_only"
FILES_ONLY = "duty.confidential_files_only"


@dataclass(frozen=True, slots=True)
class _Rule:
    """The rule for one day of acceptance, and the deadline it gives."""

    threshold: Parameter | None
    fiscal_only: bool
    deadline: Deadline | None
    findings: tuple[Finding, ...]


def _rule(accepted_on: date | None, on_day: date, parameters: Parameters, calendar: Calendar) -> _Rule:
    day = accepted_on or on_day
    threshold = parameters.in_force(THRESHOLD, day)
    if threshold is None:
        return _Rule(None, True, None, (finding("duty.before_rule", "note", day=day),))
    fiscal_only = parameters.in_force(FISCAL_ONLY, day)
    join_days = parameters.in_force(JOIN_DAYS, day)
    wanting = tuple(missing(key, day) for key, one in ((FISCAL_ONLY, fiscal_only), (JOIN_DAYS, join_days)) if one is None)
    deadline = None
    if join_days is not None and accepted_on is not None:
        deadline = nth_workday_after(accepted_on, join_days.integer, calendar)
    # Without a value saying whose money counts, the narrower duty holds and a finding says so.
    return _Rule(threshold, fiscal_only is None or fiscal_only.flag, deadline, wanting)


def _obliged(facts: DutyFacts, rule: _Rule) -> bool | None:
    """Whether the set falls under the duty; None when a missing fact decides. 以上 includes the threshold itself."""
    if rule.threshold is None:
        return False
    if facts.value_fen is not None and facts.value_fen < rule.threshold.integer:
        return False
    if rule.fiscal_only and facts.fiscal is False:
        return False
    if facts.value_fen is None or (rule.fiscal_only and facts.fiscal is None):
        return None
    return True


def begins_on(facts: DutyFacts) -> date | None:
    """The day a duty can begin: acceptance, or the day the set was booked while acceptance is not stated."""
    return facts.accepted_on or facts.booked_on


def _not_yet(facts: DutyFacts, on_day: date) -> Finding | None:
    """Why there is no duty on a day before it began; None once it did, or when the set had joined or was filed by then."""
    begins = begins_on(facts)
    if begins is None or on_day >= begins:
        return None
    done = facts.filed_on if facts.confidential else facts.joined_on
    if done is not None and done <= on_day:
        return None
    told = (("asset", facts.asset_number), ("day", begins.isoformat()), ("on", on_day.isoformat()))
    if facts.accepted_on is not None:
        return Finding("duty.not_accepted_yet", "note", told, kind="instrument", field="accepted_on")
    return Finding("duty.not_booked_yet", "warning", told, kind="instrument", field="accepted_on")


def _joined(facts: DutyFacts, on_day: date) -> bool:
    if facts.joined_on is not None:
        return facts.joined_on <= on_day
    return facts.network_number != ""


def _filed(facts: DutyFacts, on_day: date) -> bool:
    if facts.filed_on is not None:
        return facts.filed_on <= on_day
    return facts.filing_number != ""


def _about(facts: DutyFacts, code: str, field: str, severity: Severity = "warning") -> Finding:
    return finding(code, severity, kind="instrument", field=field, asset=facts.asset_number)


def _judge(facts: DutyFacts, on_day: date, rule: _Rule) -> tuple[DutyState, list[Finding]]:
    if facts.retired_on is not None and facts.retired_on <= on_day:
        told = (("asset", facts.asset_number), ("day", facts.retired_on.isoformat()))
        return "not_obliged", [Finding("duty.retired_since", "note", told, kind="instrument", field="retired_on")]
    not_yet = _not_yet(facts, on_day)
    if not_yet is not None:
        return "not_obliged", [not_yet]
    found = list(rule.findings)
    obliged = _obliged(facts, rule)
    joined = _joined(facts, on_day)
    if joined and facts.confidential:
        found.append(_about(facts, "duty.confidential_joined", "network_number", "error"))
    if obliged is False:
        if joined and not facts.confidential:
            found.append(_about(facts, "duty.joined_voluntarily", "network_number", "note"))
        return "not_obliged", found
    if facts.value_fen is None:
        found.append(_about(facts, "duty.value_unknown", "value_fen"))
    if rule.fiscal_only and facts.fiscal is None:
        found.append(_about(facts, "duty.fiscal_unknown", "fiscal"))
    if facts.confidential is None:
        found.append(_about(facts, "duty.confidential_unknown", "confidential"))
    if facts.confidential:
        if _filed(facts, on_day):
            return "filed", found
        return ("to_file" if obliged else "unknown"), found
    if facts.accepted_on is None:
        found.append(_about(facts, "duty.acceptance_unknown", "accepted_on"))
    if joined:
        return _joined_state(facts, obliged, rule, found), found
    if obliged is None or facts.confidential is None or rule.deadline is None:
        return "unknown", found
    return ("overdue" if on_day > rule.deadline.day else "to_join"), found


def _joined_state(facts: DutyFacts, obliged: bool | None, rule: _Rule, told: list[Finding]) -> DutyState:
    """Joined in time or late; without one of the days the set is simply joined, and the finding says what is open."""
    if facts.joined_on is None:
        told.append(_about(facts, "duty.join_day_unknown", "joined_on", "note"))
        return "joined"
    if rule.deadline is None or obliged is None:
        return "joined"
    if facts.joined_on < rule.deadline.after:
        told.append(_about(facts, "duty.joined_before_acceptance", "joined_on"))
    return "joined_late" if facts.joined_on > rule.deadline.day else "joined"


def assess_all(facts: Iterable[DutyFacts], on_day: date, parameters: Parameters, calendar: Calendar) -> list[Duty]:
    """The duty of each instrument on a day, in the order given. Each day of acceptance is counted once."""
    rules: dict[date | None, _Rule] = {}
    left: dict[date, int] = {}
    duties = []
    for one in facts:
        rule = rules.get(one.accepted_on)
        if rule is None:
            rule = rules[one.accepted_on] = _rule(one.accepted_on, on_day, parameters, calendar)
        state, told = _judge(one, on_day, rule)
        deadline = None if state == "not_obliged" or one.confidential else rule.deadline
        if deadline is None:
            duties.append(Duty(one.asset_number, state, findings=tuple(told)))
            continue
        days_left = None
        if state in ("to_join", "overdue"):
            days_left = left.get(deadline.day)
            if days_left is None:
                days_left = left[deadline.day] = workdays_between(on_day, deadline.day, calendar)
        duties.append(Duty(one.asset_number, state, deadline.day, deadline.provisional, days_left, tuple(told)))
    return duties


def assess(facts: DutyFacts, on_day: date, parameters: Parameters, calendar: Calendar) -> Duty:
    """The duty of one instrument on a day (Asia/Shanghai)."""
    return assess_all((facts,), on_day, parameters, calendar)[0]


def deadline_after(accepted_on: date, parameters: Parameters, calendar: Calendar) -> Deadline:
    """The day by which a set accepted on a day would have to join.

    A question to the calendar, not a duty: before there was a rule it is answered with the rule's first value.
    """
    join_days = parameters.in_force(JOIN_DAYS, accepted_on) or parameters.history(JOIN_DAYS)[0]
    return nth_workday_after(accepted_on, join_days.integer, calendar)
