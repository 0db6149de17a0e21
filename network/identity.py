"""Who asks: enrolment codes, devices, short access tokens, refresh tokens that rotate with a grace window for a lost answer.

Secrets are kept as SHA-256 only. A refresh token that comes back after its grace window although a token given for it was used has
been copied: the device is revoked. As long as none was used, the answer may be lost, and the token goes on working.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from network import keys, schema
from network.canonical import sha256
from network.database import Database, secret
from network.forms import UUID
from network.messages import Enrolment
from network.problems import Refusal

ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 180 * 24 * 3600
GRACE_SECONDS = 120
CODE_SECONDS = 7 * 24 * 3600
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that asks, the institution it speaks for, and the epoch it named, which was in force then."""

    institution_id: str
    device_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A new pair; ``expires_in`` seconds for the access token."""

    access_token: str
    refresh_token: str
    expires_in: int = ACCESS_SECONDS


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace"))


def plain_code(text: str) -> str:
    """An enrolment code as it is compared: hyphens, spaces and case do not matter."""
    return "".join(text.split()).replace("-", "").upper()


def issue_code(db: Database, connection: Connection, institution_id: str, seconds: int = CODE_SECONDS) -> str:
    """A code of 16 signs (80 bits) for one device, shown once: ``ABCD-EFGH-JKLM-NPQR``."""
    code = "".join(secrets.choice(_CODE_SIGNS) for _ in range(16))
    connection.execute(
        insert(schema.enrolment_code).values(
            digest=_digest(code), institution_id=institution_id, expires_at=db.seconds() + seconds, used_at=None, device_id=None
        )
    )
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))


def enrol(db: Database, connection: Connection, asked: Enrolment) -> tuple[Caller, Tokens]:
    """Turn a code into a device and give it tokens. The same code for the same device works again within the grace window."""
    institution_id = admit(db, connection, asked, GRACE_SECONDS)
    return Caller(institution_id, asked.device_id, db.epoch(connection)), _pair(db, connection, asked.device_id)


def admit(db: Database, connection: Connection, asked: Enrolment, grace_seconds: int | None) -> str:
    """Spend a code on a device and give the institution's id. Raises Refusal.

    A used code works again for its device within the grace window (None: always; who asks has shown the device's key). A new
    code of its institution lets a device that is there come back: its old tokens end, and if it has a key, ``proof`` must show it.
    """
    code, device, now = schema.enrolment_code, schema.device, db.seconds()
    if not UUID.fullmatch(asked.device_id):
        raise Refusal("body.malformed", "device_id is not a UUID in lower case")
    if len(asked.name) > 200 or "\0" in asked.name or len(asked.code) > 64:
        raise Refusal("body.malformed", "name or code")
    if asked.public_key is not None and not keys.is_public_key(asked.public_key):
        raise Refusal("body.malformed", "public_key")
    plain = plain_code(asked.code)
    row = connection.execute(select(code).where(code.c.digest == _digest(plain)).with_for_update()).one_or_none()
    if row is None or (row.used_at is None and row.expires_at < now):
        raise Refusal("enrolment.refused")
    late = grace_seconds is not None and row.used_at is not None and row.used_at + grace_seconds < now
    if row.used_at is not None and (row.device_id != asked.device_id or late):
        raise Refusal("enrolment.refused")
    _frozen(connection, row.institution_id)
    known = connection.execute(select(device).where(device.c.id == asked.device_id).with_for_update()).one_or_none()
    if known is None and not _new_device(db, connection, asked, row.institution_id):
        # Another code made this device at the same moment: it is there now.
        known = connection.execute(select(device).where(device.c.id == asked.device_id).with_for_update()).one()
    if known is None:
        pass
    elif known.institution_id != row.institution_id or (row.used_at is not None and known.revoked_at is not None):
        raise Refusal("enrolment.refused", "the device id is in use")
    elif row.used_at is None:
        if grace_seconds is not None and not _shows_key(known.public_key, asked.proof, plain):
            raise Refusal("enrolment.refused", "the device has a key and did not show it")
        _come_back(connection, asked, known.public_key)
    if row.used_at is None:
        connection.execute(update(code).where(code.c.digest == row.digest).values(used_at=now, device_id=asked.device_id))
    return str(row.institution_id)


def _new_device(db: Database, connection: Connection, asked: Enrolment, institution_id: str) -> bool:
    """Add a device; False when it is there."""
    told = {"id": asked.device_id, "institution_id": institution_id, "name": asked.name, "public_key": asked.public_key}
    try:
        with connection.begin_nested():
            connection.execute(insert(schema.device).values(told | {"enrolled_at": db.moment(), "revoked_at": None}))
    except IntegrityError:
        return False
    return True


def _shows_key(public_key: str | None, proof: str | None, code: str) -> bool:
    return public_key is None or keys.verifies(public_key, proof or "", keys.ENROLMENT, code.encode("utf-8", "replace"))


def _come_back(connection: Connection, asked: Enrolment, public_key: str | None) -> None:
    device, token = schema.device, schema.token
    connection.execute(delete(token).where(token.c.device_id == asked.device_id))
    connection.execute(
        update(device)
        .where(device.c.id == asked.device_id)
        .values(revoked_at=None, name=asked.name, public_key=public_key or asked.public_key)
    )


def name_key(connection: Connection, device_id: str, public_key: str) -> None:
    """Keep a device's public key; it is told once. Raises Refusal for another one."""
    device = schema.device
    if not keys.is_public_key(public_key):
        raise Refusal("body.malformed", "public_key")
    known = connection.execute(select(device.c.public_key).where(device.c.id == device_id).with_for_update()).scalar_one()
    if known is None:
        connection.execute(update(device).where(device.c.id == device_id).values(public_key=public_key))
    elif known != public_key:
        raise Refusal("device.key_fixed")


def renew(db: Database, connection: Connection, refresh_token: str) -> Tokens | Refusal:
    """Rotate. A refusal is returned, not raised, because a reused token also revokes its device and that must be kept."""
    token, device, now = schema.token, schema.device, db.seconds()
    digest = _digest(refresh_token)
    row = connection.execute(
        select(token, device.c.revoked_at, device.c.institution_id)
        .join(device, device.c.id == token.c.device_id)
        .where(token.c.digest == digest, token.c.use == "refresh")
        .with_for_update()
    ).one_or_none()
    if row is None or row.expires_at < now:
        return Refusal("token.invalid")
    if row.revoked_at is not None:
        return Refusal("auth.revoked")
    late = row.spent_at is not None and row.spent_at + GRACE_SECONDS < now
    if late and row.succeeded_at is not None:
        revoke(db, connection, row.device_id)
        return Refusal("token.reused")
    _frozen(connection, row.institution_id)
    if late:
        # What was given for it never arrived, or somebody who copied it keeps it unused: either way it ends here.
        connection.execute(delete(token).where(token.c.device_id == row.device_id, token.c.parent == digest))
    if row.spent_at is None or late:
        connection.execute(update(token).where(token.c.digest == digest).values(spent_at=now))
    if row.parent is not None:
        succeed(db, connection, row.parent)
    connection.execute(delete(token).where(token.c.device_id == row.device_id, token.c.expires_at < now))
    return _pair(db, connection, row.device_id, digest)


def succeed(db: Database, connection: Connection, digest: str) -> None:
    """Note that a token given for this refresh token was used: the answer arrived."""
    token = schema.token
    first = update(token).where(token.c.digest == digest, token.c.succeeded_at.is_(None))
    connection.execute(first.values(succeeded_at=db.seconds()))


def unproven(connection: Connection, access_token: str) -> str | None:
    """The refresh token an access token was given for, by its digest, when no token given for it was used yet."""
    token, parent = schema.token, schema.token.alias()
    query = select(parent.c.digest).join(token, token.c.parent == parent.c.digest)
    return connection.execute(query.where(token.c.digest == _digest(access_token), parent.c.succeeded_at.is_(None))).scalar()


def revoke(db: Database, connection: Connection, device_id: str) -> bool:
    """End a device and all its tokens; whether there was something to end."""
    device = schema.device
    ended = connection.execute(
        update(device).where(device.c.id == device_id, device.c.revoked_at.is_(None)).values(revoked_at=db.moment())
    )
    return ended.rowcount > 0


def caller(db: Database, connection: Connection, access_token: str, epoch: str | None) -> Caller:
    """Whose access token this is. Raises Refusal: unknown, expired, revoked, frozen, or the epoch named is not the one in force."""
    token, device, institution = schema.token, schema.device, schema.institution
    row = connection.execute(
        select(token.c.expires_at, device.c.id, device.c.revoked_at, device.c.institution_id, institution.c.frozen)
        .join(device, device.c.id == token.c.device_id)
        .join(institution, institution.c.id == device.c.institution_id)
        .where(token.c.digest == _digest(access_token), token.c.use == "access")
    ).one_or_none()
    if row is None:
        raise Refusal("auth.missing")
    if row.revoked_at is not None:
        raise Refusal("auth.revoked")
    if row.expires_at < db.seconds():
        raise Refusal("auth.expired")
    if row.frozen:
        raise Refusal("institution.frozen")
    current = db.epoch(connection)
    if epoch is None:
        raise Refusal("epoch.missing")
    if epoch != str(current):
        raise Refusal("epoch.changed", extra={"epoch": str(current)})
    return Caller(row.institution_id, row.id, current)


def standing_device(connection: Connection, device_id: str, uscc: str, epoch: int) -> Caller:
    """The device of an offline package, which has no token. Raises Refusal: unknown, revoked, frozen, of another institution."""
    device, institution = schema.device, schema.institution
    row = connection.execute(
        select(device.c.revoked_at, device.c.institution_id, institution.c.frozen, institution.c.uscc)
        .join(institution, institution.c.id == device.c.institution_id)
        .where(device.c.id == device_id)
    ).one_or_none()
    if row is None:
        raise Refusal("package.stranger")
    if row.revoked_at is not None:
        raise Refusal("auth.revoked")
    if row.uscc != uscc:
        raise Refusal("package.foreign")
    if row.frozen:
        raise Refusal("institution.frozen")
    return Caller(row.institution_id, device_id, epoch)


def _frozen(connection: Connection, institution_id: str) -> None:
    institution = schema.institution
    if connection.execute(select(institution.c.frozen).where(institution.c.id == institution_id)).scalar_one():
        raise Refusal("institution.frozen")


def _pair(db: Database, connection: Connection, device_id: str, parent: str | None = None) -> Tokens:
    pair = Tokens(secret(), secret())
    now, same = db.seconds(), {"device_id": device_id, "spent_at": None, "parent": parent, "succeeded_at": None}
    connection.execute(
        insert(schema.token),
        [
            same | {"digest": _digest(text), "use": use, "expires_at": now + seconds}
            for text, use, seconds in (
                (pair.access_token, "access", ACCESS_SECONDS),
                (pair.refresh_token, "refresh", REFRESH_SECONDS),
            )
        ],
    )
    return pair
