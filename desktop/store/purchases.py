"""Proposed purchases, their opinions and the national platform's results as rows, and what of the catalogue is worth comparing with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.ledger.purchase import NationalResult, Proposal, Review
from desktop.store import locator, schema_purchases
from desktop.store.database import Connection
from desktop.store.rows import Codec

PROPOSALS = Codec(Proposal, schema_purchases.purchase_proposal)
REVIEWS = Codec(Review, schema_purchases.purchase_review)
NATIONAL = Codec(NationalResult, schema_purchases.purchase_national)


def reviews(connection: Connection, proposal_id: str) -> list[Review]:
    """The opinions on a proposal, the newest first."""
    return REVIEWS.find(connection, "proposal_id = ?", (proposal_id,), "rowid DESC")


def national(connection: Connection, proposal_id: str) -> list[NationalResult]:
    """What the national platform answered to a proposal, the newest first."""
    return NATIONAL.find(connection, "proposal_id = ?", (proposal_id,), "decided_on DESC, document")


def sieved(
    connection: Connection, remote: str, sieves: Sequence[tuple[Sequence[str], int]], limit: int
) -> tuple[dict[tuple[str, str], dict[str, Any]], bool]:
    """Catalogue rows that one of the sieves lets through, by institution and id; and whether a sieve had more than the limit.

    A sieve is parts of a text and how many of them a row must have; the rows with most parts come first.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    cut = False
    for parts, least in sieves:
        rows = locator.resembling(connection, remote, [([(part,) for part in parts], least)], limit)
        cut = cut or len(rows) == limit
        found |= {(str(row["institution_name"]), str(row["id"])): row for row in rows}
    return found, cut
