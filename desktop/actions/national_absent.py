"""Services of sets that the national platform does not know: it takes a service by the number of its set, and sends back a row whose set is not there.

A set is known there when it goes in the same files, was taken from here before and not taken off since, or when a service of it was. Whoever entered
sets on the platform by hand knows better than the ledger, so the rows go, with a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from desktop.actions import national_taken
from desktop.formats import national_soap
from desktop.ledger.finding import Finding, finding
from desktop.store.database import Connection

CODE = "national.set_not_there"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Absent:
    """How many rows of services have a set that is not there, and a warning for each such set."""

    n_rows: int = 0
    findings: tuple[Finding, ...] = ()


def of(connection: Connection, services: Sequence[tuple[str, Mapping[str, str]]], going: Collection[str]) -> Absent:
    """The absent sets of ``services``: record number and row (N6). ``going``: asset numbers of the sets in the same files."""
    known = {*going, *_there(connection, national_soap.INSTRUMENT)}
    taken = _there(connection, national_soap.SERVICE)
    known |= {row["innerId"] for _, row in services if row["recordInnerId"] in taken}
    of_set: dict[str, list[str]] = {}
    for number, row in services:
        if row["innerId"] not in known:
            of_set.setdefault(row["innerId"], []).append(number)
    told = (
        finding(CODE, "warning", number=asset, n=len(numbers), records="、".join(numbers[:_NAMED]) + ("…" if len(numbers) > _NAMED else ""))
        for asset, numbers in of_set.items()
    )
    return Absent(sum(map(len, of_set.values())), tuple(told))


def _there(connection: Connection, kind: str) -> set[str]:
    return {key for key, one in national_taken.anywhere(connection, kind).items() if one.removed is None}
