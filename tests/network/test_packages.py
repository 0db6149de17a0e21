"""Offline packages: by the same rules as on line, in one chain, every altered byte refused and named, twice the same answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from network import answering, backup, identity, library, packages, schema
from network.limits import Limits
from network.problems import Refusal
from tests.network.contract import check_shape
from tests.network.files import pdf
from tests.network.packing import LINE, Courier, canonical, entries_of, lies_in, sha256, written
from tests.network.rig import Seat, Service, batch, create, everything, instrument, new_id, update, uscc

MEDIA = "application/vnd.yixiang.gxpk"
_numbers = count(7000)


@pytest.fixture
def courier(service: Service) -> Courier:
    """A device that is enrolled by its first package's code; nothing has been sent yet."""
    number = uscc(next(_numbers))
    return Courier(number, service.institution(number, "齐鲁样本大学"))


def enrolment(service: Service, courier: Courier) -> dict[str, Any]:
    return {"enrolment": {"code": service.code(courier.home), "name": "离线机", "public_key": courier.public_key}}


def hand_in(service: Service, package: bytes) -> requests.Response:
    return Seat(service.base).ask("POST", "/v1/packages", raw=package, headers={"Content-Type": MEDIA})


def taken(service: Service, courier: Courier, package: bytes) -> dict[str, Any]:
    reply = hand_in(service, package)
    assert reply.ok, reply.text
    return courier.absorb(package, reply.content)


def refused(reply: requests.Response) -> tuple[int, str, str]:
    return reply.status_code, reply.json()["code"], reply.json()["action"]


@pytest.fixture
def enrolled(service: Service, courier: Courier) -> Courier:
    taken(service, courier, courier.pack(**enrolment(service, courier)))
    return courier


def test_a_device_that_never_was_on_line_enrols_reports_and_reads(service: Service, courier: Courier) -> None:
    first = instrument(name="离线电镜")
    told = taken(service, courier, courier.pack(batch(first), **enrolment(service, courier)))
    check_shape({"$ref": "#/components/schemas/EnrolledByPackage"}, told["enrolled.json"])
    assert told["enrolled.json"]["institution"]["uscc"] == courier.uscc
    assert "token" not in json.dumps(told["enrolled.json"])
    check_shape({"$ref": "#/components/schemas/Receipt"}, told["receipts/0001.json"])
    (result,) = told["receipts/0001.json"]["results"]
    assert result["status"] == "applied"
    check_shape({"$ref": "#/components/schemas/Page"}, told["pages/0001.json"])
    assert [item["body"]["name"] for item in told["pages/0001.json"]["items"]] == ["离线电镜"]
    check_shape({"$ref": "#/components/schemas/Digest"}, told["digest.json"])
    assert told["digest.json"]["cursor"] == told["manifest.json"]["cursor"]
    second = taken(service, courier, courier.pack(batch(update(first, result["token"], name="改"))))
    assert second["receipts/0001.json"]["results"][0]["status"] == "applied"
    assert [item["body"]["name"] for item in second["pages/0001.json"]["items"]] == ["改"]


def test_the_same_package_again_gets_the_same_answer_and_changes_nothing(service: Service, enrolled: Courier) -> None:
    package = enrolled.pack(batch(instrument()))
    first, again = hand_in(service, package), hand_in(service, package)
    assert first.content == again.content
    assert ("yixiang-replayed" in first.headers, again.headers["yixiang-replayed"]) == (False, "true")
    after = taken(service, enrolled, package)
    assert len(after["pages/0001.json"]["items"]) == 1


def test_a_batch_that_went_both_ways_counts_once(service: Service, enrolled: Courier) -> None:
    seat = service.seat(enrolled.home)
    sent = batch(instrument())
    on_line = seat.ask("POST", "/v1/batches", sent).json()
    told = taken(service, enrolled, enrolled.pack(sent))
    assert told["receipts/0001.json"] == on_line
    assert len(seat.pages()[0]) == 1


