"""Other people's words about a fee, put in order by the amount they name first."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.rules.price_order import first_amount
from tests.case_files import cases


@pytest.mark.parametrize("case", cases("price_order"), ids=lambda case: case["text"] or "nothing")
def test_cases(case: dict[str, Any]) -> None:
    found = first_amount(case["text"])
    assert ("?" if found is None else found) == case["fen"]
