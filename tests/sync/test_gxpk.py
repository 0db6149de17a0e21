"""The archive of a package: what this program writes the service reads, and the other way round; one form only."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ledger.problem import Problem
from desktop.secrets import signing
from desktop.sync import gxpk, package
from desktop.sync.canonical import sha256
from network import gxpk as theirs
from network import keys
from network.problems import Refusal
from tests.network.packing import canonical, lies_in, written

names = st.from_regex(r"\A(batches|pages|receipts)/[0-9]{4}\.json\Z")
contents = st.dictionaries(names, st.binary(max_size=60), max_size=5)


def signed(entries: dict[str, bytes]) -> bytes:
    """An archive whose manifest lists its entries."""
    listed = [{"name": name, "n_bytes": len(each), "sha256": sha256(each)} for name, each in sorted(entries.items())]
    return gxpk.write(canonical({"format": "gxpk", "entries": listed, "made_at": "2026-01-15"}), "c2ln" * 22, entries)


@given(st.binary(max_size=60), contents)
def test_both_programs_write_and_read_the_same_bytes(manifest: bytes, entries: dict[str, bytes]) -> None:
    ours = gxpk.write(manifest, "c2ln", entries)
    assert ours == theirs.write(manifest, "c2ln", entries) == written(manifest, b"sig", entries)
    told = {gxpk.MANIFEST: manifest, gxpk.SIGNATURE: b"c2ln"} | entries
    assert gxpk.read(ours) == theirs.read(ours) == told


def altered(content: bytes, at: int, bits: int) -> bytes:
    return content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]


def named(content: bytes) -> tuple[str, str]:
    """The place that the program and the service name of an archive that is damaged."""
    with pytest.raises(gxpk.Damaged) as ours:
        gxpk.read(content)
    with pytest.raises(Refusal) as refusal:
        theirs.read(content)
    return ours.value.entry, str(refusal.value.extra["entry"])


@settings(max_examples=400)
@given(contents, st.data())
def test_one_byte_of_difference_is_refused_by_both_and_its_place_named(entries: dict[str, bytes], data: st.DataObject) -> None:
    content = signed(entries)
    at = data.draw(st.integers(0, len(content) - 1))
    place = lies_in(content)[at]
    assert named(altered(content, at, data.draw(st.integers(1, 255)))) == (place, place)


def _last_begun(content: bytes) -> str:
    """A broken way to name the place: the last entry whose header can be read before the first difference."""
    found = list(dict(gxpk._walk(content)).items())
    rewritten = gxpk._archive(found)
    same = next((n for n, (one, other) in enumerate(zip(rewritten, content, strict=False)) if one != other), len(rewritten))
    starts = [sum(30 + len(name) + len(each) for name, each in found[:n]) for n in range(len(found))]
    return [gxpk.WHOLE, *(name for (name, _), start in zip(found, starts, strict=True) if start <= same)][-1]


def test_a_place_told_by_the_headers_is_another_than_that_of_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the property above sees: a name, a length and the directory, each called something else."""
    content = signed({"batches/0001.json": b"{}", "batches/0002.json": b"{}"})
    second = content.index(b"batches/0002.json", content.index(b"manifest.sig")) - 30
    monkeypatch.setattr(gxpk, "_place", _last_begun)
    wrong = []
    for at in (second + 26, second + 41, content.index(b"PK\x01\x02") + 46, len(content) - 10):
        told, _ = named(altered(content, at, 3))
        wrong.append((told, lies_in(content)[at]))
    assert [told == place for told, place in wrong] == [False, False, False, False], wrong


@pytest.mark.parametrize(
    ("cut", "place"),
    [(20, gxpk.WHOLE), (60, gxpk.MANIFEST), (-200, gxpk.WHOLE), (-1, gxpk.WHOLE)],
)
def test_a_package_that_was_cut_short_is_damaged_where_it_ends(cut: int, place: str) -> None:
    content = signed({"batches/0001.json": b"{}" * 200, "batches/0002.json": b"{}"})
    assert named(content[:cut]) == (place, place)
    middle = content.index(b"batches/0001.json", content.index(b"manifest.sig")) + 100
    assert named(content[:middle]) == ("batches/0001.json", "batches/0001.json")


@pytest.mark.parametrize(
    "listed",
    [None, 7, [7], [{"name": 7, "n_bytes": 2}], [{"name": "A", "n_bytes": 2}], [{"name": "a", "n_bytes": -2}], [{"name": "a", "n_bytes": 10**30}]],
)
def test_a_manifest_that_lists_no_entries_places_nothing_and_does_no_harm(listed: object) -> None:
    content = gxpk.write(canonical({"entries": listed}), "c2ln" * 22, {"batches/0001.json": b"{}"})
    assert set(named(altered(content, len(content) - 1, 1))) <= {gxpk.WHOLE, "a"}


