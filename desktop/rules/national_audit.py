"""Whether what a person saw of the platform's audit can be so, and what is to be done about it. The exchange tells none of it by itself.

Source: the exchange's published audit states (−1 未提交, 0 待审核, 1 通过, 2 未通过 with a reason).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.ledger.national_audit import AuditState

LONGEST_REASON = 500
TO_DO: frozenset[AuditState] = frozenset({"refused", "not_submitted"})
"""What was refused is corrected and told again; what is not submitted is submitted on the platform, by a person."""
ORDER: tuple[AuditState | None, ...] = ("refused", "not_submitted", "pending", None, "passed")
"""As they are listed; None: nobody looked."""


@dataclass(frozen=True, slots=True)
class SeenFacts:
    """What an audit that was seen is held against; days in Asia/Shanghai. ``taken_on``: the day the platform took the row it has; None: never."""

    state: AuditState
    seen_on: date
    reason: str = ""
    taken_on: date | None = None
    removed: bool = False
    confidential: bool = False
    told: bool = False
    """The platform told it in an answer: a reason it does not give is nobody's omission here."""


def fault(facts: SeenFacts, on: date) -> str | None:
    """The code of why it cannot be kept on a day; None when it can."""
    if facts.confidential:
        return "national_audit.confidential"
    if facts.taken_on is None:
        return "national_audit.never_sent"
    if facts.removed:
        return "national_audit.removed"
    if facts.seen_on > on:
        return "national_audit.ahead"
    if facts.seen_on < facts.taken_on:
        return "national_audit.before"
    if facts.state == "refused" and not facts.reason and not facts.told:
        return "national_audit.no_reason"
    return "national_audit.too_long" if len(facts.reason) > LONGEST_REASON else None
