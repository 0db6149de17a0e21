"""The application pack of the provider award, out of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import award, institution, performance, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import award_pack
from desktop.reports.award_pack import PackFacts, PackLine
from desktop.reports.content import Content, Letterhead
from desktop.rules import award as rules
from desktop.rules.performance import number
from desktop.words import say


def gather(workspace: Workspace, period: Period, on: date, head: Letterhead) -> Content:
    """The pack of a calendar year by the rules of the day of applying."""
    found = award.year(workspace, period.start.year, on)
    use = performance.year(workspace, period, min(period.last_day, on)).whole
    known, own = rules_in_force.of(workspace), institution.get(workspace)
    rate, cap, definition = (known.in_force(key, on) for key in (rules.RATE, rules.CAP, rules.AMOUNT))
    value = found.estimate.value
    lines = tuple(
        PackLine(
            line.record_number, line.asset_number, line.instrument, line.customer, line.customer_uscc, line.ended_on, line.amount_fen,
            line.contract, line.invoices, line.received_fen, line.n_files, line.rating, line.reversed_on, line.posting_id,
        )
        for line in found.lines
    )  # fmt: skip
    facts = PackFacts(
        period.start.year,
        own.uscc,
        say(f"institution.kinds.{own.kind}"),
        lines,
        cap.integer if cap else None,
        rate.decimal if rate else None,
        f"{rate.source} {rate.clause}".strip() if rate else "",
        value if isinstance(value, int) else None,
        number(use.sharing_rate),
        use.use.effective_minutes,
        use.use.external_minutes,
        (definition.certainty if definition else "", cap.certainty if cap else ""),
        found.n_withheld,
        on < period.last_day,
    )
    said = award_pack.report(facts, head)
    return replace(said, figures=(found.estimate, use.effective, use.external, use.sharing_rate, *said.figures))
