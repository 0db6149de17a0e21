"""Whether the papers of a claim line are there (委托书, 合同, 报告, 使用记录, 发票, 验收单): attached, named, waived or missing.

A number without its file is told and does not hold a claim back; a missing paper does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.ledger.finding import Finding, finding
from desktop.ledger.voucher import EVIDENCE, Evidence
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing

LIST = "voucher.evidence"

PaperState = Literal["attached", "named", "waived", "missing"]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Each paper that is asked for with its state, in the order of the rule. ``complete`` None: no list is in force."""

    papers: tuple[tuple[str, PaperState], ...]
    complete: bool | None
    figure: Figure
    findings: tuple[Finding, ...]


def checklist(number: str, have: Iterable[Evidence], day: date, known: Parameters) -> Checklist:
    """The papers of the line of one use (``number``) by the list in force on the day the use ended."""
    asked, rule = known.in_force(LIST, day), known.figure(LIST, day)
    if asked is None:
        figure = Figure("voucher.figure.complete", None, "flag", "count", inputs=(rule,))
        return Checklist((), None, figure, (missing(LIST, day),))
    told = [finding("voucher.paper_unknown", "warning", paper=code) for code in asked.codes if code not in EVIDENCE]
    best: dict[str, PaperState] = {}
    for one in have:
        state = _state(one)
        if state != "missing" and _RANK[state] > _RANK.get(best.get(one.item, "missing"), 0):
            best[one.item] = state
    papers = tuple((code, best.get(code, "missing")) for code in asked.codes)
    for code, state in papers:
        if state == "missing":
            told.append(finding("voucher.paper_missing", "error", number=number, paper=named(code)))
        elif state == "named":
            told.append(finding("voucher.paper_named", "warning", number=number, paper=named(code)))
    complete = all(state != "missing" for _, state in papers)
    inputs = tuple(Figure("voucher.figure.paper", state, "state", "fact", params=(("paper", named(code)),)) for code, state in papers)
    return Checklist(papers, complete, Figure("voucher.figure.complete", complete, "flag", "count", inputs=(*inputs, rule)), tuple(told))


_RANK: dict[PaperState, int] = {"missing": 0, "waived": 1, "named": 2, "attached": 3}


def named(code: str) -> str:
    """The words' code of a paper; a paper the ledger does not know is called as the rule has it."""
    return f"voucher.paper.{code}" if code in EVIDENCE else code


def _state(one: Evidence) -> PaperState:
    if one.attachment_id:
        return "attached"
    if one.number.strip():
        return "named"
    return "waived" if one.waived_why.strip() else "missing"
