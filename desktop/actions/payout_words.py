"""Why a receiver of a run gets what it gets, in words: by which share of the scheme and of what, or what it gives back for which record.

Screen, paper and command say the same: the figures come from the tree the run was fixed with, the records from its lines.
"""

from __future__ import annotations

from desktop.ledger import money
from desktop.ledger.allocation import KEPT, TECHNICIANS, PayoutShare, Scheme, Share
from desktop.rules.figure import Figure
from desktop.rules.payout_facts import PayoutFacts
from desktop.rules.phrase import percent
from desktop.rules.settlement_tree import fen_of, find
from desktop.store import reporting
from desktop.store.database import Connection
from desktop.words import say

_NAMED = 3


def hows(connection: Connection, facts: PayoutFacts, scheme: Scheme, tree: Figure | None, reversed_number: str) -> list[str]:
    """For each share of a run, why; ``reversed_number`` names the run that this one takes back as a whole, if it does."""
    if reversed_number:
        return [say("payout.how_reversed", run=reversed_number)] * len(facts.shares)
    back = taken_back(connection, facts)
    steps = _steps(scheme, tree)
    told = []
    for share in facts.shares:
        if share.technician_id:
            told.append("")
        elif share.receiver == KEPT:
            told.append(_kept(share, tree))
        elif share.fen < 0:
            told.append(back)
        else:
            told.append(steps.get((share.receiver, share.name), ""))
    return told


def pool_how(scheme: Scheme, tree: Figure) -> str:
    """By which share of the scheme the technicians' pool came, and what else went into it."""
    share = next((one for one in scheme.shares if one.receiver == TECHNICIANS), None)
    parts = [] if share is None else [_steps(scheme, tree).get((share.receiver, share.name), "")]
    rest = next((fen_of(one) for one in tree.walk() if one.code == "payout.rest"), 0)
    if rest:
        parts.append(say(f"payout.how_rest_{'in' if rest > 0 else 'out'}", yuan=money.text(abs(rest))))
    return say("payout.how_joiner").join(part for part in parts if part)


def taken_back(connection: Connection, facts: PayoutFacts) -> str:
    """冲销 R700163（FP2025-001 原分配）: the records a run takes back and the runs that had paid them; empty for a run without."""
    own = {line.id for line in facts.lines}
    keys = [(line.posting_id, line.reverses) for line in facts.lines if line.reverses and line.reverses not in own]
    if not keys:
        return ""
    found = reporting.taken_back(connection, keys)
    records = list(dict.fromkeys(row[0] for row in found if not row[2]))
    n_secret = len({row[0] for row in found if row[2]})
    listing = say("report.list")
    told = [] if not records else [listing.join(records[:_NAMED])]
    if len(records) > _NAMED:
        told = [say("payout.how_records", records=told[0], n=len(records))]
    if n_secret:
        told.append(say("payout.how_confidential", n=n_secret))
    runs = listing.join(sorted({row[1] for row in found}))
    return say("payout.how_back", records=listing.join(told), runs=runs)


def _steps(scheme: Scheme, tree: Figure | None) -> dict[tuple[str, str], str]:
    """Receiver and name -> rate and base of its share, and what bounded it."""
    # Steps that were added up from the lines say nothing of their base.
    made = [one for one in tree.inputs if one.code == "payout.step" and one.inputs] if tree else []
    return {
        (share.receiver, share.name): _step(share, step)
        for share, step in zip(scheme.shares, [*made, *[None] * len(scheme.shares)], strict=False)
    }


def _step(share: Share, step: Figure | None) -> str:
    if step is None:
        return f"{say(f'payout.share_of.{share.of}')} {percent(share.rate)}"
    base = money.text(fen_of(step.inputs[0]))
    if share.rate == 1:
        told = say(f"payout.how_all.{share.of}", base=base)
    else:
        told = say(f"payout.how_part.{share.of}", base=base, rate=percent(share.rate))
    limited = dict(step.params).get("limited", "")
    return say("payout.how_joiner").join((told, say(f"payout.how_limited.{limited}"))) if limited in ("cap", "rest") else told


def _kept(share: PayoutShare, tree: Figure | None) -> str:
    """Why the unit keeps or bears something: what the shares leave, and after a reversal what nobody gives back."""
    kept = find(tree, "payout.kept") if tree else None
    if kept is None or not kept.inputs:
        return say("payout.how_loss" if share.fen < 0 else "payout.how_kept") if share.fen else ""
    given = [one for one in kept.inputs if fen_of(one)]
    if len(given) == 1:
        return say(given[0].code)
    parts = [say("payout.how_sum", what=say(one.code), yuan=money.text(fen_of(one))) for one in given]
    return say("payout.how_joiner").join(parts)


def unit(fen: int) -> str:
    """What the unit's own row is called: what it keeps, or what it bears."""
    return say("payout.receiver.kept" if fen >= 0 else "payout.receiver_bears")
