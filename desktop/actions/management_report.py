"""Gathers the checklist of management documents for its paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from desktop.actions import management, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import management as paper
from desktop.reports.content import Content, Letterhead
from desktop.rules.management import REQUIRED, Entry
from desktop.store import management as rows


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The checklist of ``as_of``."""
    found = management.checklist(workspace, as_of)
    rule = rules_in_force.of(workspace).in_force(REQUIRED, as_of)
    with workspace.read() as connection:
        files = rows.n_files(connection)
    required = None if found.required is None else tuple(_line(one, files) for one in found.required)
    others, agreements = (tuple(_line(one, files) for one in some) for some in (found.others, found.agreements))
    said = paper.report(paper.ManagementFacts(as_of, required, others, agreements, rule.certainty if rule else ""), head)
    return replace(said, figures=(found.figure, *said.figures))


def _line(entry: Entry, files: Mapping[str, int]) -> paper.PaperLine:
    one = entry.document
    if one is None:
        return paper.PaperLine(entry.kind, entry.state)
    return paper.PaperLine(
        entry.kind, entry.state, one.number, one.title, one.party, one.issuer, one.issued_on, one.from_on, one.last_on, files.get(one.id, 0)
    )
