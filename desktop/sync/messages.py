"""The wire, as the contract has it. Members we do not know are ignored; fields of a body are all kept."""

from __future__ import annotations

from typing import Literal

import msgspec

from desktop.sync.canonical import Scalar

SCHEMA = 1


class SchemaRange(msgspec.Struct, frozen=True):
    """The batch schemas a service takes, both ends included."""

    min: int
    max: int


class Limits(msgspec.Struct, frozen=True):
    """What one request may bring; ``n_bytes`` counts the decoded body."""

    n_changes: int
    n_bytes: int
    n_page: int


class ServiceKey(msgspec.Struct, frozen=True):
    """A key under which the service signs, or signed once."""

    key_id: str
    public_key: str


class Capabilities(msgspec.Struct, frozen=True):
    """Who the service is and what it takes; ``now`` is its clock, "" from an older service."""

    server_id: str
    epoch: str
    role: str
    schema: SchemaRange
    limits: Limits
    kinds: list[str]
    keys: list[ServiceKey] = []
    books: dict[str, str] = {}
    now: str = ""


class Institution(msgspec.Struct, frozen=True):
    """The institution an enrolment code belongs to."""

    id: str
    uscc: str
    name: str


class Enrolled(msgspec.Struct, frozen=True):
    """The answer to an enrolment."""

    device_id: str
    institution: Institution
    server_id: str
    epoch: str
    access_token: str
    refresh_token: str


class Tokens(msgspec.Struct, frozen=True):
    """A new pair of tokens."""

    access_token: str
    refresh_token: str


class Change(msgspec.Struct, frozen=True):
    """One operation. ``action`` create, update or delete; ``parent`` None for create only, ``body`` None for delete only."""

    op_id: str
    kind: str
    id: str
    action: str
    parent: str | None
    body: dict[str, Scalar] | None
    recorded_at: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """A sealed batch, decoded."""

    key: str
    schema: int
    changes: list[Change]


class ChangeProblem(msgspec.Struct, frozen=True):
    """Why a change was not taken."""

    code: str
    action: str
    field: str | None = None
    target_kind: str | None = None
    target_id: str | None = None


class Result(msgspec.Struct, frozen=True):
    """The answer to one change: ``applied``, ``duplicate``, ``stale`` or ``refused``."""

    op_id: str
    status: str
    token: str | None = None
    problem: ChangeProblem | None = None


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a batch: one result per change, in their order.

    ``before`` and ``after``: the cursors at the end of the feed around the batch; ``before`` "" when the feed was empty, None
    from an older service.
    """

    key: str
    digest: str
    server_id: str
    epoch: str
    results: list[Result]
    before: str | None = None
    after: str | None = None


class Item(msgspec.Struct, frozen=True):
    """An entity as the service holds it; ``body`` None for a tombstone."""

    kind: str
    id: str
    token: str
    parent: str | None
    action: str
    op_id: str
    body: dict[str, Scalar] | None
    device_id: str | None = None
    received_at: str | None = None


class Digest(msgspec.Struct, frozen=True):
    """The digest of everything live, and the cursor it holds for."""

    server_id: str
    epoch: str
    cursor: str
    n_entities: int
    digest: str


class FileState(msgspec.Struct, frozen=True):
    """What the remote has of a file and which parts it lacks; all parts but the last have ``n_part_bytes``."""

    sha256: str
    n_bytes: int
    n_part_bytes: int
    missing: list[int]
    complete: bool


class DeviceName(msgspec.Struct, frozen=True):
    """What people call a device."""

    id: str
    name: str


class Page(msgspec.Struct, frozen=True):
    """A page of the feed; the last one may tell the digest at its cursor. ``devices``: the names of those that changed what is in it."""

    server_id: str
    epoch: str
    items: list[Item]
    cursor: str
    more: bool
    digest: Digest | None = None
    notices: str = ""
    devices: list[DeviceName] = []
    publications: str = ""


class RecoveredItem(msgspec.Struct, frozen=True):
    """What became of one handed-back entity: ``held``, ``restored``, ``diverged`` or ``refused``."""

    kind: str
    id: str
    status: str


class Recovered(msgspec.Struct, frozen=True):
    """The answer to a handed-back tail."""

    server_id: str
    epoch: str
    items: list[RecoveredItem]


class NoticeItem(msgspec.Struct, frozen=True):
    """A notice to the institution; days ``YYYY-MM-DD``."""

    id: str
    kind: str
    title: str
    text: str
    issued_on: str
    due_on: str | None


class Notices(msgspec.Struct, frozen=True):
    """A page of notices."""

    items: list[NoticeItem]
    cursor: str
    more: bool


class EvaluationItem(msgspec.Struct, frozen=True):
    """The network's evaluation of a year; ``score`` a decimal as text."""

    year: int
    grade: str
    score: str | None = None
    evaluated_on: str = ""


class PublicationItem(msgspec.Struct, frozen=True):
    """What the network says of an own instrument, whose key is ``id``; days ``YYYY-MM-DD``. ``state`` may be a word of tomorrow."""

    id: str
    network_number: str | None
    state: str
    since_on: str
    reason: str = ""
    evaluations: list[EvaluationItem] = []


class Publications(msgspec.Struct, frozen=True):
    """A page of what the network says of own instruments, in the order of the last change."""

    items: list[PublicationItem]
    cursor: str
    more: bool


class Codebook(msgspec.Struct, frozen=True):
    """A code book; what is in it is as it came."""

    name: str
    version: str
    content: msgspec.Raw


class Catalogue(msgspec.Struct, frozen=True):
    """A page of other institutions' instruments: ``id``, ``institution_name``, ``name`` and what else is public."""

    items: list[dict[str, Scalar]]
    cursor: str
    more: bool


class SessionItem(msgspec.Struct, frozen=True):
    """What a sensor on an instrument of the institution saw; moments UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""

    id: str
    sensor: str
    started_at: str
    ended_at: str
    band: Literal["idle", "working"]
    n_watt_hours: int | None = None


class Sessions(msgspec.Struct, frozen=True):
    """A page of sessions on one instrument, oldest first."""

    items: list[SessionItem]
    cursor: str
    more: bool


class ProblemDocument(msgspec.Struct, frozen=True):
    """Of RFC 9457 the two members a client acts on. What else there is, prose above all, is not read."""

    code: str
    action: str
