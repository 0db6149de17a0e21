"""The paper of a voucher claim, from the trees its amounts were fixed with; while nothing is submitted, from those of today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.actions import vouchers
from desktop.actions.voucher_claims import Shown
from desktop.actions.workspace import today
from desktop.ledger.voucher_rows import VoucherClaimLine
from desktop.reports import voucher_claim as paper
from desktop.reports.content import Content, Letterhead
from desktop.rules import regions
from desktop.rules.figure import Figure
from desktop.rules.voucher_evidence import Checklist
from desktop.rules.vouchers import CAP, Grant
from desktop.words import say

# What is printed of these is what would be submitted today.
_OPEN = ("draft", "sent_back")


def as_of(found: Shown) -> date:
    """The day the amounts stand for: that on which it was last submitted; today while it is a draft or was sent back."""
    if found.stands.state in _OPEN:
        return today()
    return next((step.on_day for step in reversed(found.steps) if step.verb == "submit"), None) or today()


def content(found: Shown, head: Letterhead) -> Content:
    """What the paper of a claim says. What became confidential since is left out and counted."""
    lines = {line.use_id: line for line in found.lines}
    submitted = found.stands.state not in _OPEN and any(step.verb == "submit" for step in found.steps)
    trees = [(vouchers.fixed(lines[one.use.key]) if submitted else vouchers.whole(one)) or _bare(lines[one.use.key]) for one in found.grants]
    first = found.grants[0].use.enterprise if found.grants else None
    size = _value(trees, "voucher.figure.size")
    cap = _value(trees, f"parameter.{CAP}")
    said = paper.report(
        paper.ClaimFacts(
            number=found.claim.number,
            year=found.claim.year,
            enterprise=found.customer,
            uscc=_text(trees, "voucher.figure.uscc") or (first.uscc if first else ""),
            place=_text(trees, "voucher.figure.place") or (first.place if first else ""),
            size=size if isinstance(size, str) else "",
            state=found.stands.state,
            cap_fen=cap if isinstance(cap, int) else None,
            certainty=Figure("", None, inputs=tuple(trees)).weakest,
            uses=tuple(map(_use, found.grants, trees, found.papers)),
            open_=_open(found),
            accepted_fen=found.stands.accepted_fen,
            paid_fen=found.stands.paid_fen,
            withheld=len(found.lines) - len(found.grants),
            size_by=_size_by(trees),
            certified_on=_certified_on(trees),
            searches=tuple(_elsewhere(one, found) for one in found.grants if one.use.outside),
            caps=_caps(trees),
        ),
        head,
    )
    return replace(said, figures=(*trees, *said.figures))


def _caps(trees: Sequence[Figure]) -> tuple[paper.CapUsed, ...]:
    """The province's cap and those of cities' rules as the trees have them: the most that is used under each once an amount of the claim is counted.
    None where another seat keeps the trees."""
    told: dict[tuple[str, str], paper.CapUsed] = {}
    for tree in trees:
        parts: dict[str, Figure] = {}
        for part in tree.walk():
            parts.setdefault(part.code, part)
        amount, used = parts.get("voucher.figure.amount"), parts.get("voucher.figure.used")
        if amount is None or used is None:
            continue
        _most(told, paper.CapUsed("", "", _int(parts.get(f"parameter.{CAP}")), _sum(used, amount)))
        code = next((code for code in parts if code.startswith("parameter.voucher.city_") and code.endswith("_cap_fen")), None)
        counted, city_part = parts.get("voucher.figure.counted_together"), parts.get("voucher.figure.top_up")
        if code is not None and counted is not None and city_part is not None:
            city = regions.regions()[f"{code.removeprefix('parameter.voucher.city_').removesuffix('_cap_fen')}00"].name
            _most(told, paper.CapUsed(city, counted.note, _int(parts[code]), _sum(counted, amount, city_part)))
    return tuple(told.values())


def _most(told: dict[tuple[str, str], paper.CapUsed], one: paper.CapUsed) -> None:
    before = told.get((one.city, one.group))
    if before is None or (before.used_fen is not None and (one.used_fen is None or one.used_fen > before.used_fen)):
        told[one.city, one.group] = one


def _sum(*figures: Figure) -> int | None:
    values = [figure.value for figure in figures if isinstance(figure.value, int)]
    return sum(values) if len(values) == len(figures) else None


def _int(figure: Figure | None) -> int | None:
    return figure.value if figure is not None and isinstance(figure.value, int) else None


def _open(found: Shown) -> tuple[str, ...]:
    """What keeps a draft, or one that was sent back, from being submitted, in words."""
    if found.stands.state not in _OPEN:
        return ()
    return tuple(dict.fromkeys(say(one.code, **dict(one.params)) for one in found.findings))


def _bare(line: VoucherClaimLine) -> Figure:
    """What is known of an amount whose tree another seat keeps: what was claimed."""
    parts = (("voucher.figure.amount", line.granted_fen), ("voucher.figure.top_up", line.top_up_fen))
    inputs = tuple(Figure(code, fen, "fen", "claimed_elsewhere") for code, fen in parts)
    total = None if line.top_up_fen is None else line.granted_fen + line.top_up_fen
    return Figure("voucher.figure.total", total, "fen", "claimed_elsewhere", inputs=inputs)


def _size_by(trees: Iterable[Figure]) -> str:
    """What gave the size on the days of the uses: the certificate where it was good, else the figures; or ``mixed``."""
    known = [tree for tree in trees if _value([tree], "voucher.figure.size") is not None]
    by = {"calculated" if _value([tree], "voucher.figure.certificate") is None else "certificate" for tree in known}
    return "mixed" if len(by) > 1 else next(iter(by), "")


def _certified_on(trees: Iterable[Figure]) -> date | None:
    value = _value(trees, "voucher.figure.certificate_on")
    return value if isinstance(value, date) else None


def _elsewhere(grant: Grant, found: Shown) -> paper.Elsewhere:
    """What is kept of a use elsewhere and of the search behind it; neither changes while a claim that was handed in rests on it."""
    use = found.outside[grant.use.key]
    told = paper.Elsewhere(use.number, use.province, use.institution, use.instrument_name)
    search = grant.use.search
    if search is None:
        return told
    hits = tuple((hit.name, hit.institution, hit.why_not) for hit in search.hits)
    return replace(
        told, searched_on=search.searched_on, asked=search.asked, catalogue_on=search.catalogue_on, hits=hits, reason=search.reason,
    )  # fmt: skip


def _use(grant: Grant, tree: Figure, papers: Checklist) -> paper.ClaimedUse:
    elsewhere = tree.how == "claimed_elsewhere"
    rate = _value([tree], "voucher.figure.rate")
    return paper.ClaimedUse(
        grant.use.number,
        grant.use.ended_on,
        grant.use.fee_fen if elsewhere else _fen(tree, "voucher.figure.fee"),
        _fen(tree, "voucher.figure.eligible_fee"),
        rate if isinstance(rate, Decimal) else None,
        _fen(tree, "voucher.figure.amount"),
        _fen(tree, "voucher.figure.top_up"),
        papers.papers,
        grant.use.outside,
        elsewhere,
    )


def _fen(tree: Figure, code: str) -> int | None:
    value = _value([tree], code)
    return value if isinstance(value, int) else None


def _text(trees: Iterable[Figure], code: str) -> str:
    """What was written of the enterprise when the amounts were worked out, "" where no tree says: what is written of it today may be another thing."""
    found = (part.value for tree in trees for part in tree.walk() if part.code == code and part.how == "fact")
    return next((value for value in found if isinstance(value, str)), "")


def _value(trees: Iterable[Figure], code: str) -> Any:
    return next((part.value for tree in trees for part in tree.walk() if part.code == code), None)
