"""A dated fact about a technician as a form holds it: judged while it is typed, made into the fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.ledger.finding import Finding, finding
from desktop.ledger.staff_fact import STAFF_KINDS, StaffFact
from desktop.rules import staff as rules

TEXTS = ("kind", "value", "issuer", "number", "ground")
DAYS = ("from_on", "last_on")
_FIELDS = {"staff.days": "last_on", "staff.factor": "factor"}


def draft_of(one: StaffFact) -> dict[str, Any]:
    """A fact as a form shows it, by field."""
    return {name: getattr(one, name) for name in (*TEXTS, *DAYS, "factor")}


def fact_of(draft: Mapping[str, Any]) -> StaffFact:
    """The fact a form holds, for nobody yet. Raises TypeError without its first day, which the form asks for."""
    begins, last, factor = draft.get("from_on"), draft.get("last_on"), draft.get("factor")
    if not isinstance(begins, date):
        raise TypeError("the form lets no fact without its first day through")
    texts = {name: str(draft.get(name) or "") for name in TEXTS}
    return StaffFact(
        "", "", from_on=begins, last_on=last if isinstance(last, date) else None, factor=factor if isinstance(factor, Decimal) else None, **texts
    )


def check(draft: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with a fact while it is typed; that something required is empty the form says itself."""
    if not isinstance(draft.get("from_on"), date) or draft.get("kind") not in STAFF_KINDS:
        return []
    typed = fact_of({**draft, "value": draft.get("value") or "…", "ground": draft.get("ground") or "…"})
    fault = rules.faults(typed)
    return [finding(fault, field=_FIELDS.get(fault, ""), value=typed.value)] if fault else []
