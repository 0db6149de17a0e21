"""Taking an offline package and answering with one: who it is from, where it stands in its chain, then the very rules of HTTP.

Tails, files and batches are each taken in a transaction of their own, so that a package that was cut short is simply taken again:
what is in already gets its old receipt. Only the answer, kept at the end, says that the package is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, insert, select

from network import acceptance, anchors, blobs, gxpk, identity, keys, recovery, schema
from network.answering import Answer
from network.canonical import encode, sha256
from network.database import Database
from network.forms import SHA256, UUID
from network.identity import Caller
from network.kinds import Role
from network.limits import Limits
from network.messages import Enrolment, PackageManifest
from network.problems import Refusal


@dataclass(frozen=True, slots=True)
class Package:
    """An archive whose bytes are what its manifest says and whose signature fits. ``content``: entry -> bytes."""

    manifest: PackageManifest
    digest: str
    content: dict[str, bytes]


def opened(db: Database, content: bytes, limits: Limits) -> Package:
    """Read and check a package; nothing is taken yet. Raises Refusal: too large, damaged, stranger, signature."""
    if len(content) > limits.n_package_bytes:
        raise Refusal("package.too_large")
    found = gxpk.read(content)
    raw, signature = found.pop(gxpk.MANIFEST), found.pop(gxpk.SIGNATURE)
    manifest = _manifest(raw)
    listed = [entry.name for entry in manifest.entries]
    if sorted(set(listed)) != sorted(found) or len(set(listed)) != len(listed):
        raise gxpk.damaged(gxpk.WHOLE)
    for entry in manifest.entries:
        if (entry.n_bytes, entry.sha256) != (len(found[entry.name]), sha256(found[entry.name])) or not _known_place(entry.name):
            raise gxpk.damaged(entry.name)
    device = schema.device
    with db.read() as connection:
        known = connection.execute(select(device.c.public_key).where(device.c.id == manifest.device_id)).one_or_none()
    enrolling = manifest.enrolment.public_key if manifest.enrolment is not None else None
    public_key = (known.public_key if known is not None else None) or enrolling
    if public_key is None:
        raise Refusal("package.stranger")
    if not keys.verifies(public_key, signature.decode(), keys.PACKAGE, raw):
        raise Refusal("package.signature")
    return Package(manifest, sha256(raw), found)


def _manifest(raw: bytes) -> PackageManifest:
    try:
        manifest = msgspec.json.decode(raw, type=PackageManifest)
        canonical = encode(msgspec.json.decode(raw)) == raw
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise gxpk.damaged(gxpk.MANIFEST) from error
    sound = (manifest.format, manifest.version, manifest.kind) == ("gxpk", 1, "report") and manifest.number >= 1
    sound = sound and all(UUID.fullmatch(text) for text in (manifest.package_id, manifest.device_id))
    sound = sound and (manifest.enrolment is not None or None not in (manifest.server_id, manifest.epoch))
    sound = sound and (manifest.head is None or anchors.is_sound(manifest.head))
    sound = sound and (manifest.previous is None or SHA256.fullmatch(manifest.previous) is not None)
    if not (canonical and sound and manifest.number < 10**9):
        raise gxpk.damaged(gxpk.MANIFEST)
    return manifest


def _known_place(name: str) -> bool:
    folder, _, rest = name.partition("/")
    if folder == "blobs":
        return SHA256.fullmatch(rest) is not None
    return folder in ("batches", "tails") and len(rest) == 9 and rest[:4].isdigit() and rest.isascii() and rest[4:] == ".json"


def take(db: Database, package: Package, role: Role, limits: Limits) -> tuple[bytes, bool]:
    """Take an opened package; the answer's bytes, and whether it is one given before. Raises Refusal."""
    if package.manifest.role not in (None, role):
        raise Refusal("package.foreign")
    caller = _caller(db, package)
    kept = _kept(db, package, caller)
    if kept is not None:
        return kept, True
    answer = Answer(db, package.manifest, package.digest, caller, limits)
    if package.manifest.enrolment is not None:
        answer.enrolled()
    for name in _names(package, "tails"):
        _tail(db, package, caller, name, role, limits, answer)
    for name in _names(package, "blobs"):
        with db.write() as connection:
            refusal = blobs.put_whole(
                connection, caller.institution_id, name.partition("/")[2], package.content[name], db.moment(), limits
            )
        if refusal is not None:
            answer.problem(name, refusal)
    for name in _names(package, "batches"):
        _batch(db, package, caller, name, role, limits, answer)
    content = answer.sealed()
    with db.write() as connection:
        db.confirm(connection, caller.epoch)
        connection.execute(
            insert(schema.package).values(
                device_id=caller.device_id,
                number=package.manifest.number,
                digest=package.digest,
                epoch=caller.epoch,
                answer=content,
                received_at=db.moment(),
            )
        )
    return content, False


