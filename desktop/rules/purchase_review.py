"""The duplicate review of a purchase (查重评议): whether it is due, which sets are of the same kind, whether they are used to the full.

It advises; the opinion is a person's. What a rule needs and nobody stated makes the answer unknown, never a "no".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.ledger.purchase import Proposal
from desktop.rules import classes
from desktop.rules.exact import shown
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters
from desktop.rules.similarity import Similarity

THRESHOLD = "review.threshold_fen"
MAIN_SHARE = "review.main_share"
NATIONAL_THRESHOLD = "national.review_threshold_fen"
LEAST = "review.least_similarity"
SATURATED_HOURS = "national.same_kind_hours"
SATURATION = "definition.saturation"
EFFECTIVE_HOURS = "definition.effective_hours"
UNSENSED = "definition.effective_hours_unsensed"
_HOUR = 60
# Nobody reads a thousand lines before a signature, and the most alike come first.
MOST_ELSEWHERE = 50

Place = Literal["own", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A set of the same kind. ``effective_minutes`` and ``external_minutes`` of the year, None where they are not known (elsewhere);
    ``counts``: it was in service the whole year, so that its hours are those of a year.
    """

    place: Place
    number: str
    name: str
    model: str
    holder: str
    similarity: Similarity
    effective_minutes: int | None = None
    external_minutes: int | None = None
    counts: bool = False
    rows: Rows | None = None


def faults(proposal: Proposal) -> tuple[Finding, ...]:
    """What is wrong with a proposal as it was entered; errors forbid to keep it."""
    told: list[Finding] = []
    for name in ("number", "name"):
        if not str(getattr(proposal, name)).strip():
            told.append(finding("purchase.empty", kind="purchase_proposal", key=proposal.id, field=name, what=f"purchase.field.{name}"))
    if proposal.price_fen <= 0:
        told.append(finding("purchase.no_price", kind="purchase_proposal", key=proposal.id, field="price_fen"))
    paid = proposal.provincial_fen
    if paid is not None and not 0 <= paid <= max(0, proposal.price_fen):
        told.append(finding("purchase.more_than_price", kind="purchase_proposal", key=proposal.id, field="provincial_fen"))
    central = proposal.central_fen
    if central is not None and not 0 <= central <= max(0, proposal.price_fen - (paid or 0)):
        told.append(finding("purchase.central_more_than_price", kind="purchase_proposal", key=proposal.id, field="central_fen"))
    if proposal.class_code:
        told += classes.check(proposal.class_code)
    for name, code in (("class_code", "purchase.no_class"), ("functions", "purchase.no_functions"), ("reason", "purchase.no_reason")):
        if not str(getattr(proposal, name)).strip():
            told.append(Finding(code, "warning", kind="purchase_proposal", key=proposal.id, field=name))
    return tuple(told)


def required(proposal: Proposal, known: Parameters) -> Figure:
    """Whether the review is due: ``required``, ``not_required`` or ``unknown``, by the rules of the day it was proposed.

    Either condition that fails decides alone; the price at the threshold is within (以上 includes the number), half the money is not most.
    """
    day = proposal.proposed_on
    threshold, main = known.figure(THRESHOLD, day), known.figure(MAIN_SHARE, day)
    price = Figure("purchase.price", proposal.price_fen, "fen", "entered")
    paid = Figure("purchase.provincial", proposal.provincial_fen, "fen", "entered")
    share = None
    if proposal.provincial_fen is not None and proposal.price_fen > 0:
        share = Fraction(proposal.provincial_fen, proposal.price_fen)
    of_price = Figure("purchase.provincial_share", None if share is None else Decimal(shown(share)), "ratio", "quotient", inputs=(paid, price))
    large = proposal.price_fen >= threshold.value if isinstance(threshold.value, int) else None
    mainly = share > Fraction(main.value) if share is not None and isinstance(main.value, Decimal) else None
    state = "not_required" if False in (large, mainly) else "unknown" if None in (large, mainly) else "required"
    return Figure("purchase.required", state, "state", "comparison", inputs=(price, threshold, of_price, main))


def required_national(proposal: Proposal, known: Parameters) -> Figure:
    """Whether the national review is due, which the central budget's money asks for: ``required``, ``not_required`` or ``unknown``.

    By the rules of the day it was proposed: any of that money, and the price at the threshold or above (以上 includes the number); either that
    fails decides alone. Source: 财科教〔2019〕1号; that any amount of it is enough is our reading, certainty as of the parameter.
    """
    threshold = known.figure(NATIONAL_THRESHOLD, proposal.proposed_on)
    price = Figure("purchase.price", proposal.price_fen, "fen", "entered")
    paid = Figure("purchase.central", proposal.central_fen, "fen", "entered")
    large = proposal.price_fen >= threshold.value if isinstance(threshold.value, int) else None
    spent = None if proposal.central_fen is None else proposal.central_fen > 0
    state = "not_required" if False in (large, spent) else "unknown" if None in (large, spent) else "required"
    return Figure("purchase.national_required", state, "state", "comparison", inputs=(price, threshold, paid))


def of_same_kind(found: Sequence[Candidate], known: Parameters, day: date) -> tuple[Candidate, ...]:
    """Those alike enough or of the same name, the most alike first, own before elsewhere. None when no least similarity is in force.

    A set of the same name under another class is one: a class is easily miswritten, and a duplicate overlooked is the worse fault.
    """
    least = known.figure(LEAST, day).value
    if not isinstance(least, Decimal):
        return ()
    alike = [one for one in found if (value := one.similarity.value) is not None and (value >= Fraction(least) or one.similarity.named)]
    return tuple(sorted(alike, key=_rank))


