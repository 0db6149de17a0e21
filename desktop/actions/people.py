"""People of the program: name, role, PIN. Every four-eyes action asks who is acting and checks the PIN when one is set."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import replace

from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.people import ELSEWHERE, ROLES, Person
from desktop.ledger.problem import Refused
from desktop.rules import approval
from desktop.rules.approval import role_words
from desktop.store.database import Connection
from desktop.store.facts import PEOPLE


def hash_pin(pin: str, salt: bytes | None = None) -> str:
    """``scrypt$salt$key`` in hex; empty for no PIN."""
    if not pin:
        return ""
    salt = salt or os.urandom(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32).hex()}"


def pin_fits(person: Person, pin: str) -> bool:
    """Whether a PIN is this person's; a person without one fits only the empty PIN, one whose PIN is elsewhere none."""
    if person.pin_hash == ELSEWHERE:
        return False
    if not person.pin_hash:
        return not pin
    salt = bytes.fromhex(person.pin_hash.split("$")[1])
    return bool(pin) and hmac.compare_digest(hash_pin(pin, salt), person.pin_hash)


def add(workspace: Workspace, name: str, role: str, pin: str = "") -> Changes:
    """Add a person. Raises Refused for an unknown role, an empty or taken name, a PIN of fewer than 4 characters."""
    name = name.strip()
    if not name:
        raise Refused("person.name")
    if role not in ROLES:
        raise Refused("person.role", role=role, roles="|".join(ROLES))
    if pin and len(pin) < 4:
        raise Refused("person.pin_short")
    with workspace.write("person add", params={"name": name}) as operation:
        if PEOPLE.one(operation.connection, "name = ?", (name,)):
            raise Refused("person.taken", name=name)
        PEOPLE.insert(operation.connection, [Person(new_key(), name, role, hash_pin(pin))])
    return operation.changes


def retire(workspace: Workspace, name: str, *, active: bool = False) -> Changes:
    """Take a person out of service, or back in; their history stays."""
    with workspace.write("person retire", params={"name": name}) as operation:
        person = _named(operation.connection, name)
        PEOPLE.update(operation.connection, [replace(person, active=active)])
    return operation.changes


def set_pin(workspace: Workspace, name: str, old: str, new: str, by: str = "", by_pin: str = "") -> Changes:
    """Change a PIN; the old one must fit. Of somebody from another seat there is no old one here: ``by`` vouches for them.

    Who vouches acts with their own PIN at this seat; where nobody has one yet, nobody has to. Raises Refused with words otherwise.
    """
    if len(new) < 4:
        raise Refused("person.pin_short")
    with workspace.write("person pin", params={"name": name}, undoable=False) as operation:
        person = _named(operation.connection, name)
        if person.pin_hash == ELSEWHERE:
            _vouched(operation.connection, person, by, by_pin)
        elif not pin_fits(person, old):
            raise Refused("person.pin", name=name)
        PEOPLE.update(operation.connection, [replace(person, pin_hash=hash_pin(new))])
    return operation.changes


def _vouched(connection: Connection, person: Person, by: str, by_pin: str) -> None:
    able = [one for one in PEOPLE.find(connection) if one.active and one.has_pin]
    if not able:
        return
    voucher = next((one for one in able if one.name == by), None)
    if voucher is None:
        raise Refused("person.voucher_needed", name=person.name, able=" ".join(one.name for one in able))
    if not pin_fits(voucher, by_pin):
        raise Refused("person.pin", name=by)


def everyone(workspace: Workspace) -> list[Person]:
    """All people, by name."""
    with workspace.read() as connection:
        return PEOPLE.find(connection, order="active DESC, name")


def unproven(workspace: Workspace, name: str | None) -> tuple[Finding, ...]:
    """What is told of a step on money that a person takes: that they have no PIN; nothing of one who has."""
    with workspace.read() as connection:
        person = PEOPLE.one(connection, "name = ?", (name or "",))
    return approval.unproven(person) if person else ()


def acting(workspace: Workspace, name: str | None, pin: str, roles: tuple[str, ...]) -> Person:
    """The person who acts, checked: known, active, PIN, and one of the roles. Raises Refused with words otherwise."""
    if not name:
        raise Refused("person.needed")
    with workspace.read() as connection:
        person = _named(connection, name)
    if not person.active:
        raise Refused("person.retired", name=name)
    if person.pin_hash == ELSEWHERE:
        raise Refused("person.pin_elsewhere", name=name)
    if not pin_fits(person, pin):
        raise Refused("person.pin", name=name)
    if person.role not in roles:
        raise Refused("person.not_allowed", name=name, role=role_words(person.role), roles=role_words(*roles))
    return person


def _named(connection: Connection, name: str) -> Person:
    person = PEOPLE.one(connection, "name = ?", (name,))
    if person is None:
        raise Refused("person.unknown", name=name)
    return person
