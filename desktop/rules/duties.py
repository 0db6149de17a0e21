"""Who must join the network and by when (clause 2): a state, a deadline, and the reasons, for each instrument.

A missing fact makes a duty ``unknown`` only when it could change what has to be done: a value below the threshold settles it
whatever the money was; a set already on the network has nothing left to do. The rule applied is the one in force on the day of
acceptance; a set accepted before there was a rule is not obliged. Facts later than the day asked have not happened yet.
``assess_all`` is the path for tens of thousands of instruments; ``explain`` builds the tree for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.duty import Duty, DutyFacts, DutyState
from desktop.ledger.finding import Finding, finding
from desktop.ledger.parameter import Parameter
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing
from desktop.rules.workdays import Calendar, Deadline, nth_workday_after, workdays_between

THRESHOLD = "duty.threshold_fen"
JOIN_DAYS = "duty.join_days"
FISCAL_ONLY = "duty.fiscal_only"
FILES_ONLY = "duty.confidential_files_only"


@dataclass(frozen=True, slots=True)
class _Rule:
    """The rule for one day of acceptance, and the deadline it gives."""

    day: date
    threshold: Parameter | None
    fiscal_only: bool
    deadline: Deadline | None
    findings: tuple[Finding, ...]


def _rule(accepted_on: date | None, on_day: date, parameters: Parameters, calendar: Calendar) -> _Rule:
    day = accepted_on or on_day
    threshold = parameters.in_force(THRESHOLD, day)
    if threshold is None:
        return _Rule(day, None, True, None, (missing(THRESHOLD, day), finding("duty.before_rule", "note", day=day)))
    fiscal_only = parameters.in_force(FISCAL_ONLY, day)
    join_days = parameters.in_force(JOIN_DAYS, day)
    wanting = tuple(missing(key, day) for key, one in ((FISCAL_ONLY, fiscal_only), (JOIN_DAYS, join_days)) if one is None)
    deadline = None
    if join_days is not None and accepted_on is not None:
        deadline = nth_workday_after(accepted_on, join_days.integer, calendar)
    # Without a word on whose money counts, the narrower duty holds and the finding says so.
    return _Rule(day, threshold, fiscal_only is None or fiscal_only.flag, deadline, wanting)


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


def _joined(facts: DutyFacts, on_day: date) -> bool:
    if facts.joined_on is not None:
        return facts.joined_on <= on_day
    return facts.network_number != ""


def _filed(facts: DutyFacts, on_day: date) -> bool:
    if facts.filed_on is not None:
        return facts.filed_on <= on_day
    return facts.filing_number != ""


def _judge(facts: DutyFacts, on_day: date, rule: _Rule) -> tuple[DutyState, tuple[Finding, ...]]:
    obliged = _obliged(facts, rule)
    joined = _joined(facts, on_day)
    told = list(rule.findings)

    def tell(code: str, severity: str = "warning", **params: object) -> None:
        told.append(
            finding(code, "error" if severity == "error" else "note" if severity == "note" else "warning",
                    kind="instrument", field=params.pop("at", ""), asset=facts.asset_number, **params)  # type: ignore[arg-type]
        )

    return "unknown", ()
