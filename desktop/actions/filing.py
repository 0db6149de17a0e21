"""The filing statement (报备说明) of an institution's confidential sets. It is made when somebody asks for it, and goes nowhere by itself."""

from __future__ import annotations

from datetime import date

from desktop.actions import duties, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.reports import filing as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.filing import FilingFacts, FilingLine
from desktop.rules.duties import FILES_ONLY
from desktop.store.facts import INSTRUMENTS

__all__ = ["gather"]


def gather(workspace: Workspace, on: date, with_names: bool, head: Letterhead) -> Content:
    """Every confidential set in service on a day with its filing, by asset number; names only when asked for."""
    with workspace.read() as connection:
        sets = {one.asset_number: one for one in INSTRUMENTS.find(connection, "confidential = 1")}
    lines = []
    for duty in duties.every(workspace, on):
        one = sets.get(duty.asset_number)
        if one is None:
            continue
        filed = one.filed_on if one.filed_on is not None and one.filed_on <= on else None
        later = one.filed_on is not None and filed is None
        lines.append(
            FilingLine(
                one.asset_number, one.name if with_names else "", one.accepted_on, "" if later else one.filing_number, filed, duty.state,
                one.secrecy_level,
            )
        )
    rule = rules_in_force.of(workspace).in_force(FILES_ONLY, on)
    source = f"{rule.source} {rule.clause}".strip() if rule else ""
    return paper.report(FilingFacts(on, tuple(lines), with_names, source, rule.certainty if rule else ""), head)
