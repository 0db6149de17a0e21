"""An institution that vouches for its own hub: its certificate is taken at enrolment, kept, and nobody else is trusted then."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from desktop import words
from desktop.actions import enrolment, sync_status, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.secrets import authorities
from desktop.sync.outcome import RemoteProblem
from tests.actions.making import USCC, start
from tests.network import at_hand
from tests.sync.faulty import Line
from tests.sync.test_bad_line import Authority


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Authority]]:
    """The address of a hub behind TLS of its own authority, its database, the authority."""
    folder = tmp_path_factory.mktemp("hub")
    authority, database = Authority(folder), f"sqlite:///{folder / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, "hub") as (address, _):
        line = Line(int(address.rpartition(":")[2]))
        line.server.socket = authority.context().wrap_socket(line.server.socket, server_side=True)
        yield line.address.replace("http://127.0.0.1", "https://localhost"), database, authority
        line.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Workspace]:
    with start(tmp_path / "home") as made:
        yield made


def code(database: str) -> str:
    return str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])


def test_the_authority_is_named_once_and_every_later_run_trusts_it(ledger: Workspace, hub: tuple[str, str, Authority]) -> None:
    address, database, authority = hub
    enrolment.enrol(ledger, address, code(database), "hub", authority.file)
    authority.file.rename(authority.file.with_suffix(".moved"))
    try:
        assert syncing.sync(ledger, remote="hub").digest_equal is True
        enrolment.enrol(ledger, address, code(database), "hub")
        assert syncing.sync(ledger, remote="hub").digest_equal is True
    finally:
        authority.file.with_suffix(".moved").rename(authority.file)
    assert sync_status.vouching_names(sync_status.status(ledger, "hub")) == (authority.name.rfc4514_string(),)


def test_without_it_or_with_another_nothing_is_enrolled(ledger: Workspace, hub: tuple[str, str, Authority], tmp_path: Path) -> None:
    address, database, _ = hub
    stranger = Authority(tmp_path)
    for given in (None, stranger.file):
        with pytest.raises(RemoteProblem, match="sync.tls"):
            enrolment.enrol(ledger, address, code(database), "hub", given)
    assert not sync_status.status(ledger, "hub").enrolled


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", "sync.authorities_none"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "sync.authorities_none"),
        ("这不是证书".encode(), "sync.authorities_none"),
        (b"x" * (authorities.N_BYTES + 1), "sync.authorities_none"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "sync.authorities_private"),
        ("leaf", "sync.authorities_not_one"),
        (None, "file.cannot_use"),
    ],
)
def test_a_wrong_file_is_refused_in_words_before_anything_leaves(
    ledger: Workspace, hub: tuple[str, str, Authority], tmp_path: Path, content: bytes | str | None, refused: str
) -> None:
    address, _, authority = hub
    file = tmp_path / "authority.pem"
    if content == "leaf":
        authority.context("leaf.example")
        whole = (authority.folder / "leaf.example-5.pem").read_bytes()
        file.write_bytes(whole[whole.index(b"-----BEGIN CERTIFICATE") :])
    elif isinstance(content, bytes):
        file.write_bytes(content)
    with pytest.raises(Refused) as stopped:
        enrolment.enrol(ledger, address, "ABCD-EFGH", "hub", file)
    assert stopped.value.code == refused
    assert words.known(refused)
    assert not sync_status.status(ledger, "hub").enrolled


def test_a_file_of_one_certificate_in_binary_is_taken_and_one_out_of_date_is_not(hub: tuple[str, str, Authority]) -> None:
    pem = hub[2].file.read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    assert authorities.names(authorities.read(certificate.public_bytes(Encoding.DER))) == authorities.names(authorities.read(pem))
    with pytest.raises(Refused, match="sync.authorities_date"):
        authorities.read(pem, certificate.not_valid_after_utc + datetime.timedelta(days=1))
