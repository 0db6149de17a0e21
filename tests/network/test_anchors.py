"""Countersigned heads: anyone with the public key can check a receipt, and receipts hang together."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
import sqlalchemy
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.exc import DatabaseError

from network import keys
from tests.network.rig import Seat, Service, new_id

LINE = b"yixiang anchor 1\n"


def head(ledger: str, n_operations: int, text: str = "") -> dict[str, object]:
    digest = hashlib.sha256(f"{text}{n_operations}".encode()).hexdigest()
    return {"ledger_id": ledger, "head": digest, "n_operations": n_operations}


def tell(seat: Seat, told: dict[str, object]) -> dict[str, Any]:
    reply = seat.ask("POST", "/v1/anchors", told)
    assert reply.ok, reply.text
    receipt: dict[str, Any] = reply.json()
    return receipt


def signed_text(receipt: dict[str, Any]) -> bytes:
    """What was signed, from the contract's words."""
    rest = {name: value for name, value in receipt.items() if name != "signature"}
    return LINE + json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check(seat: Seat, receipt: dict[str, Any]) -> None:
    told = {key["key_id"]: key["public_key"] for key in seat.ask("GET", "/v1/capabilities").json()["keys"]}
    public = base64.b64decode(told[receipt["key_id"]])
    assert hashlib.sha256(public).hexdigest()[:16] == receipt["key_id"]
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(receipt["signature"]), signed_text(receipt))


def test_a_receipt_is_signed_over_everything_it_says(service: Service, seat: Seat, home: str) -> None:
    told = head(new_id(), 4711)
    receipt = tell(seat, told)
    check(seat, receipt)
    assert told.items() <= receipt.items()
    assert (receipt["institution_id"], receipt["device_id"], receipt["order"]) == (home, seat.device_id, "first")
    for name in sorted(set(receipt) - {"signature", "key_id"}):
        altered = receipt | {name: "x" if receipt[name] is None else f"{receipt[name]}x"}
        with pytest.raises(InvalidSignature):
            check(seat, altered)


def test_receipts_of_a_ledger_form_a_chain_that_shows_its_turns(service: Service, seat: Seat, home: str) -> None:
    ledger, second = new_id(), service.seat(home)
    told = [(seat, 3, ""), (seat, 5, ""), (second, 5, ""), (seat, 5, "other"), (seat, 2, ""), (seat, 9, "")]
    receipts = [tell(each, head(ledger, n, text)) for each, n, text in told]
    assert [receipt["order"] for receipt in receipts] == ["first", "forward", "same", "forked", "behind", "forward"]
    before = None
    for receipt in receipts:
        check(seat, receipt)
        assert receipt["previous"] == before
        before = hashlib.sha256(signed_text(receipt)).hexdigest()
    assert tell(seat, head(new_id(), 1))["previous"] is None


def test_the_same_head_again_gets_the_same_receipt(seat: Seat) -> None:
    told = head(new_id(), 7)
    first = tell(seat, told)
    assert tell(seat, told) == first
    listed = seat.ask("GET", "/v1/anchors").json()["items"]
    assert listed == [first]


def test_receipts_are_listed_by_pages_for_their_institution_alone(service: Service, seat: Seat, other: str) -> None:
    ledger = new_id()
    given = [tell(seat, head(ledger, n)) for n in range(5)]
    found: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        page = seat.ask("GET", "/v1/anchors", params={"cursor": cursor, "limit": 2}).json()
        found, cursor, more = found + page["items"], page["cursor"], page["more"]
    assert found == given
    assert service.seat(other).ask("GET", "/v1/anchors").json()["items"] == []
    assert seat.ask("GET", "/v1/anchors", params={"cursor": "x"}).json()["code"] == "cursor.invalid"


def test_a_head_that_is_none_is_refused(seat: Seat) -> None:
    good = head(new_id(), 1)
    for wrong in ({"head": "0" * 63}, {"ledger_id": "x"}, {"n_operations": -1}, {"n_operations": 2**53}, {"n_operations": "1"}):
        reply = seat.ask("POST", "/v1/anchors", good | wrong)
        assert (reply.status_code, reply.json()["code"]) == (400, "body.malformed"), wrong
    assert seat.ask("GET", "/v1/anchors").json()["items"] == []


def test_what_an_old_key_signed_can_still_be_checked(service: Service, seat: Seat) -> None:
    before = tell(seat, head(new_id(), 1))
    with service.db.write() as connection:
        keys.renew(connection, service.db.moment())
    after = tell(seat, head(new_id(), 1))
    assert before["key_id"] != after["key_id"]
    check(seat, before)
    check(seat, after)


def test_the_database_itself_keeps_receipts_as_they_are(service: Service, seat: Seat) -> None:
    tell(seat, head(new_id(), 1))
    for statement in ("UPDATE anchor SET n_operations = 0", "DELETE FROM anchor"):
        with pytest.raises(DatabaseError, match="append-only"), service.db.write() as connection:
            connection.execute(sqlalchemy.text(statement))


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        ("", ""),
        ("é", "é"),
        ("A" * 44, "A" * 88),
        ("A" * 43 + "=", "A" * 86 + "=="),
        ("A" * 43 + "=", "not base64"),
        ("B" * 43 + "=", ""),
    ],
)
def test_a_signature_that_is_none_never_counts(key: str, signature: str) -> None:
    assert not keys.verifies(key, signature, keys.ANCHOR, b"text")
