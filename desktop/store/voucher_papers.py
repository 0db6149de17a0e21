"""The papers of a voucher use: those that were named, and of a use in another province the files that were named as such."""

from __future__ import annotations

from dataclasses import replace

from desktop.ledger.attachment import Attachment
from desktop.ledger.voucher import EVIDENCE, Evidence
from desktop.store import attachments
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS
from desktop.store.vouchers import PAPERS


def papers(connection: Connection, use_id: str) -> list[Evidence]:
    """The papers of a use: those that were named, and of one in another province the files that were named as such, which are kept here alone."""
    named = [Evidence(one.item, one.attachment_id or "", one.number, one.waived_why) for one in PAPERS.find(connection, "use_id = ?", (use_id,))]
    return named + [Evidence(item, file.id) for file in attachments.of_subject(connection, "outside_use", use_id) for item in file.papers]


def name_outside(connection: Connection, use_id: str, item: str, file: Attachment | None) -> None:
    """Make a file of a use in another province, and no other of it, this paper; None: no file is it."""
    changed = []
    for one in attachments.of_subject(connection, "outside_use", use_id):
        is_it = file is not None and one.id == file.id
        names = tuple(each for each in EVIDENCE if (is_it if each == item else each in one.papers))
        if names != one.papers:
            changed.append(replace(one, papers=names))
    ATTACHMENTS.update(connection, changed)
