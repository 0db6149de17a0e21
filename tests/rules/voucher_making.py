"""What the tests of vouchers share: cases read from files, and that a tree and its findings can be said to a person."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop import words
from desktop.ledger.finding import Finding
from desktop.ledger.parameter import Parameter
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, packaged

CASES = Path(__file__).parents[1] / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """The ``[[case]]`` tables of a file in tests/cases."""
    found: list[dict[str, Any]] = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)["case"]
    return found


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes of findings, in order."""
    return [one.code for one in findings]


def assert_said(figure: Figure, findings: Iterable[Finding] = ()) -> None:
    """Every part of a tree and every finding has words in both languages without an open gap; what is cited has source and certainty."""
    for part in figure.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how
        if part.unit == "state" and part.value is not None:
            assert words.known(f"voucher.state.{part.value}"), part.value
        if part.how == "parameter" and part.value is not None:
            assert part.clause
            assert part.certainty
    for one in findings:
        for language in ("zh", "en"):
            said = words.say_in(language, one.code, **dict(one.params))
            assert not said.startswith("["), one.code
            assert "{" not in said, said


def found(figure: Figure, code: str) -> Figure:
    """The first part of a tree with a code."""
    return next(part for part in figure.walk() if part.code == code)


def layered(own: dict[str, Any]) -> Parameters:
    """The packaged values with an institution's own on top, each from 2025-01-01 with a document."""
    several = []
    for key, value in own.items():
        exact = tuple(value) if isinstance(value, list) else value
        several.append(Parameter(key, date(2025, 1, 1), exact, packaged().unit(key), "鲁科字〔2025〕1号", "", "A", own=True))
    known, wrong = packaged().layered(several)
    assert not wrong, wrong
    return known
