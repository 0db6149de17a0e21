"""What the engine needs of the world: storage, network, identifiers, a clock. It opens no file, reads no clock, draws no
random number.

``Storage`` is implemented over the ledger's database, once per remote. Everything between entering and leaving
``transaction`` is one write transaction: committed on leaving, rolled back by any exception, and no other writer comes
between. A place is (kind, id).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from desktop.sync.canonical import Body
from desktop.sync.messages import Capabilities, Digest, FileState, Item, Page, Receipt, Recovered

Place = tuple[str, str]
Order = tuple[bool, int, bool, str]
"""Where a row stands in sending order: deleted, rank of its kind, late (a reversal, a mark that holds), id."""


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What is known of the remote. ``cursor`` "" is the beginning of its feed."""

    server_id: str
    epoch: str
    cursor: str = ""


N_SEEN = 16
HERE = "here."
"""How the code of a parked row begins that came from the remote and that this ledger cannot take as it stands."""
TAKEN = frozenset({"key.taken", "posting.twice", "payout_mark.twice", "payout_run.twice", "fee_schedule.overlap"})
"""The codes of rows that another one keeps out at the remote: it may give way, by a row this one knows nothing of."""
SETTLED = f"{HERE}settled"
"""The code of one that is not taken in while a row of ours stands against it, which is in conflict for that (``Step.disputed``)."""
RIVAL = f"{HERE}posted"
"""The code of one that stands for the same as a row of ours, which ``waiting_for`` names: only one of the two may stand."""


NOT_YET = f"{HERE}hub"
"""The code of one of the network that the hub has to bring first: a new row, which the network knows in part only, or an older state of ours."""
TOLD_OTHERWISE = f"{HERE}reversed"
"""The code of a reversal that another remote took with another day or reason first: it is one here, and neither remote gives its own up."""


