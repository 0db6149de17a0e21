"""The yearly effect: cases a clerk can read, each figure explained, and nothing written that is not known."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.formats import national_effect as shape
from desktop.rules import national_effect as rules
from desktop.rules.national_effect import Effect, Owned, Received
from desktop.rules.parameters import packaged

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "national_effect.toml").read_text("utf-8"))["case"]


def made(case: dict[str, Any]) -> Effect:
    received = [Received(number, fen) for number, fen in case["received"]]
    received += [Received(number, fen, stated=False) for number, fen in case.get("unstated", ())]
    owned = [Owned(str(n), None if fen == "?" else fen) for n, fen in enumerate(case["sets"])]
    owned += [Owned(f"unstated {n}", None if fen == "?" else fen, stated=False) for n, fen in enumerate(case.get("unstated_sets", ()))]
    return rules.effect(received, owned, packaged(), date.fromisoformat(case.get("day", "2025-12-31")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = made(case)
    assert [one.code for one in found.findings] == case["findings"]
    assert [found.n_unstated_vouchers, found.n_unstated_sets] == case.get("n_unstated", [0, 0])
    if case["written"] == "?":
        assert (found.n_sets, found.sets_fen) == (None, None)
        with pytest.raises(ValueError, match="not in force"):
            shape.n7(found)
        return
    written = shape.n7(found)
    assert {name: written[name] for name in case["written"]} == case["written"]
    assert list(written) == ["billNum", "billWorth", "billWorthInstr", "instrNum", "instrWorth", "remark", "remarks", "remarkOne", "remarkTwo"]


def test_each_figure_is_said_and_cites_the_threshold() -> None:
    figure = made(next(case for case in CASES if "an unknown value" in case["name"])).figure
    for part in figure.walk():
        assert words.known(part.code) or part.code.startswith("parameter.")
        assert words.known(f"how.{part.how}")
    (count,) = [part for part in figure.walk() if part.code == "national_effect.n_sets"]
    assert count.rows is not None
    assert count.rows.keys == ("1",)
    assert [part.clause for part in count.inputs] == ["国发〔2014〕70号"]


def test_rounding_each_part_would_be_seen() -> None:
    from desktop.formats import national

    parts = [fen for _, fen in CASES[2]["received"]]
    assert sum(national.hundredths(fen) for fen in parts) != national.hundredths(sum(parts))
