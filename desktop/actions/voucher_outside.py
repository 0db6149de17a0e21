"""Uses of instruments of another province (clause 12): the search of the province's catalogue first, each set found answered, then the use.

A search keeps the words, the day, the day the catalogue was read and every set it found, as they were: it is evidence and is never made anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.actions import library, locator, vouchers
from desktop.actions.day import day_of
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.voucher import Hit
from desktop.ledger.voucher_rows import OutsideUse, SearchMade
from desktop.rules import regions
from desktop.store import attachments
from desktop.store import vouchers as rows
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS, RECORDS

__all__ = ["Kept", "answer", "drop", "enter", "every", "search", "searches"]

MOST_HITS = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A search by its place among all (from 1), with the sets it found and why each could not serve."""

    place: int
    search: SearchMade
    hits: tuple[Hit, ...]


def searches(workspace: Workspace) -> list[Kept]:
    """Every search, the oldest first."""
    with workspace.read() as connection:
        return _kept(connection)


def search(workspace: Workspace, asked: str, reason: str = "") -> tuple[Kept, Changes]:
    """Search the catalogue that was read and keep what it found today. ``reason``: why another province is used.

    Raises Refused without words, before a catalogue was read, or when more than 50 sets were found: more words find fewer.
    """
    if not asked.strip():
        raise Refused("voucher.search_words")
    n_known, read_at = library.catalogue_read_at(workspace, NETWORK)
    if not n_known or not read_at:
        raise Refused("voucher.search_no_catalogue")
    located = locator.find(workspace, asked)
    if located.n_found > MOST_HITS:
        raise Refused("voucher.search_too_many", n=located.n_found, most=MOST_HITS)
    found = tuple(_text(Hit(one.name, one.institution_name)) for one in located.found)
    row = SearchMade(new_key(), today(), asked.strip(), day_of(read_at), found, reason.strip(), workspace.who)
    with workspace.write("voucher search", params={"asked": row.asked, "n": str(len(found))}) as operation:
        rows.SEARCHES.insert(operation.connection, [row])
        kept = next(one for one in _kept(operation.connection) if one.search.id == row.id)
    return kept, operation.changes


def answer(workspace: Workspace, place: int, hits: Sequence[int] = (), why_not: str = "", reason: str = "") -> tuple[Kept, Changes]:
    """Say why sets that a search found (by their places, from 1) could not serve, and why another province is used.

    Raises Refused for an unknown search or set, nothing said, or a search that a claim rests on.
    """
    if not (reason.strip() or (hits and why_not.strip())):
        raise Refused("voucher.search_nothing_said")
    with workspace.write("voucher answer", params={"place": str(place)}) as operation:
        connection = operation.connection
        kept = _at(connection, place)
        for use in rows.OUTSIDE.find(connection, "search_id = ?", (kept.search.id,)):
            vouchers.changeable(connection, use.id, use.number)
        wrong = [n for n in hits if not 1 <= n <= len(kept.hits)]
        if wrong:
            raise Refused("voucher.search_no_hit", n=wrong[0], most=len(kept.hits))
        told = [replace(hit, why_not=why_not.strip()) if n in hits else hit for n, hit in enumerate(kept.hits, 1)]
        row = replace(kept.search, hits=tuple(map(_text, told)), reason=reason.strip() or kept.search.reason)
        rows.SEARCHES.update(connection, [row])
        told_now = _at(connection, place)
    return told_now, operation.changes


def every(workspace: Workspace) -> list[tuple[OutsideUse, str, int | None]]:
    """Every use elsewhere by number, with its customer and the place of its search."""
    with workspace.read() as connection:
        places = {one.search.id: one.place for one in _kept(connection)}
        names = {one.id: one.name for one in CUSTOMERS.find(connection)}
        return [(one, names[one.customer_id], places.get(one.search_id or "")) for one in rows.OUTSIDE.find(connection, order="number")]


