"""Offline packages by command: export, show, answer, list; one object, the right status, words in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.carrying import Office
from tests.cli.conftest import Shell


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.service.stop()


def test_the_whole_round_by_command(filled: Shell, office: Office, tmp_path: Path) -> None:
    package, answer = tmp_path / "包.gxpk", tmp_path / "回执.gxpk"
    assert filled.json("package", "export", package, status=1)["error"] == "package.no_code"
    assert not package.exists()
    code = office.code()
    seen = filled.json("package", "export", package, "--code", code, "--preview")
    assert (seen["number"], seen["again"]) == (1, False)
    assert seen["changes"] > 0
    assert "file" not in seen
    assert not package.exists()
    out = filled.json("package", "export", package, "--code", code)
    assert {name: out[name] for name in seen} == seen
    assert (out["file"], out["bytes"]) == (str(package), package.stat().st_size)
    shown = filled.json("package", "show", package)
    assert (shown["kind"], shown["number"], shown["sha256"], shown["enrols"]) == ("report", 1, out["sha256"], True)
    assert sum(group["count"] for group in shown["groups"]) == out["changes"]
    assert filled.json("package", "list")["awaiting"] == 1
    before = package.read_bytes()
    assert "同一个包" in filled("package", "export", package)
    assert package.read_bytes() == before
    assert office.by_operator(package, answer) == 0
    told = filled.json("package", "answer", answer, status=1)
    assert (told["error"], office.fingerprint() in told["words"]) == ("package.key_new", True)
    assert filled.json("package", "answer", answer, "--fingerprint", "1234", status=1)["error"] == "package.key_other"
    done = filled.json("package", "answer", answer, "--fingerprint", office.fingerprint(), status=0)
    assert (done["sent"], done["digest_equal"], done["again"], done["findings"]) == (out["changes"], True, False, [])
    assert "以前导入过" in filled("package", "answer", answer)
    listed = filled.json("package", "list")
    assert (listed["awaiting"], listed["next"], [row["state"] for row in listed["packages"]]) == (None, 2, ["answered"])
    assert listed["service_fingerprints"] == [office.fingerprint()]
    shown = filled.json("package", "show", answer)
    assert (shown["kind"], shown["number"]) == ("answer", 1)
    assert filled.json("sync", status=1)["error"] == "sync.by_package"
    english = filled("package", "list", "--lang", "en")
    assert "answered" in english
    assert "+00:00" not in english, "moments are told in Shanghai, as everywhere"
    assert filled.json("leave")["revoked"] is False
    assert filled.json("package", "list")["packages"] == []


def test_what_the_service_refused_is_said_with_status_one(filled: Shell, office: Office, tmp_path: Path) -> None:
    package, answer = tmp_path / "包.gxpk", tmp_path / "回执.gxpk"
    filled("package", "export", package, "--code", "AAAA-BBBB-CCCC-DDDD")
    assert office.by_operator(package, answer) == 1
    told = filled.json("package", "answer", answer, status=1)
    assert told["error"] == "package.not_taken"
    assert "注册码" in told["words"]
    filled("package", "answer", answer, "--lang", "en", status=1)
    assert "enrolment code" in filled.err
    assert "注册码" in filled("package", "show", answer)


def test_a_file_that_is_none(filled: Shell, tmp_path: Path) -> None:
    assert filled.json("package", "answer", tmp_path, status=1)["error"] == "package.folder"
    assert filled.json("package", "show", tmp_path / "无", status=1)["error"] == "package.missing"
    assert filled.json("package", "export", tmp_path, "--code", "AAAA-BBBB-CCCC-DDDD", status=1)["error"] == "package.cannot_write"
