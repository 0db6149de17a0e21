"""Gathers what a span would have cost under other prices for its paper."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions import repricing
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.repricing import Asked
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import repricing as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules import repricing as rules
from desktop.rules.repricing import Tally


def gather(workspace: Workspace, period: Period, asked: Asked, head: Letterhead, progress: Progress = UNWATCHED) -> Content:
    """The paper of a span under the prices asked for. Raises as ``repricing.over``."""
    found = repricing.over(workspace, period, asked, progress)
    facts = paper.RepricingFacts(
        period_words(period),
        repricing.basis_words(found),
        _amounts(found.whole),
        tuple(paper.RepricedLine(one.instrument.asset_number, one.instrument.name, _amounts(one.tally)) for one in found.sets),
        tuple(paper.RepricedLine("", one.name, _amounts(one.tally)) for one in found.customers),
        tuple(paper.ReasonLine(repricing.said(one.finding), one.n, one.fen) for one in found.reasons),
        found.n_withheld,
        rules.CERTAINTY,
    )
    said = paper.report(facts, head)
    return replace(said, figures=(found.figure, *said.figures))


def _amounts(tally: Tally) -> paper.Amounts:
    return paper.Amounts(tally.n_repriced, tally.repriced_fen, tally.would_fen, tally.n_open, tally.open_fen)