def _names(package: Package, folder: str) -> list[str]:
    return sorted(name for name in package.content if name.startswith(f"{folder}/"))


def _tail(db: Database, package: Package, caller: Caller, name: str, role: Role, limits: Limits, answer: Answer) -> None:
    try:
        with db.write() as connection:
            items = recovery.recover(db, connection, caller, package.content[name], role, limits.n_changes)
    except Refusal as refusal:
        _only_its_own(refusal)
        answer.problem(name, refusal)
    else:
        answer.recovered(name, items)


def _batch(db: Database, package: Package, caller: Caller, name: str, role: Role, limits: Limits, answer: Answer) -> None:
    content = package.content[name]
    try:
        if len(content) > limits.n_bytes:
            raise Refusal("body.too_large")
        with db.write() as connection:
            receipt, _ = acceptance.take(db, connection, caller, content, role, limits, dry=False)
    except Refusal as refusal:
        _only_its_own(refusal)
        answer.problem(name, refusal)
    else:
        answer.receipt(name, receipt)


def _only_its_own(refusal: Refusal) -> None:
    """What concerns the whole package, not one file of it, ends it."""
    if refusal.code == "epoch.changed":
        raise refusal


def _caller(db: Database, package: Package) -> Caller:
    """The device of the package, enrolled with its code if need be. Raises Refusal."""
    manifest = package.manifest
    if manifest.server_id not in (None, db.server_id):
        raise Refusal("package.foreign")
    with db.write() as connection:
        epoch = db.epoch(connection)
        if manifest.epoch not in (None, str(epoch)):
            raise Refusal("epoch.changed", extra={"epoch": str(epoch)})
        if manifest.enrolment is not None:
            asked = Enrolment(manifest.enrolment.code, manifest.device_id, manifest.enrolment.name, manifest.enrolment.public_key)
            if not _enrolled_before(connection, package):
                identity.admit(db, connection, asked, grace_seconds=None)
        return identity.standing_device(connection, manifest.device_id, manifest.institution_uscc, epoch)


def _enrolled_before(connection: Connection, package: Package) -> bool:
    """Whether the very package was taken already: then its code, though it may be forgotten by now, need not be shown again."""
    kept = schema.package
    query = select(kept.c.digest).where(kept.c.device_id == package.manifest.device_id, kept.c.digest == package.digest)
    return connection.execute(query).first() is not None


def _kept(db: Database, package: Package, caller: Caller) -> bytes | None:
    """The answer given before to this very package; None when it is the next one. Raises Refusal: gap, forked."""
    kept, manifest = schema.package, package.manifest
    number, previous = 1, None
    with db.read() as connection:
        row = connection.execute(
            select(kept.c.digest, kept.c.answer).where(kept.c.device_id == caller.device_id, kept.c.number == manifest.number)
        ).one_or_none()
        last = connection.execute(
            select(kept.c.number, kept.c.digest)
            .where(kept.c.device_id == caller.device_id)
            .order_by(kept.c.number.desc())
            .limit(1)
        ).one_or_none()
    if row is not None and row.digest == package.digest:
        return bytes(row.answer)
    if last is not None:
        number, previous = last.number + 1, last.digest
    if (manifest.number, manifest.previous) == (number, previous):
        return None
    if manifest.number >= number and manifest.previous_epoch not in (None, str(caller.epoch)):
        # A restore may have lost packages together with everything else: the chain goes on from what the ledger knows.
        return None
    code = "package.gap" if manifest.number > number else "package.forked"
    raise Refusal(code, extra={"number": number, "previous": previous})
