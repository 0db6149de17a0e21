"""Scheme terms: written and read back without loss; anything else is refused, nothing guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ledger.allocation import BASES, CAPS_OF, RECEIVERS, SHARES_OF, WEIGHT_BASES, Scheme, Share
from desktop.ledger.allocation_json import read, write

RATE = st.decimals(0, 1, places=6)
SHARE = st.builds(
    Share,
    receiver=st.sampled_from(RECEIVERS),
    name=st.text(max_size=8),
    of=st.sampled_from(SHARES_OF),
    rate=RATE,
    cap_fen=st.none() | st.integers(0, 10**12),
    cap_rate=st.none() | RATE,
    cap_of=st.sampled_from(CAPS_OF),
)
SCHEME = st.builds(
    Scheme,
    id=st.text(max_size=4),
    name=st.text(max_size=8),
    from_on=st.dates(),
    document=st.text(max_size=8),
    basis=st.sampled_from(BASES),
    include_internal=st.booleans(),
    shares=st.lists(SHARE, max_size=4).map(tuple),
    weigh=st.sampled_from(WEIGHT_BASES),
    use_coefficient=st.booleans(),
    remainder_to=st.text(max_size=6),
    evaluations=st.lists(st.tuples(st.text(max_size=4), RATE), max_size=3).map(tuple),
)
PLAIN = Scheme(
    "s", "方案", date(2025, 1, 1), "办1号", "posted", True,
    (Share("technicians", "技术人员", "rest", Decimal("0.80"), cap_rate=Decimal("0.5")),), "amount", True, "T001",
    (("T002", Decimal("1.10")),),
)  # fmt: skip


@settings(max_examples=40)
@given(SCHEME)
def test_a_scheme_comes_back_as_it_was_written(scheme: Scheme) -> None:
    written = write(scheme)
    again = read(written)
    assert again == scheme
    assert write(again) == written


def test_rates_keep_their_digits_and_amounts_stay_integers() -> None:
    share = json.loads(write(PLAIN).terms)["shares"][0]
    assert share["rate"] == "0.80"
    assert share["cap_fen"] is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"basis":"posted"', '"basis":"invoiced"'),
        ('"basis":"posted",', ""),
        ('"basis":"posted"', '"basis":"posted","extra":1'),
        ('"include_internal":true', '"include_internal":1'),
        ('"rate":"0.80"', '"rate":0.8'),
        ('"rate":"0.80"', '"rate":"most"'),
        ('"rate":"0.80"', '"rate":"NaN"'),
        ('"cap_fen":null', '"cap_fen":"5"'),
        ('"cap_fen":null', '"cap_fen":5.0'),
        ('"receiver":"technicians"', '"receiver":"me"'),
        ('[["T002","1.10"]]', '[["T002"]]'),
        ('[["T002","1.10"]]', '"T002"'),
        ('"remainder_to":"T001"', '"remainder_to":null'),
    ],
)
def test_terms_that_are_not_quite_terms_are_refused(old: str, new: str) -> None:
    written = write(PLAIN)
    assert old in written.terms
    with pytest.raises(ValueError, match="not|none of"):
        read(replace(written, terms=written.terms.replace(old, new)))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an entry|Expecting value"):
        read(replace(write(PLAIN), terms=text))
