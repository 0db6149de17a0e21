"""Schemes by command: examples, files of one's own, what is wrong with them told by place; never a scheme half taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell

OWN = {
    "name": "院方案", "from": "2025-01-01", "document": "院发〔2025〕3号", "basis": "posted", "include_internal": False,
    "weigh": "amount", "use_coefficient": True, "remainder_to": "T001",
    "share": [
        {"receiver": "institution", "name": "学校", "of": "gross", "rate": "15%", "cap_yuan": 5000},
        {"receiver": "technicians", "name": "技术人员", "of": "rest", "rate": 0.5, "cap_rate": "0.18", "cap_of": "gross"},
        {"receiver": "laboratory", "name": "实验室", "of": "rest", "rate": 1},
    ],
    "evaluations": {"T001": 1.2},
}  # fmt: skip


def written(folder: Path, **changed: Any) -> Path:
    file = folder / "scheme.json"
    file.write_text(json.dumps({**OWN, **changed}, ensure_ascii=False), "utf-8")
    return file


def test_a_scheme_of_ones_own_is_defined_and_settles_a_run(filled: Shell, tmp_path: Path) -> None:
    file = written(tmp_path)
    dry = filled.json("payout", "scheme", "define", file, "--dry-run")
    assert dry["dry_run"] is True
    assert filled.json("payout", "scheme", "list")["schemes"] == []
    told = filled.json("payout", "scheme", "define", file)
    assert [(s["receiver"], s["rate"], s["cap_fen"], s["cap_rate"]) for s in told["shares"]] == [
        ("institution", "0.15", 500_000, None), ("technicians", "0.5", None, "0.18"), ("laboratory", "1", None, None),
    ]  # fmt: skip
    words = filled("payout", "scheme", "show", "院方案")
    assert "学校：总收入的 15 %，不超过 5,000.00 元" in words
    assert "T001 1.2" in words
    filled("post", "--to", "2025-12-31", status=1)
    filled("person", "add", "张会计", "--role", "finance")
    filled("payout", "cost", "add", "--kind", "无", "--from", "2025-01-01", "--to", "2025-12-31", "--amount", "0")
    run = filled.json("payout", "prepare", "--to", "2025-12-31", "--scheme", "院方案", "--as", "张会计")
    assert {other["name"]: other["fen"] for other in run["others"] if other["name"]}["学校"] == 500_000, "the cap of 5 000 yuan holds"
    assert run["pool_fen"] == run["income_fen"] * 18 // 100
    assert filled.json("payout", "scheme", "list")["schemes"][0]["runs"] == 1


@pytest.mark.parametrize("ending", [".toml", ".json"])
def test_a_scheme_written_as_a_file_is_the_same_scheme(filled: Shell, tmp_path: Path, ending: str) -> None:
    first = filled.json("payout", "scheme", "define", written(tmp_path))
    file = tmp_path / f"out{ending}"
    filled("payout", "scheme", "show", "院方案", "--out", file)
    again = filled.json("payout", "scheme", "define", file, "--name", "另一方案")
    for name in ("shares", "evaluations", "from", "document", "weigh", "include_internal", "remainder_to"):
        assert again[name] == first[name]


def test_an_example_is_adopted_or_taken_as_a_file(filled: Shell, tmp_path: Path) -> None:
    examples = filled.json("payout", "scheme", "examples")["examples"]
    assert {"enterprise-80", "university-school"} <= {one["key"] for one in examples}
    assert all(one["source"] and one["certainty"] for one in examples)
    file = tmp_path / "mine.toml"
    filled("payout", "scheme", "examples", "university-fund", "--out", file)
    refused = filled.json("payout", "scheme", "define", file, status=1)
    assert {f["column"] for f in refused["findings"]} == {"document", "remainder_to"}, "an example is nobody's scheme yet"
    filled("payout", "scheme", "define", file, "--document", "1号", "--remainder-to", "T001")
    assert filled.json("payout", "scheme", "examples", "--out", file, status=2)["error"] == "usage"
    adopt = ("payout", "scheme", "adopt", "enterprise-80", "--name", "企", "--from", "2025-01-01", "--document", "2号", "--remainder-to")
    assert filled.json(*adopt, "没有", status=1)["error"] == "payout.no_such_technician"
    assert filled.json(*adopt, "T001")["shares"][0]["receiver"] == "technicians"
    assert filled.json(*adopt, "T001", status=1)["error"] == "payout.scheme_taken"
    assert len(filled.json("payout", "scheme", "list")["schemes"]) == 2


def test_a_newer_version_holds_from_its_day(filled: Shell, tmp_path: Path) -> None:
    filled("payout", "scheme", "define", written(tmp_path))
    filled("payout", "scheme", "define", written(tmp_path, weigh="minutes"), "--from", "2026-01-01")
    assert filled.json("payout", "scheme", "show", "院方案", "--on", "2025-12-31")["weigh"] == "amount"
    assert filled.json("payout", "scheme", "show", "院方案")["weigh"] == "minutes"


def share(**changed: Any) -> list[dict[str, Any]]:
    return [OWN["share"][0], {**OWN["share"][1], **changed}]  # type: ignore[index]


@pytest.mark.parametrize(
    ("changed", "place", "words"),
    [
        ({"weigh": "looks"}, "weigh", "amount, minutes, equal"),
        ({"basis": None}, "basis", "posted, received"),
        ({"include_internal": "yes"}, "include_internal", "true"),
        ({"from": "2025-02-30"}, "from", "日期"),
        ({"colour": "red"}, "colour", "不是方案里的项"),
        ({"share": share(rate="half")}, "share[2].rate", "比例"),
        ({"share": share(cap_yuan="1.234")}, "share[2].cap_yuan", "两位小数"),
        ({"share": share(receiver="me")}, "share[2].receiver", "technicians"),
        ({"share": share(cap="1")}, "share[2].cap", "不是方案里的项"),
        ({"share": ["all"]}, "share[1]", "名称 = 值"),
        ({"share": {}}, "share", "[[share]]"),
        ({"evaluations": {"T001": "good"}}, "evaluations.T001", "数"),
        ({"name": ""}, "name", "缺少"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_its_place(filled: Shell, tmp_path: Path, changed: dict[str, Any], place: str, words: str) -> None:
    told = filled.json("payout", "scheme", "define", written(tmp_path, **changed), status=1)
    assert told["error"] == "scheme_file.refused"
    at = {f["column"]: f["words"] for f in told["findings"]}
    assert words in at[place]
    assert filled.json("payout", "scheme", "list")["schemes"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"share": OWN["share"][:1]}, "payout.scheme_technicians"),  # type: ignore[index]
        ({"share": share(rate=1.5)}, "payout.scheme_rate"),
        ({"share": share(cap_yuan=-1)}, "payout.scheme_cap"),
        ({"share": share(name="学校")}, "payout.scheme_share_name"),
        ({"evaluations": {"T001": -1}}, None),
        ({"remainder_to": "T999"}, "payout.no_such_technician"),
    ],
)
def test_a_scheme_that_cannot_be_used_is_refused(filled: Shell, tmp_path: Path, changed: dict[str, Any], code: str | None) -> None:
    for dry in ((), ("--dry-run",)):
        told = filled.json("payout", "scheme", "define", written(tmp_path, **changed), *dry, status=1)
        assert told["error"] == (code or "payout.negative_factor")
    assert filled.json("payout", "scheme", "list")["schemes"] == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "scheme_file.ending"),
        ("a.toml", b"name = \n", "scheme_file.syntax"),
        ("a.json", b"{,}", "scheme_file.syntax"),
        ("a.json", b"[]", "scheme_file.not_a_scheme"),
        ("a.json", b'{"name": "a", "name": "b"}', "scheme_file.twice"),
        ("a.json", b'{"name": NaN}', "scheme_file.refused"),
        ("a.json", b"[" * 100_000, "scheme_file.syntax"),
        ("a.toml", b"rate = " + b"9" * 5000, "scheme_file.syntax"),
        ("a.toml", b"\xff\xfe\x00", "scheme_file.not_text"),
        ("a.toml", b"#" * 1_000_001, "scheme_file.large"),
        ("gone.toml", None, "file.cannot_use"),
    ],
)
def test_a_file_that_is_no_scheme_is_refused_in_words(filled: Shell, tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    told = filled.json("payout", "scheme", "define", tmp_path / name, status=1)
    assert told["error"] == code
    assert not told["words"].startswith("[")


def test_a_scheme_that_takes_the_evaluations_of_the_facts(filled: Shell, tmp_path: Path) -> None:
    both = filled.json("payout", "scheme", "define", written(tmp_path, evaluation_facts=True), status=1)
    assert both["error"] == "payout.scheme_evaluation_both"
    told = filled.json("payout", "scheme", "define", written(tmp_path, evaluation_facts=True, evaluations={}))
    assert told["evaluation_facts"] is True
    assert "取分配截止日有效的考核" in filled("payout", "scheme", "show", "院方案")
    file = tmp_path / "again.toml"
    filled("payout", "scheme", "show", "院方案", "--out", file)
    assert "evaluation_facts = true" in file.read_text("utf-8")
    assert filled.json("payout", "scheme", "define", file, "--name", "又一方案")["evaluation_facts"] is True
    wrong = filled.json("payout", "scheme", "define", written(tmp_path, evaluation_facts="是", evaluations={}), status=1)
    assert wrong["error"] == "scheme_file.refused"
