"""Management documents as rows."""

from __future__ import annotations

from desktop.ledger.management import ManagementDocument
from desktop.store import schema_management
from desktop.store.database import Connection
from desktop.store.rows import Codec

DOCUMENTS = Codec(ManagementDocument, schema_management.management_document)


def n_files(connection: Connection) -> dict[str, int]:
    """Key of a paper -> how many files are attached to it; those without one are missing."""
    sql = "SELECT of_id, count(*) FROM attachment WHERE of_kind = 'management_document' GROUP BY of_id"
    return {str(row[0]): int(row[1]) for row in connection.exec_driver_sql(sql)}
