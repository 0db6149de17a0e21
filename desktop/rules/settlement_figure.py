"""Why a payout run comes out as it does: the calculation as a tree of figures, down to the postings behind each sum.

Codes are words of ``payout``; sums carry the keys of their rows (kind ``posting``, or ``receipt`` when money received counts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from desktop.ledger.allocation import TECHNICIANS, CostPart, SettlementLine
from desktop.rules import cost_parts, parameters
from desktop.rules.exact import shown
from desktop.rules.figure import Figure, Rows
from desktop.rules.settlement import Settlement, TechnicianShare


def explain(settlement: Settlement) -> Figure:
    """The whole run: net income, each step of the scheme, the technicians' pool and what the unit keeps."""
    steps = tuple(_step(settlement, n) for n in range(len(settlement.waterfall.steps)))
    others = tuple(
        _fen("payout.receiver_back", share.fen, "fact", receiver=share.name) for share in settlement.receivers if share.fen < 0
    )
    inputs = [_net(settlement), *steps, *_weights(settlement), pool(settlement), *others, _kept(settlement)]
    inputs += _apart(settlement)
    scheme = settlement.run.scheme
    return _fen("payout.run", settlement.pool_fen, "settlement", *inputs, scheme=scheme.name, basis=f"payout.basis.{scheme.basis}")


def _apart(settlement: Settlement) -> Iterator[Figure]:
    """What the run leaves unsettled, why, and how much it is."""
    scheme = settlement.run.scheme
    no_operator = Figure("payout.no_operator_yet", None, "text")
    internal = Figure("payout.include_internal", scheme.include_internal, "flag", "scheme", note=scheme.document)
    since = Figure("payout.internal_from", scheme.internal_from, "date", "scheme", note=scheme.document)
    why_left_out = (internal, since) if scheme.internal_from else (internal,)
    for code, lines, why in (
        ("payout.waiting", settlement.sorted.waiting, (no_operator,)),
        ("payout.left_out", settlement.sorted.left_out, why_left_out),
    ):
        if lines:
            fen = _fen(f"{code}_fen", sum(line.amount_fen for line in lines), "rows_above")
            yield Figure(
                code,
                len(lines),
                "count",
                "count",
                inputs=(fen, *why),
                rows=_rows(settlement, lines),
                params=(("scheme", scheme.name),),
            )


def _kept(settlement: Settlement) -> Figure:
    """What the unit keeps; after a reversal with what it keeps of the present income and what it bears for the reversed one."""
    if not settlement.sorted.back:
        return _fen("payout.kept", settlement.kept_fen, "difference")
    parts = [_fen("payout.kept_present", settlement.waterfall.kept_fen, "difference")]
    rows = _rows(settlement, [line for line, _ in settlement.sorted.back])
    for code, fen in (("payout.borne", settlement.borne_fen), ("payout.rest_undivided", settlement.rest_kept_fen)):
        if fen:
            parts.append(Figure(code, fen, "fen", "original", rows=rows))
    return _fen("payout.kept", settlement.kept_fen, "sum", *parts)


def pool(settlement: Settlement) -> Figure:
    """Σ of the technicians' shares, each with its reason."""
    return _fen("payout.pool", settlement.pool_fen, "sum", *(technician(settlement, share) for share in settlement.technicians))


def technician(settlement: Settlement, share: TechnicianShare) -> Figure:
    """One technician: the part by weight, the fen left over by rounding, and what is taken back."""
    parts = [_quotient(settlement, share)]
    if share.remainder_fen:
        parts.append(_fen("payout.remainder", share.remainder_fen, "remainder", n=len(settlement.technicians)))
    back = [(line, original) for line, original in settlement.sorted.back if original.technician_id == share.technician.id]
    for line, original in back:
        parts.append(
            Figure(
                "payout.taken_back", -original.fen, "fen", "original", rows=_rows(settlement, [line]),
                params=(("record", line.record_number), ("run", original.run_number)),
            )
        )  # fmt: skip
    return Figure(
        "payout.technician",
        share.fen,
        "fen",
        "sum",
        inputs=tuple(parts),
        rows=_rows(settlement, [one.line for one in share.lines]),
        params=(("name", share.technician.name), ("staff_number", share.technician.staff_number)),
    )


