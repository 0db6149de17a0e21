"""The universities' sharing system (CERS): what the school states of its sets, and the file of those that may be written.

A set of which nothing is stated is not reported there; a confidential one never is, and nothing is stated of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from desktop.actions.university import school_code
from desktop.actions.workspace import Workspace, today
from desktop.formats import cers as shape
from desktop.formats.cers import CersRow, Gathered
from desktop.ledger.cers import STATED, CersSet
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules.figure import Figure
from desktop.store.cers import CERS_SETS
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.words import say

__all__ = [
    "Judged", "Listed", "Part", "Written", "entry_findings", "entry_refusal", "explain", "judge", "parts", "state", "stated", "told", "withdraw", "write",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A set of which something is stated, with its elements and what is wrong."""

    instrument: Instrument
    stated: CersSet
    row: CersRow


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a set: the code of its words, its text ("": asked for and blank; None: it may be left out and is), where it comes from."""

    element: str
    said: str
    text: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The sets as the system would get them, by asset number; of ``others`` nothing is stated. ``school`` "": nobody entered the code."""

    school: str
    sets: tuple[Listed, ...]
    withheld: int
    others: tuple[Instrument, ...]

    @property
    def unstated(self) -> int:
        """How many sets are not reported, because nothing is stated of them."""
        return len(self.others)

    @property
    def sound(self) -> tuple[CersRow, ...]:
        """The rows that may be written."""
        return tuple(one.row for one in self.sets if one.row.sound)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was told, set by set, and how many sets are not reported."""
        told = tuple(found for one in self.sets for found in one.row.findings)
        return (*told, finding("cers.n_unstated", "note", n=self.unstated)) if self.unstated else told


@dataclass(frozen=True, slots=True)
class Written:
    """The file: ``rows`` in it, ``left_out`` for an error of their own, ``withheld`` confidential, ``unstated`` not reported."""

    path: Path
    rows: int
    left_out: int
    withheld: int
    unstated: int
    findings: tuple[Finding, ...]


def stated(workspace: Workspace, asset_number: str) -> CersSet | None:
    """What is stated of a set; None when nothing is. Raises Refused ``instrument.unknown``."""
    with workspace.read() as connection:
        return CERS_SETS.one(connection, "instrument_id = ?", (_set(connection, asset_number).id,))


def entry_refusal(given: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    """Why values of STATED cannot be kept, as a code and its parameters; None when they can."""
    for name, text in given.items():
        fault = shape.entry_fault(name, text)
        if fault is not None:
            return fault[0], dict(fault[1])
    return None


def entry_findings(given: Mapping[str, str]) -> list[Finding]:
    """Every value of STATED that cannot be kept, each a finding about its field."""
    faults = ((name, shape.entry_fault(name, text)) for name, text in given.items())
    return [Finding(fault[0], "error", fault[1], field=name) for name, fault in faults if fault is not None]


def state(workspace: Workspace, asset_number: str, given: Mapping[str, str]) -> Changes:
    """State something of a set; names of STATED that are not given stay as they are, "" makes one unknown again. Undo takes it back.

    A set of which nothing is left stated is reported no more. Raises Refused for nothing given, an unknown or confidential set, a value the
    system does not take, or a number stated for another set.
    """
    told = {name: " ".join(text.split()) for name, text in given.items()}
    if not told:
        raise Refused("cers.nothing_said")
    wrong = entry_refusal(told)
    if wrong is not None:
        raise Refused(wrong[0], **wrong[1])
    with workspace.write("cers state", params={"asset_number": asset_number.strip()}) as operation:
        connection = operation.connection
        one = _set(connection, asset_number)
        if one.confidential:
            raise Refused("cers.confidential", asset_number=one.asset_number)
        old = CERS_SETS.one(connection, "instrument_id = ?", (one.id,))
        made = replace(old or CersSet(new_key(), one.id), **told, noted_by=workspace.who)
        if not any(getattr(made, each) for each in STATED):
            # A row without anything would report a set of which nobody states anything.
            CERS_SETS.delete(connection, [made.id] if old else [])
        else:
            _refuse_taken(connection, made)
            (CERS_SETS.update if old else CERS_SETS.insert)(connection, [made])
    return operation.changes


def withdraw(workspace: Workspace, asset_number: str, reason: str) -> Changes:
    """Report a set no more: what was stated is taken out, the journal keeps it with the reason. Raises Refused without a reason or such a set."""
    if not reason.strip():
        raise Refused("cers.no_reason")
    with workspace.write("cers withdraw", reason=reason.strip(), params={"asset_number": asset_number.strip()}) as operation:
        connection = operation.connection
        old = CERS_SETS.one(connection, "instrument_id = ?", (_set(connection, asset_number).id,))
        if old is None:
            raise Refused("cers.not_stated", asset_number=asset_number.strip())
        CERS_SETS.delete(connection, [old.id])
    return operation.changes


def _set(connection: Connection, asset_number: str) -> Instrument:
    one = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if one is None:
        raise Refused("instrument.unknown", asset_number=asset_number.strip())
    return one


def _refuse_taken(connection: Connection, made: CersSet) -> None:
    if not made.inner_id:
        return
    other = CERS_SETS.one(connection, "inner_id = ? AND id <> ?", (made.inner_id, made.id))
    if other is not None:
        holder = INSTRUMENTS.one(connection, "id = ?", (other.instrument_id,))
        if holder is None or holder.confidential:
            raise Refused("cers.inner_id_taken_unnamed", shown=made.inner_id)
        raise Refused("cers.inner_id_taken", shown=made.inner_id, other=holder.asset_number)


def judge(workspace: Workspace, on: date | None = None) -> Judged:
    """Every set as the system would get it in a file of a day (today). Writes nothing."""
    school = school_code(workspace)
    with workspace.read() as connection:
        known = {one.instrument_id: one for one in CERS_SETS.find(connection)}
        sets = INSTRUMENTS.find(connection, order="asset_number")
    found = shape.gather(sets, known, school, on or today())
    return _judged(school, sets, known, found)


def _judged(school: str, sets: Sequence[Instrument], known: Mapping[str, CersSet], found: Gathered) -> Judged:
    by_key = {one.id: one for one in sets}
    listed = tuple(Listed(by_key[row.key], known[row.key], row) for row in found.rows)
    others = tuple(one for one in sets if not one.confidential and one.id not in known)
    return Judged(school, listed, found.withheld, others)


def told(found: Judged) -> list[tuple[str, Finding]]:
    """Every finding with the asset number of the set it is about."""
    return [(one.instrument.asset_number, each) for one in found.sets for each in one.row.findings]


def parts(listed: Listed) -> tuple[Part, ...]:
    """The elements of a set in the order of the system's schema, those that are left out among them."""
    return tuple(Part(name, shape.said(name), listed.row.cells.get(name), shape.origin(name, listed.stated)) for name in shape.ELEMENTS)


