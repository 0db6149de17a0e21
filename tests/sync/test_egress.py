"""The gate: what is confidential is found in whatever dress it leaves; ordinary numbers that only look alike pass."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sync import egress
from desktop.sync.egress import Gate
from desktop.sync.outcome import Withheld
from desktop.sync.ports import Marker

NUMBER, NAME, KEY = "MI-7749", "某型涉密光谱仪", "0198c5a0-1111-4aaa-8bbb-0000000000ff"
GATE = Gate([Marker(NUMBER, whole=True), Marker(KEY, whole=True), Marker(NAME), Marker("Secret Spectrometer")])


@pytest.fixture(autouse=True, scope="module", params=[0, 300], ids=["many markers", "few markers"])
def _how_they_are_sought(request: pytest.FixtureRequest) -> Iterator[None]:
    """Few markers are looked for one by one, many by their beginnings: the gate finds the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(egress, "_FEW", request.param)
        yield


def body(text: str, *, ascii_only: bool = False) -> bytes:
    return json.dumps({"changes": [{"body": {"note": text}}]}, ensure_ascii=ascii_only).encode()


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "mi-7749",
        "ＭＩ－７７４９",
        f"见{NUMBER}号",
        f"第一行\n{NUMBER}\n第三行",
        f"\t{NUMBER}",
        f"关于{NAME}的说明",
        KEY.upper(),
        "the SECRET spectrometer",
    ],
)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_what_is_confidential_is_found_in_every_dress(text: str, ascii_only: bool) -> None:
    with pytest.raises(Withheld, match="sync.leak_stopped"):
        GATE.check(body(text, ascii_only=ascii_only))


@pytest.mark.parametrize("text", ["MI-77490", "XMI-7749", "MI-7749-2", "AMI-7749B", "光谱仪", "Secret Spectro", ""])
def test_what_only_looks_alike_passes(text: str) -> None:
    GATE.check(body(text))


def test_names_of_fields_numbers_and_addresses_are_searched_too() -> None:
    with pytest.raises(Withheld):
        GATE.check(json.dumps({NUMBER: 1}).encode())
    with pytest.raises(Withheld):
        GATE.check(b"", f"/v1/entities/instrument/{KEY}")
    with pytest.raises(Withheld):
        Gate([Marker("774900", whole=True)]).check(b'{"note":"774900"}')
    with pytest.raises(Withheld):
        Gate([Marker("774900774900")]).check(b'{"value_fen":774900774900}')


def test_an_amount_with_the_digits_of_a_confidential_number_is_no_leak() -> None:
    Gate([Marker("774900", whole=True)]).check(b'{"value_fen":774900}')


def test_a_very_short_number_is_found_as_a_whole_text_only() -> None:
    gate = Gate([Marker("A1", whole=True)])
    gate.check(body("A1 楼 3 层"))
    with pytest.raises(Withheld):
        gate.check(body("A1"))


def test_the_problem_names_the_row_that_carries_the_find() -> None:
    rows = [{"kind": "instrument", "id": "one", "body": {}}, {"kind": "fee_line", "id": "two", "body": {"item": NAME}}]
    with pytest.raises(Withheld) as stopped:
        GATE.check(json.dumps({"changes": rows}).encode())
    assert stopped.value.params == {"where": "fee_line two"}


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08", b"{", b"\xff\xfe{}", b"[" * 100_000])
def test_what_cannot_be_read_does_not_leave(content: bytes) -> None:
    with pytest.raises(Withheld, match="sync.gate_unreadable"):
        GATE.check(content)


@given(st.text(min_size=1), st.text(), st.text())
def test_a_text_marker_is_found_wherever_it_stands(marker: str, before: str, after: str) -> None:
    """Compared as a person reads it: the place in the text must survive the same folding the gate does."""
    try:
        raw = json.dumps({"t": before + " " + marker + " " + after}).encode()
        gate = Gate([Marker(marker)])
        raw.decode()
        json.loads(raw)["t"].encode()
    except UnicodeEncodeError:
        return
    if gate._markers:
        with pytest.raises(Withheld):
            gate.check(raw)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("text", [NAME, NUMBER, KEY])
def test_what_stands_in_a_file_is_found_as_files_write_it(codec: str, text: str) -> None:
    content = b"%PDF-\0\xff " + f"；{text}。".encode(codec) + bytes(range(256))
    with pytest.raises(Withheld):
        GATE.check_file(content)
    assert not GATE.lets_file([bytes(100), content])
    assert GATE.overlap >= len(text.encode(codec))


@pytest.mark.parametrize("content", [b"XMI-7749", b"MI-77490", "光谱仪".encode(), bytes(range(256)), b""])
def test_a_file_that_only_looks_alike_passes(content: bytes) -> None:
    GATE.check_file(content)
    assert GATE.lets_file([content])


def test_short_numbers_are_not_looked_for_in_files_but_digests_in_addresses_are() -> None:
    gate = Gate([Marker("A1", whole=True), Marker("ab" * 32, whole=True)])
    gate.check_file(b"A1 A1 A1", "/v1/blobs/" + "cd" * 32)
    with pytest.raises(Withheld):
        gate.check_file(b"A1", "/v1/blobs/" + "ab" * 32 + "/parts/0")
    assert Gate([]).is_open
    assert not gate.is_open


@pytest.mark.parametrize("model", ["Update", "changes", "schema", "cursor", "digest", "instrument", "body"])
def test_a_confidential_word_of_the_contract_stops_nothing_and_is_found_where_people_write(model: str) -> None:
    gate = Gate([Marker(model)])
    row = {"op_id": "1", "kind": "instrument", "action": "update", "id": "2", "schema": 1, "body": {"note": "x", "model": "M1"}}
    gate.check(json.dumps({"changes": [row]}).encode(), "/v1/changes?cursor=7&digest=true")
    for told in (model, model.upper(), f"型号 {model}。"):
        with pytest.raises(Withheld):
            gate.check(json.dumps({"changes": [{**row, "body": {"note": told}}]}).encode())
