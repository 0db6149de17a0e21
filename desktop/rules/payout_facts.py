"""A settlement as the facts the ledger keeps, the exact reversal of a run, and what a settled line brought each receiver.

Keys are made by the caller (``new_key``), so that this stays a pure function of its arguments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.ledger.allocation import KEPT, TECHNICIANS, Original, PayoutCost, PayoutLine, PayoutRun, PayoutShare
from desktop.ledger.finding import Finding, finding
from desktop.rules import cost_parts
from desktop.rules.exact import shown
from desktop.rules.settlement import Settlement
from desktop.rules.splitting import spread


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """A run with its shares, the lines behind them, and the costs it deducted: written in one operation or not at all."""

    run: PayoutRun
    shares: tuple[PayoutShare, ...]
    lines: tuple[PayoutLine, ...]
    costs: tuple[PayoutCost, ...]


def prepared(
    settlement: Settlement, *, key: str, number: str, figure: str, by: str, at: datetime, new_key: Callable[[], str]
) -> PayoutFacts:
    """The facts of a prepared run. Each technician's lines sum to their share; the shares of technicians sum to the pool."""
    run = PayoutRun(
        id=key,
        number=number,
        to_on=settlement.run.to_on,
        scheme_id=settlement.run.scheme.id,
        state="prepared",
        basis=settlement.run.scheme.basis,
        income_fen=settlement.income_fen,
        cost_fen=settlement.cost_fen,
        pool_fen=settlement.pool_fen,
        figure=figure,
        prepared_by=by,
        prepared_at=at,
    )
    costs = tuple(
        PayoutCost(new_key(), key, part.row.id, *span, cost_parts.span_fen(part.row, span))
        for part in settlement.run.costs or ()
        for span in part.spans
    )
    return PayoutFacts(run, tuple(_shares(settlement, key, new_key)), tuple(_lines(settlement, key, new_key)), costs)


def _shares(settlement: Settlement, run_id: str, new_key: Callable[[], str]) -> list[PayoutShare]:
    shares: list[PayoutShare] = []
    for one in settlement.technicians:
        weight = str(shown(one.weight))
        shares.append(
            PayoutShare(
                new_key(), run_id, len(shares) + 1, TECHNICIANS, one.technician.id, one.technician.name, weight, one.fen,
                one.remainder_fen != 0,
            )
        )  # fmt: skip
    for other in settlement.receivers:
        shares.append(PayoutShare(new_key(), run_id, len(shares) + 1, other.receiver, None, other.name, "", other.fen))
    shares.append(PayoutShare(new_key(), run_id, len(shares) + 1, KEPT, None, "", "", settlement.kept_fen))
    return shares


def _lines(settlement: Settlement, run_id: str, new_key: Callable[[], str]) -> list[PayoutLine]:
    cancelled_by = {second.key: first.key for first, second in settlement.sorted.cancelled}
    ids: dict[str, str] = {}
    lines = []
    for share in settlement.technicians:
        for one in share.lines:
            line = one.line
            ids[line.key] = new_key()
            original = line.original.line_id if line.original else ids.get(cancelled_by.get(line.key, ""))
            lines.append(
                PayoutLine(
                    ids[line.key], run_id, line.posting_id, line.receipt_id, share.technician.id,
                    line.amount_fen, line.minutes, one.fen, line.month, line.late, original,
                )
            )  # fmt: skip
    return lines


def taken_back(facts: PayoutFacts, later_lines: Iterable[PayoutLine]) -> tuple[Finding, ...]:
    """Why a run must stay in force: ``later_lines`` (standing lines of other runs) take back lines of it.

    Asked before a run is reversed or withdrawn; otherwise the same fen would be taken back twice.
    """
    own = {line.id for line in facts.lines}
    later = {line.run_id for line in later_lines if line.run_id != facts.run.id and line.reverses in own}
    if not later:
        return ()
    number = facts.run.number
    return (finding("payout.reverse_later", kind="payout_run", key=sorted(later)[0], number=number, n=len(later)),)


def irreversible(facts: PayoutFacts, taken_back_later: Iterable[PayoutLine]) -> tuple[Finding, ...]:
    """Why a run cannot be reversed; empty when it can. ``taken_back_later``: as for ``taken_back``."""
    run = facts.run
    told = []
    if run.reverses is not None:
        told.append(finding("payout.reverse_reversal", kind="payout_run", key=run.id, number=run.number))
    if run.state not in ("approved", "closed"):
        told.append(finding("payout.reverse_state", kind="payout_run", key=run.id, number=run.number, state=f"payout.state.{run.state}"))
    return (*told, *taken_back(facts, taken_back_later))


def reversal(
    facts: PayoutFacts, *, key: str, number: str, by: str, at: datetime, reason: str, new_key: Callable[[], str]
) -> PayoutFacts:
    """The exact negative of a run: every amount, share and line with the other sign, each line naming the one it takes back."""
    run = replace(
        facts.run, id=key, number=number, state="prepared", prepared_by=by, prepared_at=at, reverses=facts.run.id, reason=reason,
        income_fen=-facts.run.income_fen, cost_fen=-facts.run.cost_fen, pool_fen=-facts.run.pool_fen,
        approved_by=None, approved_at=None, closed_by=None, closed_at=None,
    )  # fmt: skip
    return PayoutFacts(
        run,
        tuple(replace(share, id=new_key(), run_id=key, fen=-share.fen) for share in facts.shares),
        tuple(
            replace(
                line,
                id=new_key(),
                run_id=key,
                amount_fen=-line.amount_fen,
                minutes=-line.minutes,
                fen=-line.fen,
                reverses=line.id,
            )
            for line in facts.lines
        ),
        tuple(replace(cost, id=new_key(), run_id=key, fen=-cost.fen) for cost in facts.costs),
    )


def originals(facts: PayoutFacts, keys: Iterable[str]) -> dict[str, Original]:
    """For each settled posting (or receipt) key among ``keys``: what its line brought the technician and the other receivers.

    The other receivers' shares are attributed to all lines of the run by amount, so that taking back every line takes back
    every fen. So is what the technicians received together: a line's ``from_others_fen`` is what its technician had beyond that
    part, unless it is no more than rounding. Lines that were themselves taken back or cancelled have nothing to take back and are not answered.
    """
    reversed_here = {line.reverses for line in facts.lines}
    lines = [line for line in facts.lines if line.reverses is None and line.id not in reversed_here]
    amounts = {line.id: line.amount_fen for line in lines}
    others: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for share in _given(facts.shares):
        for line_id, fen in spread(share.fen, amounts).items():
            others[line_id].append((share.receiver, share.name, fen))
    together = spread(sum(line.fen for line in lines), amounts)
    wanted = set(keys)
    rounding = len({line.technician_id for line in lines})
    return {
        line.receipt_id or line.posting_id: Original(
            line.id, facts.run.number, line.technician_id, line.amount_fen, line.minutes, line.fen, tuple(others[line.id]),
            _beyond(line.fen - together[line.id], rounding),
        )
        for line in lines
        if (line.receipt_id or line.posting_id) in wanted
    }


def _beyond(fen: int, rounding: int) -> int:
    """A difference that whole fen alone can make is none."""
    return fen if abs(fen) > rounding else 0


def _given(shares: Sequence[PayoutShare]) -> list[PayoutShare]:
    """Shares of other receivers that came out of this run's income (a negative one was given back for an earlier run)."""
    return [share for share in shares if share.fen > 0 and share.receiver not in (TECHNICIANS, KEPT)]
