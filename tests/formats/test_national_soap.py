"""The platform's messages: an envelope any reader takes apart again, and answers explained with their own code and words."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.formats import national_soap as soap

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "national_answers.toml").read_text("utf-8"))["case"]
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def taken_apart(content: bytes) -> tuple[str, str, Any]:
    """Unit, kind and rows of a message, by a reader that is not ours."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SOAP}Envelope"
    (call,) = root.find(f"{SOAP}Body") or ()
    assert call.tag == "{http://instru.server.ws.com/}instruInfo"
    assert [part.tag for part in call] == ["insCode", "instruType", "instruList"]
    unit, kind, rows = (part.text or "" for part in call)
    return unit, kind, json.loads(rows)


def answer(raw: str) -> bytes:
    told = raw.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:instruInfoResponse xmlns:ns2="{soap.NAMESPACE}">'
        f"<return>{told}</return></ns2:instruInfoResponse></S:Body></S:Envelope>"
    ).encode()


def test_a_message_comes_apart_as_it_was_put_together() -> None:
    rows = [{"cname": "电镜 <A&B> \"引号\" ']]>", "fee": "一行\n二行\t"}, {"cname": "\x0b\x00\ud800\ufffe"}]
    content = soap.envelope("0" * 32, soap.INSTRUMENT, rows)
    assert taken_apart(content) == ("0" * 32, "4", rows)
    assert content == soap.envelope("0" * 32, soap.INSTRUMENT, rows)


@given(st.lists(st.dictionaries(st.sampled_from(["cname", "fee"]), st.text(), max_size=2), max_size=5))
def test_no_text_breaks_a_message(rows: list[dict[str, str]]) -> None:
    assert taken_apart(soap.envelope("<&>", "6", rows)) == ("<&>", "6", rows)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_answers(case: dict[str, Any]) -> None:
    found = soap.read_answer(answer(case["raw"]))
    assert (found.code, found.raw, found.accepted) == (case["code"], case["raw"], case["accepted"])
    assert found.finding.code == case["told"]
    assert (found.finding.severity == "note") == case["accepted"]
    for language in ("zh", "en"):
        said = words.say_in(language, found.finding.code, **dict(found.finding.params))  # type: ignore[arg-type]
        assert case["raw"] in said
        assert (case["code"] or "—") in said


def test_a_fault_is_no_acceptance_whatever_it_says() -> None:
    fault = answer("").replace(b"<return></return>", b"<S:Fault><faultcode>S:Server</faultcode><faultstring>100 threads</faultstring></S:Fault>")
    found = soap.read_answer(fault)
    assert (found.fault, found.accepted, found.raw, found.finding.code) == (True, False, "100 threads", "national_answer.fault")


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>502 Bad Gateway", b"100", b'<!DOCTYPE a [<!ENTITY e "100">]><a><return>&e;</return></a>', b"<return>" + b"1" * (1 << 20)],
    ids=["nothing", "a page", "no XML", "a document type", "too much"],
)
def test_what_is_no_answer_is_not_taken_for_one(content: bytes) -> None:
    found = soap.read_answer(content)
    assert not found.accepted
    assert (found.code, found.finding.code) == ("", "national_answer.unknown")


@pytest.mark.parametrize(
    ("content", "loose"),
    [(b'{"code":202}', "202"), (b' {"returnCode": "101", "msg": "x"}\n', "101"), (b'{"code":999}', ""), (b"202", ""), (b"[202]", ""), (b"<p>202", ""),
     (b'{"msg":"202"}', ""), (b'{"code":true}', "")],
)  # fmt: skip
def test_a_code_in_what_is_no_message_is_explained_and_decides_nothing(content: bytes, loose: str) -> None:
    found = soap.read_answer(content)
    assert (found.code, found.accepted, found.published, found.loose) == ("", False, False, loose)
    said = {language: words.say_in(language, found.finding.code, **dict(found.finding.params)) for language in ("zh", "en")}  # type: ignore[arg-type]
    assert (found.finding.code == "national_answer.loose") == bool(loose)
    assert loose in said["zh"]
    assert found.raw in said["en"]


def test_every_published_code_has_its_short_words() -> None:
    published = [code for code in range(1000) if words.known(f"national_answer.c{code}")]
    assert published == [code for code in range(1000) if words.known(f"national_answer.m{code}")]
    assert len(published) == 8


@pytest.mark.parametrize(("told", "codec"), [("GBK", "gbk"), ("gb2312", "gb2312"), ("GB18030", "gb18030"), ("UTF-8", "utf-8"), ("UTF-16", "utf-16")])
def test_an_answer_is_read_in_the_encoding_it_names(told: str, codec: str) -> None:
    said = f'<?xml version="1.0" encoding="{told}"?>{answer("100 上报成功").decode()}'
    found = soap.read_answer(said.encode(codec))
    assert (found.code, found.raw, found.accepted) == ("100", "100 上报成功", True)


@pytest.mark.parametrize(
    ("content", "raw"),
    [
        (b'<?xml version="1.0" encoding="klingon"?>' + answer("100"), '<?xml version="1.0" encoding="klingon"?>' + answer("100").decode()),
        (b'<?xml version="1.0" encoding="big5"?>' + answer("100"), '<?xml version="1.0" encoding="big5"?>' + answer("100").decode()),
        ("<html>系统维护".encode("gbk"), "<html>系统维护"),
        (answer("[" * 100_000), "[" * 100_000),
        (answer('{"a":' * 100_000), '{"a":' * 100_000),
        (answer("9" * 5_000), "9" * 5_000),
    ],
    ids=["an encoding nobody knows", "one that is not read", "a page in GBK", "lists in lists", "objects in objects", "a number without end"],
)
def test_an_odd_answer_is_kept_and_accepts_nothing(content: bytes, raw: str) -> None:
    found = soap.read_answer(content)
    assert (found.code, found.raw, found.accepted) == ("", raw, False)


def test_a_reader_that_looks_for_100_anywhere_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soap, "_code_in", lambda raw: "100" if "100" in raw else "")
    with pytest.raises(AssertionError):
        test_answers(next(case for case in CASES if case["name"] == "1000 is not 100"))
