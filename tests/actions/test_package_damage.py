"""An answer package that is not what the service wrote: refused, its place named, the ledger as it was. And files that are none."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.actions import instruments, package_answers, packages
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.problem import Problem, Refused
from desktop.secrets import signing
from desktop.sync import gxpk, package
from desktop.words import say_in
from tests.actions.carrying import Courier, Office, contents, public_key, refused, resigned
from tests.actions.making import some_work
from tests.actions.test_packages import rename
from tests.network.packing import canonical, entries_of, sha256, written

HEADER = struct.Struct("<4sHHHHHIIIHH")


@pytest.fixture(scope="module")
def case(empty_home: Path, small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Courier, Path]]:
    """A ledger whose second package was answered, and that answer: nothing of it was taken in yet. Shared by tests that change nothing."""
    folder = tmp_path_factory.mktemp("damage")
    office = Office(folder / "office")
    shutil.copytree(small_home, folder / "home")
    with pytest.MonkeyPatch.context() as patch, open_ledger(folder / "home") as ledger:
        patch.setenv("YIXIANG_TODAY", "2026-11-23")
        some_work(ledger)
        courier = Courier(ledger, office, folder / "stick").begun()
        rename(ledger, "第二个包")
        yield courier, office.hand_in(courier.export().path)
    office.service.stop()


def places(content: bytes) -> dict[str, int]:
    """A byte of every part of the archive: what lies there -> where."""
    found, at = {"the first byte": 0}, 0
    while content[at : at + 4] == b"PK\x03\x04":
        n_bytes, n_name = HEADER.unpack_from(content, at)[8:10]
        name = content[at + 30 : at + 30 + n_name].decode()
        found |= {
            f"{name}: mark": at + 2, f"{name}: version": at + 4, f"{name}: flags": at + 6, f"{name}: method": at + 8,
            f"{name}: date": at + 12, f"{name}: check sum": at + 14, f"{name}: size": at + 22, f"{name}: length of the name": at + 26,
            f"{name}: extra": at + 28, f"{name}: name": at + 30, f"{name}: first byte": at + 30 + n_name,
            f"{name}: last byte": at + 29 + n_name + n_bytes,
        }  # fmt: skip
        at += 30 + n_name + n_bytes
    return found | {"directory": at + 5, "directory: name": at + 46, "end": len(content) - 22, "end: comment": len(content) - 2}


def altered(answer: Path, at: int, bit: int = 1) -> bytes:
    content = answer.read_bytes()
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def spoiled(courier: Courier, content: bytes) -> Problem:
    path = courier.folder / "spoiled.gxpk"
    path.write_bytes(content)
    return refused(courier, path)


def test_an_altered_byte_of_every_part_is_refused_and_its_place_named(case: tuple[Courier, Path]) -> None:
    courier, answer = case
    named: dict[str, str] = {}
    for what, at in places(answer.read_bytes()).items():
        problem = spoiled(courier, altered(answer, at))
        assert problem.code == "package.damaged", what
        named[what] = str(problem.params["entry"])
        assert say_in("zh", problem.code, **problem.params).count("{") == 0
    assert {"receipts/0001.json: name", "pages/0001.json: mark", "manifest.json: mark", "manifest.sig: name"} <= set(named)
    words = {
        "manifest.json": "package.place.manifest", "manifest.sig": "package.place.signature", "digest.json": "package.place.digest",
        "enrolled.json": "package.place.enrolled", "directory": "package.place.whole", "end": "package.place.whole",
        "the first byte": "package.place.manifest",
    }  # fmt: skip
    parts = {what: what.partition(": ")[0] for what in named}
    assert named == {what: words.get(place, place) for what, place in parts.items()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_is_another_nothing_is_taken_in(case: tuple[Courier, Path], data: st.DataObject) -> None:
    courier, answer = case
    at = data.draw(st.integers(0, answer.stat().st_size - 1))
    problem = spoiled(courier, altered(answer, at, data.draw(st.integers(1, 255))))
    assert problem.code == "package.damaged"


def without_comparing(content: bytes) -> dict[str, bytes]:
    """The broken reader: what the headers say, without writing it anew to compare."""
    return dict(gxpk._walk(content))


def test_a_reader_that_does_not_write_it_anew_is_found_out(case: tuple[Courier, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    courier, answer = case
    at = places(answer.read_bytes())["receipts/0001.json: date"]
    monkeypatch.setattr(gxpk, "read", without_comparing)
    path = courier.folder / "loose.gxpk"
    path.write_bytes(altered(answer, at))
    assert package.opened(path.read_bytes()).digest  # two files with one content: the test above would fail


def _truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _longer(content: bytes) -> bytes:
    return content + b"\0"


def _repacked(content: bytes) -> bytes:
    """Opened and saved by a common archiver."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in entries_of(content).items():
            archive.writestr(name, each)
    return target.getvalue()


