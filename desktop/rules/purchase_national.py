"""What the national platform answered to a purchase, and what the purchase still needs from there (clause 13; 财科教〔2019〕1号).

The platform's word is taken as its paper has it; nothing here judges whether it is right. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.purchase import NationalResult, Proposal
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.purchase_review import required_national

NEEDS = ("not_required", "unknown", "to_ask", "given", "refused", "returned", "conflict", "withdrawn")
_AFTER = {"agree": "given", "refuse": "refused", "revise": "returned"}
_TOLD = ("to_ask", "refused", "returned", "conflict")


def fault(result: NationalResult, proposal: Proposal, today: date) -> str:
    """The code of what speaks against keeping a result; "" when nothing does. A review answers what was proposed before."""
    if proposal.state == "withdrawn":
        return "purchase.national_withdrawn"
    if result.decided_on > today:
        return "purchase.national_to_come"
    return "purchase.national_before" if result.decided_on < proposal.proposed_on else ""


def newest(results: Sequence[NationalResult]) -> tuple[NationalResult, ...]:
    """The results of the last day that has one: they hold, earlier ones were answered to what has been changed since."""
    last = max((one.decided_on for one in results), default=None)
    return tuple(one for one in results if one.decided_on == last)


def needs(proposal: Proposal, results: Sequence[NationalResult], known: Parameters) -> Figure:
    """Where the review stands: one of NEEDS. A result that is there counts whether or not a review was due; two of one day that differ are a
    ``conflict``, for nothing says which came later. One from before the day of the proposal, as that is now, answers another one: it is
    listed and does not count."""
    due = required_national(proposal, known)
    outcomes = {one.outcome for one in newest([one for one in results if one.decided_on >= proposal.proposed_on])}
    if proposal.state == "withdrawn":
        state = "withdrawn"
    elif len(outcomes) > 1:
        state = "conflict"
    elif outcomes:
        state = _AFTER[outcomes.pop()]
    else:
        state = "to_ask" if due.value == "required" else str(due.value)
    return Figure("purchase.needs", state, "state", "choice", inputs=(due, *(_of(one) for one in results)))


def findings(stands: Figure, proposal: Proposal) -> tuple[Finding, ...]:
    """What is still to be done about the platform's review."""
    if stands.value not in _TOLD:
        return ()
    return (finding(f"purchase.national_{stands.value}", "warning", kind="purchase_proposal", key=proposal.id, number=proposal.number),)


def _of(one: NationalResult) -> Figure:
    params = (("day", one.decided_on.isoformat()), ("document", one.document))
    named = (Figure("purchase.national_similar", one.similar, "text"),) if one.similar else ()
    return Figure("purchase.national_result", one.outcome, "state", note=one.text, inputs=named, params=params)
