"""What the national platform says of a row after it took it (审核状态): seen there by a person, read from a table, or told in an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

AuditState = Literal["not_submitted", "pending", "passed", "refused"]

AUDITS: dict[str, AuditState] = {"-1": "not_submitted", "0": "pending", "1": "passed", "2": "refused"}
"""The platform's code of each state: −1 未提交, 0 待审核, 1 通过, 2 未通过."""

AUDIT_STATES: tuple[AuditState, ...] = ("not_submitted", "pending", "passed", "refused")

AUDITED_KINDS = ("4", "6")
"""The kinds of rows that are audited one by one: sets and service records."""


@dataclass(frozen=True, slots=True)
class NationalAudit:
    """The state of a row as it stood on the platform on ``seen_on`` (Asia/Shanghai); facts are only added to, the newest day counts.

    ``message_id`` is the message the platform has the row by, ``row_key`` names it among that message's rows: taken again by another message, the
    row is to be audited anew. ``reason`` is the platform's, as it stands there, "" where it gave none; ``raw`` is the row of an answer as it came,
    "" when a person entered it. ``at`` (UTC) is when it was kept.
    """

    id: str
    message_id: str
    row_key: str
    state: AuditState
    seen_on: date
    reason: str
    raw: str
    at: datetime
    by: str
