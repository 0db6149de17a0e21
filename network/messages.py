"""The shapes of the wire, as the contract has them. Unknown members of a message are ignored, unknown fields of a body kept."""

from __future__ import annotations

from typing import Any

import msgspec


class Enrolment(msgspec.Struct, frozen=True):
    """POST /v1/devices. ``device_id`` is made by the client, so that a lost answer can be asked for again."""

    code: str
    device_id: str
    name: str = ""
    public_key: str | None = None
    proof: str | None = None


class Renewal(msgspec.Struct, frozen=True):
    """POST /v1/token."""

    refresh_token: str


class Change(msgspec.Struct, frozen=True):
    """One operation on one entity. ``body`` is the whole row; None for a deletion."""

    op_id: str
    kind: str
    id: str
    action: str
    parent: str | None = None
    body: dict[str, Any] | None = None
    recorded_at: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """POST /v1/batches and /v1/validate. Changes stay undecoded: a malformed one must not stop the others."""

    key: str
    schema: int
    changes: list[msgspec.Raw]


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a change was not taken. ``field`` and the ``target_*`` pair (a row that is missing) only where they help."""

    code: str
    action: str
    title: str
    field: str | None = None
    target_kind: str | None = None
    target_id: str | None = None


class Result(msgspec.Struct, frozen=True):
    """The answer to one change: ``applied``, ``duplicate``, ``stale`` (``token`` = the current one or null) or ``refused``."""

    op_id: str
    status: str
    token: str | None = None
    problem: Problem | None = None


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a batch; kept, and given again word for word when the same batch comes again.

    ``before`` and ``after``: the cursors at the end of the feed around the batch; ``before`` "" when the feed was empty.
    """

    key: str
    digest: str
    server_id: str
    epoch: str
    received_at: str
    results: list[Result]
    before: str = ""
    after: str = ""


class Item(msgspec.Struct, frozen=True):
    """An entity as the service holds it, as pages, recovery and GET of one entity show it; a tombstone has the body ``null``."""

    kind: str
    id: str
    token: str
    parent: str | None
    action: str
    op_id: str
    body: msgspec.Raw
    device_id: str | None = None
    received_at: str | None = None


class Handed(Item, frozen=True):
    """An entity as a client hands it back; ``seen`` are tokens of the states before it."""

    seen: list[str] = []


class DeviceName(msgspec.Struct, frozen=True):
    """What people call a device of the institution."""

    id: str
    name: str


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    """GET /v1/changes; ``digest`` on the last page where it was asked for, ``devices`` those that changed what is in it."""

    server_id: str
    epoch: str
    items: list[Item]
    cursor: str
    more: bool
    digest: dict[str, Any] | None = None
    notices: str = ""
    devices: list[DeviceName] = []
    publications: str = ""


class Tail(msgspec.Struct, frozen=True):
    """POST /v1/recover: what a client had seen of an earlier epoch. Items stay undecoded: one that is none must not stop the others."""

    items: list[msgspec.Raw]


class DeviceKey(msgspec.Struct, frozen=True):
    """PUT /v1/devices/{device_id}/key: 32 bytes of Ed25519 in base64."""

    public_key: str


class BlobDeclared(msgspec.Struct, frozen=True):
    """PUT /v1/blobs/{sha256}."""

    n_bytes: int


class BlobState(msgspec.Struct, frozen=True):
    """What is there of a file. ``media_type`` None: not complete."""

    sha256: str
    n_bytes: int
    n_part_bytes: int
    n_parts: int
    missing: list[int]
    complete: bool
    media_type: str | None


class Head(msgspec.Struct, frozen=True):
    """POST /v1/anchors: the head of a ledger's chain of operations."""

    ledger_id: str
    head: str
    n_operations: int


class PackageEnrolment(msgspec.Struct, frozen=True):
    """How a device that never was on line enrols: in its first package."""

    code: str
    public_key: str
    name: str = ""


class PackageEntry(msgspec.Struct, frozen=True):
    """One file of a package."""

    name: str
    n_bytes: int
    sha256: str


class PackageManifest(msgspec.Struct, frozen=True):
    """``manifest.json`` of a package from a ledger."""

    format: str
    version: int
    kind: str
    package_id: str
    number: int
    previous: str | None
    device_id: str
    institution_uscc: str
    server_id: str | None
    epoch: str | None
    schema: int
    cursor: str
    made_at: str
    entries: list[PackageEntry]
    notices_cursor: str = ""
    previous_epoch: str | None = None
    enrolment: PackageEnrolment | None = None
    head: Head | None = None
    role: str | None = None
