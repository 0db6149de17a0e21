"""Amounts from what people write: exact fen, nothing that no ledger could keep."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.ledger import money


@pytest.mark.parametrize(("yuan", "fen"), [("0.01", 1), ("-12.30", -1230), ("1E+15", 10**17), ("-1E+15", -(10**17))])
def test_yuan_become_fen(yuan: str, fen: int) -> None:
    assert money.from_yuan(Decimal(yuan)) == fen


@pytest.mark.parametrize("yuan", ["0.001", "1000000000000000.01", "-1000000000000000.01", "1" * 25])
def test_what_is_no_amount_is_refused(yuan: str) -> None:
    with pytest.raises(ValueError, match="fraction of a fen|beyond any amount"):
        money.from_yuan(Decimal(yuan))
    with pytest.raises(ValueError, match="fraction of a fen|beyond any amount"):
        money.from_wan(Decimal(yuan) / 10_000)