@pytest.mark.parametrize(
    ("order", "place"),
    [
        ([gxpk.SIGNATURE, gxpk.MANIFEST], gxpk.WHOLE),
        ([gxpk.MANIFEST, gxpk.SIGNATURE, "pages/0002.json", "pages/0001.json"], "pages/0001.json"),
        ([gxpk.MANIFEST, gxpk.SIGNATURE, "pages/0001.json", "pages/0001.json"], gxpk.SIGNATURE),
        ([gxpk.MANIFEST], gxpk.WHOLE),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_another_order_is_another_form(order: list[str], place: str) -> None:
    with pytest.raises(gxpk.Damaged) as stopped:
        gxpk.read(gxpk._archive([(name, b"{}") for name in order]))
    assert stopped.value.entry == place


def made(**changed: object) -> bytes:
    maker = package.Maker("0198c5a0-0000-7000-8000-000000000001", "123700004000000181", "network", "", "", 1, "", "")
    raw = package.report(maker, "0198c5a0-0000-7000-8000-0000000000c1", datetime(2026, 1, 15, tzinfo=UTC), "", {"batches/0001.json": b"{}"})
    told = json.loads(raw) | changed
    return gxpk.write(canonical({name: value for name, value in told.items() if value != "gone"}), "c2ln", {"batches/0001.json": b"{}"})


def entry(name: str = "batches/0001.json", n_bytes: int = 2, digest: str = sha256(b"{}")) -> dict[str, object]:
    return {"name": name, "n_bytes": n_bytes, "sha256": digest}


def test_a_manifest_says_what_is_there() -> None:
    assert package.opened(made()).manifest.kind == "report"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"kind": "gift"}, "package.place.manifest"),
        ({"format": "zip"}, "package.place.manifest"),
        ({"number": "1"}, "package.place.manifest"),
        ({"device_id": "gone"}, "package.place.manifest"),
        ({"entries": []}, "package.place.whole"),
        ({"entries": [entry(), entry()]}, "package.place.whole"),
        ({"entries": [entry(n_bytes=3)]}, "batches/0001.json"),
        ({"entries": [entry(digest="0" * 64)]}, "batches/0001.json"),
    ],
)
def test_a_manifest_that_is_none_is_refused(changed: dict[str, object], place: str) -> None:
    with pytest.raises(Problem) as stopped:
        package.opened(made(**changed))
    assert (stopped.value.code, stopped.value.params["entry"]) == ("package.damaged", place)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'{ "kind":"report"}', b"[" * 5000, b'{"kind":"report","format":"gxpk","version":NaN}', b"\xff"])
def test_what_is_no_manifest_is_refused(raw: bytes) -> None:
    with pytest.raises(Problem) as stopped:
        package.opened(gxpk.write(raw, "c2ln", {}))
    assert stopped.value.params["entry"] == "package.place.manifest"


def test_a_place_that_no_package_has_is_refused() -> None:
    raw = canonical(json.loads(gxpk.read(made())[gxpk.MANIFEST]) | {"entries": [entry("pages/0001.json")]})
    with pytest.raises(Problem) as stopped:
        package.opened(gxpk.write(raw, "c2ln", {"pages/0001.json": b"{}"}))
    assert stopped.value.params["entry"] == "pages/0001.json"


def test_keys_are_the_services_keys() -> None:
    private = signing.new_private()
    public = signing.public_of(private)
    assert keys.is_public_key(public)
    signature = signing.sign(private, signing.PACKAGE, b"text")
    assert keys.verifies(public, signature, keys.PACKAGE, b"text")
    assert signing.verifies(public, signature, signing.PACKAGE, b"text")
    assert not signing.verifies(public, signature, signing.PACKAGE, b"another")
    assert not signing.verifies(public, signature, b"yixiang anchor 1\n", b"text")
    assert not signing.verifies("no key", signature, signing.PACKAGE, b"text")
    assert not signing.verifies(public, "no signature", signing.PACKAGE, b"text")
    assert signing.fingerprint(public).replace(" ", "").startswith(signing.key_id(public))
    assert (signing.fingerprint("no key"), signing.key_id("no key")) == ("", "")
    with pytest.raises(ValueError, match="no private key"):
        signing.sign("no key", signing.PACKAGE, b"text")
