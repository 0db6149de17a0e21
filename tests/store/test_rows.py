"""Facts as rows: what many facts are written as together is what each is written as alone, and reads back as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger.fees import FeeLine, FeeTerms, Fixed, Unit
from desktop.ledger.service_record import ServiceRecord
from desktop.store.facts import RECORDS
from desktop.store.fees import LINES
from desktop.store.rows import plain

TERMS = FeeTerms(Unit("hour", "小时", 60), (("external", Fixed(180_00)),))
RECORD = st.builds(
    ServiceRecord,
    *[st.text(max_size=3)] * 3,
    st.none() | st.text(max_size=3),
    st.text(max_size=3),
    *[st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))] * 2,
    st.integers(1, 10_000),
    derived=st.booleans(),
    claimed_hours=st.none() | st.decimals(0, 10_000, places=2),
    quantity=st.none() | st.sampled_from([Decimal("1E+3"), Decimal("0.0000001"), Decimal("2.50"), Decimal(7)]),
    answers=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


@given(st.lists(RECORD, max_size=5))
def test_many_are_written_as_each_is_alone_and_read_back(records: list[ServiceRecord]) -> None:
    rows = RECORDS._rows(records)
    assert rows == [RECORDS.values(record) for record in records]
    assert rows == [tuple(plain(value) for value in RECORDS._of(record)) for record in records]
    assert [RECORDS.fact(row) for row in rows] == records


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-8"), "0.00000001"),
        (Decimal("1.50"), "1.50"),
        (datetime(2025, 5, 6, 7, 8), "2025-05-06T07:08"),
        (datetime(2025, 5, 6, 7, 8, tzinfo=UTC), "2025-05-06T07:08+00:00"),
        (True, 1),
        ((), "[]"),
        (("甲", "乙"), '["甲", "乙"]'),
        (None, None),
    ],
)
def test_each_kind_of_value_has_one_form(value: object, kept: object) -> None:
    assert plain(value) == kept
    assert type(plain(value)) is type(kept)


def test_terms_not_yet_understood_are_written_too() -> None:
    lines = [FeeLine("a", "s", 1, "机时", None), FeeLine("b", "s", 2, "机时", TERMS)]
    rows = LINES._rows(lines)
    assert rows[0][LINES.names.index("terms")] == "{}"
    assert [LINES.fact(row) for row in rows] == lines


def test_what_is_no_value_of_a_fact_is_refused() -> None:
    with pytest.raises(TypeError, match="not a value of a fact"):
        plain(1.5)
