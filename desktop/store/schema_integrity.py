"""Answers to the self-checks of integrity. Local whole: they leave on the report that somebody prints and signs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index

from desktop.ledger.integrity import ANSWER_STATES, INTEGRITY_CHECKS
from desktop.store.columns import key, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


integrity_answer = table(
    "integrity_answer",
    key(reach="local"),
    text("check_name", default=None),
    refers("record_id", "service_record", "local"),
    text("state", default=None),
    text("text", default=None),
    text("answered_on", default=None),
    *(text(name) for name in ("correction", "evidence", "answered_by")),
    CheckConstraint(_listed("check_name", INTEGRITY_CHECKS), name="check_name"),
    CheckConstraint(_listed("state", ANSWER_STATES), name="state"),
    CheckConstraint("text <> ''", name="text"),
    CheckConstraint("(state = 'corrected') = (correction <> '')", name="correction"),
)
Index("ix_integrity_answer_record", integrity_answer.c.record_id, integrity_answer.c.check_name)
