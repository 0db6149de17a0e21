"""Schemes: what makes one unusable, and the examples that a user may start from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from desktop import words
from desktop.ledger.allocation import TECHNICIANS, Scheme
from desktop.ledger.institution import KINDS
from desktop.rules.schemes import Example, adopt, examples, faults
from tests.rules.payout_making import line, scheme, settled, share


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (scheme(name=" "), "payout.scheme_no_name"),
        (scheme(remainder_to=""), "payout.scheme_no_remainder"),
        (scheme(()), "payout.scheme_technicians"),
        (scheme((share(TECHNICIANS, "0.5", name=" "),)), "payout.scheme_share_name"),
        (scheme((share(TECHNICIANS, "0.5"), share("fund", "0.5", name=TECHNICIANS))), "payout.scheme_share_name"),
        (scheme((share(TECHNICIANS, "1.01"),)), "payout.scheme_rate"),
        (scheme((share(TECHNICIANS, "-0.01"),)), "payout.scheme_rate"),
        (scheme((share(TECHNICIANS, "0.1234567"),)), "payout.scheme_rate"),
        (scheme((share(TECHNICIANS, "0.5", cap_rate=Decimal("1.5")),)), "payout.scheme_rate"),
        (scheme((share(TECHNICIANS, "0.5", cap_fen=-1),)), "payout.scheme_cap"),
        (scheme(evaluations=(("T001", Decimal(1)), ("T001", Decimal(2)))), "payout.scheme_evaluation_twice"),
        (scheme(evaluations=(("T001", Decimal(-1)),)), "payout.negative_factor"),
    ],
)
def test_an_unusable_scheme_says_why(one: Scheme, code: str) -> None:
    assert [found.code for found in faults(one)] == [code]


def test_a_good_scheme_has_no_faults() -> None:
    good = scheme((share(TECHNICIANS, "0", cap_fen=0, cap_rate=Decimal(1)),), evaluations=(("T001", Decimal(0)),))
    assert faults(good) == ()


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.key)
def test_an_example_can_be_adopted_and_used(example: Example) -> None:
    one = adopt(example, key="s9", name="本单位办法", from_on=date(2025, 1, 1), document="院〔2025〕3号", remainder_to="T001")
    assert faults(one) == ()
    assert example.source
    assert set(example.kinds) <= set(KINDS)
    assert words.known(f"payout.example.{example.key}")
    assert words.known(f"payout.example_note.{example.key}")
    result = settled(line("a", 123_457), fen=23_457, scheme=one, kind=example.kinds[0])
    assert result.kept_fen == 0
    assert result.net_fen == 100_000


def test_there_is_an_example_for_every_kind_of_institution() -> None:
    assert {kind for example in examples() for kind in example.kinds} == set(KINDS)


def test_examples_pay_what_their_source_says() -> None:
    paid = {}
    for example in examples():
        one = adopt(example, key="s", name="n", from_on=date(2025, 1, 1), document="d", remainder_to="T001")
        result = settled(line("a", 100_000), scheme=one, kind=example.kinds[0])
        paid[example.key] = {"技术人员": result.pool_fen, **{share.name: share.fen for share in result.receivers}}
    assert paid == {
        "enterprise-80": {"技术人员": 80_000, "企业": 20_000},
        "university-school": {"学校": 15_000, "学院": 15_000, "技术人员": 35_000, "实验室": 35_000},
        "university-fund": {"学校基金": 10_000, "技术人员": 18_000, "本单位": 72_000},
        "analysis-centre": {"学校": 20_000, "技术人员": 48_000, "分析测试中心": 32_000},
    }
