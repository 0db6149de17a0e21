"""Price rows, terms and uses for the fee tests."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.ledger import money
from desktop.ledger.fees import FeeTerms, Fixed, Unit
from desktop.rules.charging import Priced, Usage, price
from desktop.rules.price_text import PriceRow, RowRead, read_row

CASES = Path(__file__).parents[1] / "cases"
HOUR = Unit("hour", "小时", 60)
SAMPLE = Unit("count", "样")
_CLASSES = ("own_school", "internal", "external")


def cases(name: str) -> list[dict[str, Any]]:
    with (CASES / name).open("rb") as stream:
        return list(tomllib.load(stream)["case"])


def read(case: dict[str, Any]) -> RowRead:
    prices = {name: case[name] for name in _CLASSES if name in case}
    return read_row(PriceRow(case.get("unit"), prices, case.get("startup"), case.get("minimum"), case.get("note")))


def terms_of(case: dict[str, Any]) -> FeeTerms:
    row = read(case)
    assert row.terms is not None, row.findings
    assert not row.to_confirm, row.findings
    return row.terms


def usage_of(case: dict[str, Any]) -> Usage:
    def fen(name: str) -> int | None:
        return money.from_yuan(Decimal(case[name])) if name in case else None

    def number(name: str) -> Decimal | None:
        return Decimal(case[name]) if name in case else None

    return Usage(
        case.get("minutes"), number("quantity"), number("second"), case.get("urgent", False), fen("agreed"), fen("consumables")
    )


def charge(case: dict[str, Any], terms: FeeTerms | None = None) -> Priced | tuple[Any, ...]:
    return price(usage_of(case), terms or terms_of(case), case.get("class", "internal"))


def outcome(case: dict[str, Any], terms: FeeTerms | None = None) -> str:
    """The amount in yuan, or the codes of the errors."""
    result = charge(case, terms)
    return money.plain(result.amount_fen) if isinstance(result, Priced) else " ".join(found.code for found in result)


def expected(case: dict[str, Any]) -> str:
    return str(case["yuan"]) if "yuan" in case else " ".join(case["fails"])


def hourly(fen: int, **more: Any) -> FeeTerms:
    return FeeTerms(HOUR, (("internal", Fixed(fen)),), **more)


def sampled(fen: int, **more: Any) -> FeeTerms:
    return FeeTerms(SAMPLE, (("internal", Fixed(fen)),), **more)
