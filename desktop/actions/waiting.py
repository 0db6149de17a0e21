"""Records that were ahead of their day: once the day has come, their problem is judged again."""

from __future__ import annotations

import json

from desktop.actions import judging
from desktop.actions.workspace import Workspace, today

_WAITING = "SELECT DISTINCT record_id FROM record_problem WHERE severity = 'error' AND code = 'record.future'"
_DUE = "SELECT id FROM service_record WHERE id IN (SELECT value FROM json_each(?)) AND started_at < ?"


def days_come(workspace: Workspace) -> int:
    """Judge again the drafts whose day has come since they were judged. Returns how many; without any nothing is written."""
    with workspace.read() as connection:
        waiting = [row[0] for row in connection.exec_driver_sql(_WAITING)]
        if not waiting:
            return 0
        due = [row[0] for row in connection.exec_driver_sql(_DUE, (json.dumps(waiting), f"{today().isoformat()}T24"))]
    if due:
        with workspace.write("record day", undoable=False, params={"n": str(len(due))}) as operation:
            judging.recheck(operation, due)
    return len(due)
