"""The codes that rules list are said in words wherever a value is shown: no clerk reads ``medium / small / micro``."""

from __future__ import annotations

import re
from datetime import date

import pytest

from desktop import words
from desktop.actions import code_words, parameter_sets
from desktop.actions.explaining import as_lines
from desktop.actions.workspace import Workspace
from desktop.formats import parameter_text
from desktop.rules import rule_codes
from desktop.rules.parameters import figure, packaged
from desktop.ui import explain_panel

DAY = date(2026, 1, 15)
KEYS = [key for key in packaged().every_key() if packaged().unit(key) == "codes" and packaged().in_force(key, DAY) is not None]


def test_there_are_such_rules() -> None:
    assert {"voucher.sizes", "voucher.evidence", "voucher.supported_cities", "pilot.open_states"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_code_of_a_rule_has_words(key: str) -> None:
    known = packaged().in_force(key, DAY)
    assert known is not None
    tree = figure(known)
    for said in (code_words.of_figure(tree), explain_panel.value_of(tree)):
        assert not re.search("[A-Za-z0-9_]", said), said
        assert said.count(" / ") == len(known.codes) - 1
    assert code_words.of_figure(tree) in as_lines(tree)[0]


def test_in_english_too() -> None:
    words.use("en")
    try:
        assert code_words.code_words("voucher.sizes", ("medium", "small", "micro")) == "medium / small / micro"
        assert code_words.code_words("voucher.evidence", ("invoice",)) == "Invoice"
    finally:
        words.use("zh")


def test_a_code_without_words_stands_as_it_is_and_is_seen() -> None:
    assert code_words.code_words("voucher.evidence", ("invoice", "photo")) == "发票 / photo"
    assert code_words.code_words("voucher.supported_cities", ("3715", "99")) == "聊城市 / 99"


@pytest.mark.parametrize(("key", "typed", "codes"), [
    ("voucher.sizes", "小型、微型", ("small", "micro")),
    ("voucher.sizes", "中型 / small，Micro", ("medium", "small", "micro")),
    ("voucher.evidence", "发票,合同", ("invoice", "contract")),
    ("voucher.supported_cities", "聊城市，3704", ("3715", "3704")),
    ("management.required_kinds", "收费管理办法", ("fees",)),
    ("definition.satisfied_ratings", "非常满意，一般", ("非常满意", "一般")),
])  # fmt: skip
def test_what_stands_there_in_words_is_typed_in_words(key: str, typed: str, codes: tuple[str, ...]) -> None:
    assert parameter_text.typed("codes", typed, key) == codes


@pytest.mark.parametrize(("key", "typed", "unknown"), [
    ("voucher.sizes", "small,huge", "huge"), ("voucher.evidence", "photo", "photo"), ("voucher.supported_cities", "9999,37", "9999、37"),
    ("voucher.sizes", "小型", None), ("voucher.supported_cities", "3715", None), ("definition.satisfied_ratings", "凑合", None),
])  # fmt: skip
def test_a_code_nobody_knows_is_told_before_the_value_is_taken(small: Workspace, key: str, typed: str, unknown: str | None) -> None:
    """It would match nothing: ``huge`` for a size would leave out every enterprise, in silence."""
    plan = parameter_sets.propose(small, key, typed, date(2026, 1, 1), "文号")
    told = [dict(one.params)["codes"] for one in plan.findings if one.code == "parameter.set_codes"]
    assert told == ([] if unknown is None else [unknown])


def test_a_plan_that_does_not_look_at_codes_is_seen(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_codes, "strange", lambda key, codes: ())
    plan = parameter_sets.propose(small, "voucher.sizes", "huge", date(2026, 1, 1), "文号")
    assert "parameter.set_codes" not in [one.code for one in plan.findings]