def _weights(settlement: Settlement) -> Iterator[Figure]:
    """Σ of everyone's weight: told once, and named again where a part is worked out."""
    parts = tuple(
        Figure("payout.weight_of", shown(one.weight), "count", "step", params=(("name", one.technician.name),))
        for one in settlement.technicians
        if one.weight
    )
    if parts:
        yield Figure("payout.weights", _total_weight(settlement), "count", "sum", inputs=parts)


def _total_weight(settlement: Settlement) -> int | Decimal:
    return shown(sum((one.weight for one in settlement.technicians), start=Fraction(0)))


def _quotient(settlement: Settlement, share: TechnicianShare) -> Figure:
    scheme = settlement.run.scheme
    base = Figure(f"payout.weight_{scheme.weigh}", share.weight_base, _UNITS[scheme.weigh], "rows_above")
    factors = [base]
    if scheme.use_coefficient:
        factors.append(Figure("payout.coefficient", share.coefficient, "count"))
    if scheme.evaluations or scheme.evaluation_facts:
        factors.append(Figure("payout.evaluation", share.evaluation, "count", inputs=tuple(_since(settlement, share))))
    weight = Figure("payout.weight", shown(share.weight), "count", "product", inputs=tuple(factors))
    total = Figure("payout.weights", _total_weight(settlement), "count", "step")
    return _fen("payout.quotient", share.quotient_fen, "quotient", _divided(settlement), weight, total)


def _since(settlement: Settlement, share: TechnicianShare) -> Iterator[Figure]:
    """Since when the evaluation holds whose factor is taken; what it says and rests on stays with the fact, which no other computer has."""
    run = settlement.run
    for one in run.evaluated if run.scheme.evaluation_facts else ():
        if one.technician_id == share.technician.id:
            yield Figure("payout.evaluation_since", one.from_on, "date", params=(("day", run.to_on.isoformat()),))


def _divided(settlement: Settlement) -> Figure:
    """The technicians' share, with what reversed lines had brought their technicians out of the others' parts."""
    share = settlement.waterfall.pool_fen
    rest = settlement.divided_fen - share
    if not rest:
        return _fen("payout.divided", share, "step")
    rows = _rows(settlement, [line for line, original in settlement.sorted.back if original.from_others_fen])
    parts = (_fen("payout.divided_present", share, "step"), Figure("payout.rest", rest, "fen", "original", rows=rows))
    return _fen("payout.divided", settlement.divided_fen, "sum", *parts)


_UNITS = {"amount": "fen", "minutes": "minutes", "equal": "count"}


def _net(settlement: Settlement) -> Figure:
    return _fen("payout.net", settlement.net_fen, "difference", _income(settlement), _costs(settlement))


def _income(settlement: Settlement) -> Figure:
    months: dict[tuple[str, bool], list[SettlementLine]] = defaultdict(list)
    for line in settlement.sorted.present:
        months[line.month, line.late].append(line)
    parts = [
        Figure(
            "payout.income_late" if late else "payout.income_month",
            sum(line.amount_fen for line in lines),
            "fen",
            "sum",
            rows=_rows(settlement, lines),
            params=(("month", month),),
        )
        for (month, late), lines in sorted(months.items())
    ]
    back = [line for line, _ in settlement.sorted.back]
    if back:
        parts.append(Figure("payout.income_back", settlement.back_fen, "fen", "sum", rows=_rows(settlement, back)))
    pairs = [line for pair in settlement.sorted.cancelled for line in pair]
    if pairs:
        parts.append(Figure("payout.income_cancelled", 0, "fen", "sum", rows=_rows(settlement, pairs)))
    return _fen("payout.income", settlement.income_fen, "sum", *parts, basis=settlement.run.scheme.basis)