def test_an_answer_brings_what_others_did_receipts_notices_and_a_signed_head(service: Service, enrolled: Courier) -> None:
    seat = service.seat(enrolled.home)
    seat.send(instrument(name="别人的"))
    with service.db.write() as connection:
        library.send_notice(connection, enrolled.home, "warning", "警示", "请核对。", "2026-01-15", None)
    head = {"ledger_id": new_id(), "head": "ab" * 32, "n_operations": 9}
    told = taken(service, enrolled, enrolled.pack(head=head))
    assert [item["body"]["name"] for item in told["pages/0001.json"]["items"]] == ["别人的"]
    assert [notice["title"] for notice in told["notices.json"]["items"]] == ["警示"]
    check_shape({"$ref": "#/components/schemas/Anchor"}, told["anchor.json"])
    assert told["anchor.json"]["head"] == head["head"]


def test_files_travel_with_the_rows_that_refer_to_them(service: Service, enrolled: Courier) -> None:
    content, owner = pdf(), instrument()
    row = create("attachment", of_kind="instrument", of_id=owner["id"], name="合同.pdf", sha256=sha256(content))
    bad = b"MZ a program"
    told = taken(service, enrolled, enrolled.pack(batch(owner, row), files=(content, bad)))
    assert [result["status"] for result in told["receipts/0001.json"]["results"]] == ["applied", "applied"]
    assert told[f"problems/blobs/{sha256(bad)}.json"]["code"] == "blob.type"


def test_a_batch_that_cannot_be_taken_is_answered_by_itself(service: Service, enrolled: Courier) -> None:
    sent = batch(instrument())
    told = taken(service, enrolled, enrolled.pack(batch() | {"schema": 9}, sent, sent | {"changes": []}))
    assert told["problems/batches/0001.json"]["code"] == "schema.unsupported"
    assert told["receipts/0002.json"]["results"][0]["status"] == "applied"
    assert told["problems/batches/0003.json"]["code"] == "batch.key_reused"


def test_a_lost_package_is_named_and_the_chain_goes_on_when_it_arrives(service: Service, enrolled: Courier) -> None:
    lost = enrolled.pack(batch(instrument()))
    mine = sha256(entries_of(lost)["manifest.json"])
    later = replace(enrolled, number=enrolled.number + 1, previous=mine)
    package = later.pack(batch(instrument()))
    reply = hand_in(service, package)
    assert refused(reply) == (409, "package.gap", "resync")
    assert (reply.json()["number"], reply.json()["previous"]) == (enrolled.number, enrolled.previous)
    taken(service, enrolled, lost)
    later.keys = enrolled.keys
    taken(service, later, package)


def test_a_ledger_from_a_backup_is_told_where_the_chain_ends(service: Service, enrolled: Courier) -> None:
    old = replace(enrolled)
    taken(service, enrolled, enrolled.pack(batch(instrument())))
    package = old.pack(batch(instrument()))
    reply = hand_in(service, package)
    assert refused(reply) == (409, "package.forked", "resync")
    old.number, old.previous = reply.json()["number"], reply.json()["previous"]
    assert (old.number, old.previous) == (enrolled.number, enrolled.previous)
    assert taken(service, old, old.pack(batch(instrument())))["receipts/0001.json"]["results"][0]["status"] == "applied"


def test_every_altered_byte_is_refused_and_its_place_named(service: Service, enrolled: Courier) -> None:
    package = enrolled.pack(batch(instrument(name="显微镜")), batch(instrument()), files=(pdf(60),))
    for at, place in enumerate(lies_in(package)):
        altered = package[:at] + bytes([package[at] ^ 1]) + package[at + 1 :]
        with pytest.raises(Refusal) as stopped:
            packages.opened(service.db, altered, Limits())
        assert (stopped.value.code, stopped.value.extra["entry"]) == ("package.damaged", place), at
    assert packages.opened(service.db, package, Limits()).manifest.number == enrolled.number


@pytest.mark.parametrize("cut", [0, 1, 21, 22, 100, -1, -22])
def test_a_package_that_was_cut_short_or_continued_is_refused(service: Service, enrolled: Courier, cut: int) -> None:
    package = enrolled.pack(batch(instrument()))
    assert refused(hand_in(service, package[:cut])) == (400, "package.damaged", "stop")
    assert refused(hand_in(service, package + b"x")) == (400, "package.damaged", "stop")


