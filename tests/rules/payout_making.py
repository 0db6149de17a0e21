"""Facts for payout tests, with what most tests do not care about filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

from desktop.ledger.allocation import CostPart, CostRow, Original, Scheme, SettlementLine, Share
from desktop.ledger.parameter import Parameter
from desktop.ledger.people import Technician
from desktop.rules import parameters
from desktop.rules.settlement import CAP_KEY, RunInput, Settlement, settle

TO = date(2025, 9, 30)


def keys(prefix: str = "k") -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers):05d}"


def technician(number: int, coefficient: str = "1") -> Technician:
    return Technician(f"t{number}", f"T{number:03d}", f"技术员{number}", "分析测试中心", coefficient=Decimal(coefficient))


def line(key: str, fen: int, who: int | None = 1, **more: object) -> SettlementLine:
    plain = SettlementLine(
        posting_id=key,
        record_number=f"R{key}",
        instrument_id="i1",
        instrument_name="X射线衍射仪",
        technician_id=None if who is None else f"t{who}",
        month="2025-08",
        counted_on=date(2025, 8, 20),
        amount_fen=fen,
        minutes=60,
    )
    return replace(plain, **more)


def reversal_of(one: SettlementLine, key: str, original: Original | None = None) -> SettlementLine:
    return replace(one, posting_id=key, amount_fen=-one.amount_fen, minutes=-one.minutes, reverses=one.key, original=original)


def cost(fen: int, key: str = "c1", **more: object) -> CostPart:
    """A declared cost deducted whole."""
    kind = "consumables" if fen else "none"
    row = replace(CostRow(key, kind, None, date(2025, 7, 1), date(2025, 9, 30), fen, "PZ-1"), **more)
    return CostPart(row, ((row.period_from, row.period_to),), row.fen)


def share(receiver: str, rate: str, of: str = "rest", **more: object) -> Share:
    return replace(Share(receiver, receiver, "rest", Decimal(rate)), of=of, **more)


ENTERPRISE = (share("technicians", "0.8"), share("institution", "1"))


def scheme(shares: tuple[Share, ...] = ENTERPRISE, **more: object) -> Scheme:
    plain = Scheme("s1", "方案", date(2025, 1, 1), "办〔2025〕1号", "posted", True, shares, "amount", True, "T001")
    return replace(plain, **more)


def cap() -> Parameter:
    value = parameters.packaged().in_force(CAP_KEY, TO)
    assert value is not None
    return value


def run(*lines: SettlementLine, fen: int = 0, kind: str = "enterprise", **more: object) -> RunInput:
    people = tuple(technician(n) for n in range(1, 5))
    plain = RunInput(TO, scheme(), kind, lines, (cost(fen),), people, cap())
    return replace(plain, **more)


def settled(*lines: SettlementLine, **more: object) -> Settlement:
    """The settlement of a run that must be possible."""
    result = settle(run(*lines, **more))
    assert isinstance(result, Settlement), result
    return result


def refused(*lines: SettlementLine, **more: object) -> set[str]:
    """The codes of the errors that forbid a run."""
    result = settle(run(*lines, **more))
    assert isinstance(result, tuple)
    return {one.code for one in result if one.severity == "error"}


def paid(settlement: Settlement) -> dict[str, int]:
    """Fen by staff number."""
    return {one.technician.staff_number: one.fen for one in settlement.technicians}