def write(workspace: Workspace, path: Path, on: date | None = None) -> Written:
    """Write the file (``.xml``) of the sets that have no error.

    Raises Refused ``cers.ending``, ``cers.no_school``, ``cers.nothing_sound`` with the findings; Problem ``file.cannot_write``,
    ``file.disk_full``. No half file is left.
    """
    from desktop.formats import write as out

    if path.suffix.lower() != ".xml":
        raise Refused("cers.ending", name=path.name)
    found = judge(workspace, on)
    if not found.school:
        raise Refused("cers.no_school")
    if not found.sound:
        raise Refused("cers.nothing_sound", findings=found.findings)
    out.write_file(path, shape.instrus_xml(found.sound))
    left_out = len(found.sets) - len(found.sound)
    return Written(path, len(found.sound), left_out, found.withheld, found.unstated, found.findings)


def explain(workspace: Workspace, asset_number: str, on: date | None = None) -> Figure:
    """Why a set is or is not in the file of a day (today): each element with where it comes from, and what is wrong. Raises Refused."""
    with workspace.read() as connection:
        one = _set(connection, asset_number)
    params = (("number", one.asset_number),)
    listed = next((each for each in judge(workspace, on).sets if each.instrument.id == one.id), None)
    if listed is None:
        standing = "withheld" if one.confidential else "unstated"
        return Figure("cers.set", standing, "state", "lookup", params=params)
    inputs = [_element(part) for part in parts(listed)]
    inputs += [Figure("cers.told", say(each.code, **dict(each.params)), "text", "fact") for each in listed.row.findings]
    return Figure("cers.set", "written" if listed.row.sound else "left_out", "state", "cers_judged", inputs=tuple(inputs), params=params)


_HOW = {"register": "fact", "stated": "entered", "table": "lookup", "school": "entered", "file": "fact"}


def _element(part: Part) -> Figure:
    named = (("element", part.element), ("name", part.said))
    text = say("cers.left_blank") if part.text is None else part.text or None
    return Figure("cers.element", text, "text", _HOW[part.origin], params=named)