Alter = Callable[[dict[str, Any], dict[str, bytes]], None]


def _drop_entry(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    entries.clear()


def _add_entry(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    entries["batches/0002.json"] = b"{}"


def _change_entry(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    entries["batches/0001.json"] = b"{}"


def _escape(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    entries["../evil.json"] = entries.pop("batches/0001.json")
    manifest["entries"][0]["name"] = "../evil.json"


def _twice(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    manifest["entries"] *= 2


def _future(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    manifest["version"] = 2


def _zero(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
    manifest["number"] = 0


@pytest.mark.parametrize("alter", [_drop_entry, _add_entry, _change_entry, _escape, _twice, _future, _zero])
def test_what_the_manifest_says_and_what_is_there_must_be_one(service: Service, enrolled: Courier, alter: Alter) -> None:
    entries = {"batches/0001.json": canonical(batch(instrument()))}
    manifest = enrolled.manifest(entries)
    alter(manifest, entries)
    assert refused(hand_in(service, enrolled.sign(manifest, entries)))[1] == "package.damaged"


def test_a_manifest_in_another_form_is_refused(service: Service, enrolled: Courier) -> None:
    """The same content with white space: two forms of one manifest would be two digests of one package."""
    raw = json.dumps(enrolled.manifest({})).encode()
    reply = hand_in(service, written(raw, enrolled.private.sign(LINE + raw), {}))
    assert (refused(reply)[1], reply.json()["entry"]) == ("package.damaged", "manifest.json")


def test_only_the_device_signs_for_itself(service: Service, enrolled: Courier) -> None:
    thief = replace(enrolled, private=Ed25519PrivateKey.generate())
    assert refused(hand_in(service, thief.pack(batch(instrument())))) == (403, "package.signature", "stop")
    with_code = thief.pack(**enrolment(service, thief))
    assert refused(hand_in(service, with_code)) == (403, "package.signature", "stop")
    stranger = replace(enrolled, device_id=new_id())
    assert refused(hand_in(service, stranger.pack())) == (403, "package.stranger", "reauth")
    other = Courier(uscc(next(_numbers)), server_id=new_id(), epoch="1")
    assert (
        refused(hand_in(service, other.pack(enrolment={"code": "AAAA", "public_key": other.public_key})))[1] == "package.foreign"
    )
    other.server_id = other.epoch = None
    assert (
        refused(hand_in(service, other.pack(enrolment={"code": "AAAA", "public_key": other.public_key})))[1]
        == "enrolment.refused"
    )


def test_a_package_for_another_institution_or_from_an_ended_device_is_refused(service: Service, enrolled: Courier) -> None:
    assert refused(hand_in(service, replace(enrolled, uscc=uscc(1)).pack()))[1] == "package.foreign"
    assert refused(hand_in(service, replace(enrolled, server_id=new_id()).pack()))[1] == "package.foreign"
    with service.db.write() as connection:
        identity.revoke(service.db, connection, enrolled.device_id)
    assert refused(hand_in(service, enrolled.pack())) == (401, "auth.revoked", "reauth")


def test_a_frozen_institution_is_stopped_by_package_too_and_goes_on_afterwards(service: Service, courier: Courier) -> None:
    """Neither a device with its first package nor one that is known gets in, nothing is kept, and the same packages are taken later."""

    def freeze(frozen: bool) -> None:
        with service.db.write() as connection:
            connection.execute(schema.institution.update().where(schema.institution.c.id == courier.home).values(frozen=frozen))

    first = courier.pack(batch(instrument(name="冻结标记五一七")), **enrolment(service, courier))
    freeze(True)
    assert refused(hand_in(service, first)) == (403, "institution.frozen", "stop")
    assert "冻结标记五一七" not in everything(service)
    freeze(False)
    assert taken(service, courier, first)["receipts/0001.json"]["results"][0]["status"] == "applied"
    second = courier.pack(batch(instrument(name="冻结标记五一八")))
    freeze(True)
    assert refused(hand_in(service, second)) == (403, "institution.frozen", "stop")
    assert refused(hand_in(service, first)) == (403, "institution.frozen", "stop")
    assert "冻结标记五一八" not in everything(service)
    freeze(False)
    assert taken(service, courier, second)["receipts/0001.json"]["results"][0]["status"] == "applied"


def test_a_device_enrolled_on_line_reports_by_package_once_its_key_is_told(service: Service, home: str) -> None:
    seat = service.seat(home)
    with service.db.read() as connection:
        code_of_home = library.institution(connection, home)["uscc"]
    told = seat.ask("GET", "/v1/capabilities").json()
    courier = Courier(code_of_home, device_id=seat.device_id, server_id=told["server_id"], epoch=told["epoch"])
    courier.keys = {key["key_id"]: key["public_key"] for key in told["keys"]}
    assert refused(hand_in(service, courier.pack())) == (403, "package.stranger", "reauth")
    path = {"device_id": seat.device_id}
    for _ in range(2):
        assert seat.ask("PUT", "/v1/devices/{device_id}/key", {"public_key": courier.public_key}, path=path).ok
    other_key = base64.b64encode(b"x" * 32).decode()
    again = seat.ask("PUT", "/v1/devices/{device_id}/key", {"public_key": other_key}, path=path)
    assert refused(again) == (409, "device.key_fixed", "stop")
    taken(service, courier, courier.pack(batch(instrument())))


def test_after_a_restore_the_chain_goes_on_and_the_tail_comes_back(fresh: Service, tmp_path: Path) -> None:
    courier = Courier(uscc(1), fresh.institution(uscc(1), "齐鲁样本大学"))
    taken(fresh, courier, courier.pack(batch(instrument()), **enrolment(fresh, courier)))
    backup.write(fresh.db, tmp_path / "network.backup")
    later = instrument(name="备份之后")
    told = taken(fresh, courier, courier.pack(batch(later)))
    tail = {"items": told["pages/0001.json"]["items"]}
    epoch = str(backup.restore(fresh.db, tmp_path / "network.backup")["epoch"])
    reply = hand_in(fresh, courier.pack())
    assert (refused(reply), reply.json()["epoch"]) == ((409, "epoch.changed", "resync"), epoch)
    courier.epoch = epoch
    told = taken(fresh, courier, courier.pack(batch(instrument()), tails=(tail,)))
    assert [item["status"] for item in told["recovered/0001.json"]["items"]] == ["restored"]
    assert len(told["pages/0001.json"]["items"]) == 3
    skipping = replace(courier, number=courier.number + 5)
    assert refused(hand_in(fresh, skipping.pack()))[1] == "package.gap"


def test_a_long_answer_comes_in_turns(service: Service, enrolled: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "N_PAGE_BYTES", 1)
    names: list[str] = []
    package = enrolled.pack(batch(*(instrument(name=f"仪{n}") for n in range(5))))
    for more in (True, True, False):
        answer, _ = packages.take(service.db, packages.opened(service.db, package, Limits()), "network", Limits(n_page=2))
        told = enrolled.absorb(package, answer)
        assert told["manifest.json"]["more"] == more
        names += [item["body"]["name"] for item in told["pages/0001.json"]["items"]]
        package = enrolled.pack()
    assert names == [f"仪{n}" for n in range(5)]


def test_a_package_above_the_limit_is_refused(service: Service, enrolled: Courier) -> None:
    with pytest.raises(Refusal) as stopped:
        packages.opened(service.db, enrolled.pack(), Limits(n_package_bytes=100))
    assert (stopped.value.code, stopped.value.kind.action) == ("package.too_large", "stop")


def test_a_confidential_row_in_a_package_is_kept_nowhere(service: Service, enrolled: Courier) -> None:
    told = taken(service, enrolled, enrolled.pack(batch(instrument(name="涉密标记九四二一", confidential=True))))
    assert told["receipts/0001.json"]["results"][0]["problem"]["code"] == "confidential.refused"
    assert "涉密标记九四二一" not in everything(service)
