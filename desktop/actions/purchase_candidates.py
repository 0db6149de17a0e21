"""The sets a proposed purchase is compared with: own ones from the ledger, others' from the catalogue that was read. Reads only.

Confidential sets are neither compared nor named, retired ones serve nobody, and what the network publishes of the institution itself
is not a set elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop.actions.sync_pending import NETWORK
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.purchase import Proposal
from desktop.rules import purchase_review as rules
from desktop.rules import short_forms
from desktop.rules.figure import Rows
from desktop.rules.parameters import Parameters
from desktop.rules.purchase_review import Candidate
from desktop.rules.similarity import Described, letters, pairs, similarity
from desktop.store import library, performance, purchases
from desktop.store.database import Connection
from desktop.store.facts import INSTITUTIONS, INSTRUMENTS

N_SIEVED = 2_000
_MOST_PAIRS = 120


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates, the most alike first; ``n_withheld`` confidential sets were not looked at; ``n_catalogue`` instruments of others are
    known; ``cut``: not all of them that might be alike were compared, only ``n_compared``.
    """

    candidates: tuple[Candidate, ...]
    n_withheld: int
    n_catalogue: int
    n_compared: int | None

    @property
    def cut(self) -> bool:
        """Whether more entries were written alike than are compared."""
        return self.n_compared is not None


def find(connection: Connection, proposal: Proposal, known: Parameters, *, with_rows: bool = False) -> Found:
    """Every set of the same kind, used as in the year before the proposal. ``with_rows``: with the postings behind each own set's hours."""
    year = rules.year_before(proposal.proposed_on)
    names = {one.name for one in INSTITUTIONS.find(connection)}
    serving = [one for one in INSTRUMENTS.find(connection) if one.retired_on is None or one.retired_on > proposal.proposed_on]
    open_to_all = [one for one in serving if not one.confidential]
    own = rules.of_same_kind(_own(connection, open_to_all, proposal, known, year, min(names, default="")), known, proposal.proposed_on)
    if with_rows:
        own = _with_rows(connection, own, year)
    rows, cut = purchases.sieved(connection, NETWORK, sieves(proposal), N_SIEVED)
    numbers = {one.network_number for one in open_to_all if one.network_number}
    elsewhere = [
        _elsewhere(row, proposal, known)
        for row in rows.values()
        if row["institution_name"] not in names and row.get("network_number") not in numbers
    ]
    found = rules.of_same_kind([*own, *elsewhere], known, proposal.proposed_on)
    return Found(found, len(serving) - len(open_to_all), library.n_entries(connection, NETWORK), len(rows) if cut else None)


def wanted(proposal: Proposal) -> Described:
    """The proposal as it is compared."""
    return Described(proposal.name, proposal.class_code, proposal.model, proposal.functions)


def sieves(proposal: Proposal) -> list[tuple[Sequence[str], int]]:
    """What a row of the catalogue must have to be worth comparing: the class, some pairs of signs of the name, or half of the functions'.

    A row with neither the class nor half of the functions is alike enough, by the packaged weights, only with a grade of the name of 1/3:
    a fifth of the wanted name's pairs at least, or two of them where one name stands in the other. The name is taken as it is written and as it is
    meant, and what is written short of it by itself.
    """
    told: list[tuple[Sequence[str], int]] = []
    if proposal.class_code:
        told.append(((proposal.class_code,), 1))
    written, meant = (pairs(letters(text))[:_MOST_PAIRS] for text in (proposal.name, short_forms.read(proposal.name, proposal.proposed_on).text))
    if written:
        told.append((tuple(dict.fromkeys(written + meant)), min(2, -(-len(written) // 5), -(-len(meant) // 5))))
    shorts = short_forms.shorts_of(proposal.name, alone=True)[:_MOST_PAIRS]
    if shorts:
        told.append((shorts, 1))
    functions = pairs(letters(proposal.functions))[:_MOST_PAIRS]
    if functions:
        told.append((functions, max(1, len(functions) // 2)))
    return told


def _own(
    connection: Connection, instruments: Sequence[Instrument], proposal: Proposal, known: Parameters, year: Period, holder: str
) -> list[Candidate]:
    used = {one.instrument_id: one for one in performance.of_sets(connection, year)}
    described, told = wanted(proposal), []
    for one in instruments:
        its = Described(one.name, one.class_code, one.model, f"{one.functions}\n{one.service_content}")
        use = used.get(one.id)
        told.append(
            Candidate(
                "own", one.asset_number, one.name, one.model, holder, similarity(described, its, known, proposal.proposed_on),
                None if use is None else use.effective_minutes, None if use is None else use.external_minutes,
                use is not None and rules.whole_year(one.accepted_on, one.retired_on, year),
            )
        )  # fmt: skip
    return told


def _with_rows(connection: Connection, found: Sequence[Candidate], year: Period) -> tuple[Candidate, ...]:
    told = []
    for one in found:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (one.number,))
        keys = performance.postings_of(connection, instrument.id, year) if instrument is not None else ()
        told.append(replace(one, rows=Rows("posting", keys)))
    return tuple(told)


def _elsewhere(row: Mapping[str, Any], proposal: Proposal, known: Parameters) -> Candidate:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    its = Described(text("name"), text("class_code"), text("model"), f"{text('functions')}\n{text('service_content')}")
    compared = similarity(wanted(proposal), its, known, proposal.proposed_on)
    return Candidate("elsewhere", text("network_number"), its.name, its.model, text("institution_name"), compared)
