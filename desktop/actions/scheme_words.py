"""An allocation scheme in words: its shares in order, and who is weighed how."""

from __future__ import annotations

from desktop.actions import payout_views
from desktop.actions.explaining import value_text
from desktop.ledger import money
from desktop.ledger.allocation import Scheme, Share
from desktop.words import say


def share(one: Share) -> str:
    """One share as people say it: 学校：总收入的 15 %，不超过 100.00 元."""
    told = say("payout.scheme_told.share", name=one.name, of=say(f"payout.share_of.{one.of}"), rate=value_text(one.rate, "ratio"))
    if one.cap_rate is not None:
        told += say("payout.scheme_told.cap_rate", of=say(f"payout.cap_of.{one.cap_of}"), rate=value_text(one.cap_rate, "ratio"))
    if one.cap_fen is not None:
        told += say("payout.scheme_told.cap", yuan=money.text(one.cap_fen))
    return told


def facts(scheme: Scheme) -> list[tuple[str, str]]:
    """What holds for the scheme as a whole: what each is called, and what it is."""
    weighed = say(f"payout.weight_{scheme.weigh}") + (say("payout.scheme_told.by_role") if scheme.use_coefficient else "")
    told = [
        (say("payout.scheme_told.basis"), say(f"payout.basis.{scheme.basis}")),
        (say("payout.scheme_told.internal"), payout_views.internal_words(scheme)),
        (say("payout.scheme_told.weights"), weighed),
        (say("payout.scheme_told.remainder"), scheme.remainder_to or "—"),
    ]
    if scheme.evaluations:
        factors = "  ".join(f"{number} {factor}" for number, factor in scheme.evaluations)
        told.append((say("payout.scheme_told.evaluations"), factors))
    if scheme.evaluation_facts:
        told.append((say("payout.scheme_told.evaluations"), say("payout.scheme_told.evaluation_facts")))
    return told


def lines(scheme: Scheme) -> list[str]:
    """All that a scheme says, a line each: the facts, then its shares in the order in which they are taken."""
    told = [say("payout.scheme_told.fact", name=name, value=value) for name, value in facts(scheme)]
    shares = [
        say("payout.scheme_told.step", n=n, receiver=say(f"payout.receiver.{one.receiver}"), share=share(one))
        for n, one in enumerate(scheme.shares, 1)
    ]
    return [*told, *shares]
