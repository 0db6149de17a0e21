"""What a person enters for a university's yearly reports: the school's code, what the school states of a set, the counts of its academic years.

Confidential sets are reported nowhere, so nothing of this is entered for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.actions import performance
from desktop.actions.workspace import Workspace, today
from desktop.formats.cells import fold
from desktop.formats.moe import width
from desktop.ledger import period as periods
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.ledger.university import ITEMS, STATED, STATES, USES, StatedSet, UseCount
from desktop.rules import university_use as rules
from desktop.store import university as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS

SCHOOL = "university.school"
_CODES = frozenset({"number", "class_code", "use", "department_code", "state"})
MOST = 10_000_000
"""An amount above is a slip of the pen, whatever it counts."""

_CODE = re.compile(r"[0-9]{5}")
_CLASS = re.compile(r"[0-9]{8}")
_WIDEST = {"number": 8, "department_code": 10, "name": 30, "specification": 30}


@dataclass(frozen=True, slots=True)
class Entered:
    """One amount of a set's year as it was entered."""

    asset_number: str
    name: str
    fact: UseCount


def school_code(workspace: Workspace) -> str:
    """The school's code in the ministry's list, five digits; "" while nobody entered it."""
    return workspace.setting(SCHOOL)


def set_school_code(workspace: Workspace, code: str) -> str:
    """Keep the school's code, "" forgets it; returns what is kept. Raises Refused ``university.school_code`` for what is not five digits."""
    told = fold(code).strip()
    if told and not _CODE.fullmatch(told):
        raise Refused("university.school_code", shown=told)
    workspace.keep(SCHOOL, told)
    return told


def year(workspace: Workspace, text: str | None = None) -> Period:
    """An academic year (``2024-2025``); the last that is over when none is given. Raises Refused for anything else."""
    if text is None:
        now = today()
        running = performance.span(workspace, f"{now.year}-{now.year + 1}")
        first = now.year - 1 if now >= running.start else now.year - 2
        text = f"{first}-{first + 1}"
    if periods.academic_first(text) is None:
        raise Refused("university.year", period=text)
    return performance.span(workspace, text)


def stated_faults(given: Mapping[str, str]) -> tuple[str, str] | None:
    """The code and the value of what cannot be stated; None when all can. Class, use and state are of the ministry's lists."""
    given = _plain(given)
    for name, limit in _WIDEST.items():
        if width(given.get(name, "")) > limit:
            return f"university.{name}", given[name]
    if given.get("class_code") and not _CLASS.fullmatch(given["class_code"]):
        return "university.class_code", given["class_code"]
    if given.get("use") and given["use"] not in USES:
        return "university.use", given["use"]
    if given.get("state") and given["state"] not in STATES:
        return "university.state", given["state"]
    return None


def _plain(given: Mapping[str, str]) -> dict[str, str]:
    """Values without space around them; numbers and codes in plain digits and letters, however wide they were typed."""
    return {name: (fold(value) if name in _CODES else value).strip() for name, value in given.items()}


def stated(workspace: Workspace, asset_number: str) -> StatedSet | None:
    """What the school states of a set; None when it states nothing. Raises Refused for an unknown set."""
    with workspace.read() as connection:
        one = _set(connection, asset_number)
        return rows.SETS.one(connection, "instrument_id = ?", (one.id,))


def state(workspace: Workspace, asset_number: str, given: Mapping[str, str]) -> Changes:
    """State something of a set; names of STATED that are not given stay as they are, "" makes one unknown again. Undo takes it back.

    Raises Refused for nothing given, an unknown or confidential set, or a value the ministry's lists do not have.
    """
    told = _plain(given)
    if not told:
        raise Refused("university.nothing_said")
    _refuse(stated_faults(told))
    with workspace.write("university state", params={"asset_number": asset_number.strip()}) as operation:
        connection = operation.connection
        one = _open_set(connection, asset_number)
        known = rows.SETS.one(connection, "instrument_id = ?", (one.id,))
        made = replace(known or StatedSet(new_key(), one.id), **told, noted_by=workspace.who)
        if not any(getattr(made, name) for name in STATED):
            rows.SETS.delete(connection, [made.id] if known else [])
        else:
            (rows.SETS.update if known else rows.SETS.insert)(connection, [made])
    return operation.changes


def every(workspace: Workspace, text: str | None = None) -> list[Entered]:
    """The amounts entered for an academic year (all years when None), by set, year and the order of ITEMS."""
    named = None if text is None else year(workspace, text).name
    with workspace.read() as connection:
        found = rows.COUNTS.find(connection, *(("", ()) if named is None else ("year = ?", (named,))))
        sets = {one.id: one for one in INSTRUMENTS.find(connection, "id IN (SELECT instrument_id FROM university_count)")}
    told = [Entered(sets[fact.instrument_id].asset_number, sets[fact.instrument_id].name, fact) for fact in found]
    return sorted(told, key=lambda one: (one.asset_number, one.fact.year, ITEMS.index(one.fact.item)))


def enter(workspace: Workspace, asset_number: str, text: str, amounts: Mapping[str, int | None], ground: str | None = None) -> Changes:
    """Enter amounts of a set's academic year (minutes of HOURS, counts of the others), or enter them anew; None makes one blank again.

    Items that are not named stay as they are; ``ground`` None: of each item what it was, "" without. One operation, which undo takes back.
    Raises Refused for no amount, what is no academic year, an unknown or confidential set, an amount that cannot be, or more open hours than hours.
    """
    named = year(workspace, text).name
    if not amounts:
        raise Refused("university.nothing_said")
    with workspace.write("university use", params={"asset_number": asset_number.strip(), "year": named}) as operation:
        connection = operation.connection
        one = _open_set(connection, asset_number)
        known = rows.counted(connection, named, one.id).get(one.id, {})
        left = {item: fact.amount for item, fact in known.items()} | dict(amounts)
        whole = {item: amount for item, amount in left.items() if amount is not None}
        wrong = amount_fault(whole)
        if wrong:
            raise Refused(wrong, asset_number=one.asset_number)
        changed, new = [], []
        for item, amount in amounts.items():
            old = known.get(item)
            if amount is None:
                continue
            if old is not None:
                said = old.ground if ground is None else ground.strip()
                changed.append(replace(old, amount=amount, ground=said, noted_on=today(), noted_by=workspace.who))
            else:
                new.append(UseCount(new_key(), one.id, named, item, amount, (ground or "").strip(), today(), workspace.who))
        rows.COUNTS.update(connection, changed)
        rows.COUNTS.insert(connection, new)
        rows.COUNTS.delete(connection, [known[item].id for item, amount in amounts.items() if amount is None and item in known])
    return operation.changes


def amount_fault(amounts: Mapping[str, int]) -> str | None:
    """The code of what is wrong with the amounts of one set's year; None when nothing is."""
    return rules.faults(amounts) or ("university.too_much" if any(amount > MOST for amount in amounts.values()) else None)


def _refuse(fault: tuple[str, str] | None) -> None:
    if fault is not None:
        raise Refused(fault[0], shown=fault[1])


def _set(connection: Connection, asset_number: str) -> Instrument:
    one = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if one is None:
        raise Refused("instrument.unknown", asset_number=asset_number.strip())
    return one


def _open_set(connection: Connection, asset_number: str) -> Instrument:
    one = _set(connection, asset_number)
    if one.confidential:
        raise Refused("university.confidential", asset_number=one.asset_number)
    return one
