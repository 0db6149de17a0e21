"""The answer to an offline package: receipts word for word, what is new since the ledger last read, signed with the service's key."""

from __future__ import annotations

import uuid

import msgspec
from sqlalchemy import Connection

from network import anchors, feed, gxpk, keys, library
from network.canonical import encode, sha256
from network.database import Database
from network.identity import Caller
from network.keys import Signer
from network.limits import Limits
from network.messages import PackageManifest
from network.problems import Refusal

N_PAGE_BYTES = 8 * 1_048_576
N_PAGES = 999


class Answer:
    """Collects what is to be told; ``sealed`` adds what is new and gives the archive."""

    def __init__(self, db: Database, manifest: PackageManifest, digest: str, caller: Caller, limits: Limits) -> None:
        self._db = db
        self._manifest = manifest
        self._digest = digest
        self._caller = caller
        self._limits = limits
        self._entries: dict[str, bytes] = {}

    def receipt(self, name: str, receipt: bytes) -> None:
        """What the batch of this name got."""
        self._entries[name.replace("batches/", "receipts/")] = receipt

    def recovered(self, name: str, items: list[dict[str, object]]) -> None:
        """What became of the tail of this name."""
        told = {"server_id": self._db.server_id, "epoch": str(self._caller.epoch), "items": items}
        self._entries[name.replace("tails/", "recovered/")] = encode(told)

    def problem(self, name: str, refusal: Refusal) -> None:
        """Why the whole file of this name was not taken."""
        self._entries[f"problems/{name.removesuffix('.json')}.json"] = encode(refusal.body())

    def enrolled(self) -> None:
        """Who the device is now. No tokens: what is carried by hand can be lost on the way."""
        with self._db.read() as connection:
            institution = library.institution(connection, self._caller.institution_id)
            told = {
                "device_id": self._caller.device_id,
                "institution": institution,
                "server_id": self._db.server_id,
                "epoch": str(self._caller.epoch),
                "keys": keys.public(connection),
            }
        self._entries["enrolled.json"] = encode(told)

    def sealed(self) -> bytes:
        """The archive. Raises Refusal when the service was restored meanwhile."""
        db, caller = self._db, self._caller
        if self._manifest.head is not None:
            with db.write() as connection:
                self._entries["anchor.json"] = anchors.countersign(db, connection, caller, self._manifest.head)
        with db.read() as connection:
            cursor, more = self._pages(connection)
            digest = feed.digest(db, connection, caller)
            notices = self._notices(connection)
            institution = library.institution(connection, caller.institution_id)
            signer = keys.signer(connection)
        self._entries |= {"digest.json": encode(digest), "notices.json": msgspec.json.encode(notices)}
        return _archive(db, signer, self._manifest, self._digest, str(caller.epoch), institution, cursor, more, self._entries)

    def _pages(self, connection: Connection) -> tuple[str, bool]:
        """Enclose pages from the ledger's cursor up to a bound; the cursor after them and whether there is more."""
        cursor, more, n_bytes, n_pages = self._manifest.cursor, True, 0, 0
        while more and n_bytes < N_PAGE_BYTES and n_pages < N_PAGES:
            try:
                page = feed.page(self._db, connection, self._caller, cursor, self._limits.n_page)
            except Refusal as refusal:
                if not cursor or refusal.code not in ("cursor.invalid", "epoch.changed"):
                    raise
                # A cursor of before the restore: from the beginning, as on line.
                cursor = ""
                continue
            written = msgspec.json.encode(page)
            n_pages += 1
            n_bytes += len(written)
            self._entries[f"pages/{n_pages:04}.json"] = written
            cursor, more = page.cursor, page.more
        return cursor, more

    def _notices(self, connection: Connection) -> dict[str, object]:
        own, limit = self._caller.institution_id, self._limits.n_page
        try:
            return library.notices(connection, own, self._manifest.notices_cursor, limit)
        except Refusal:
            return library.notices(connection, own, "", limit)


def refused(db: Database, manifest: PackageManifest, digest: str, refusal: Refusal) -> bytes:
    """A signed answer that says only why a package was not taken, for one that is carried back by hand."""
    with db.read() as connection:
        signer, epoch = keys.signer(connection), str(db.epoch(connection))
    entries = {"problem.json": encode(refusal.body())}
    return _archive(db, signer, manifest, digest, epoch, None, manifest.cursor, True, entries)


def _archive(
    db: Database,
    signer: Signer,
    answered: PackageManifest,
    digest: str,
    epoch: str,
    institution: dict[str, str] | None,
    cursor: str,
    more: bool,
    entries: dict[str, bytes],
) -> bytes:
    manifest = encode(
        {
            "format": "gxpk",
            "version": 1,
            "kind": "answer",
            "package_id": str(uuid.uuid4()),
            "answers": {"device_id": answered.device_id, "number": answered.number, "digest": digest},
            "institution": institution,
            "server_id": db.server_id,
            "epoch": epoch,
            "key_id": signer.key_id,
            "cursor": cursor,
            "more": more,
            "made_at": db.moment(),
            "entries": [{"name": name, "n_bytes": len(each), "sha256": sha256(each)} for name, each in sorted(entries.items())],
        }
    )
    return gxpk.write(manifest, signer.sign(keys.PACKAGE, manifest), entries)