def _rank(one: Candidate) -> tuple[Fraction, bool, str, str]:
    return -(one.similarity.value or Fraction(0)), one.place != "own", one.holder, one.number


def year_before(day: date) -> Period:
    """The calendar year whose hours are asked: the last one that was over on a day."""
    return Period(str(day.year - 1), date(day.year - 1, 1, 1), date(day.year, 1, 1))


def whole_year(accepted_on: date | None, retired_on: date | None, year: Period) -> bool:
    """Whether a set was in service all of a year. One without a day of acceptance is taken to have been."""
    return (accepted_on is None or accepted_on <= year.start) and (retired_on is None or retired_on >= year.end)


def saturation(candidates: Sequence[Candidate], known: Parameters, day: date) -> Figure:
    """Whether the same kind is used to the full: ``none`` (no such set), ``unknown``, ``spare`` or ``saturated``.

    The mean of the year's effective hours of the sets whose hours are known for a whole year, against the hours in force;
    the mean at the hours is saturated (不低于).
    """
    counted = [one for one in candidates if one.counts and one.effective_minutes is not None]
    rule = known.figure(SATURATED_HOURS, day)
    minutes = sum(one.effective_minutes or 0 for one in counted)
    sets = tuple(_hours_of(one) for one in candidates if one.effective_minutes is not None)
    together = Figure("purchase.minutes", minutes if counted else None, "minutes", "sum", inputs=sets)
    n_counted = Figure("purchase.n_counted", len(counted), "count", "count")
    mean = Fraction(minutes, _HOUR * len(counted)) if counted else None
    of_one = Figure(
        "purchase.mean_hours", None if mean is None else Decimal(shown(mean)), "hours", "quotient",
        inputs=(together, n_counted, known.figure(EFFECTIVE_HOURS, day), known.figure(UNSENSED, day)),
    )  # fmt: skip
    limit = Fraction(rule.value) if isinstance(rule.value, int | Decimal) and not isinstance(rule.value, bool) else None
    if not candidates:
        state = "none"
    elif mean is None or limit is None:
        state = "unknown"
    else:
        state = "saturated" if mean >= limit else "spare"
    return Figure("purchase.saturation", state, "state", "comparison", inputs=(of_one, rule, known.figure(SATURATION, day)))


def _hours_of(one: Candidate) -> Figure:
    code = "purchase.set_hours" if one.counts or one.effective_minutes is None else "purchase.set_part_year"
    params = (("number", one.number or "—"), ("name", one.name), ("holder", one.holder))
    return Figure(code, one.effective_minutes, "minutes", "sum", rows=one.rows, params=params)


def advice(candidates: Sequence[Candidate], saturated: Figure, n_catalogue: int, read_at: str = "", n_compared: int | None = None) -> Figure:
    """What the figures speak for: ``share`` the sets there are, ``ask`` those who have one, ``buy``, or ``unknown``.

    ``n_catalogue``: how many instruments of others the locator knows; 0 means that nobody could look there;
    ``read_at`` when they were read (UTC, ISO text); ``n_compared`` how many of them were compared, None: all that might be alike.
    """
    n_own = sum(one.place == "own" for one in candidates)
    own = Figure("purchase.n_own", n_own, "count", "count")
    elsewhere = Figure("purchase.n_elsewhere", len(candidates) - n_own if n_catalogue else None, "count", "count")
    compared = () if n_compared is None else (Figure("purchase.n_compared", n_compared, "count", "count"),)
    looked = Figure("purchase.n_catalogue", n_catalogue, "count", "count", note=read_at, inputs=compared)
    if saturated.value == "spare":
        state = "share"
    elif len(candidates) > n_own:
        state = "ask"
    elif not n_catalogue or saturated.value == "unknown":
        state = "unknown"
    else:
        state = "buy"
    return Figure("purchase.advice", state, "state", "choice", inputs=(saturated, own, elsewhere, looked))


def whole(
    proposal: Proposal, candidates: Sequence[Candidate], n_catalogue: int, known: Parameters, read_at: str = "", n_compared: int | None = None
) -> Figure:
    """Everything the review rests on as one tree: what is kept beside the opinion. All own candidates are named, of the others the 50 most
    alike; their number is of all.
    """
    day = proposal.proposed_on
    due = required(proposal, known)
    told = advice(candidates, saturation(candidates, known, day), n_catalogue, read_at, n_compared)
    alike = Figure(
        "purchase.candidates", len(candidates), "count", "count",
        inputs=(known.figure(LEAST, day), *(_of_candidate(one) for one in listed(candidates))),
    )  # fmt: skip
    params = (("number", proposal.number), ("name", proposal.name))
    return Figure("purchase.review", told.value, "state", "collected", inputs=(due, required_national(proposal, known), told, alike), params=params)


def listed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that are named one by one, in their order."""
    elsewhere = [one for one in candidates if one.place != "own"][:MOST_ELSEWHERE]
    return [one for one in candidates if one.place == "own" or one in elsewhere]


def _of_candidate(one: Candidate) -> Figure:
    """One candidate with all that paper says of it: the opinion is printed from this tree, not from what the ledger says later."""
    outside = Figure("purchase.set_external", one.external_minutes, "minutes", "sum")
    params = (
        ("place", one.place), ("number", one.number or "—"), ("name", one.name), ("model", one.model), ("holder", one.holder),
        ("counts", "true" if one.counts else "false"),
    )  # fmt: skip
    value = one.similarity.figure.value
    return Figure("purchase.candidate", value, "ratio", "collected", inputs=(one.similarity.figure, _hours_of(one), outside), params=params)
