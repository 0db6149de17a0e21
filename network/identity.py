"""Who asks: enrolment codes, devices, short access tokens, refresh tokens that rotate with a grace window for a lost answer.

Secrets are kept as SHA-256 only. A refresh token that comes back after its grace window was copied: the device is revoked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from network import kinds, schema
from network.canonical import sha256
from network.database import Database, secret
from network.messages import Enrolment
from network.problems import Refusal

ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 180 * 24 * 3600
GRACE_SECONDS = 120
CODE_SECONDS = 7 * 24 * 3600
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that asks and the institution it speaks for."""

    institution_id: str
    device_id: str


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
    """Turn a code into a device. The same code for the same device works again within the grace window: the answer was lost."""
    code, device, now = schema.enrolment_code, schema.device, db.seconds()
    if not kinds.UUID.fullmatch(asked.device_id):
        raise Refusal("body.malformed", "device_id is not a UUID in lower case")
    if len(asked.name) > 200 or "\0" in asked.name:
        raise Refusal("body.malformed", "name")
    digest = _digest(plain_code(asked.code))
    row = connection.execute(select(code).where(code.c.digest == digest).with_for_update()).one_or_none()
    if row is None or row.expires_at < now:
        raise Refusal("enrolment.refused")
    if row.used_at is not None and (row.device_id != asked.device_id or row.used_at + GRACE_SECONDS < now):
        raise Refusal("enrolment.refused")
    _frozen(connection, row.institution_id)
    known = connection.execute(select(device).where(device.c.id == asked.device_id)).one_or_none()
    if known is not None and (row.used_at is None or known.revoked_at is not None):
        raise Refusal("enrolment.refused", "the device id is in use")
    if known is None:
        connection.execute(
            insert(device).values(
                id=asked.device_id, institution_id=row.institution_id, name=asked.name, enrolled_at=db.moment(), revoked_at=None
            )
        )
        connection.execute(update(code).where(code.c.digest == digest).values(used_at=now, device_id=asked.device_id))
    return Caller(row.institution_id, asked.device_id), _pair(db, connection, asked.device_id)


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
    if row.spent_at is not None and row.spent_at + GRACE_SECONDS < now:
        revoke(db, connection, row.device_id)
        return Refusal("token.reused")
    _frozen(connection, row.institution_id)
    if row.spent_at is None:
        connection.execute(update(token).where(token.c.digest == digest).values(spent_at=now))
    connection.execute(delete(token).where(token.c.device_id == row.device_id, token.c.expires_at < now))
    return _pair(db, connection, row.device_id)


def revoke(db: Database, connection: Connection, device_id: str) -> bool:
    """End a device and all its tokens; whether there was something to end."""
    device = schema.device
    ended = connection.execute(
        update(device).where(device.c.id == device_id, device.c.revoked_at.is_(None)).values(revoked_at=db.moment())
    )
    return ended.rowcount > 0


def caller(db: Database, connection: Connection, access_token: str) -> Caller:
    """Whose access token this is. Raises Refusal: unknown, expired, revoked or frozen."""
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
    return Caller(row.institution_id, row.id)


def _frozen(connection: Connection, institution_id: str) -> None:
    institution = schema.institution
    if connection.execute(select(institution.c.frozen).where(institution.c.id == institution_id)).scalar_one():
        raise Refusal("institution.frozen")


def _pair(db: Database, connection: Connection, device_id: str) -> Tokens:
    pair = Tokens(secret(), secret())
    now = db.seconds()
    connection.execute(
        insert(schema.token),
        [
            {"digest": _digest(text), "use": use, "device_id": device_id, "expires_at": now + seconds, "spent_at": None}
            for text, use, seconds in (
                (pair.access_token, "access", ACCESS_SECONDS),
                (pair.refresh_token, "refresh", REFRESH_SECONDS),
            )
        ],
    )
    return pair
