"""A comparison of payouts as its paper: periods, people, departments and rows of the schemes in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from desktop.actions.payout_comparison import Paid
from desktop.actions.payout_comparison_words import share, source
from desktop.reports import payout_comparison as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules import payout_comparison_figure
from desktop.rules.exact import shown
from desktop.rules.payout_comparison import Compared, Side


def content(paid: Paid, head: Letterhead) -> Content:
    """What the paper says of a comparison."""
    found = paid.found
    facts = paper.ComparisonFacts(
        period_words(paid.before), period_words(paid.after), paid.dated, found.before.runs, found.after.runs,
        found.weigh or "", tuple(_line(one) for one in found.people), tuple(_line(one) for one in found.departments),
        tuple(paper.SourceLine(one.scheme, source(one), one.before_fen, one.after_fen) for one in found.sources),
        paid.findings,
    )  # fmt: skip
    # The tree of the whole holds everyone's.
    trees = (payout_comparison_figure.whole(found), *(payout_comparison_figure.person(found, one) for one in found.departments))
    said = paper.report(facts, head)
    return replace(said, figures=(*trees, *said.figures))


def _line(one: Compared) -> paper.PersonLine:
    before, after = one.before, one.after
    return paper.PersonLine(
        one.staff_number, one.name, one.department, one.standing, one.before_fen, one.after_fen, before.minutes if before else None,
        after.minutes if after else None, tuple((each.code, each.fen) for each in one.reasons), before.base if before else None,
        after.base if after else None, _factors(before), _factors(after), share(before), share(after), one.growth,
    )  # fmt: skip


def _factors(side: Side | None) -> tuple[Decimal, Decimal] | None:
    return None if side is None else (Decimal(shown(side.coefficient)), Decimal(shown(side.evaluation)))

