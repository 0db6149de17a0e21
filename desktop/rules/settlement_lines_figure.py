"""Why a payout run comes out as it does, from its lines alone: where the tree it was fixed with is at another seat.

The sums are those of the run; how a part was weighed is not in the lines, so that it is not told. Codes are those of ``settlement_figure``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from desktop.ledger.allocation import KEPT, TECHNICIANS, CostRow, PayoutLine, Scheme
from desktop.ledger.people import Technician
from desktop.rules.figure import Figure, Rows
from desktop.rules.payout_facts import PayoutFacts


def explain(
    facts: PayoutFacts, scheme: Scheme, technicians: Mapping[str, Technician], costs: Mapping[str, CostRow], where: Figure
) -> Figure:
    """The run as the sum of its lines, costs and shares. ``where`` says where the whole tree is and comes first.

    ``technicians`` and ``costs`` by key. What is not in the lines that are here is told as a part of its own, never left out.
    """
    run = facts.run
    income, cost = _income(facts), _costs(facts, costs)
    net = _fen("payout.net", run.income_fen - run.cost_fen, "difference", income, cost)
    given = [share for share in facts.shares if share.receiver not in (TECHNICIANS, KEPT)]
    paid = {(share.receiver, share.name): share.fen for share in given if share.fen >= 0}
    # In the order of the scheme, as the steps of the whole tree.
    steps = [
        _fen("payout.step", run.pool_fen if one.receiver == TECHNICIANS else paid.get((one.receiver, one.name), 0), "fact", receiver=one.name, limited="")
        for one in scheme.shares
    ]
    back = [_fen("payout.receiver_back", share.fen, "fact", receiver=share.name) for share in given if share.fen < 0]
    kept = _fen("payout.kept", sum(share.fen for share in facts.shares if share.receiver == KEPT), "difference")
    inputs = (where, net, *steps, _pool(facts, technicians), *back, kept)
    return _fen("payout.run", run.pool_fen, "fact", *inputs, scheme=scheme.name, basis=f"payout.basis.{run.basis}")


def _income(facts: PayoutFacts) -> Figure:
    own = {line.id for line in facts.lines}
    cancelled = {line.reverses for line in facts.lines} & own
    months: dict[tuple[str, bool], list[PayoutLine]] = defaultdict(list)
    back, pairs = [], []
    for line in facts.lines:
        if line.id in cancelled or line.reverses in own:
            pairs.append(line)
        elif line.reverses is not None:
            back.append(line)
        else:
            months[line.service_month, line.late].append(line)
    parts = [
        _sum(facts, "payout.income_late" if late else "payout.income_month", lines, month=month)
        for (month, late), lines in sorted(months.items())
    ]
    parts += [_sum(facts, code, lines) for code, lines in (("payout.income_back", back), ("payout.income_cancelled", pairs)) if lines]
    return _fen("payout.income", facts.run.income_fen, "sum", *_whole(parts, facts.run.income_fen), basis=facts.run.basis)


def _costs(facts: PayoutFacts, rows: Mapping[str, CostRow]) -> Figure:
    parts = []
    for part in facts.costs:
        row = rows.get(part.cost_row_id)
        if row is not None:
            code = "payout.cost_unit" if row.instrument_id is None else "payout.cost_instrument"
            params = {"cost_kind": f"payout.cost_kinds.{row.kind}", "start": str(part.from_on), "end": str(part.to_on)}
            told = tuple(params.items())
            parts.append(Figure(code, part.fen, "fen", "fact", note=row.document, rows=Rows("cost_row", (row.id,)), params=told))
    return _fen("payout.cost", facts.run.cost_fen, "sum", *_whole(parts, facts.run.cost_fen))


def _pool(facts: PayoutFacts, technicians: Mapping[str, Technician]) -> Figure:
    behind: dict[str, list[PayoutLine]] = defaultdict(list)
    for line in facts.lines:
        behind[line.technician_id].append(line)
    parts = []
    for share in facts.shares:
        if share.technician_id is None:
            continue
        person = technicians.get(share.technician_id)
        params = (("name", share.name), ("staff_number", person.staff_number if person else ""))
        rows = _rows(facts, behind[share.technician_id])
        parts.append(Figure("payout.technician", share.fen, "fen", "rows_above", rows=rows, params=params))
    return _fen("payout.pool", facts.run.pool_fen, "sum", *_whole(parts, facts.run.pool_fen))


def _whole(parts: Iterable[Figure], fen: int) -> list[Figure]:
    """The parts, with what they lack of the sum."""
    told = list(parts)
    missing = fen - sum(int(str(part.value)) for part in told)
    return [*told, _fen("payout.not_here", missing, "difference")] if missing else told


def _sum(facts: PayoutFacts, code: str, lines: list[PayoutLine], **params: str) -> Figure:
    fen = sum(line.amount_fen for line in lines)
    return Figure(code, fen, "fen", "sum", rows=_rows(facts, lines), params=tuple(params.items()))


def _rows(facts: PayoutFacts, lines: Iterable[PayoutLine]) -> Rows:
    kind = "receipt" if facts.run.basis == "received" else "posting"
    return Rows(kind, tuple(line.receipt_id or line.posting_id for line in lines))


def _fen(code: str, value: int, how: str, *inputs: Figure, **params: str) -> Figure:
    return Figure(code, value, "fen", how, inputs=inputs, params=tuple(params.items()))