def enter(workspace: Workspace, use: OutsideUse, customer: str, search_place: int | None = None, *, new: bool = False) -> Changes:
    """Enter a use elsewhere or, by its number, enter it anew; the search by its place.

    ``new``: a number that is there is refused. ``id`` and ``customer_id`` of ``use`` are not read.

    Raises Refused for a number of a service record, an unknown or internal customer, an unknown search, something left empty, this
    province or a place of which nobody can tell the province, days the wrong way round, a negative amount, something left out without
    a reason, or a use that a claim rests on.
    """
    number = use.number.strip()
    _plain(use)
    with workspace.write("voucher outside", params={"number": number}) as operation:
        connection = operation.connection
        if RECORDS.one(connection, "number = ?", (number,)) is not None:
            raise Refused("voucher.outside_taken", number=number)
        one = CUSTOMERS.one(connection, "name = ?", (customer.strip(),))
        if one is None:
            raise Refused("voucher.unknown_customer", name=customer.strip())
        if one.internal:
            raise Refused("voucher.outside_internal", name=one.name)
        before = rows.OUTSIDE.one(connection, "number = ?", (number,))
        if before is not None and new:
            raise Refused("voucher.outside_there", number=number)
        if before is not None:
            vouchers.changeable(connection, before.id, number)
        found = None if search_place is None else _at(connection, search_place).search.id
        row = replace(use, id=before.id if before else new_key(), number=number, customer_id=one.id, search_id=found)
        (rows.OUTSIDE.update if before else rows.OUTSIDE.insert)(connection, [row])
    return operation.changes


def drop(workspace: Workspace, number: str, reason: str) -> Changes:
    """Take a use out that never was, with what was said of its papers; the search stays.

    Raises Refused without a reason or such a use, while a claim names it, also one that was withdrawn, or while files hang on it.
    """
    if not reason.strip():
        raise Refused("voucher.outside_drop_reason")
    number = number.strip()
    with workspace.write("voucher outside drop", reason=reason.strip(), params={"number": number}) as operation:
        connection = operation.connection
        found = rows.OUTSIDE.one(connection, "number = ?", (number,))
        if found is None:
            raise Refused("voucher.no_outside_here", number=number)
        claim = rows.named_by(connection, found.id)
        if claim is not None:
            raise Refused("voucher.outside_claimed", number=number, claim=claim)
        files = attachments.of_subject(connection, "outside_use", found.id)
        if files:
            raise Refused("voucher.outside_files", number=number, n=len(files))
        rows.PAPERS.delete(connection, [one.id for one in rows.PAPERS.find(connection, "use_id = ?", (found.id,))])
        rows.OUTSIDE.delete(connection, [found.id])
    return operation.changes


def _plain(use: OutsideUse) -> None:
    if not all(text.strip() for text in (use.number, use.instrument_name, use.institution, use.province)):
        raise Refused("voucher.outside_empty")
    province = regions.in_text(use.province)[0]
    if not province:
        raise Refused("voucher.outside_where", place=use.province.strip())
    if province == regions.PROVINCE:
        raise Refused("voucher.outside_here", place=use.province.strip())
    if use.started_on > use.ended_at.date():
        raise Refused("voucher.outside_span")
    if use.excluded_fen < 0 or any(fen is not None and fen < 0 for fen in (use.fee_fen, use.invoiced_fen)):
        raise Refused("voucher.negative")
    if use.excluded_fen and not use.excluded_why.strip():
        raise Refused("voucher.excluded_needs_reason")


def _kept(connection: Connection) -> list[Kept]:
    found = rows.SEARCHES.find(connection, order="searched_on, id")
    return [Kept(place, one, tuple(Hit(*json.loads(hit)) for hit in one.hits)) for place, one in enumerate(found, 1)]


def _at(connection: Connection, place: int) -> Kept:
    found = _kept(connection)
    if not 1 <= place <= len(found):
        raise Refused("voucher.no_search_at", place=place)
    return found[place - 1]


def _text(hit: Hit) -> str:
    return json.dumps([hit.name, hit.institution, hit.why_not], ensure_ascii=False)
