"""The tables behind the ledger: journal, and the bookkeeping of sync and settings (neither journalled nor reported)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text

from desktop.store.columns import blob, flag, integer, maybe, maybe_integer, metadata, table, text

operation = table(
    "operation",
    Column("seq", Integer, primary_key=True, nullable=False, info={"reach": "local"}),
    text("name", default=None),
    text("who", default=None),
    text("at", default=None),
    text("reason"),
    text("params", default="{}"),
    flag("undoable", default="1"),
    maybe_integer("undoes", unique=True),
    integer("n_rows"),
    text("previous", default=None),
    text("digest", default=None),
    manner="bookkeeping",
)

journal = table(
    "journal",
    Column("seq", Integer, primary_key=True, nullable=False, info={"reach": "local"}),
    integer("operation"),
    text("kind", default=None),
    text("key", default=None),
    text("verb", default=None),
    maybe("old"),
    manner="bookkeeping",
)
Index("ix_journal_operation", journal.c.operation)

journal_after = table(
    "journal_after",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("kind", "key")),
    Column("operation", Integer, primary_key=True, nullable=False, info={"reach": "local"}),
    maybe("digest"),
    manner="bookkeeping",
    without_rowid=True,
)
Index("ix_journal_after_operation", journal_after.c.operation)

open_operation = table(
    "open_operation",
    Column("one", Integer, CheckConstraint("one = 1", name="one"), primary_key=True, nullable=False, info={"reach": "local"}),
    integer("seq"),
    manner="bookkeeping",
)

setting = table(
    "setting",
    Column("name", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    text("value"),
    manner="bookkeeping",
)

remote = table(
    "remote",
    Column("role", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    text("url", default=None),
    text("server_id"),
    text("epoch"),
    text("cursor"),
    text("device_id"),
    text("institution"),
    text("last_at"),
    text("last_report"),
    # Certificates (PEM) of those who may vouch for the remote in place of the usual ones; up to which notice was read.
    text("authorities"),
    text("notices_cursor"),
    # Up to where its word on the own instruments was read (epoch:cursor).
    text("publications_cursor"),
    # The public key this device signs packages with, and those of the service that answers were found to be signed with (JSON).
    text("public_key"),
    text("service_keys", default="{}"),
    # What the next package must name: its number, the digest and the epoch of the one before; the epoch an answer told of a restore.
    integer("next_number", default="1"),
    text("previous"),
    text("previous_epoch"),
    text("told_epoch"),
    manner="bookkeeping",
)

package = table(
    "package",
    Column("digest", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    text("remote", default=None),
    text("device_id", default=None),
    integer("number"),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('awaiting', 'answered', 'refused', 'replaced')", name="state"),
        nullable=False,
        info={"reach": "local"},
    ),
    text("epoch"),
    text("cursor"),
    text("tail_sha256"),
    integer("n_changes"),
    integer("n_withheld"),
    integer("n_bytes"),
    text("made_at", default=None),
    text("answered_at"),
    text("told"),
    blob("content"),
    manner="bookkeeping",
)
Index("ix_package_remote", package.c.remote, package.c.made_at)

# What the other computers of the institution are called there, for people to know whose change they see.
sync_device = table(
    "sync_device",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "device_id")),
    text("name", default=None),
    manner="bookkeeping",
    without_rowid=True,
)

sync_base = table(
    "sync_base",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "kind", "key")),
    text("token", default=None),
    maybe("parent"),
    text("action", default=None),
    text("op_id", default=None),
    maybe("body"),
    text("digest"),
    flag("merged", default="1"),
    maybe("common"),
    text("device_id"),
    text("received_at"),
    text("seen"),
    manner="bookkeeping",
    without_rowid=True,
)

Index("ix_sync_base_unmerged", sync_base.c.remote, sync_base.c.kind, sync_base.c.key, sqlite_where=sync_base.c.merged == 0)

sync_batch = table(
    "sync_batch",
    Column("id", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    text("remote", default=None),
    text("digest", default=None),
    blob("content"),
    flag("attempted"),
    manner="bookkeeping",
)

# The rows whose deletion a person asked a remote for, because they are confidential by now.
sync_take_back = table(
    "sync_take_back",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "kind", "key")),
    text("take_back_id", default=None),
    manner="bookkeeping",
    without_rowid=True,
)

sync_parked = table(
    "sync_parked",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "kind", "key")),
    text("code", default=None),
    text("field"),
    text("body_sha256"),
    text("waiting_kind"),
    text("waiting_key"),
    manner="bookkeeping",
)

sync_conflict = table(
    "sync_conflict",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "kind", "key")),
    text("fields", default=None),
    maybe("base"),
    maybe("mine"),
    maybe("theirs"),
    text("device_id"),
    text("received_at"),
    text("further"),
    manner="bookkeeping",
)

__all__ = ["metadata"]
