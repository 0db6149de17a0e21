"""What a person writes in a conflict in the place of both sides is a value of its field as the ledger reads it, or it is refused."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import sync_entries, sync_words, sync_written
from desktop.ledger.problem import Refused
from desktop.store import sync_rows
from desktop.store.reach import HUB, kinds
from desktop.store.read_as import codecs, read_as

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases/sync_entries.toml").read_text("utf-8"))["case"]
NONSENSE = ("很多", "2026/13/5", "{", "1,2,3", "-", "2026-02-30T09:00")
WITHOUT_CODEC = {"parameter", "notice_answer"}
MORE_THAN_TEXT = sorted(
    (kind, name) for kind in kinds(HUB) for name, held in read_as(kind).items() if held is not str and sync_rows.forms(kind)[name][0] == "text"
)


def entered(kind: str, field: str, text: str) -> object:
    """What would be stored; None when the entry is refused."""
    try:
        return sync_entries.read(kind, field, text)
    except Refused:
        return None


def test_every_kind_a_service_may_hold_is_known_by_how_it_is_read() -> None:
    assert {kind for kind in kinds(HUB) if kind not in codecs()} == WITHOUT_CODEC
    assert {date, datetime, Decimal, tuple} <= {held for kind in kinds(HUB) for held in read_as(kind).values()}
    assert len(MORE_THAN_TEXT) > 50


@pytest.mark.parametrize(("kind", "field"), MORE_THAN_TEXT)
def test_a_column_read_as_more_than_text_takes_no_nonsense(kind: str, field: str) -> None:
    assert [text for text in NONSENSE if entered(kind, field, text) is not None] == []


@pytest.mark.parametrize(("kind", "field"), [one for one in MORE_THAN_TEXT if one[0] in codecs()])
def test_what_is_taken_is_read_back_by_the_ledger(kind: str, field: str) -> None:
    """Whatever of many ways to write is taken: the reader of the column reads it, and would write the same."""
    codec = codecs()[kind]
    place = codec.names.index(field)
    for text in ("2026/3/5", "2026年3月5日 9:30", "１,２００．５", "0.50", "open", "draft", "company", *NONSENSE):
        stored = entered(kind, field, text)
        if stored is not None:
            held = codec._readers[place]
            read = held(stored) if held else stored
            assert type(read) is not str or read in ("open", "draft", "company")
            assert not isinstance(read, datetime) or read.tzinfo is None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_value_is_taken_as_people_write_it_and_kept_as_the_ledger_writes_it(case: dict[str, Any]) -> None:
    if "stored" in case:
        assert sync_entries.read(case["kind"], case["field"], case["text"]) == case["stored"]
    else:
        with pytest.raises(Refused, match="sync.bad_entry"):
            sync_entries.read(case["kind"], case["field"], case["text"])


@pytest.mark.parametrize("text", ["45000", "45000.375", "2026-03-05 09:00:30"])
def test_what_is_read_with_a_remark_is_refused_for_there_is_nowhere_to_tell_it(text: str) -> None:
    assert entered("outside_use", "ended_at", text) is None
    assert (entered("outside_use", "started_on", text) is None) is (":" not in text)


def test_what_is_empty_is_unknown_where_it_may_be() -> None:
    assert sync_entries.read("instrument", "accepted_on", " ") is None
    assert sync_entries.read("outside_use", "contract", "") == ""
    for kind, field in (("outside_use", "started_on"), ("power_band", "off_watts")):
        with pytest.raises(Refused, match="sync.bad_entry"):
            sync_entries.read(kind, field, " ")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("province_search", "hits"), ("technician", "instruments"), ("fee_line", "terms"), ("pilot_openness", "said_at"), ("voucher_claim_line", "use_id"),
        ("attachment", "sha256"), ("service_record", "replaces"), ("customer", "internal"), ("customer", "id"),
    ],
)  # fmt: skip
def test_what_is_chosen_and_never_written_is_refused_whatever_it_says(kind: str, field: str) -> None:
    assert not sync_entries.can_enter(kind, field)
    for text in ("[]", "1", "2026-01-05"):
        with pytest.raises(Refused, match="sync.bad_entry"):
            sync_entries.read(kind, field, text)


def test_the_sets_a_search_found_are_read_as_words() -> None:
    told = json.dumps([json.dumps(["电镜", "某大学", "停机检修"]), json.dumps(["质谱仪", "某研究所", ""])])
    assert sync_words.written("hits", told, "province_search") == ("某大学 电镜：停机检修", "某研究所 质谱仪：还没有说明为什么不能用")
    assert sync_words.written("hits", "[]", "province_search") == ()
    assert sync_written.lines("province_search", "hits", "没有找到") is None


def test_a_reader_that_takes_any_text_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: every column is text."""
    monkeypatch.setattr(sync_entries, "_read_as", lambda _kind, _field: str)
    assert entered("power_band", "off_watts", "很多") == "很多"
    with pytest.raises(AssertionError):
        test_a_column_read_as_more_than_text_takes_no_nonsense("power_band", "off_watts")
