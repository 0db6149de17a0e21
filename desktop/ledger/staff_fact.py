"""Dated facts about a technician, each with its ground: post, title, evaluation, certificate, recognition (clauses 8 and 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ALONE = ("post", "title", "evaluation")
"""岗位, 职称, 考核: one is in force on a day, the one that began last."""

BESIDE = ("certificate", "recognition")
"""证书, 认定: each stands beside the others."""

STAFF_KINDS = (*ALONE, *BESIDE)


@dataclass(frozen=True, slots=True)
class StaffFact:
    """``value`` is the post, title, result, certificate or level as the paper calls it; in force from ``from_on`` to ``last_on`` (None: no end).

    ``issuer`` gave it, ``number`` is its own, ``ground`` the paper it rests on. ``factor`` is the evaluation factor (考核系数) of an evaluation
    that has one; of the other kinds None.
    """

    id: str
    technician_id: str
    kind: str
    value: str
    from_on: date
    last_on: date | None
    issuer: str
    number: str
    ground: str
    factor: Decimal | None = None
    noted_by: str = ""
