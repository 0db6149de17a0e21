"""The list of instruments with their duties: sorted and filtered in SQL, duties judged for the rows that need it.

A filter or an order by duty looks at every instrument in service (some tenths of a second for 30 000); a page of rows judges
only itself.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from desktop.actions import duties, rules_in_force
from desktop.actions.instruments import LISTING
from desktop.actions.workspace import Workspace
from desktop.ledger.duty import DUTY_STATES, Duty
from desktop.ledger.instrument import Instrument
from desktop.ledger.publication import STATES, UNKNOWN_THERE
from desktop.rules import duties as duty_rules
from desktop.store import instrument_views as views
from desktop.store import publications
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.reach import NETWORK

__all__ = ["BY_DUTY", "LISTING", "OBLIGED", "PUBLISHED", "counts", "departments", "ids", "ids_of", "one", "rowids", "rows", "states_of"]

# Several states under one word.
OBLIGED = frozenset({"to_join", "joined", "joined_late", "overdue", "to_file", "filed"})
_GROUPS: Mapping[str, frozenset[str]] = {"obliged": OBLIGED, "joined": frozenset({"joined", "joined_late"})}
# Most urgent first.
_URGENCY = ("overdue", "to_join", "to_file", "unknown", "joined_late", "joined", "filed", "not_obliged", "retired")
PUBLISHED = (*STATES, UNKNOWN_THERE)
BY_DUTY = ("state", "deadline", "days_left")
_NAMES = tuple(LISTING.columns)
_DAYS = ("accepted_on", "joined_on", "booked_on", "filed_on", "retired_on")
_FLAGS = ("fiscal", "confidential")
_FAR = date.max


def states_of(name: str) -> frozenset[str]:
    """The duty states behind a filter: a state itself, ``obliged`` or ``joined``. Raises KeyError for another word."""
    if name in _GROUPS:
        return _GROUPS[name]
    if name not in DUTY_STATES:
        raise KeyError(name)
    return frozenset({name})


def _judged(workspace: Workspace, connection: Connection, on: date, keys: Sequence[int] | None = None) -> dict[int, Duty | None]:
    """Duty by rowid; None for an instrument out of service."""
    facts = views.duty_facts(connection, keys)
    calendar = duties.calendar_of(workspace)
    judged = duty_rules.assess_all(
        (fact for _, fact in facts if views.serving(fact, on)), on, rules_in_force.within(connection), calendar
    )
    by_order = iter(judged)
    return {key: next(by_order) if views.serving(fact, on) else None for key, fact in facts}


def ids(
    workspace: Workspace,
    on: date,
    *,
    sort: str = "",
    descending: bool = False,
    where: Mapping[str, str | None] | None = None,
    text: str = "",
    state: str = "",
) -> array[int]:
    """The rowids of the list. ``where`` as in ``LISTING``; ``state`` as in ``states_of``; ``sort`` also by ``BY_DUTY``."""
    with workspace.read() as connection:
        keys = LISTING.ids(connection, sort="" if sort in BY_DUTY else sort, descending=descending, where=where, text=text)
        if not state and sort not in BY_DUTY:
            return keys
        judged = _judged(workspace, connection, on)
    wanted = states_of(state) if state else None
    if wanted is not None:
        keys = array("q", (key for key in keys if (duty := judged[key]) is not None and duty.state in wanted))
    if sort in BY_DUTY:
        known = sorted(
            (key for key in keys if _order(judged[key], sort) is not None),
            key=lambda key: _order(judged[key], sort),
            reverse=descending,
        )
        there = set(known)
        keys = array("q", [*known, *(key for key in keys if key not in there)])
    return keys


def _order(duty: Duty | None, sort: str) -> Any:
    if sort == "state":
        return _URGENCY.index(duty.state if duty else "retired"), (duty and duty.deadline) or _FAR
    if duty is None:
        return None
    return duty.deadline if sort == "deadline" else duty.days_left


def rows(workspace: Workspace, keys: Sequence[int], on: date) -> list[dict[str, Any]]:
    """The rows in sight by column name of ``LISTING``, with ``key``, ``state``, ``deadline``, ``days_left`` and ``provisional``.

    Days are dates, flags yes/no/None; ``state`` is ``retired`` for an instrument out of service.
    """
    with workspace.read() as connection:
        found = LISTING.rows(connection, keys)
        judged = _judged(workspace, connection, on, list(found))
    told = []
    for key, values in found.items():
        row: dict[str, Any] = dict(zip(_NAMES, values, strict=True))
        for name in _DAYS:
            row[name] = date.fromisoformat(row[name]) if row[name] else None
        for name in _FLAGS:
            row[name] = None if row[name] is None else bool(row[name])
        duty = judged[key]
        row |= {"key": key, "state": duty.state if duty else "retired", "deadline": duty.deadline if duty else None}
        row |= {"days_left": duty.days_left if duty else None, "provisional": bool(duty and duty.provisional)}
        told.append(row)
    return told


def counts(workspace: Workspace, on: date) -> dict[tuple[str, str], int]:
    """How many rows each filter would show: (filter, value) -> rows; of publication only the states that there are, and of what nobody said
    whether it is confidential only where there is any."""
    with workspace.read() as connection:
        judged = _judged(workspace, connection, on)
        tallies = views.tallies(connection)
        published = publications.counts(connection, NETWORK)
    by_state: Counter[str] = Counter(duty.state for duty in judged.values() if duty is not None)
    told: dict[tuple[str, str], int] = {("state", state): by_state[state] for state in DUTY_STATES}
    told |= {("state", name): sum(by_state[state] for state in states) for name, states in _GROUPS.items()}
    told |= {("service", name): tallies[name] for name in ("in_service", "retired")}
    told |= {("published", name): published[name] for name in PUBLISHED if published.get(name)}
    told |= {("confidential", "unsaid"): tallies["unsaid"]} if tallies["unsaid"] else {}
    return told | {("confidential", "yes"): tallies["confidential"]}


def departments(workspace: Workspace) -> list[str]:
    """The departments that instruments belong to."""
    with workspace.read() as connection:
        return views.departments(connection)


def rowids(workspace: Workspace, names: Sequence[str]) -> list[int]:
    """The rowids of asset numbers or ids, as far as they exist."""
    with workspace.read() as connection:
        return views.rowids(connection, names)


def one(workspace: Workspace, key: int) -> Instrument | None:
    """The instrument of a rowid, None when it is gone."""
    with workspace.read() as connection:
        found = views.ids_of(connection, [key])
        return INSTRUMENTS.get(connection, found[0]) if found else None


def ids_of(workspace: Workspace, keys: Sequence[int]) -> list[str]:
    """The ids behind rowids."""
    with workspace.read() as connection:
        return views.ids_of(connection, keys)
