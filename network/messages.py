"""The shapes of the wire, as the contract has them. Unknown members of a message are ignored, unknown fields of a body kept."""

from __future__ import annotations

from typing import Any

import msgspec


class Enrolment(msgspec.Struct, frozen=True):
    """POST /v1/devices. ``device_id`` is made by the client, so that a lost answer can be asked for again."""

    code: str
    device_id: str
    name: str = ""


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
    """The answer to a batch; kept, and given again word for word when the same batch comes again."""

    key: str
    digest: str
    server_id: str
    epoch: str
    received_at: str
    results: list[Result]


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


class Page(msgspec.Struct, frozen=True):
    """GET /v1/changes."""

    server_id: str
    epoch: str
    items: list[Item]
    cursor: str
    more: bool


class Tail(msgspec.Struct, frozen=True):
    """POST /v1/recover: what a client had seen of an earlier epoch."""

    items: list[Item]