def _parts(content: bytes) -> tuple[bytes, bytes, dict[str, bytes]]:
    import base64

    entries = entries_of(content)
    raw, signature = entries.pop("manifest.json"), entries.pop("manifest.sig")
    return raw, base64.b64decode(signature), entries


def _without_an_entry(content: bytes) -> bytes:
    raw, signature, entries = _parts(content)
    return written(raw, signature, {name: each for name, each in entries.items() if not name.startswith("receipts")})


def _with_another_entry(content: bytes) -> bytes:
    raw, signature, entries = _parts(content)
    return written(raw, signature, entries | {"receipts/0002.json": b"{}"})


def _with_another_receipt(content: bytes) -> bytes:
    raw, signature, entries = _parts(content)
    return written(raw, signature, entries | {"receipts/0001.json": b"{}"})


@pytest.mark.parametrize("spoil", [_truncated, _longer, _repacked, _without_an_entry, _with_another_entry, _with_another_receipt])
def test_an_archive_that_was_changed_by_a_program_is_refused(case: tuple[Courier, Path], spoil: Callable[[bytes], bytes]) -> None:
    courier, answer = case
    assert spoiled(courier, spoil(answer.read_bytes())).code == "package.damaged"


def _says_more(manifest: dict[str, object], entries: dict[str, bytes]) -> None:
    entries["receipts/0001.json"] = b"{}"
    manifest["entries"] = [
        {"name": name, "n_bytes": len(each), "sha256": sha256(each)} for name, each in sorted(entries.items())
    ]


def test_a_forged_content_fits_its_manifest_and_not_its_signature(case: tuple[Courier, Path]) -> None:
    courier, answer = case
    raw, signature, entries = _parts(answer.read_bytes())
    manifest = json.loads(raw)
    _says_more(manifest, entries)
    assert spoiled(courier, written(canonical(manifest), signature, entries)).code == "package.signature"


def test_who_signs_with_another_key_is_refused(case: tuple[Courier, Path]) -> None:
    courier, answer = case
    thief = Ed25519PrivateKey.generate()
    assert spoiled(courier, resigned(answer, thief)).code == "package.signature"
    unknown = signing.key_id(public_key(thief))
    assert spoiled(courier, resigned(answer, thief, key_id=unknown)).code == "package.key_unknown"
    assert spoiled(courier, resigned(answer, thief, version=2)).code == "package.newer"


