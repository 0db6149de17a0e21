"""Management documents as rows."""

from __future__ import annotations

from desktop.ledger.management import ManagementDocument
from desktop.store import attachments, schema_management
from desktop.store.database import Connection
from desktop.store.rows import Codec

DOCUMENTS = Codec(ManagementDocument, schema_management.management_document)


def n_files(connection: Connection) -> dict[str, int]:
    """Key of a paper -> how many files are attached to it; those without one are missing."""
    return attachments.counted(connection, "management_document")
