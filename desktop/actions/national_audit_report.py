"""Gathers what the national platform's audit says of what it took, for its paper."""

from __future__ import annotations

from datetime import date

from desktop.actions import national_audit_list
from desktop.actions.national_audit_list import Row
from desktop.actions.workspace import Workspace
from desktop.ledger.national_audit import AUDIT_STATES
from desktop.ledger.period import Period
from desktop.reports import national_audit as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.national_audit import AuditFacts, AuditLine, AuditMessage

LISTED = tuple(one for one in AUDIT_STATES if one != "passed")
"""What is listed row by row: what passed and what nobody looked at are counted."""


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """How the audits stand on ``as_of``; the period says nothing about them, the platform has rows as they are."""
    messages = tuple(AuditMessage(one.kind, one.number, one.taken_on, one.n) for one in national_audit_list.standings(workspace, as_of))
    lines = tuple(_line(one) for one in national_audit_list.every(workspace, as_of, LISTED))
    return paper.report(AuditFacts(as_of, messages, lines, national_audit_list.withheld(workspace)), head)


def _line(one: Row) -> AuditLine:
    if one.audit is None:
        raise AssertionError("a row nobody looked at is listed")
    return AuditLine(one.kind, one.name, one.what, one.message, one.taken_on, one.audit.state, one.audit.seen_on, one.audit.reason, one.to_do, one.stands)
