"""Notices the invented institution received and answered, and what it said to its own self-checks."""

from __future__ import annotations

import random
from datetime import date, timedelta

from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.integrity import IntegrityAnswer
from desktop.store import library
from desktop.store.integrity_answers import ANSWERS
from tests.recompute.invented import key

_DAY = date(2025, 12, 31)
_KINDS = ("rectification", "warning", "circular", "information")
# The last is issued by the day on which it came: an hour after midnight, and one before.
_ISSUED = ("2024-12-31", "2025-01-01", "2025-06-30", "2025-12-31", "2026-01-01", "", "")
_CAME = ("2025-03-01T00:00:00", "2024-12-31T17:00:00", "2024-12-31T15:00:00")
_DUE = (None, -30, -1, 0, 1, 5, 20, 420)
_ANSWERED = (None, None, -31, -30, -1, 0)


def notices(workspace: Workspace, seed: int) -> None:
    """Notices of every kind around both ends of the year, due before, on and after its last day, half of them answered."""
    chance = random.Random(seed)
    made, answers = [], []
    for n in range(120):
        issued, due = _ISSUED[n % len(_ISSUED)], chance.choice(_DUE)
        came = chance.choice(_CAME)
        made.append((f"T{n}", _KINDS[n % 4], f"通知{n}", "请说明", issued, None if due is None else str(_DAY + timedelta(days=due)), came))
        for _ in range(chance.choice((1, 1, 2))):
            said = chance.choice(_ANSWERED)
            if said is not None:
                answers.append((key(chance), f"T{n}", "已整改", str(_DAY + timedelta(days=said)), "经办"))
    with workspace.write("sync", undoable=False) as operation:
        library.keep_notices(operation.connection, NETWORK, "120", made)
        for one in answers:
            library.keep_answer(operation.connection, one)


def answers(workspace: Workspace, seed: int) -> None:
    """Answers to two checks, of records they point at and of others, some answered again."""
    chance = random.Random(seed)
    with workspace.write("recompute answers", undoable=False) as operation:
        sql = "SELECT id, number FROM service_record WHERE state = 'posted' AND NOT confidential ORDER BY number"
        posted = operation.connection.exec_driver_sql(sql).all()
        given = []
        for check, share in (("late", 0.05), ("round_run", 0.02)):
            for record, number in posted:
                again = share
                while chance.random() < again:
                    again = 0.4
                    state = chance.choice(("explained", "corrected", "accepted", "open"))
                    on = date(2026, 1, chance.randrange(5, 20))
                    named = number if state == "corrected" else ""
                    given.append(IntegrityAnswer(key(chance), check, record, state, "说明", on, named))  # type: ignore[arg-type]  # both are the ledger's
        ANSWERS.insert(operation.connection, given)
