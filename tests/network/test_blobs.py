"""Evidence files: in parts, resumed, checked as a whole, typed by their bytes, and before the rows that refer to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from random import Random

import pytest

from network import blobs
from network.limits import Limits
from tests.network.files import archive, declare, download, pdf, send_part, sha256, upload
from tests.network.rig import Seat, Service, create, instrument, new_id, uscc

PART = 1000
_numbers = count(5000)


@pytest.fixture(scope="module")
def service(new_database: Callable[[], str]) -> Iterator[Service]:
    """A service of small parts and files, so that a few bytes are many parts."""
    running = Service(new_database(), limits=Limits(n_part_bytes=PART, n_blob_bytes=8 * PART))
    yield running
    running.stop()


def refused(reply: object) -> tuple[int, str, str]:
    return reply.status_code, reply.json()["code"], reply.json()["action"]  # type: ignore[attr-defined]


def attachment(of: dict[str, object], digest: str) -> dict[str, object]:
    return create("attachment", of_kind=of["kind"], of_id=of["id"], name="验收报告.pdf", sha256=digest)


def test_a_file_comes_back_byte_for_byte_whatever_order_its_parts_came_in(seat: Seat) -> None:
    content = pdf() + Random(3).randbytes(3 * PART + 17)
    state = declare(seat, content).json()
    assert (state["n_parts"], state["missing"], state["complete"]) == (4, [0, 1, 2, 3], False)
    for number in (3, 0, 2, 1):
        state = send_part(seat, state["sha256"], number, content[number * PART :][:PART]).json()
    assert (state["complete"], state["missing"], state["media_type"]) == (True, [], "application/pdf")
    assert download(seat, sha256(content)) == content


def test_an_upload_goes_on_where_it_stopped_and_a_part_twice_is_fine(seat: Seat) -> None:
    content = pdf(2 * PART + 5)
    digest = sha256(content)
    declare(seat, content)
    for _ in range(2):
        send_part(seat, digest, 1, content[PART : 2 * PART])
    again = declare(seat, content).json()
    assert again["missing"] == [0, 2]
    assert upload(seat, content)["complete"]
    assert send_part(seat, digest, 1, content[PART : 2 * PART]).ok
    assert upload(seat, content)["complete"]


def test_a_damaged_part_is_refused_and_a_wrong_one_is_replaced(seat: Seat) -> None:
    content = pdf(PART + 5)
    digest = sha256(content)
    declare(seat, content)
    damaged = send_part(seat, digest, 1, content[PART:], **{"Content-Digest": "sha-256=:" + "A" * 43 + "=:"})
    assert refused(damaged) == (400, "body.digest", "retry")
    send_part(seat, digest, 1, b"wrong")
    send_part(seat, digest, 1, content[PART:])
    assert send_part(seat, digest, 0, content[:PART]).json()["complete"]


def test_parts_that_are_not_the_file_are_all_dropped_and_it_can_be_sent_anew(seat: Seat) -> None:
    content = pdf(PART + 5)
    digest = sha256(content)
    declare(seat, content)
    send_part(seat, digest, 0, content[:PART])
    assert refused(send_part(seat, digest, 1, b"wrong")) == (409, "blob.digest", "park")
    assert refused(seat.ask("GET", "/v1/blobs/{sha256}", path={"sha256": digest}))[1] == "blob.unknown"
    assert upload(seat, content)["complete"]


@pytest.mark.parametrize(
    ("number", "part", "code"),
    [
        (0, b"x" * (PART - 1), "blob.part"),
        (1, b"x" * 6, "blob.part"),
        (2, b"x", "blob.part"),
        (0, b"x" * (PART + 1), "body.too_large"),
    ],
)
def test_a_part_of_the_wrong_place_or_size_is_refused(seat: Seat, number: int, part: bytes, code: str) -> None:
    content = pdf(PART + 5)
    declare(seat, content)
    assert refused(send_part(seat, sha256(content), number, part))[1] == code


def test_a_part_without_its_digest_or_its_file_is_refused(seat: Seat) -> None:
    part = pdf(10)
    path = {"sha256": sha256(part), "number": 0}
    bare = seat.ask(
        "PUT", "/v1/blobs/{sha256}/parts/{number}", raw=part, path=path, headers={"Content-Type": "application/octet-stream"}
    )
    assert refused(bare)[1] == "request.invalid"
    assert refused(send_part(seat, sha256(part), 0, part)) == (404, "blob.unknown", "rebase")


def test_a_file_above_the_limit_or_declared_twice_with_two_sizes_is_refused(seat: Seat) -> None:
    content = pdf()
    assert refused(declare(seat, content, n_bytes=8 * PART + 1)) == (413, "blob.too_large", "park")
    assert refused(declare(seat, content, n_bytes=0))[1] == "request.invalid"
    assert declare(seat, content, n_bytes=5 * PART).json()["n_parts"] == 5
    assert declare(seat, content).json()["n_parts"] == 1
    upload(seat, content)
    assert refused(declare(seat, content, n_bytes=5)) == (409, "blob.size", "park")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pdf(), "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPrest", "image/webp"),
        (b"II*\0rest", "image/tiff"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (archive("[Content_Types].xml", "word/document.xml"), blobs._OFFICE + "wordprocessingml.document"),
        (archive("xl/workbook.xml", "[Content_Types].xml"), blobs._OFFICE + "spreadsheetml.sheet"),
        (archive("xl/workbook.xml", "xl/vbaProject.bin"), None),
        (archive("readme.txt"), None),
        (b"PK\x03\x04 no archive", None),
        (b"MZ a program", None),
        (b"<html>", None),
        (b"%PD", None),
        (b"RIFF\x10\0\0\0WAVErest", None),
    ],
)
def test_the_type_is_what_the_bytes_say(content: bytes, expected: str | None) -> None:
    assert blobs.media_type(content) == expected


def test_a_file_of_no_type_that_is_taken_is_refused_and_dropped(seat: Seat) -> None:
    content = b"MZ" + b"\0" * PART
    declare(seat, content)
    send_part(seat, sha256(content), 0, content[:PART])
    assert refused(send_part(seat, sha256(content), 1, content[PART:])) == (415, "blob.type", "park")
    assert declare(seat, content).json()["missing"] == [0, 1]


def test_a_row_waits_until_its_file_is_there(seat: Seat) -> None:
    content = pdf(PART + 5)
    owner = instrument()
    seat.send(owner)
    row = attachment(owner, sha256(content))
    (missing,) = seat.send(row)
    assert (missing["problem"]["code"], missing["problem"]["action"], missing["problem"]["field"]) == (
        "blob.missing",
        "park",
        "sha256",
    )
    assert (missing["problem"]["target_kind"], missing["problem"]["target_id"]) == ("blob", sha256(content))
    declare(seat, content)
    send_part(seat, sha256(content), 0, content[:PART])
    assert seat.send(row)[0]["problem"]["code"] == "blob.missing"
    upload(seat, content)
    assert seat.send(row)[0]["status"] == "applied"


def test_an_attachment_belongs_to_a_row_that_is_there_and_holds_it(seat: Seat) -> None:
    owner, digest = instrument(), upload(seat, pdf())["sha256"]
    (lost,) = seat.send(attachment(owner, digest))
    assert (lost["problem"]["code"], lost["problem"]["target_id"]) == ("link.unknown", owner["id"])
    first, _ = seat.send(owner, attachment(owner, digest))
    (held,) = seat.send(owner | {"op_id": new_id(), "action": "delete", "parent": first["token"], "body": None})
    assert held["problem"]["code"] == "link.held"
    assert seat.send(attachment(owner, "not a digest"))[0]["problem"]["code"] == "field.invalid"


def test_the_same_file_in_two_institutions_is_two_files(service: Service, seat: Seat, other: str) -> None:
    stranger, content = service.seat(other), pdf()
    upload(seat, content)
    path = {"sha256": sha256(content)}
    assert refused(stranger.ask("GET", "/v1/blobs/{sha256}", path=path))[1] == "blob.unknown"
    assert refused(stranger.ask("GET", "/v1/blobs/{sha256}/parts/{number}", path=path | {"number": 0}))[1] == "blob.unknown"
    assert declare(stranger, content).json()["missing"] == [0]


def test_unfinished_uploads_are_forgotten_and_finished_ones_kept(service: Service) -> None:
    seat = service.seat(service.institution(uscc(next(_numbers)), "齐鲁样本大学"))
    kept, left = pdf(50), pdf(60)
    upload(seat, kept)
    declare(seat, left)
    with service.db.write() as connection:
        assert blobs.forget_unfinished(connection, service.db.moment()) == 0
        assert blobs.forget_unfinished(connection, "2099-01-01") >= 1
    assert download(seat, sha256(kept)) == kept
    assert refused(seat.ask("GET", "/v1/blobs/{sha256}", path={"sha256": sha256(left)}))[1] == "blob.unknown"
