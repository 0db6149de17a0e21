"""What the national platform has from here that is no longer so: reversed and replaced services, retired and confidential sets, another effect.

What is to be taken off there is done by a person on the platform; that it was done is said here, and then the row counts as not there.
Another address or identifier entered since takes nothing off: rows are told by whatever address they were sent, with it when it is another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import national_messages, national_outgoing, national_taken
from desktop.actions.national_outgoing import row_digest
from desktop.actions.national_taken import Taken
from desktop.actions.workspace import Workspace, now, today
from desktop.formats import national_effect, national_soap
from desktop.ledger import period as periods
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.national_message import NationalRemoval
from desktop.ledger.problem import Refused
from desktop.rules import national_there as rules
from desktop.rules.national_there import RowFacts, There
from desktop.store import national_there as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.national_messages import REMOVALS

KINDS = (national_soap.INSTRUMENT, national_soap.SERVICE, national_soap.EFFECT)
"""Customs data go with their set."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row the platform has that is no longer so, or was taken off there.

    ``name`` is what people call it (asset number, record number, year), ``what`` the set; ``since`` the day of the reversal or retirement.
    ``elsewhere``: the address it was sent to, "" when that is still the one in use.
    """

    kind: str
    key: str
    name: str
    what: str
    state: There
    taken: Taken
    since: date | None = None
    successor: str = ""
    elsewhere: str = ""

    @property
    def finding(self) -> Finding:
        """What is the matter and what to do, in words' codes."""
        grave: Severity = "note" if self.state == "removed" else "warning"
        return finding(
            f"national_there.to_do_{self.state}", grave, name=self.name, day=self.taken.first_on, since=self.since or "—", successor=self.successor or "—"
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be done, and where when that is not the address in use."""
        if not self.elsewhere or self.state == "removed":
            return (self.finding,)
        return self.finding, finding("national_there.elsewhere", "note", name=self.name, address=self.elsewhere, unit=self.taken.message.unit)


def every(workspace: Workspace, on: date | None = None) -> list[Row]:
    """Every row that is to be seen to on a day (today when not given), those to be taken off first; also those that were taken off since."""
    day, to = on or today(), national_outgoing.target(workspace)
    with workspace.read() as connection:
        taken = {kind: national_taken.anywhere(connection, kind) for kind in KINDS}
        found = [*_sets(connection, taken[national_soap.INSTRUMENT], day), *_services(connection, taken[national_soap.SERVICE], day)]
    found += _effects(workspace, taken[national_soap.EFFECT], day)
    told = [one if (one.taken.message.address, one.taken.message.unit) == (to.address, to.unit) else _elsewhere(one) for one in found]
    return sorted(told, key=lambda one: (rules.THERE.index(one.state), one.kind, one.name))


def _elsewhere(one: Row) -> Row:
    return replace(one, elsewhere=one.taken.message.address)


def open_rows(workspace: Workspace, on: date | None = None) -> list[Row]:
    """Those of ``every`` that nobody has seen to yet."""
    return [one for one in every(workspace, on) if one.state != "removed"]


def _sets(connection: Connection, taken: dict[str, Taken], day: date) -> Iterable[Row]:
    known = {one.asset_number: one for one in INSTRUMENTS.find(connection)} if taken else {}
    for key, there in taken.items():
        one = known.get(key)
        facts = set_facts(one, there)
        state = rules.assess(facts, day)
        if state not in (None, "stands"):
            yield Row(national_soap.INSTRUMENT, key, key, one.name if one else "", state, there, facts.retired_on)


def set_facts(one: Instrument | None, there: Taken) -> RowFacts:
    """What the ledger has of a set the platform took; None: the set is not in it any more."""
    return RowFacts(
        there.first_on, one is not None, bool(one and one.confidential), retired_on=one.retired_on if one else None, removed_on=there.removed_on
    )


def _services(connection: Connection, taken: dict[str, Taken], day: date) -> Iterable[Row]:
    removed = [key for key, there in taken.items() if there.removed is not None]
    names = rows.numbers(connection, removed)
    for one in rows.otherwise(connection, taken.keys()):
        there = taken[one.id]
        facts = RowFacts(there.first_on, True, one.confidential, one.reversed_on, one.successor, removed_on=there.removed_on)
        state = rules.assess(facts, day)
        if state not in (None, "stands"):
            names.pop(one.id, None)
            yield Row(national_soap.SERVICE, one.id, one.number, one.instrument, state, there, one.reversed_on, one.successor)
    for key, (number, instrument) in names.items():
        if rules.assess(RowFacts(taken[key].first_on, removed_on=taken[key].removed_on), day) == "removed":
            yield Row(national_soap.SERVICE, key, number, instrument, "removed", taken[key])


def _effects(workspace: Workspace, taken: dict[str, Taken], day: date) -> Iterable[Row]:
    for key, there in taken.items():
        effect, _ = national_messages.effect(workspace, periods.parse(key), day)
        same = effect.n_sets is not None and row_digest(national_effect.n7(effect)) == there.sha256
        state = rules.assess(RowFacts(there.first_on, same=same), day)
        if state not in (None, "stands"):
            yield Row(national_soap.EFFECT, key, key, "", state, there)


def remove(workspace: Workspace, kind: str, names: Iterable[str], reason: str) -> Changes:
    """Say that rows were taken off the platform by hand, all in one operation; undo takes the saying back.

    ``names``: asset or record numbers. Raises Refused ``national.no_reason``, ``national.nothing_to_remove`` with nothing written.
    """
    if not reason.strip():
        raise Refused("national.no_reason")
    open_ones = {row.name: row for row in open_rows(workspace) if row.kind == kind and row.state in rules.TO_REMOVE}
    wanted = list(dict.fromkeys(name.strip() for name in names))
    unknown = [name for name in wanted if name not in open_ones]
    if unknown or not wanted:
        raise Refused("national.nothing_to_remove", name="、".join(unknown[:5]) or "—")
    with workspace.write("national remove", params={"n": str(len(wanted))}, reason=reason.strip()) as operation:
        made = [
            NationalRemoval(
                new_key(confidential=row.state == "confidential"), row.taken.message.id, row.key, now(), reason.strip(), workspace.who
            )
            for row in map(open_ones.__getitem__, wanted)
        ]  # fmt: skip
        REMOVALS.insert(operation.connection, made)
    return operation.changes
