"""A set somebody proposes to buy, and what its duplicate review (查重评议) came to. Measure clause 13."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ProposalState = Literal["draft", "reviewed", "withdrawn"]
Opinion = Literal["agree", "share", "revise"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed purchase. ``price_fen`` is the budget of one set, ``provincial_fen`` what the province's money pays of it (None: not
    stated); ``functions`` what it is to do; ``reason`` why the sets there are do not serve. ``prepared_at`` is UTC.
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
    state: ProposalState = "draft"
    prepared_by: str | None = None
    prepared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The opinion on a proposal, with what it was given on. ``figure`` is the tree of that day as JSON, ``n_withheld`` confidential sets
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
