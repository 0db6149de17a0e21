"""Trainings with those who took part, and dated facts about technicians. All local: they are personal, and no remote asks for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from desktop.ledger.staff_fact import STAFF_KINDS
from desktop.ledger.training import OUTCOMES, SUBJECTS
from desktop.store.columns import key, maybe, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


training = table(
    "training",
    key(reach="local"),
    text("number", default=None, unique=True),
    text("name", default=None),
    text("subject", default=None),
    text("organiser"),
    text("place"),
    text("starts_on", default=None),
    text("ends_on", default=None),
    text("hours", default=None),
    text("document", default=None),
    CheckConstraint(_listed("subject", SUBJECTS), name="subject"),
    CheckConstraint("number <> '' AND name <> '' AND document <> ''", name="told"),
    CheckConstraint("ends_on >= starts_on", name="days"),
)

training_attendance = table(
    "training_attendance",
    key(reach="local"),
    refers("training_id", "training", "local"),
    refers("technician_id", "technician", "local", nullable=True),
    text("name", default=None),
    text("organisation"),
    text("outcome", default="attended"),
    text("certificate"),
    CheckConstraint(_listed("outcome", OUTCOMES), name="outcome"),
    CheckConstraint("name <> ''", name="told"),
    UniqueConstraint("training_id", "technician_id"),
)
Index("ix_training_attendance_training", training_attendance.c.training_id)
Index("ix_training_attendance_technician", training_attendance.c.technician_id)

staff_fact = table(
    "staff_fact",
    key(reach="local"),
    refers("technician_id", "technician", "local"),
    text("kind", default=None),
    text("value", default=None),
    text("from_on", default=None),
    maybe("last_on"),
    text("issuer"),
    text("number"),
    text("ground", default=None),
    maybe("factor"),
    text("noted_by"),
    CheckConstraint(_listed("kind", STAFF_KINDS), name="kind"),
    CheckConstraint("value <> '' AND ground <> ''", name="told"),
    CheckConstraint("last_on IS NULL OR last_on >= from_on", name="days"),
    CheckConstraint("factor IS NULL OR kind = 'evaluation'", name="factor"),
)
Index("ix_staff_fact_technician", staff_fact.c.technician_id)