def _costs(settlement: Settlement) -> Figure:
    return _fen("payout.cost", settlement.cost_fen, "sum", *(_cost(part) for part in settlement.run.costs or ()))


def _cost(part: CostPart) -> Figure:
    """A declared row; of one that other runs share in, the days of this run, and what was deducted before and is left."""
    row = part.row
    inputs: tuple[Figure, ...] = ()
    if not part.whole:
        of = Figure("payout.cost_period_days", row.n_days, "days", "count")
        whole = Figure("payout.cost_whole", row.fen, "fen", "fact", note=row.document)
        spans = []
        for start, end in part.spans:
            days = Figure("payout.cost_days", (end - start).days + 1, "days", "count")
            fen = cost_parts.span_fen(row, (start, end))
            spans.append(_fen("payout.cost_span", fen, "by_days", whole, days, of, start=str(start), end=str(end)))
        before = _fen("payout.cost_before", part.used_fen, "fact")
        inputs = (*spans, before, _fen("payout.cost_left", part.left_fen, "difference"))
    return Figure(
        "payout.cost_unit" if row.instrument_id is None else "payout.cost_instrument",
        part.fen,
        "fen",
        "by_days" if inputs else "fact",
        note=row.document,
        inputs=inputs,
        rows=Rows("cost_row", (row.id,)),
        params=(("cost_kind", f"payout.cost_kinds.{row.kind}"), ("start", str(row.period_from)), ("end", str(row.period_to))),
    )


def _base(settlement: Settlement, n: int) -> Figure:
    """What the ``n``-th share is a part of: gross income, or what costs and earlier shares leave of it."""
    waterfall = settlement.waterfall
    step = waterfall.steps[n]
    if step.share.of == "gross":
        return _fen("payout.base_gross", step.base_fen, "step")
    given = tuple(_fen("payout.earlier_share", one.fen, "step", receiver=one.share.name) for one in waterfall.steps[:n])
    return _fen("payout.base_rest", step.base_fen, "difference", _fen("payout.net_present", waterfall.net_fen, "step"), *given)


def _step(settlement: Settlement, n: int) -> Figure:
    step = settlement.waterfall.steps[n]
    share = step.share
    rate = Figure("payout.rate", share.rate, "ratio", "scheme", note=settlement.run.scheme.document)
    inputs = [_base(settlement, n), rate]
    if step.cap_fen is not None:
        inputs.append(_fen("payout.cap", step.cap_fen, "scheme"))
    if share.receiver == TECHNICIANS and settlement.law_fen is not None:
        inputs.append(_law(settlement, settlement.law_fen))
    if step.limited == "rest":
        inputs.append(_fen("payout.base_rest", step.before_fen, "step"))
    how = "minimum" if step.limited else "product"
    return _fen("payout.step", step.fen, how, *inputs, receiver=share.name, limited=step.limited)


def _law(settlement: Settlement, law_fen: int) -> Figure:
    """The legal cap with its clause and certainty: shown even where it does not bind."""
    cap = settlement.run.cap
    cited = [] if cap is None else [parameters.figure(cap)]
    inputs = [_fen("payout.net", settlement.net_fen, "difference"), *cited]
    taken_back = sum(original.fen for _, original in settlement.sorted.back)
    if taken_back:
        rows = _rows(settlement, [line for line, _ in settlement.sorted.back])
        inputs.append(Figure("payout.taken_back_all", taken_back, "fen", "original", rows=rows))
    return _fen("payout.law_cap", law_fen, "at_most", *inputs)


def _rows(settlement: Settlement, lines: Iterable[SettlementLine]) -> Rows:
    kind = "receipt" if settlement.run.scheme.basis == "received" else "posting"
    return Rows(kind, tuple(line.key for line in lines))


def _fen(code: str, value: int, how: str, *inputs: Figure, **params: str | int) -> Figure:
    return Figure(code, value, "fen", how, inputs=inputs, params=tuple((name, str(text)) for name, text in params.items()))
