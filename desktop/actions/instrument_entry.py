"""Entering and correcting instruments: a draft by field name, judged while it is typed; typed facts by their names; many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from desktop.actions import instruments, judging
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.rules import classes, customs
from desktop.store import instrument_views as views
from desktop.store import reclassifications
from desktop.store.database import Operation
from desktop.store.facts import INSTRUMENTS

TOGETHER = ("department", "fiscal", "confidential", "retired_on")
_TEXTS = frozenset(f.name for f in fields(Instrument) if f.type == "str")
_NOT_BEFORE_ACCEPTANCE = ("joined_on", "retired_on")
_PAST = ("accepted_on", "booked_on", "joined_on", "filed_on", "released_on")


def draft_of(instrument: Instrument) -> dict[str, object]:
    """The facts as a form shows them: empty text is nothing given."""
    return {
        f.name: getattr(instrument, f.name) or None if f.name in _TEXTS else getattr(instrument, f.name)
        for f in fields(Instrument)
    }


def offered(name: str) -> tuple[str, ...]:
    """The words the national platform knows for a fact: ``carrier``, ``source``, ``category`` or ``funds``."""
    from desktop.formats.national import words

    return words(name)


def check(draft: Mapping[str, Any], today: date) -> list[Finding]:
    """What is wrong with a draft, by field: quick and without the ledger, for every key pressed."""
    told: list[Finding] = []
    code = draft.get("class_code")
    if code:
        for each in classes.check(str(code)):
            told.append(replace(each, field="class_code"))
    told += [
        finding("instrument_entry.future", field=name, on=draft[name])
        for name in _PAST
        if draft.get(name) and draft[name] > today
    ]
    accepted = draft.get("accepted_on")
    if accepted:
        told += [
            finding("instrument_entry.before_acceptance", field=name, on=draft[name], accepted_on=accepted)
            for name in _NOT_BEFORE_ACCEPTANCE
            if draft.get(name) and draft[name] < accepted
        ]
    if draft.get("confidential") and (draft.get("joined_on") or draft.get("network_number")):
        told.append(finding("instrument_entry.confidential_joined", "warning", field="confidential"))
    if draft.get("secrecy_level") and not draft.get("confidential"):
        told.append(finding("instrument_entry.level_of_ordinary", field="secrecy_level", asset_number=draft.get("asset_number") or "—"))
    if draft.get("joined_on") and not draft.get("network_number"):
        told.append(finding("instrument_entry.no_network_number", "warning", field="network_number"))
    told += [odd for name in customs.FORMS if (odd := customs.odd(name, draft.get(name) or ""))]
    hours, outside = draft.get("yearly_hours"), draft.get("external_hours")
    if hours is not None and outside is not None and outside > hours:
        told.append(finding("instrument_entry.more_outside", "warning", field="external_hours"))
    return told


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ("" if value is None and name in _TEXTS else value) for name, value in values.items()}


def filled(draft: Mapping[str, Any], old: Instrument | None) -> Instrument:
    """The instrument a draft means; fields without a place in the draft stay as they were."""
    base = old or Instrument("", "", "")
    return replace(base, **_given(draft))


def save(workspace: Workspace, old: Instrument | None, draft: Mapping[str, Any], today: date, reason: str = "") -> Changes:
    """Enter a new instrument or correct one. Raises Refused with findings by field; nothing is saved then."""
    errors = tuple(each for each in check(draft, today) if each.severity == "error")
    if errors:
        raise Refused("instrument_entry.faults", findings=errors)
    instrument = filled(draft, old)
    if instrument == old:
        return Changes()
    try:
        if old is None:
            return instruments.add(workspace, instrument)
        return instruments.change(workspace, instrument, reason, seen=old)
    except Refused as problem:
        at = {
            "instrument.taken": "asset_number",
            "instrument.number_used": "asset_number",
            "instrument.declassify": "confidential",
            "instrument.reclassify": "confidential",
            "instrument.network_number_taken": "network_number",
        }
        if problem.code not in at:
            raise
        told = Finding(problem.code, "error", tuple(problem.params.items()), field=at[problem.code])
        raise Refused(problem.code, findings=(told,), **problem.params) from problem


@dataclass(frozen=True, slots=True)
class Typed:
    """What was saved of what was typed, whether the set is a new one, and what was remarked on it: none of it is an error."""

    changes: Changes
    new: bool
    findings: tuple[Finding, ...]


def enter(workspace: Workspace, asset_number: str, pairs: Iterable[tuple[str, str]], today: date, reason: str = "") -> Typed:
    """Enter a set, or correct one that is there, by what is typed of it: names and values are those of the sheet's columns, "" forgets.

    Raises Refused with findings by field for what cannot be read or saved, Problem ``import.map_name`` for a name no fact has;
    nothing is saved then.
    """
    from desktop.formats import instrument_values

    values, findings = instrument_values.read(pairs)
    if not values and not findings:
        raise Refused("instrument_entry.nothing_said")
    errors = tuple(one for one in findings if one.severity == "error")
    if errors:
        raise Refused("instrument_entry.faults", findings=errors)
    number = asset_number.strip()
    with workspace.read() as connection:
        old = INSTRUMENTS.one(connection, "asset_number = ?", (number,))
    draft = draft_of(old or Instrument("", number, ""))
    del draft["id"], draft["imported"]
    changes = save(workspace, old, draft | values, today, reason)
    doubts = [one for one in check(draft | values, today) if one.severity != "error"]
    after = _used_after(workspace, old, values.get("retired_on")) if old is not None else ()
    return Typed(changes, old is None, (*findings, *doubts, *after))


def retire(workspace: Workspace, asset_number: str, on: date | None, today: date, reason: str) -> Typed:
    """Take a set out of service on a day, or back into it (None); it stays in the register with all that hangs on it. Services that ended after the
    day are told: a set that was gone served nobody, and years that begin later leave the set out with its hours.

    Raises Refused for an unknown set, no reason, a day to come or before its acceptance, or where it stands so already.
    """
    if not reason.strip():
        raise Refused("instrument_entry.no_reason")
    old = instruments.get(workspace, asset_number)
    if old.retired_on == on:
        raise Refused("instrument_entry.retired_so", asset_number=old.asset_number)
    if on is not None and on > today:
        raise Refused("instrument.future", on=on)
    changes = save(workspace, old, draft_of(old) | {"retired_on": on}, today, reason.strip())
    return Typed(changes, False, _used_after(workspace, old, on))


def _used_after(workspace: Workspace, one: Instrument, on: date | None) -> tuple[Finding, ...]:
    """What was posted of a set after the day it left service."""
    if on is None:
        return ()
    with workspace.read() as connection:
        n, last = views.served_after(connection, one.id, on)
    return (finding("instrument_entry.used_after", "warning", asset_number=one.asset_number, n=n, on=on, last=last),) if n else ()


def change_many(
    workspace: Workspace, keys: Sequence[int], values: Mapping[str, Any], reason: str = "", progress: Progress = UNWATCHED
) -> Changes:
    """Set the same facts on many instruments (rowids) in one operation, which undo takes back whole.

    ``values``: department, fiscal, confidential, retired_on. Raises Refused, with nothing written, when one of them states another
    confidentiality: that takes two people.
    """
    if not set(values) <= set(TOGETHER):
        raise ValueError(f"not to be set together: {sorted(set(values) - set(TOGETHER))}")
    given = _given(values)
    with workspace.write("instrument together", reason=reason, params={"n": str(len(keys))}) as operation:
        ids = views.ids_of(operation.connection, keys)
        changed: list[Instrument] = []
        for n, key in enumerate(ids):
            if not n % 500:
                progress.check()
                progress.report(n, len(ids), "work.writing")
            old = INSTRUMENTS.get(operation.connection, key)
            if old is None:
                continue
            if "confidential" in given:
                instruments.classified(old, given["confidential"])
            new = replace(old, **given)
            if new != old:
                changed.append(new)
        INSTRUMENTS.update(operation.connection, changed)
        _follow(operation, [one.id for one in changed], secret="confidential" in given)
        progress.check()
    return operation.changes


def _follow(operation: Operation, ids: Sequence[str], *, secret: bool) -> None:
    """Records of instruments that became confidential are confidential too, and drafts are judged again."""
    if not secret or not ids:
        return
    reclassifications.follow(operation.connection, ids)
    drafts = [
        row[0]
        for key in ids
        for row in operation.connection.exec_driver_sql(
            "SELECT id FROM service_record WHERE instrument_id = ? AND state = 'draft'", (key,)
        )
    ]
    if drafts:
        judging.recheck(operation, drafts)