class Unplaced(Exception):
    """The ledger refuses a row of the remote and is as it was before: ``code`` (``here.…``), the field, the row that is missing."""

    def __init__(self, code: str, field: str = "", waiting_for: Place | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.waiting_for = waiting_for


@dataclass(frozen=True, slots=True)
class BaseRow:
    """What the remote is known to hold of one entity; ``body`` None: a tombstone. Stored as given, returned unchanged.

    ``merged`` False: it came, and is not in our row yet (the row is withheld, or the ledger could not hold it); ``common``
    is then what both sides last had in common, ``device_id`` and ``received_at`` tell of the remote's change, and nothing of
    the row is sent until it is merged. ``seen`` are tokens of the states before this one, newest first: the proof, after a
    restore of the remote, that this one came after what its backup holds. Of a deletion that came ``device_id`` and ``received_at`` are
    kept when it is merged, too.
    """

    kind: str
    id: str
    token: str
    parent: str | None
    action: str
    op_id: str
    body: Body | None
    merged: bool = True
    common: Body | None = None
    device_id: str = ""
    received_at: str = ""
    seen: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """(kind, id)."""
        return self.kind, self.id

    @property
    def lineage(self) -> tuple[str, ...]:
        """The tokens a state that replaces this one has seen."""
        return (self.token, *self.seen)[:N_SEEN]

    @property
    def shared(self) -> Body | None:
        """The last state both sides had in common."""
        return self.body if self.merged else self.common


@dataclass(frozen=True, slots=True)
class Standing:
    """One entity on both sides. ``local`` is the row in the form of the wire (only fields that reach this remote).

    ``deleted``: a person deleted the row here (an explicit tombstone), or the remote did and its base is forgotten since.
    ``withheld``: the row is here and confidential, or
    not for this remote; ``local`` is None then, nothing is sent and nothing that comes is written. Both: a person asked to
    withdraw what was sent of it; the deletion, its key alone, is sent. ``local`` None alone means that there is no row:
    absence deletes nothing. ``recorded_at`` is when the device wrote the row (UTC); it is sent
    and decides nothing.
    """

    kind: str
    id: str
    local: Body | None
    deleted: bool = False
    withheld: bool = False
    base: BaseRow | None = None
    recorded_at: datetime | None = None

    @property
    def place(self) -> Place:
        """(kind, id)."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Sealed:
    """A batch as it will be sent: exact bytes, its key, SHA-256 of the bytes. ``attempted``: a byte of it may have left."""

    key: str
    digest: str
    content: bytes = field(repr=False)
    attempted: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """A row the service refused, shown until it is changed (``body_sha256`` differs; "" for a deletion) or ``waiting_for``
    is there. A code of ``HERE``: a row of the remote that this ledger could not take; it is tried again in every run.

    ``code`` is the service's; its words are ``sync.refused.<code with _ for .>``.
    """

    kind: str
    id: str
    code: str
    field: str
    body_sha256: str
    waiting_for: Place | None = None


@dataclass(frozen=True, slots=True)
class Further:
    """What the remote also had of a row in conflict, and has no more since it was restored. ``body`` None: it was deleted there."""

    body: Body | None
    device_id: str = ""
    received_at: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the same group of fields. ``None`` bodies are deletions (``base`` None: there was no common state).

    The ledger shows ``theirs`` in these ``groups``; ``mine`` is kept and not sent until a person resolves it: write the
    chosen row, then drop the conflict. ``further`` waited behind it and is held by no remote any more; no merge takes it away, so
    that a conflict may be left with nothing else (no ``groups``).
    """

    kind: str
    id: str
    groups: tuple[str, ...]
    base: Body | None
    mine: Body | None
    theirs: Body | None
    device_id: str = ""
    received_at: str = ""
    further: tuple[Further, ...] = ()

    @property
    def place(self) -> Place:
        """(kind, id)."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Marker:
    """A text that must not leave. ``whole``: a key or number, found only where it stands alone; else found anywhere.

    ``leaves_in``: a kind; as the key of a deletion of that kind the text may leave, for that is what was asked for. "": nowhere.
    """

    text: str
    whole: bool = False
    leaves_in: str = ""


class Step(Protocol):
    """One open transaction. Every read sees the writes before it."""

    def state(self) -> RemoteState | None:
        """What is known of the remote; None before enrolment."""

    def put_state(self, state: RemoteState) -> None:
        """Remember the remote's state."""

    def differing(self, after: Order | None = None) -> Iterable[Standing]:
        """At least every entity whose local row differs from its base or that was deleted here; more is allowed, less is not.

        In sending order (``seal.order``), those ``after`` a place in it alone. Confidential rows are never among them, but for
        those whose withdrawal was asked for.
        """

    def standing(self, kind: str, key: str) -> Standing:
        """One entity; ``local`` and ``base`` None when there is nothing."""

    def base(self, kind: str, key: str) -> BaseRow | None:
        """What the remote is known to hold of one entity."""

    def tokens(self, places: Sequence[Place]) -> Mapping[Place, str]:
        """The token of each of these places that has a base."""

    def unmerged(self) -> Sequence[Place]:
        """Places whose base is not merged and whose row is not withheld (any more)."""

    def put_base(self, row: BaseRow) -> None:
        """The remote holds this now."""

    def drop_base(self, kind: str, key: str) -> None:
        """The remote does not hold the entity. The local row stays. A state that may wait behind a conflict: ``further.forget``."""

    def drop_withheld_bases(self) -> None:
        """What the remote holds of confidential rows is not known any more."""

    def put_local(self, kind: str, key: str, body: Body) -> None:
        """Write what came from the remote; fields that do not reach this remote stay as they are here. Ends a tombstone.

        Raises Unplaced when the ledger's own rules forbid the row.
        """

    def adopt(self, kind: str, key: str, body: Body) -> Body | None:
        """A row that is new here: if one of ours, which no remote knows of, stands for the same thing under another key, it takes this
        one, with all that refers to it. Our row under its new key, whatever keeps it here; None when there is no such row.

        Raises Unplaced, with all as it was, when it cannot take another key.
        """

    def delete_local(self, kind: str, key: str) -> None:
        """The remote deleted the entity: remove or retire the row here. It is not a deletion by a person (no tombstone).

        Raises Unplaced when other rows refer to it.
        """

    def sealed(self) -> Sequence[Sealed]:
        """Batches sealed and not yet settled, oldest first."""

    def put_sealed(self, batch: Sealed) -> None:
        """Keep a batch, or its new ``attempted``; by key, order of first keeping."""

    def drop_sealed(self, key: str) -> None:
        """Forget a batch."""

    def conflict(self, kind: str, key: str) -> Conflict | None:
        """The open conflict of an entity."""

    def put_conflict(self, conflict: Conflict) -> None:
        """Open or replace a conflict."""

    def drop_conflict(self, kind: str, key: str) -> None:
        """The conflict is over (nothing to do when there is none)."""

    def conflicts(self) -> Sequence[Conflict]:
        """All open conflicts."""

    def disputed(self) -> Sequence[Conflict]:
        """Rows of ours that cannot stand beside what came, each with what came as ``theirs``, a row of another id: both may be well by
        themselves, and no merge would show it."""

    def asked_elsewhere(self) -> Collection[Place]:
        """Rows of which two states wait for a decision at another remote of this ledger: what is on view of them is nobody's choice, so nothing
        of them is sent here, and nothing that comes is taken into them, until a person has decided."""

    def elsewhere(self) -> Iterable[Step]:
        """The ledger's memory of its other remotes."""

    def has_been(self, place: Place, names: Collection[str], body: Body, since: Body | None) -> bool:
        """Whether our row was once as ``body`` says in these fields, and went on from there, after it was as ``since`` says in them (None: ever).

        A state of ours that another seat had from another remote of this ledger and brought to this one is no news. False with one remote.
        """

    def parked(self) -> Sequence[Parked]:
        """All parked rows."""

    def park(self, row: Parked) -> None:
        """Park, or replace what is parked at the place."""

    def unpark(self, kind: str, key: str) -> None:
        """No longer parked (nothing to do when it was not)."""

    def base_lines(self) -> Iterable[tuple[str, str, str, str]]:
        """(kind, id, token, SHA-256 of the canonical body) of every live base row, in the order of kind and id."""

    def bases(self, kind: str = "") -> Iterable[BaseRow]:
        """Every base row, or those of one kind, tombstones included, except those of rows that are confidential now."""

    def markers(self) -> Iterable[Marker]:
        """What must not leave: key, asset, serial and filing number of each confidential row (whole), and those of its
        texts of six or more characters that occur in no ordinary row."""

    def name_devices(self, names: Mapping[str, str]) -> None:
        """Remember what these devices are called (id -> name). For people alone: it decides nothing."""

    def mark(self) -> object:
        """Equal to an earlier one only if no row has been written, deleted or withdrawn since, by anybody."""

    def n_withheld(self) -> int:
        """How many confidential rows stay here."""

    def file_bytes(self, sha256: str) -> int | None:
        """How large a file of evidence is whose bytes are here; None when they are not."""

    def file_piece(self, sha256: str, start: int, n_bytes: int) -> bytes:
        """Bytes of such a file from a place on, at most so many."""

    def owed_files(self) -> list[str]:
        """The SHA-256 of files that the remote may lack although it has their rows; in the order in which they were owed."""

    def owe_files(self, files: Sequence[str]) -> None:
        """These files are owed, and no others."""


class Storage(Protocol):
    """The ledger's memory of one remote."""

    def transaction(self, name: str) -> AbstractContextManager[Step]:
        """One named write transaction."""


class Network(Protocol):
    """The remote. Raises RemoteProblem; every method may have taken effect when it raises."""

    def capabilities(self) -> Capabilities:
        """Who it is, what it takes. Sets the epoch that the later requests name."""

    def send(self, content: bytes) -> Receipt:
        """Send the exact bytes of a batch."""

    def receipt(self, key: str) -> Receipt | None:
        """The receipt of a batch sent before; None when it never arrived."""

    def changes(self, cursor: str) -> Page:
        """The page after the cursor, the last one with the digest of what the remote holds if it tells that."""

    def entity(self, kind: str, key: str) -> Item | None:
        """One entity as it is now; None when there is none."""

    def digest(self) -> Digest:
        """The digest of what it holds."""

    def recover(self, content: bytes) -> Recovered:
        """Hand back a tail."""

    def declare_file(self, sha256: str, n_bytes: int) -> FileState:
        """Announce a file of evidence, or ask again what is there of it."""

    def send_part(self, sha256: str, number: int, content: bytes) -> FileState:
        """Send one part of it; the same again is fine."""


class Credentials(Protocol):
    """Where the rotating refresh token is kept (the keyring)."""

    def load(self) -> str | None:
        """The refresh token, None when there is none."""

    def save(self, token: str) -> None:
        """Replace it."""


NewId = Callable[[], str]
Now = Callable[[], datetime]
Cancelled = Callable[[], bool]