def test_without_the_check_of_the_signature_a_forgery_would_be_taken(
    case: tuple[Courier, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    courier, answer = case
    path = tmp_path / "forged.gxpk"
    path.write_bytes(resigned(answer, Ed25519PrivateKey.generate()))
    monkeypatch.setattr(signing, "verifies", lambda *_: True)
    shutil.copytree(courier.ledger.home, tmp_path / "home", ignore=shutil.ignore_patterns("*.lock"))
    with open_ledger(tmp_path / "home") as copy:
        assert package_answers.absorb(copy, path).sent == 1


def test_the_answer_to_another_ledger_or_a_package_going_out_is_refused(
    case: tuple[Courier, Path], small: Workspace, tmp_path: Path
) -> None:
    courier, answer = case
    stranger = Courier(small, courier.office, tmp_path / "stick")
    assert refused(stranger, answer).code == "package.other_ledger"
    out = stranger.export(code=courier.office.code()).path
    assert refused(stranger, out).code == "package.not_answer"
    assert refused(courier, out).code == "package.not_answer"
    assert refused(courier, courier.office.hand_in(out)).code == "package.other_ledger"


def test_an_answer_to_a_package_this_ledger_does_not_know_any_more(case: tuple[Courier, Path], tmp_path: Path) -> None:
    """The ledger came from a backup: the answer is out of order, and the next export is told where to go on."""
    courier, answer = case
    shutil.copytree(courier.ledger.home, tmp_path / "home", ignore=shutil.ignore_patterns("*.lock"))
    with open_ledger(tmp_path / "home") as copy:
        with copy.write("setting") as operation:
            operation.connection.exec_driver_sql("DELETE FROM package WHERE number = 2")
        behind = Courier(copy, courier.office, tmp_path / "stick")
        assert refused(behind, answer).code == "package.unknown"


def test_the_first_key_is_taken_only_with_the_right_fingerprint(small: Workspace, tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    try:
        courier = Courier(small, office, tmp_path / "stick")
        answer = office.hand_in(courier.export(code=office.code()).path)
        asked = refused(courier, answer)
        assert (asked.code, asked.params["fingerprint"]) == ("package.key_new", office.fingerprint())
        wrong = "0000 " * 8
        assert refused(courier, answer, fingerprint=wrong).code == "package.key_other"
        thief = Ed25519PrivateKey.generate()
        forged = tmp_path / "forged.gxpk"
        forged.write_bytes(resigned(answer, thief))
        assert refused(courier, forged, fingerprint=office.fingerprint()).code == "package.signature"
        assert courier.absorb(answer, fingerprint=office.fingerprint().upper().replace(" ", "")).sent > 0
        assert packages.state(small).service_keys == (office.fingerprint(),)
    finally:
        office.service.stop()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.mkdir(), "package.folder"),
        (lambda path: None, "package.missing"),
        (lambda path: path.write_bytes(b""), "package.not_one"),
        (lambda path: path.write_text("仪器编号,名称\n", "utf-8"), "package.not_one"),
        (lambda path: path.write_bytes(b"PK\x03\x04"), "package.damaged"),
        (lambda path: os.truncate(_touched(path), package.N_ANSWER_BYTES + 1), "package.too_large"),
        (lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "x" * 100), "package.damaged"),
    ],
)  # fmt: skip
def test_what_is_no_package_is_refused_in_its_own_words(
    case: tuple[Courier, Path], tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "回执.gxpk"
    make(path)
    problem = refused(case[0], path)
    assert problem.code == code
    for language in ("zh", "en"):
        words = say_in(language, problem.code, **problem.params)
        assert ("台账没有改动" if language == "zh" else "ledger is unchanged") in words


def _touched(path: Path) -> Path:
    path.touch()
    return path


@pytest.mark.parametrize(("where", "kept"), [("replace", True), ("fsync", False)])
def test_killed_while_exporting_nothing_is_half_there(
    small: Workspace, tmp_path: Path, where: str, kept: bool
) -> None:
    """Between commit and rename the ledger knows the package and writes it again; before the commit there is none."""
    office = Office(tmp_path / "office")
    try:
        home, target, code = small.home, tmp_path / "包.gxpk", office.code()
        small.close()
        script = (
            "import os, sys\nfrom pathlib import Path\nfrom desktop.actions import packages, workspace\n"
            f"packages.os.{where} = lambda *_: os._exit(9)\n"
            "packages.export(workspace.open_ledger(Path(sys.argv[1])), Path(sys.argv[2]), code=sys.argv[3])\n"
        )
        done = subprocess.run([sys.executable, "-c", script, str(home), str(target), code], check=False, timeout=60)
        assert done.returncode == 9
        assert not target.exists()
        small.reopen()
        waiting = packages.state(small).awaiting
        assert (waiting is not None) == kept
        again = packages.export(small, target, code=code)
        assert (again.again, again.number) == (kept, 1)
        assert waiting is None or again.digest == waiting.digest
        assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["包.gxpk"]
        Courier(small, office, tmp_path / "stick").absorb(office.hand_in(target), fingerprint=office.fingerprint())
    finally:
        office.service.stop()


def test_a_full_disk_leaves_neither_file_nor_package(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packages.os, "fsync", full)
    with pytest.raises(Problem, match=r"package\.cannot_write"):
        packages.export(small, tmp_path / "包.gxpk", code="AAAA-BBBB-CCCC-DDDD")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []
    assert packages.state(small).packages == ()
    with pytest.raises(Problem, match=r"package\.cannot_write"):
        packages.export(small, tmp_path / "没有" / "包.gxpk", code="AAAA-BBBB-CCCC-DDDD")
    assert instruments.get(small, "A1").name
    assert contents(small)["package"] == []
    with pytest.raises(Refused, match=r"package\.no_code"):
        packages.export(small, tmp_path / "包.gxpk", remote="hub")
