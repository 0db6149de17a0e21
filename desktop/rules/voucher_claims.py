"""The states of a claim (兑付申请), from draft to paid or refused: which step may follow, what it needs, and what it holds of the cap.

A claim is of one enterprise and one calendar year. From the moment it is submitted its amounts are fixed and held under the cap; refused,
withdrawn and recovered ones hold nothing. What was accepted of less than claimed falls on the last lines first.

Where a city's rule was not known its part stays unknown: the claim asks for what is known, and what is decided may be more.

Two seats may each take a step before they hear of each other. Steps are read by their place, then by the moment, then by key, so that every
seat reads them alike; one that cannot follow the one before changes nothing, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ledger.voucher import ClaimEvent, ClaimLine, ClaimState, ClaimVerb
from desktop.ledger.voucher_rows import VoucherClaimLine
from desktop.rules.voucher_evidence import Checklist
from desktop.rules.vouchers import Grant

_NEXT: dict[tuple[ClaimState, ClaimVerb], ClaimState] = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "send_back"): "sent_back",
    ("submitted", "accept"): "accepted",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("sent_back", "submit"): "submitted",
    ("sent_back", "withdraw"): "withdrawn",
    ("accepted", "pay"): "paid",
    ("accepted", "refuse"): "refused",
    ("paid", "recover"): "recovered",
}
HOLDING: frozenset[ClaimState] = frozenset({"submitted", "sent_back", "accepted", "paid"})
"""The states in which a claim takes its place under the cap."""
# In a claim the certificate counts, not what the figures give.
_CALCULATED = "voucher.size_calculated"
_WITH_REASON: frozenset[ClaimVerb] = frozenset({"send_back", "refuse", "withdraw", "recover"})
_WITH_AMOUNT: frozenset[ClaimVerb] = frozenset({"accept", "pay"})
_WITH_DOCUMENT: frozenset[ClaimVerb] = frozenset({"accept", "refuse", "recover"})


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a claim stands. ``claimed_fen`` is what its lines ask for as far as it is known; ``accepted_fen`` and ``paid_fen`` None until somebody
    decided; ``last_on`` None: no step.

    ``n_unknown``: of how many lines nobody knows what the city adds; while there is one, ``claimed_fen`` is the least that is asked for.
    ``beside``: steps that could not follow when their turn came, which another seat took at the same time; they count for nothing.
    """

    state: ClaimState
    claimed_fen: int
    accepted_fen: int | None = None
    paid_fen: int | None = None
    last_on: date | None = None
    beside: tuple[ClaimEvent, ...] = ()
    n_unknown: int = 0

    @property
    def held_fen(self) -> int:
        """What it holds of the cap, as far as it is known."""
        if self.state not in HOLDING:
            return 0
        return self.claimed_fen if self.accepted_fen is None else self.accepted_fen


def asked(lines: Iterable[ClaimLine | VoucherClaimLine]) -> tuple[int, int]:
    """What lines ask of province and city, as far as it is known (fen), and of how many the city's part is not."""
    several = list(lines)
    return sum(one.granted_fen + (one.top_up_fen or 0) for one in several), sum(one.top_up_fen is None for one in several)


def may_follow(state: ClaimState) -> tuple[ClaimVerb, ...]:
    """The steps that are possible from a state, in the order of the table."""
    return tuple(verb for one, verb in _NEXT if one == state)


def faults(claim: Claim, event: ClaimEvent, fees_fen: int | None = None) -> tuple[Finding, ...]:
    """Why a step cannot be taken; empty when it can.

    ``fees_fen``: what the fees of its lines come to, None when it is not known. While nobody knows what a city adds, no more than they can be
    accepted: neither province nor city gives back more than was charged.
    """
    if (claim.state, event.verb) not in _NEXT:
        return (finding("voucher.claim_step", state=f"voucher.claim.{claim.state}", verb=f"voucher.verb.{event.verb}"),)
    told = []
    if claim.last_on is not None and event.on < claim.last_on:
        told.append(finding("voucher.claim_before", on=event.on, last=claim.last_on))
    if event.verb in _WITH_REASON and not event.reason.strip():
        told.append(finding("voucher.claim_reason"))
    if event.verb in _WITH_DOCUMENT and not event.document.strip():
        told.append(finding("voucher.claim_document"))
    if event.verb == "submit" and claim.claimed_fen <= 0:
        told.append(finding("voucher.claim_nothing"))
    if event.verb == "accept":
        told += _amount(event.fen, fees_fen if claim.n_unknown else claim.claimed_fen)
    if event.fen is not None and event.verb not in _WITH_AMOUNT:
        told.append(finding("voucher.claim_no_amount", verb=f"voucher.verb.{event.verb}"))
    if event.verb == "pay":
        told += _amount(event.fen, claim.accepted_fen or 0)
    return tuple(told)


