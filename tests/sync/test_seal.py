"""Sealed batches: the same rows give the same bytes, in the order rows refer to each other, as the contract has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from desktop import resource
from desktop.sync import canonical, seal
from desktop.sync.messages import Limits
from desktop.sync.ports import BaseRow, Parked, Sealed, Standing
from desktop.sync.preview import preview

LIMITS = Limits(500, 1_048_576, 1000)
CONTRACT: dict[str, Any] = yaml.safe_load(resource.path("network", "openapi.yaml").read_text(encoding="utf-8"))


def ids() -> Any:
    numbers = count(1)
    return lambda: f"0198c5a0-0000-7000-8000-{next(numbers):012x}"


def key(number: int) -> str:
    return f"0198c5a0-1111-7000-8000-{number:012x}"


def row(kind: str, number: int, *, base: bool = False, deleted: bool = False, **fields: Any) -> Standing:
    held = BaseRow(kind, key(number), f"1.{key(0)}", None, "create", key(0), {"id": key(number)}) if base else None
    local = None if deleted else {"id": key(number)} | fields
    return Standing(kind, key(number), local, deleted, False, held, datetime(2026, 1, 15, tzinfo=UTC))


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = [row("instrument", n, name='电镜\u2028"', asset_number=f"A{n}") for n in range(10)]
    first, second = (seal.pack(rows, LIMITS, ids(), 40).batches for _ in range(2))
    assert first == second
    assert first[0].digest == canonical.sha256(first[0].content)
    assert canonical.encode(json.loads(first[0].content)) == first[0].content


def test_batches_are_as_the_contract_has_them() -> None:
    rows = [
        row("instrument", 1, name="新"),
        row("instrument", 2, base=True, name="改"),
        row("customer", 3, base=True, deleted=True),
    ]
    (batch,) = seal.pack(rows, LIMITS, ids(), 40).batches
    schema = {"$ref": "#/components/schemas/Batch", "components": CONTRACT["components"]}
    Draft202012Validator(schema).validate(json.loads(batch.content))
    told = [
        (change["action"], change["parent"] is None, change["body"] is None) for change in json.loads(batch.content)["changes"]
    ]
    assert told == [("create", True, False), ("update", False, False), ("delete", False, True)]


def test_rows_come_after_those_they_refer_to_and_deletions_before() -> None:
    rows = [
        row("posting", 1, reverses=key(2)),
        row("service_record", 9, base=True, deleted=True),
        row("instrument", 8, base=True, deleted=True),
        row("posting", 2),
        row("a_kind_of_tomorrow", 3),
        row("service_record", 4),
        row("fee_line", 5),
        row("fee_schedule", 6),
        row("instrument", 7),
    ]
    kinds = [*seal.KIND_ORDER, "a_kind_of_tomorrow"]
    order = [int(each.id[-4:], 16) for each in seal.pending(sorted(rows, key=seal.order), [], (), kinds)]
    assert order == [7, 6, 5, 4, 2, 1, 3, 9, 8]


def test_only_what_differs_is_pending_and_only_for_kinds_that_are_taken() -> None:
    same, gone = row("instrument", 1, base=True), row("instrument", 2, deleted=True)
    withheld = Standing("instrument", key(3), {"id": key(3)}, withheld=True)
    absent = Standing("instrument", key(4), None, base=row("instrument", 4, base=True).base)
    fresh, foreign = row("instrument", 5), row("payout", 6)
    assert [each.place for each in seal.pending([same, gone, withheld, absent, fresh, foreign], [], (), ["instrument"])] == [
        fresh.place
    ]
    assert list(seal.pending([fresh], [], {fresh.place}, ["instrument"])) == []


def test_a_parked_row_waits_until_it_is_changed() -> None:
    before, after = row("instrument", 1, name=""), row("instrument", 1, name="补")
    parked = [Parked("instrument", key(1), "field.missing", "name", seal.fingerprint(before))]
    assert list(seal.pending([before], parked, (), ["instrument"])) == []
    assert list(seal.pending([after], parked, (), ["instrument"])) == [after]


@given(st.lists(st.integers(0, 400), max_size=40), st.integers(1, 12), st.integers(700, 2000))
def test_batches_keep_the_limits_and_every_row_once(lengths: list[int], n_changes: int, n_bytes: int) -> None:
    rows = [row("instrument", n, name="x" * length) for n, length in enumerate(lengths)]
    packed = seal.pack(rows, Limits(n_changes, n_bytes, 10), ids(), 1000)
    sent = [change["id"] for batch in packed.batches for change in json.loads(batch.content)["changes"]]
    assert sent + [each.id for each in packed.too_large] == [each.id for each in rows] or set(sent) | {
        each.id for each in packed.too_large
    } == {each.id for each in rows}
    assert len(sent) + len(packed.too_large) == len(rows)
    for batch in packed.batches:
        assert len(batch.content) <= n_bytes
        assert len(json.loads(batch.content)["changes"]) <= n_changes


def test_a_preview_sums_amounts_and_no_prices() -> None:
    rows = [row("posting", n, amount_fen=18_000, unit_price_fen=9_000) for n in (1, 2)]
    (group,) = preview(list(seal.pack(rows, LIMITS, ids(), 40).batches), 0).groups
    assert group.sums_fen == (("amount_fen", 36_000),)


def test_a_preview_of_altered_bytes_is_refused() -> None:
    (batch,) = seal.pack([row("instrument", 1, name="A", value_fen=7)], LIMITS, ids(), 40).batches
    assert preview([batch], 0).lines[0].label == "A"
    altered = Sealed(batch.key, batch.digest, batch.content.replace(b'"value_fen":7', b'"value_fen":8'))
    with pytest.raises(ValueError, match="not those that were sealed"):
        preview([altered], 0)
