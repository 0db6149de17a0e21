"""What another seat posted into a month that was closed here by the time it came: late here, though its own seat did not know."""

from __future__ import annotations

import json

from desktop.rules import approval
from desktop.store.database import Connection
from desktop.store.payouts import MONTHS

_SINCE = """
SELECT p.id, p.service_month, p.amount_fen
FROM operation o JOIN journal j ON j.operation = o.seq JOIN posting p ON p.id = j.key
JOIN json_each(?) c ON c.key = p.service_month
WHERE o.name IN ('sync', 'sync same') AND o.seq > ? AND j.kind = 'posting' AND o.seq > c.value AND p.late = 0
AND (j.verb = 'insert' OR (j.verb = 'update' AND p.reverses IS NOT NULL AND json_extract(j.old, '$.late') = 1))
"""


def came_late(connection: Connection) -> dict[str, tuple[str, int]]:
    """Key of each posting that a sync brought after the month of its service was closed here -> that month (``2025-07``) and its fen.

    A late reversal of ours that became another seat's, made before the month was closed there, is among them.
    A month that was reopened, or closed again since, has taken them in knowingly. Those marked late by their own seat are not among them.
    """
    closings = approval.closings(MONTHS.find(connection, order="at, id"))
    sql = "SELECT key, operation FROM journal_after WHERE kind = 'month_event' AND key IN (SELECT value FROM json_each(?))"
    at = {row[0]: int(row[1]) for row in connection.exec_driver_sql(sql, (json.dumps(list(closings.values())),))}
    since = {month: at[key] for month, key in closings.items() if key in at}
    if not since:
        return {}
    found = connection.exec_driver_sql(_SINCE, (json.dumps(since), min(since.values())))
    return {row[0]: (row[1], int(row[2])) for row in found}
