"""Gathers what the national platform's audit says of what it took, for its paper."""

from __future__ import annotations

from datetime import date

from desktop.actions import national_audit
from desktop.actions.national_audit import Row
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import national_audit as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.national_audit import AuditFacts, AuditLine


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """How the audits stand on ``as_of``; the period says nothing about them, the platform has rows as they are."""
    lines = tuple(_line(one) for one in national_audit.every(workspace, as_of))
    return paper.report(AuditFacts(as_of, lines, national_audit.withheld(workspace)), head)


def _line(one: Row) -> AuditLine:
    audit = one.audit
    return AuditLine(
        one.kind, one.name, one.what, one.taken.message.number, one.taken.last_on, one.state, audit.seen_on if audit else None,
        audit.reason if audit else "", one.to_do, one.stands,
    )  # fmt: skip
