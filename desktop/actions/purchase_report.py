"""The report of a purchase's review, from the tree it rests on: for a settled one the tree of that day, whatever the ledger says now.

The national platform's results are those of now, each with the day it was entered: they come when they come. A set that became confidential
since is left out and counted: paper goes to others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.actions import purchases
from desktop.actions.day import day_of
from desktop.actions.workspace import Workspace, today
from desktop.ledger.purchase import Proposal
from desktop.reports import purchase_review as paper
from desktop.reports.content import Content, Letterhead
from desktop.rules import purchase_review as rules
from desktop.rules.figure import Figure
from desktop.rules.similarity import ASPECTS
from desktop.store.facts import INSTRUMENTS
from desktop.words import say

_NAMING = ("purchase.candidate", "purchase.set_hours", "purchase.set_part_year")
"""The parts of a review's tree that name one set."""


def as_of(view: purchases.View) -> date:
    """The day the figures stand for: that of the opinion that settled it, else today."""
    return view.given[0].review.reviewed_on if view.proposal.state == "reviewed" else today()


def content(workspace: Workspace, view: purchases.View, head: Letterhead) -> Content:
    """What the report says."""
    with workspace.read() as connection:
        secret = {one.asset_number for one in INSTRUMENTS.find(connection, "confidential = 1")}
    proposal, tree = view.proposal, view.figure
    every = [line for line, _ in candidates(tree)]
    shown = tuple(line for line in every if not (line.own and line.number in secret))
    said = tuple(
        paper.OpinionFacts(say(f"purchase.opinion.{one.review.opinion}"), one.review.text, one.reviewed_by, one.review.reviewed_on)
        for one in view.given
    )
    stands = str(view.needs.value)
    answered = tuple(
        paper.NationalLine(one.decided_on, one.document, say(f"purchase.state.{one.outcome}"), one.text, one.similar, one.noted_on)
        for one in view.national
    )
    n_elsewhere = _value(tree, "purchase.n_elsewhere")
    said_of = paper.report(
        paper.PurchaseFacts(
            **_of_proposal(proposal),
            prepared_by=view.prepared_by,
            required=_state(tree, "purchase.required"),
            national_required=_state(tree, "purchase.national_required"),
            candidates=shown,
            year=rules.year_before(proposal.proposed_on).name,
            n_counted=int(_value(tree, "purchase.n_counted") or 0),
            mean_hours=_decimal(tree, "purchase.mean_hours"),
            saturated_hours=_decimal(tree, f"parameter.{rules.SATURATED_HOURS}"),
            least_similarity=_decimal(tree, f"parameter.{rules.LEAST}"),
            n_own=int(_value(tree, "purchase.n_own") or 0),
            n_elsewhere=n_elsewhere if isinstance(n_elsewhere, int) else None,
            saturation=_state(tree, "purchase.saturation"),
            advice=_state(tree, "purchase.advice"),
            opinions=said,
            settled=proposal.state == "reviewed",
            withheld=view.n_withheld + len(every) - len(shown),
            certainty=tree.weakest,
            n_catalogue=int(_value(tree, "purchase.n_catalogue") or 0),
            n_compared=_value(tree, "purchase.n_compared"),
            read_on=next((day_of(part.note) for part in tree.walk() if part.code == "purchase.n_catalogue" and part.note), None),
            needs=say(f"purchase.state.{stands}") if answered or stands != "not_required" else "",
            national=answered,
            n_unlisted=int(_value(tree, "purchase.candidates") or 0) - len(every),
        ),
        head,
    )
    return replace(said_of, figures=(_for_paper(purchases.whole(view), secret),))


def _of_proposal(proposal: Proposal) -> dict[str, Any]:
    names = (
        "number", "proposed_on", "name", "model", "class_code", "functions", "department", "reason", "price_fen", "provincial_fen",
        "central_fen",
    )  # fmt: skip
    return {name: getattr(proposal, name) for name in names}


def _for_paper(tree: Figure, secret: Collection[str]) -> Figure:
    """The tree as the paper may keep it: the sets that became confidential since are counted in it and named nowhere."""
    named = (dict(part.params) for _, part in candidates(tree))
    hidden = {(one["number"], one["holder"]) for one in named if one["place"] == "own" and one["number"] in secret}

    def open_parts(figure: Figure) -> Figure:
        kept = tuple(open_parts(part) for part in figure.inputs if not is_hidden(part))
        return replace(figure, inputs=kept)

    def is_hidden(part: Figure) -> bool:
        params = dict(part.params)
        return part.code in _NAMING and (params["number"], params["holder"]) in hidden

    return open_parts(tree) if hidden else tree


def candidates(tree: Figure) -> list[tuple[paper.CandidateLine, Figure]]:
    """The sets of the same kind that a review's tree names, in its order, each with its own tree."""
    return [(_line(part), part) for part in tree.walk() if part.code == "purchase.candidate"]


def stated(tree: Figure, name: str) -> str:
    """What a review's tree says of ``required``, ``saturation`` or ``advice``: a code of ``purchase.state``."""
    return str(_value(tree, f"purchase.{name}") or "unknown")


def mean_hours(tree: Figure) -> Decimal | None:
    """The mean effective hours of a set of the same kind; None where none is known."""
    return _decimal(tree, "purchase.mean_hours")


def _line(part: Figure) -> paper.CandidateLine:
    params = dict(part.params)
    compared, hours, outside = part.inputs
    reasons = []
    for aspect, figure in zip(ASPECTS, compared.inputs, strict=True):
        why = figure.inputs[0]
        if why.value is not None:
            reasons.append((say(f"purchase.aspect.{aspect}"), _number(why), say(why.code, **dict(why.params))))
    return paper.CandidateLine(
        params["place"] == "own", params["holder"], params["number"], params["name"], params["model"], _number(part),
        hours.value if isinstance(hours.value, int) else None, outside.value if isinstance(outside.value, int) else None,
        params["counts"] == "true", tuple(reasons),
    )  # fmt: skip


def _value(tree: Figure, code: str) -> Any:
    return next((part.value for part in tree.walk() if part.code == code), None)


def _number(figure: Figure) -> Decimal | None:
    value = figure.value
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _decimal(tree: Figure, code: str) -> Decimal | None:
    value = _value(tree, code)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _state(tree: Figure, code: str) -> str:
    # A tree that was kept before a figure was asked for does not know it.
    return say(f"purchase.state.{_value(tree, code) or 'unknown'}")
