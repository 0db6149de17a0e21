"""Evidence files of one institution, named by their SHA-256, received in parts, checked as a whole before anything may refer to them.

The type is what the bytes say. An Office file with macros in it is of no type that is taken.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from network import schema
from network.forms import SHA256
from network.limits import Limits
from network.messages import BlobState
from network.problems import Refusal

_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_INSIDE = (
    ("OFD.xml", "application/ofd"),
    ("word/document.xml", _OFFICE + "wordprocessingml.document"),
    ("xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
)


def media_type(content: bytes) -> str | None:
    """The type of a whole file by its bytes; None when it is none that is taken."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _archive_type(content)
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


def _archive_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    # zipfile raises NotImplementedError of a zip that asks for a newer version than it reads: no kind that is taken.
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for name, kind in _INSIDE if name in names), None)


def declare(connection: Connection, institution_id: str, sha256: str, n_bytes: int, moment: str, limits: Limits) -> BlobState:
    """Announce a file and give its state. Raises Refusal: too large, or complete with another size."""
    if not SHA256.fullmatch(sha256) or n_bytes < 1:
        raise Refusal("request.invalid", "sha256 or n_bytes")
    if n_bytes > limits.n_blob_bytes:
        raise Refusal("blob.too_large")
    blob = schema.blob
    row = _row(connection, institution_id, sha256)
    if row is not None and row.n_bytes != n_bytes:
        if row.media_type is not None:
            raise Refusal("blob.size")
        _drop(connection, institution_id, sha256)
        row = None
    if row is None:
        connection.execute(
            insert(blob).values(
                institution_id=institution_id,
                sha256=sha256,
                n_bytes=n_bytes,
                n_part_bytes=limits.n_part_bytes,
                media_type=None,
                declared_at=moment,
            )
        )
    return state(connection, institution_id, sha256)


def state(connection: Connection, institution_id: str, sha256: str) -> BlobState:
    """What is there of a file and what is missing. Raises Refusal when it was never declared."""
    row, part = _row(connection, institution_id, sha256), schema.blob_part
    if row is None:
        raise Refusal("blob.unknown")
    there = set(connection.execute(select(part.c.number).where(*_own(institution_id, sha256))).scalars())
    missing = sorted(set(range(_n_parts(row))) - there)
    return BlobState(sha256, row.n_bytes, row.n_part_bytes, _n_parts(row), missing, row.media_type is not None, row.media_type)


def put_part(connection: Connection, institution_id: str, sha256: str, number: int, content: bytes) -> Refusal | None:
    """Keep one part; with the last one judge the whole. A refusal of the whole is returned, because the parts are dropped with it.

    Raises Refusal for a part that does not fit.
    """
    row, part = _row(connection, institution_id, sha256), schema.blob_part
    if row is None:
        raise Refusal("blob.unknown")
    last = _n_parts(row) - 1
    wanted = row.n_part_bytes if number < last else row.n_bytes - last * row.n_part_bytes
    if number > last or len(content) != wanted:
        raise Refusal("blob.part", f"part {number}")
    if row.media_type is not None:
        return None
    own = _own(institution_id, sha256)
    connection.execute(delete(part).where(*own, part.c.number == number))
    connection.execute(insert(part).values(institution_id=institution_id, sha256=sha256, number=number, content=content))
    if connection.execute(select(func.count()).select_from(part).where(*own)).scalar_one() <= last:
        return None
    whole = b"".join(connection.execute(select(part.c.content).where(*own).order_by(part.c.number)).scalars())
    kind = media_type(whole)
    code = "blob.digest" if hashlib.sha256(whole).hexdigest() != sha256 else "blob.type" if kind is None else None
    if code is not None:
        _drop(connection, institution_id, sha256)
        return Refusal(code)
    blob = schema.blob
    connection.execute(
        update(blob).where(blob.c.institution_id == institution_id, blob.c.sha256 == sha256).values(media_type=kind)
    )
    return None


def get_part(connection: Connection, institution_id: str, sha256: str, number: int) -> bytes:
    """One part of a complete file. Raises Refusal when there is none."""
    row, part = _row(connection, institution_id, sha256), schema.blob_part
    if row is None or row.media_type is None:
        raise Refusal("blob.unknown")
    content = connection.execute(select(part.c.content).where(*_own(institution_id, sha256), part.c.number == number)).scalar()
    if content is None:
        raise Refusal("blob.unknown", f"part {number}")
    return bytes(content)


def put_whole(
    connection: Connection, institution_id: str, sha256: str, content: bytes, moment: str, limits: Limits
) -> Refusal | None:
    """Take a file that came whole (in a package). Raises or returns a Refusal as the parts would."""
    told, refusal = declare(connection, institution_id, sha256, len(content), moment, limits), None
    for number in range(told.n_parts):
        start = number * told.n_part_bytes
        refusal = put_part(connection, institution_id, sha256, number, content[start : start + told.n_part_bytes])
    return refusal


def forget_unfinished(connection: Connection, before: str) -> int:
    """Drop uploads declared before a moment and never finished; how many."""
    blob = schema.blob
    old = connection.execute(select(blob).where(blob.c.media_type.is_(None), blob.c.declared_at < before)).all()
    for row in old:
        _drop(connection, row.institution_id, row.sha256)
    return len(old)


def _row(connection: Connection, institution_id: str, sha256: str) -> Row[Any] | None:
    if not SHA256.fullmatch(sha256):
        return None
    blob = schema.blob
    query = select(blob).where(blob.c.institution_id == institution_id, blob.c.sha256 == sha256)
    return connection.execute(
        query.with_for_update() if connection.get_execution_options().get("writes") else query
    ).one_or_none()


def _own(institution_id: str, sha256: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    part = schema.blob_part
    return part.c.institution_id == institution_id, part.c.sha256 == sha256


def _n_parts(row: Row[Any]) -> int:
    return -(-int(row.n_bytes) // int(row.n_part_bytes))


def _drop(connection: Connection, institution_id: str, sha256: str) -> None:
    blob = schema.blob
    connection.execute(delete(schema.blob_part).where(*_own(institution_id, sha256)))
    connection.execute(delete(blob).where(blob.c.institution_id == institution_id, blob.c.sha256 == sha256))
