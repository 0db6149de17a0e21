"""A set somebody proposes to buy, what its duplicate review (查重评议) came to, and what the national platform's came to. Measure clause 13."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

ProposalState = Literal["draft", "reviewed", "withdrawn"]
Opinion = Literal["agree", "share", "revise"]
OPINIONS: tuple[Opinion, ...] = ("agree", "share", "revise")
NationalOutcome = Literal["agree", "refuse", "revise"]
NATIONAL_OUTCOMES: tuple[NationalOutcome, ...] = ("agree", "refuse", "revise")
NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed purchase. ``price_fen`` is the budget of one set, ``provincial_fen`` and ``central_fen`` what the province's and the central
    budget's money pay of it (None: not stated); ``functions`` what it is to do; ``reason`` why the sets there are do not serve. ``prepared_by`` is
    a person's key, ``prepared_at`` UTC: whoever entered or changed it last.
    """

    id: str
    number: str
    proposed_on: date
    name: str
    price_fen: int
    provincial_fen: int | None = None
    model: str = ""
    class_code: str = ""
    functions: str = ""
    department: str = ""
    reason: str = ""
    central_fen: int | None = None
    state: ProposalState = "draft"
    prepared_by: str = ""
    prepared_at: datetime = NOT_YET


@dataclass(frozen=True, slots=True)
class Review:
    """The opinion on a proposal, with what it was given on: ``agree`` to buy, ``share`` the sets there are, ``revise`` the proposal.

    ``figure`` is the tree of that day as JSON, ``n_withheld`` confidential sets
    that were looked at and are not named; ``reviewed_at`` is UTC.
    """

    id: str
    proposal_id: str
    opinion: Opinion
    text: str
    reviewed_by: str
    reviewed_on: date
    reviewed_at: datetime
    figure: str
    n_withheld: int = 0


@dataclass(frozen=True, slots=True)
class NationalResult:
    """What the national platform's review answered to a proposal: to buy (``agree``), not to (``refuse``), or to correct the application and send
    it anew (``revise``). It is known by ``document``, the number of the platform's paper.

    ``decided_on`` is the day the paper names, ``noted_on`` the day it was entered, both Asia/Shanghai; ``text`` is the opinion and ``similar``
    the sets it names, as the paper has them.
    """

    id: str
    proposal_id: str
    document: str
    outcome: NationalOutcome
    decided_on: date
    noted_on: date
    text: str = ""
    similar: str = ""
    noted_by: str = ""