def _amount(fen: int | None, most: int | None) -> list[Finding]:
    """What is wrong with an amount that was decided; ``most`` None: nobody knows how much it may be."""
    if fen is None:
        return [finding("voucher.claim_amount")]
    if fen <= 0:
        return [finding("voucher.claim_amount_zero")]
    return [finding("voucher.claim_amount_above", most=money.text(most))] if most is not None and fen > most else []


def after(claim: Claim, event: ClaimEvent) -> Claim:
    """The claim after a step without faults. Raises KeyError for a step that cannot follow."""
    state = _NEXT[claim.state, event.verb]
    accepted = event.fen if event.verb == "accept" else claim.accepted_fen
    paid = event.fen if event.verb == "pay" else claim.paid_fen
    return replace(claim, state=state, accepted_fen=accepted, paid_fen=paid, last_on=event.on)


def stands(lines: Iterable[ClaimLine], events: Iterable[ClaimEvent]) -> Claim:
    """Where a claim stands after its steps, in order; what cannot follow is kept ``beside``."""
    claimed_fen, n_unknown = asked(lines)
    claim = Claim("draft", claimed_fen, n_unknown=n_unknown)
    for event in events:
        follows = (claim.state, event.verb) in _NEXT
        claim = after(claim, event) if follows else replace(claim, beside=(*claim.beside, event))
    return claim


def disagreeing(claim: Claim) -> tuple[Finding, ...]:
    """What two seats did to one claim and does not fit together: steps that count for nothing, and more paid than accepted."""
    told = [
        finding("voucher.claim_beside", "warning", verb=f"voucher.verb.{one.verb}", on=one.on, who=one.person or "—")
        if one.fen is None
        else finding("voucher.claim_beside_fen", "warning", verb=f"voucher.verb.{one.verb}", on=one.on, who=one.person or "—", yuan=money.text(one.fen))
        for one in claim.beside
    ]
    if claim.paid_fen is not None and claim.accepted_fen is not None and claim.paid_fen > claim.accepted_fen:
        told.append(finding("voucher.claim_paid_above", paid=money.text(claim.paid_fen), accepted=money.text(claim.accepted_fen)))
    return tuple(told)


def held(lines: Sequence[ClaimLine], claim: Claim) -> tuple[ClaimLine, ...]:
    """What each line holds under the caps: all of it, or what was accepted, the last lines cut first and the city's part before the province's.

    An unknown part of the city stays unknown; of a decision above all that is known, the rest is the city's where only one line leaves it open.
    """
    left = claim.held_fen
    told = []
    for line in lines:
        granted = min(line.granted_fen, left)
        top_up = None if line.top_up_fen is None else min(line.top_up_fen, left - granted)
        left -= granted + (top_up or 0)
        told.append(ClaimLine(line.use_key, granted, top_up))
    if left and claim.n_unknown == 1:
        return tuple(replace(one, top_up_fen=left) if one.top_up_fen is None else one for one in told)
    return tuple(told)


def ready(grants: Sequence[Grant], papers: Sequence[Checklist]) -> tuple[Finding, ...]:
    """What keeps these uses from being claimed together: no amount, open conditions, missing papers, two enterprises or two years."""
    told: list[Finding] = []
    if not grants:
        told.append(finding("voucher.claim_empty"))
    if len({one.use.enterprise.counted_as for one in grants}) > 1:
        told.append(finding("voucher.claim_enterprises"))
    if len({one.use.ended_on.year for one in grants}) > 1:
        told.append(finding("voucher.claim_years"))
    for one in grants:
        if one.use.held:
            told.append(finding("voucher.claim_twice", number=one.use.number))
        elif one.eligible is False:
            told.append(finding("voucher.claim_not_eligible", number=one.use.number))
        elif one.eligible is None or one.amount_fen is None:
            told.append(finding("voucher.claim_open", number=one.use.number))
        elif one.nothing:
            told.append(finding("voucher.claim_zero", number=one.use.number))
        told += [each for each in one.findings if each.code == _CALCULATED]
    told += [each for one in papers for each in one.findings if each.severity == "error" or one.complete is None]
    return tuple(told)

