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


def test_a_set_that_became_confidential_is_asked_back_by_package(filled: Shell, office: Office, tmp_path: Path) -> None:
    number, verb = "2020170000", ("instrument", "reclassify")
    filled("person", "add", "设备处甲", "--role", "equipment_office", "--pin", "1234")
    filled("person", "add", "审批人乙", "--role", "approver", "--pin", "4321")
    deciding = ("--as", "审批人乙", "--pin", "4321")

    def carried(n: int, *more: object) -> None:
        package, answer = tmp_path / f"包{n}.gxpk", tmp_path / f"回执{n}.gxpk"
        filled("package", "export", package, *more)
        assert office.by_operator(package, answer) == 0
        assert filled.json("package", "answer", answer, "--fingerprint", office.fingerprint())["digest_equal"] is True

    carried(1, "--code", office.code())
    assert number in repr(office.held())
    filled(*verb, "prepare", number, "--to", "confidential", "--reason", "上级通知", "--as", "设备处甲", "--pin", "1234")
    filled(*verb, "approve", number, *deciding)
    looked = filled.json(*verb, "take-back", number)
    (remote,) = looked["remotes"].values()
    assert (looked["asked"], looked["under_way"], remote["stay"]) == (False, [], 0)
    assert remote["deletable"] > 0
    assert "随下一个包" in filled(*verb, "take-back", number, "--reason", "发函前先撤下", *deciding)
    shown = filled.json("package", "export", tmp_path / "看.gxpk", "--preview")
    assert (shown["changes"], {group["action"] for group in shown["groups"]}) == (remote["deletable"], {"delete"})
    carried(2)
    assert number not in repr(office.held())
    assert filled.json(*verb, "take-back", number)["remotes"] == {}
    # Another one goes into a package that is under way: nobody knows whether it arrived.
    filled("instrument", "join", "2020170009", "--on", "2026-01-05", "--number", "SD-0009")
    filled("package", "export", tmp_path / "包3.gxpk")
    meant = filled.json(*verb, "prepare", "2020170009", "--to", "confidential", "--reason", "上级通知", "--as", "设备处甲", "--pin", "1234")["means"]
    assert any("第 3 个离线报送包" in line for line in meant)
    filled(*verb, "approve", "2020170009", *deciding)
    assert [one["number"] for one in filled.json(*verb, "take-back", "2020170009")["under_way"]] == [3]
    assert "package 3" in filled(*verb, "take-back", "2020170009", "--lang", "en").lower()


def test_a_file_is_named_as_packages_are(filled: Shell, tmp_path: Path) -> None:
    code = ("--code", "AAAA-BBBB-CCCC-DDDD")
    for extra in ((), ("--preview",)):
        assert filled.json("package", "export", tmp_path / "b.txt", *code, *extra, status=1)["error"] == "package.suffix"
    assert list(tmp_path.glob("b*")) == []
    assert filled.json("package", "list")["packages"] == []
    filled("package", "export", tmp_path / "b.GXPK", *code)
    filled("package", "export", tmp_path / "b", *code, "--lang", "en", status=1)
    assert "ends in .gxpk" in filled.err


def test_a_damaged_package_that_goes_out_is_exported_again(filled: Shell, tmp_path: Path) -> None:
    """Not an answer that somebody else has to write anew."""
    package = tmp_path / "包.gxpk"
    filled("package", "export", package, "--code", "AAAA-BBBB-CCCC-DDDD")
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    package.write_bytes(content)
    told = filled.json("package", "show", package, status=1)
    assert told["error"] == "package.shown_damaged"
    assert "离线报送包在台账里再导出一次" in told["words"]
    filled("package", "show", package, "--lang", "en", status=1)
    assert "export the package again" in filled.err
    assert filled.json("package", "answer", package, status=1)["error"] == "package.damaged"


def test_a_package_of_a_code_that_another_took_the_place_of_waits_no_longer(filled: Shell, office: Office, tmp_path: Path) -> None:
    first, second, answer = tmp_path / "1.gxpk", tmp_path / "2.gxpk", tmp_path / "a.gxpk"
    filled("package", "export", first, "--code", "AAAA-BBBB-CCCC-DDDD")
    code = office.code()
    filled("package", "export", second, "--code", code)
    states = [row["state"] for row in filled.json("package", "list")["packages"]]
    assert states == ["awaiting", "replaced"]
    assert "已由另一个包代替" in filled("package", "list")
    assert office.by_operator(second, answer) == 0
    filled("package", "answer", answer, "--fingerprint", office.fingerprint())
    listed = filled.json("package", "list")
    assert ([row["state"] for row in listed["packages"]], listed["awaiting"]) == (["answered", "replaced"], None)


def test_an_answer_to_the_package_of_the_earlier_code_is_taken_in_all_the_same(filled: Shell, office: Office, tmp_path: Path) -> None:
    first, second, answer = tmp_path / "1.gxpk", tmp_path / "2.gxpk", tmp_path / "a.gxpk"
    out = filled.json("package", "export", first, "--code", office.code())
    assert office.by_operator(first, answer) == 0
    filled("package", "export", second, "--code", office.code())
    done = filled.json("package", "answer", answer, "--fingerprint", office.fingerprint(), status=0)
    assert done["sent"] == out["changes"]
    assert [row["state"] for row in filled.json("package", "list")["packages"]] == ["awaiting", "answered"]
