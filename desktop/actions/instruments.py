"""The register: list, read, enter and correct instruments; record joining (入网) and filing (报备)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import meanwhile
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.document_number import picked
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.publication import UNKNOWN_THERE
from desktop.store import reclassifications
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.lists import Listing
from desktop.store.reach import NETWORK

# What the network says of a set: nothing of a confidential one, and nothing of any before it has said something.
_PUBLISHED = (
    "CASE WHEN instrument.confidential = 1 THEN NULL ELSE coalesce(publication.state, "
    f"(SELECT '{UNKNOWN_THERE}' FROM publication p WHERE p.remote = '{NETWORK}' LIMIT 1)) END"
)

LISTING = Listing(
    "instrument",
    {
        "asset_number": "instrument.asset_number",
        "name": "instrument.name",
        "model": "instrument.model",
        "department": "instrument.department",
        "value_fen": "instrument.value_fen",
        "accepted_on": "instrument.accepted_on",
        "network_number": "instrument.network_number",
        "joined_on": "instrument.joined_on",
        "fiscal": "instrument.fiscal",
        "confidential": "instrument.confidential",
        "id": "instrument.id",
        "manufacturer": "instrument.manufacturer",
        "class_code": "instrument.class_code",
        "booked_on": "instrument.booked_on",
        "filing_number": "instrument.filing_number",
        "filed_on": "instrument.filed_on",
        "contact": "instrument.contact",
        "retired_on": "instrument.retired_on",
        "published": _PUBLISHED,
    },
    joins=f"LEFT JOIN publication ON publication.remote = '{NETWORK}' AND publication.id = instrument.id",
    filters={
        "confidential": "instrument.confidential = 1",
        "unsaid": "instrument.confidential IS NULL",
        "joined": "instrument.joined_on IS NOT NULL OR instrument.network_number <> ''",
        "not_joined": "instrument.joined_on IS NULL AND instrument.network_number = ''",
        "fiscal": "instrument.fiscal = 1",
        "department": "instrument.department = ?",
        "retired": "instrument.retired_on IS NOT NULL",
        "in_service": "instrument.retired_on IS NULL",
        "published": f"{_PUBLISHED} = ?",
    },
    search=("instrument.asset_number", "instrument.name", "instrument.model", "instrument.manufacturer", "instrument.department"),
    order="asset_number",
)


def named(connection: Connection, asset_number: str) -> Instrument:
    """The instrument with this asset number. Raises Refused when there is none."""
    found = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if found is None:
        raise Refused("instrument.unknown", asset_number=asset_number)
    return found


def get(workspace: Workspace, asset_number: str) -> Instrument:
    """The instrument with this asset number. Raises Refused when there is none."""
    with workspace.read() as connection:
        return named(connection, asset_number)


def every(workspace: Workspace) -> list[Instrument]:
    """All instruments, by asset number."""
    with workspace.read() as connection:
        return INSTRUMENTS.find(connection, order="asset_number")


def _checked(instrument: Instrument) -> Instrument:
    if not instrument.asset_number.strip():
        raise Refused("instrument.no_asset_number")
    if not instrument.name.strip():
        raise Refused("instrument.no_name", asset_number=instrument.asset_number)
    if instrument.value_fen is not None and instrument.value_fen < 0:
        raise Refused("instrument.value", asset_number=instrument.asset_number)
    if instrument.secrecy_level and not instrument.confidential:
        raise Refused("instrument_entry.level_of_ordinary", asset_number=instrument.asset_number)
    return instrument


def add(workspace: Workspace, instrument: Instrument) -> Changes:
    """Enter one instrument; its ``id`` is given here. Raises Refused for a taken or missing asset number, a taken network number."""
    new = replace(_checked(instrument), id=new_key(confidential=bool(instrument.confidential)))
    with workspace.write("instrument add", params={"asset_number": "" if new.confidential else new.asset_number}) as operation:
        if INSTRUMENTS.one(operation.connection, "asset_number = ?", (new.asset_number,)):
            raise Refused("instrument.taken", asset_number=new.asset_number)
        _own_number(operation.connection, new)
        INSTRUMENTS.insert(operation.connection, [new])
    return operation.changes


def change(workspace: Workspace, instrument: Instrument, reason: str = "", *, seen: Instrument | None = None) -> Changes:
    """Correct an instrument's facts; the key stays, and so does the asset number once money refers to it.

    ``seen``: the instrument as the person had it before them; what they left as it was stays as it is stored. Raises Refused for a network
    number that another instrument carries, and where somebody changed the same since it was seen.
    """
    named = "" if instrument.confidential else instrument.asset_number
    with workspace.write("instrument change", reason=reason, params={"asset_number": named}) as operation:
        old = INSTRUMENTS.get(operation.connection, instrument.id)
        if old is None:
            raise Refused("instrument.unknown", asset_number=instrument.asset_number)
        instrument = meanwhile.merged(operation.connection, "instrument", old, seen, instrument)
        classified(old, instrument.confidential)
        if instrument.asset_number != old.asset_number:
            _renumber(operation.connection, old, instrument)
        if instrument.network_number.strip() != old.network_number.strip():
            _own_number(operation.connection, instrument)
        INSTRUMENTS.update(operation.connection, [_checked(instrument)])
        if instrument.confidential and not old.confidential:
            reclassifications.follow(operation.connection, [instrument.id])
    return operation.changes


def _own_number(connection: Connection, instrument: Instrument) -> None:
    """The network gives each instrument a number of its own."""
    number = instrument.network_number.strip()
    other = INSTRUMENTS.one(connection, "network_number = ? AND id <> ?", (number, instrument.id)) if number else None
    if other is not None:
        raise Refused("instrument.network_number_taken", number=number, asset_number=other.asset_number, name=other.name)


def classified(old: Instrument, confidential: bool | None) -> None:
    """What is stated about confidentiality changes by two people only (``actions.reclassifying``); what is not stated may be filled in.

    Raises Refused: ``instrument.declassify`` or ``instrument.reclassify``.
    """
    if old.confidential and not confidential:
        raise Refused("instrument.declassify", asset_number=old.asset_number)
    if old.confidential is False and confidential is not False:
        raise Refused("instrument.reclassify", asset_number=old.asset_number)


def _renumber(connection: Connection, old: Instrument, new: Instrument) -> None:
    if INSTRUMENTS.one(connection, "asset_number = ?", (new.asset_number,)):
        raise Refused("instrument.taken", asset_number=new.asset_number)
    if connection.exec_driver_sql("SELECT 1 FROM posting WHERE instrument_id = ? LIMIT 1", (old.id,)).first():
        raise Refused("instrument.number_used", asset_number=old.asset_number)


def join(workspace: Workspace, asset_number: str, on: date, number: str, *, correcting: str = "") -> Changes:
    """Record that an instrument joined the network on a day under the network's number.

    What is recorded already changes only with ``correcting``, the reason. Raises Refused for a confidential set (it is only
    filed), a day in the future, a missing number, a number that another instrument carries, or a second joining.
    """
    with workspace.write("instrument join", reason=correcting.strip(), params={"asset_number": asset_number}) as operation:
        instrument = named(operation.connection, asset_number)
        if instrument.confidential:
            raise Refused("instrument.confidential_joins", asset_number=asset_number)
        _day_and_number(on, number)
        if instrument.accepted_on and on < instrument.accepted_on:
            raise Refused("instrument.before_acceptance", asset_number=asset_number, accepted_on=instrument.accepted_on)
        joined = replace(instrument, joined_on=on, network_number=number.strip())
        # A number without its day is completed, not changed.
        known = instrument.joined_on is not None or instrument.network_number.strip() not in ("", joined.network_number)
        if known and not correcting.strip():
            day = instrument.joined_on or "instrument.day_unknown"
            raise Refused("instrument.joined_already", asset_number=asset_number, on=day, number=instrument.network_number or "—")
        _own_number(operation.connection, joined)
        INSTRUMENTS.update(operation.connection, [joined])
    return operation.changes


def file(
    workspace: Workspace, asset_number: str, number: str, on: date | None = None, *, correcting: str = "", shared: bool = False, level: str = ""
) -> Changes:
    """Record the filing (报备) of a confidential instrument under the number of its document.

    What is recorded already changes only with ``correcting``, the reason; ``shared`` says that one document files several sets.
    ``level`` is one of SECRECY_LEVELS; "" leaves what is stated.
    Raises Refused for an instrument that is not confidential, a second filing, or a document that files another set.
    """
    day = on or today()
    with workspace.write("instrument file", reason=correcting.strip()) as operation:
        instrument = named(operation.connection, asset_number)
        if not instrument.confidential:
            raise Refused("instrument.not_confidential", asset_number=asset_number)
        _day_and_number(day, number)
        filed = replace(instrument, filed_on=day, filing_number=number.strip(), secrecy_level=level or instrument.secrecy_level)
        known = instrument.filed_on is not None or instrument.filing_number.strip() not in ("", filed.filing_number)
        if known and not correcting.strip():
            on_words = instrument.filed_on or "instrument.day_unknown"
            raise Refused("instrument.filed_already", asset_number=asset_number, on=on_words, number=instrument.filing_number or "—")
        others = INSTRUMENTS.find(operation.connection, "filing_number <> '' AND id <> ?", (filed.id,), "asset_number")
        other = picked(others, filed.filing_number, lambda one: one.filing_number)
        if other is not None and not shared:
            raise Refused("instrument.filing_number_taken", number=filed.filing_number, asset_number=other.asset_number, name=other.name)
        INSTRUMENTS.update(operation.connection, [filed])
    return operation.changes


def _day_and_number(on: date, number: str) -> None:
    if on > today():
        raise Refused("instrument.future", on=on)
    if not number.strip():
        raise Refused("instrument.no_number")
