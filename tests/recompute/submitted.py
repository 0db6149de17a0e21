"""What the invented institution told the national platform: messages with every end, rows taken once and again, here and at an earlier address; what
people took off there since, and what the platform's audit said.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from desktop.actions import national_messages, national_outgoing
from desktop.actions.workspace import Workspace
from desktop.formats import national_effect
from desktop.ledger import period as periods
from desktop.ledger.national_audit import AUDIT_STATES, NationalAudit
from desktop.ledger.national_message import MessageEvent, MessageStep, NationalMessage, NationalRemoval
from desktop.store import national_messages as rows
from desktop.store.database import Operation
from desktop.store.facts import RECORDS
from tests.recompute.invented import Registers, key

_HERE = ("https://nat.example.cn/services", "37" + "0" * 29 + "A")
_BEFORE = ("https://old.example.cn/services", "37" + "0" * 29 + "B")
_TAKEN: tuple[MessageStep, ...] = ("sent", "accepted")
# Of each message of sets or services: where it went, the moment (UTC) of its last step, its steps. A day begins at 16:00 in UTC.
_MESSAGES: tuple[tuple[tuple[str, str], str, tuple[MessageStep, ...]], ...] = (
    (_HERE, "2024-11-05T02:00:00", _TAKEN), (_HERE, "2025-03-10T15:59:59", _TAKEN), (_HERE, "2025-03-10T16:00:00", ("sent", "unknown", "accepted")),
    (_BEFORE, "2025-04-01T02:00:00", _TAKEN), (_HERE, "2025-05-06T02:00:00", ("sent", "refused")),
    (_HERE, "2025-06-01T02:00:00", ("sent", "not_sent", "sent", "accepted")), (_HERE, "2025-07-07T02:00:00", ("sent", "unknown", "sent", "not_sent")),
    (_HERE, "2025-12-31T15:59:59", _TAKEN), (_HERE, "2025-12-31T16:00:00", _TAKEN), (_BEFORE, "2026-01-05T02:00:00", ("sent", "refused", "sent", "accepted")),
    (_HERE, "2026-01-09T02:00:00", ()), (_HERE, "2026-01-19T16:00:00", _TAKEN),
)  # fmt: skip
_REMOVED = ("2025-08-08T02:00:00", "2025-12-31T15:59:59", "2025-12-31T16:00:00", "2026-01-21T02:00:00")
_SEEN = (1, 20, 60, 0, 300)


def messages(workspace: Workspace, made: Registers, seed: int) -> None:
    """Sets and services in messages by their place, some in two; the effects of two years, of which the first is another by now."""
    chance = random.Random(seed)
    national_outgoing.set_target(workspace, *_HERE)
    accepted = {one.asset_number: str(one.accepted_on or "") for one in made.instruments}
    effect, _ = national_messages.effect(workspace, periods.parse("2025"))
    digest = national_outgoing.row_digest(national_effect.n7(effect))
    with workspace.write("recompute national", undoable=False) as operation:
        sql = "SELECT id FROM service_record WHERE state IN ('posted', 'reversed') ORDER BY number"
        records = [str(row[0]) for row in operation.connection.exec_driver_sql(sql)]
        for kind, keys in (("4", list(accepted)), ("6", records)):
            for place, (_, moment, _) in enumerate(_MESSAGES):
                told = [each for n, each in enumerate(keys) if n % 7 != 3 and place in (n % 11, (n * 5) % 23) and accepted.get(each, "") <= moment]
                _kept(operation, kind, place, [*told, *(["退库"] if kind == "4" and place == 1 else [])], chance)
        # The last quarter of the first year is told whole.
        sql = "SELECT record_id FROM posting WHERE reverses IS NULL AND ended_on BETWEEN '2024-10-01' AND '2024-12-31' ORDER BY record_number"
        whole = [str(row[0]) for row in operation.connection.exec_driver_sql(sql)]
        _message(operation, "6", "BW6-24", _HERE, dict.fromkeys(whole, "1" * 64), "2026-01-19T17:00:00", _TAKEN, chance)
        _message(operation, "7", "BW7-24", _HERE, {"2024": "0" * 64}, "2025-02-01T02:00:00", _TAKEN, chance)
        _message(operation, "7", "BW7-25", _HERE, {"2025": digest}, "2026-01-15T02:00:00", _TAKEN, chance)
        _replaced(operation)


def _kept(operation: Operation, kind: str, place: int, keys: list[str], chance: random.Random) -> None:
    target, moment, steps = _MESSAGES[place]
    known = _message(operation, kind, f"BW{kind}-{place:02}", target, dict.fromkeys(keys, f"{place:064}"), moment, steps, chance)
    if "accepted" not in steps:
        return
    at = datetime.fromisoformat(moment)
    first = (at + timedelta(hours=8)).date()
    audits, removals = list[NationalAudit](), list[NationalRemoval]()
    for each in keys:
        if chance.random() < 0.04:
            removed = [one for one in _REMOVED if one > moment]
            if removed:
                removals.append(NationalRemoval(key(chance), known, each, datetime.fromisoformat(chance.choice(removed)), "平台上已撤下", "经办"))
        if chance.random() < 0.25:
            audits += _audits(known, each, first, chance)
    rows.REMOVALS.insert(operation.connection, removals)
    rows.AUDITS.insert(operation.connection, audits)


def _audits(message: str, row: str, first: date, chance: random.Random) -> Iterable[NationalAudit]:
    """Looked at once or up to three times, on one day too: what was kept later counts then."""
    seen = first
    for _ in range(chance.choice((1, 1, 2, 3))):
        seen += timedelta(days=chance.choice(_SEEN))
        state = chance.choice(AUDIT_STATES)
        reason = "缺少附件" if state == "refused" else ""
        yield NationalAudit(key(chance), message, row, state, seen, reason, "", datetime(2026, 1, 18), "经办")


def _message(
    operation: Operation, kind: str, number: str, target: tuple[str, str], told: dict[str, str], moment: str, steps: tuple[MessageStep, ...],
    chance: random.Random,
) -> str:  # fmt: skip
    content, at = number.encode(), datetime.fromisoformat(moment)
    one = NationalMessage(
        key(chance), number, kind, target[1], target[0], "", max(1, len(told)), len(content), hashlib.sha256(content).hexdigest(), False, at, "经办"
    )  # fmt: skip
    rows.keep(operation.connection, one, content, told)
    back = len(steps) - 1
    events = [MessageEvent(key(chance), one.id, step, at - timedelta(days=back - n)) for n, step in enumerate(steps)]
    rows.EVENTS.insert(operation.connection, events)
    return one.id


def _replaced(operation: Operation) -> None:
    """Each third service that was taken back is entered anew, and waits to be posted."""
    gone = RECORDS.find(operation.connection, "state = 'reversed'", (), "number")[::3]
    RECORDS.insert(operation.connection, [replace(one, id=f"e{n:031x}", number=f"E{n:07d}", state="draft", replaces=one.id) for n, one in enumerate(gone)])
