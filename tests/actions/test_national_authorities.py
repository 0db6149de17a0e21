"""A school that vouches for the platform's address by its own authority: the certificate is checked when it is named, and nobody else is trusted then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy.exc

from desktop.actions import instruments, national_outgoing, national_sending
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.sync import soap
from tests.actions.test_national import SOUND
from tests.actions.test_national_messages import UNIT
from tests.sync.soap_peer import Peer
from tests.sync.test_bad_line import Authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def peer(authority: Authority) -> Iterator[tuple[Peer, str]]:
    """A platform behind TLS of the school's own authority, and its address."""
    made = Peer()
    made.server.socket = authority.context().wrap_socket(made.server.socket, server_side=True)
    yield made, made.address.replace("http://127.0.0.1", "https://localhost")
    made.close()


@pytest.fixture
def ledger(small: Workspace) -> Workspace:
    instruments.add(small, replace(SOUND, asset_number="N2", released_on=date(2025, 1, 10)))
    return small


def sent(ledger: Workspace) -> tuple[str, str]:
    """State and problem of the message that is sent."""
    found = national_outgoing.prepare(ledger, parse("2025"), kinds=("4",))
    (one,) = national_sending.send(ledger, found)
    return one.state, one.events[-1].problem


def test_what_was_named_is_trusted_from_then_on(ledger: Workspace, peer: tuple[Peer, str], authority: Authority) -> None:
    platform, address = peer
    found = national_outgoing.set_target(ledger, address, UNIT, authority.file)
    assert found.vouching == (authority.name.rfc4514_string(),)
    authority.file.unlink()
    assert sent(ledger) == ("accepted", "")
    assert len(platform.arrived) == 1
    assert national_outgoing.set_target(ledger, unit=UNIT).vouching, "another identifier leaves it as it is"


def test_without_it_or_with_another_nothing_arrives(ledger: Workspace, peer: tuple[Peer, str], authority: Authority, tmp_path: Path) -> None:
    platform, address = peer
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other")
    national_outgoing.set_target(ledger, address, UNIT)
    assert sent(ledger) == ("written", "national_line.tls")
    national_outgoing.set_target(ledger, authorities=stranger.file)
    (one,) = national_sending.send_written(ledger)
    assert (one.state, one.events[-1].problem, platform.arrived) == ("written", "national_line.tls", [])
    national_outgoing.set_target(ledger, authorities=authority.file)
    (one,) = national_sending.send_written(ledger)
    assert (one.state, len(platform.arrived)) == ("accepted", 1)


def test_it_is_named_for_this_address_alone(ledger: Workspace, peer: tuple[Peer, str], authority: Authority) -> None:
    address = peer[1]
    national_outgoing.set_target(ledger, address, UNIT, authority.file)
    assert national_outgoing.set_target(ledger, address).vouching
    assert national_outgoing.set_target(ledger, "https://platform.example/").vouching == ()
    national_outgoing.set_target(ledger, address, UNIT, authority.file)
    assert national_outgoing.set_target(ledger, usual=True).vouching == ()


def test_an_address_is_never_kept_beside_the_authority_of_another(ledger: Workspace, authority: Authority) -> None:
    before = national_outgoing.set_target(ledger, "https://a.example/", UNIT, authority.file)
    with ledger.write("stop it for tests") as operation:
        operation.connection.exec_driver_sql(
            f"CREATE TRIGGER stop BEFORE UPDATE ON setting WHEN NEW.name = '{national_outgoing.AUTHORITIES}' BEGIN SELECT RAISE(ABORT, 'stop'); END"
        )
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        national_outgoing.set_target(ledger, "https://b.example/")
    assert national_outgoing.target(ledger) == before


@pytest.mark.parametrize(("content", "code"), [("不是证书", "sync.authorities_none"), ("-----BEGIN PRIVATE KEY-----", "sync.authorities_private")])
def test_a_wrong_file_is_refused_and_nothing_is_kept(ledger: Workspace, tmp_path: Path, content: str, code: str) -> None:
    file = tmp_path / "wrong.pem"
    file.write_text(content, "utf-8")
    with pytest.raises(Refused) as refused:
        national_outgoing.set_target(ledger, "https://platform.example/", UNIT, file)
    assert refused.value.code == code
    assert national_outgoing.target(ledger) == national_outgoing.Target("", "")


def test_a_line_that_trusts_the_usual_ones_only_would_be_seen(
    ledger: Workspace, peer: tuple[Peer, str], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = soap.post
    monkeypatch.setattr(soap, "post", lambda *given: real(*given[:5]))
    national_outgoing.set_target(ledger, peer[1], UNIT, authority.file)
    assert sent(ledger) == ("written", "national_line.tls")
