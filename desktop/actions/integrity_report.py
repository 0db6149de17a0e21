"""Gathers the self-checks of integrity for their paper."""

from __future__ import annotations

from datetime import date

from desktop.actions import integrity, integrity_charges, integrity_sensors, rules_in_force
from desktop.actions.integrity import Check
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import integrity as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.integrity import CheckLines, IntegrityFacts, SeenLine
from desktop.reports.phrases import period_words
from desktop.rules.parameters import Parameters
from desktop.store.integrity import Seen


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """What was seen in a period's posted records by the limits of ``as_of``; ``run`` is not asked."""
    found = integrity.self_check(workspace, period, as_of)
    known = rules_in_force.of(workspace)
    checks = tuple(_lines(one, known, as_of) for one in found.checks)
    return paper.report(IntegrityFacts(period_words(period), found.n_records, checks), head)


def _lines(check: Check, known: Parameters, as_of: date) -> CheckLines:
    rule = known.in_force(integrity.LIMITS[check.name], as_of) if check.name in integrity.LIMITS else None
    limit, sure = (rule.decimal if check.name == integrity_sensors.CHECK else rule.integer, rule.certainty) if rule else (None, "")
    return CheckLines(check.name, limit, sure, tuple(_line(check.name, one) for one in check.seen), check.looked, check.on_paper)


def _line(check: str, one: Seen) -> SeenLine:
    detail, charged, due = integrity_charges.parts(one.detail) if check == integrity_charges.CHECK else (one.detail, None, None)
    return SeenLine(one.number, one.asset_number, one.instrument, one.ended_on, one.minutes, detail, one.confidential, charged, due)
