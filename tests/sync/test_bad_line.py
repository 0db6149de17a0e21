"""A bad line between a seat and the real service: the right words, nothing lost, nothing believed, and stopping takes no longer than a second."""

from __future__ import annotations

import datetime
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desktop import words
from desktop.ledger.problem import Cancelled
from desktop.sync import client as patience
from desktop.sync import recovery, wire
from desktop.sync.client import Client
from desktop.sync.egress import Gate
from desktop.sync.outcome import RemoteProblem
from network import library, schema, seeding
from tests.network.files import pdf, sha256
from tests.sync import faulty
from tests.sync.faulty import Line, Spoil
from tests.sync.rig import Keys, Province, Seat

PLACES = {
    "capabilities": "/v1/capabilities",
    "token": "/v1/token",
    "recover": "/v1/recover",
    "send": "/v1/batches",
    "pages": "/v1/changes",
    "digest": "/v1/digest",
}
STAGES = {"capabilities": "meet", "token": "send", "recover": "recover", "send": "send", "pages": "receive", "digest": "compare"}
"""What the person at the desk reads while a run hangs there."""
FAULTS: dict[str, tuple[Spoil, str]] = {
    "login page": (faulty.portal, "sync.not_service"),
    "login page that says JSON": (faulty.disguised_portal, "sync.not_service"),
    "redirect to a login page": (faulty.elsewhere, "sync.not_service"),
    "bomb": (faulty.bomb, "sync.not_service"),
    "more promised": (faulty.longer, "sync.damaged"),
    "less promised": (faulty.shorter, "sync.damaged"),
    "cut": (faulty.cut, "sync.damaged"),
    "flipped bit": (faulty.flipped, "sync.damaged"),
    "429 storm": (faulty.storm, "sync.busy"),
    "headers and silence": (faulty.black_hole, "sync.stalled"),
    "silence": (faulty.silent, "sync.stalled"),
}


class BadSeat(Seat):
    """A seat behind a line; ``stopped`` is the wish of the person at the desk, ``home`` the key of its institution at the service."""

    home = ""

    def __init__(self, province: Province) -> None:
        self.bad = Line(province.port)
        self.stopped = threading.Event()
        self.province = province
        super().__init__(province)

    def start(self) -> None:
        super().start()
        self.client = self.line.client = Client(
            self.bad.address,
            self.keys,
            lambda: Gate(self.memory.markers()),
            cancelled=self.stopped.is_set,
            pause=lambda _seconds: None,
            draw=lambda low, _high: low,
        )


@pytest.fixture
def seat(province: Province, monkeypatch: pytest.MonkeyPatch) -> Iterator[BadSeat]:
    monkeypatch.setattr(patience, "N_TRIES", 2)  # a client counts its tries from when it is made
    made = BadSeat(province)
    made.home = province.institution()
    made.enrol(province.code(made.home))
    yield made
    made.bad.close()


def frozen(province: Province, on: bool) -> None:
    """Every institution of the service, as its operator freezes them, or thaws them."""
    with province.opened() as db, db.write() as connection:
        connection.execute(schema.institution.update().values(frozen=on))


def entered(seat: Seat) -> list[str]:
    return [seat.record(seat.instrument()) for _ in range(3)]


def ready(seat: BadSeat, place: str) -> list[str]:
    """Records that wait, with what makes the next run ask at this place: a digest that no page tells, a program started anew, a service
    that lost what it had."""
    records = []
    if place == "recover":
        backup = seat.province.backed_up()
        records = entered(seat)
        assert seat.sync().in_sync
        seat.province.brought_back(backup)
    if place == "token":
        seat.start()
    seat.line.older = place == "digest"
    seat.bad.where = PLACES[place]
    return records + entered(seat)


def nothing_is_lost(seat: BadSeat, records: list[str]) -> None:
    seat.bad.spoil = None
    report = seat.sync()
    assert report.in_sync, report
    held = {item.id: item.body for item in seat.client.changes("").items}
    assert len(held) == 2 * len(records)
    assert all(held[key] == seat.memory.standing("service_record", key).local for key in records)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_words_and_loses_nothing(
    seat: BadSeat, fault: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.3)
    records = ready(seat, place)
    seat.bad.spoil, code = FAULTS[fault]
    with pytest.raises(RemoteProblem) as stopped:
        seat.sync()
    assert stopped.value.code == code
    assert words.known(code)
    assert seat.bad.n_spoiled >= 1
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 30)
    nothing_is_lost(seat, records)


@pytest.mark.parametrize("fault", ["flipped bit", "more promised", "less promised", "cut"])
def test_a_refusal_that_comes_damaged_is_not_obeyed(seat: BadSeat, fault: str) -> None:
    """What a seat does next it does at the word of a refusal: enrol anew, begin from the beginning, set rows aside, stop."""
    records = entered(seat)
    frozen(seat.province, True)
    seat.bad.where = "/v1/batches"
    seat.bad.spoil, code = FAULTS[fault]
    with pytest.raises(RemoteProblem) as stopped:
        seat.sync()
    assert (stopped.value.code, stopped.value.remote_code, seat.bad.n_spoiled) == (code, "", 2)
    seat.bad.spoil = None
    with pytest.raises(RemoteProblem, match="sync.frozen"):
        seat.sync()
    frozen(seat.province, False)
    nothing_is_lost(seat, records)


def test_a_seat_that_hands_nothing_back_or_forgets_its_token_too_soon_is_seen(seat: BadSeat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variants of the two places that are asked before anything else."""
    records = ready(seat, "recover")
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(recovery, "tail", lambda *_: [])
        with pytest.raises(AssertionError):
            nothing_is_lost(seat, records)
    records = ready(seat, "token")
    monkeypatch.setattr(seat.keys, "load", seat.keys.taken)
    seat.bad.spoil = faulty.cut
    with pytest.raises(RemoteProblem, match="sync.damaged"):
        seat.sync()
    with pytest.raises(RemoteProblem, match="sync.reauth"):
        nothing_is_lost(seat, records)


FILE = pdf(3_000)
BESIDE: dict[str, tuple[str, Callable[[Client], object]]] = {
    "files": ("/v1/blobs", lambda client: client.file(sha256(FILE))),
    "parts sent": (f"/v1/blobs/{sha256(FILE)}/parts", lambda client: client.send_part(sha256(FILE), 0, FILE)),
    "parts fetched": (f"/v1/blobs/{sha256(FILE)}/parts", lambda client: client.part(sha256(FILE), 0)),
    "anchors": ("/v1/anchors", lambda client: client.anchor("0198c5a0-0000-4000-8000-000000000001", "1f" * 32, 7)),
    "notices": ("/v1/notices", lambda client: client.notices()),
    "books": ("/v1/reference", lambda client: client.codebook("benchmarks")),
    "publications": ("/v1/publications", lambda client: client.publications()),
    "catalogue": ("/v1/catalogue", lambda client: client.catalogue("")),
}
"""What is asked for beside the changes: where, and how."""


@pytest.fixture
def stocked(seat: BadSeat) -> BadSeat:
    """Its service has a file of it, a notice to it, a code book and sets of others."""
    seat.client.declare_file(sha256(FILE), len(FILE))
    seat.client.send_part(sha256(FILE), 0, FILE)
    with seat.province.opened() as db, db.write() as connection:
        library.put_codebook(connection, "benchmarks", {"2025": {"effective_hours": 1599}})
        library.send_notice(connection, seat.home, "warning", "警示", "请核对。", "2026-01-15", None)
        seeding.seed_catalogue(connection, 3, 1)
    return seat


@pytest.mark.parametrize("asked", BESIDE)
@pytest.mark.parametrize("fault", FAULTS)
def test_beside_the_changes_too_each_fault_has_its_words_and_the_same_again_is_answered(
    stocked: BadSeat, fault: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.bad.where, ask = BESIDE[asked]
    whole = ask(stocked.client)
    assert whole
    stocked.bad.spoil, code = FAULTS[fault]
    with monkeypatch.context() as hurried:
        hurried.setattr(wire, "SILENCE_SECONDS", 0.3)
        with pytest.raises(RemoteProblem) as stopped:
            ask(stocked.client)
    assert (stopped.value.code, stopped.value.remote_code) == (code, "")
    assert stocked.bad.n_spoiled == (2 if stopped.value.action == "retry" else 1)
    stocked.bad.spoil = None
    assert ask(stocked.client) == whole


@pytest.mark.parametrize("fault", FAULTS)
def test_an_enrolment_whose_answer_never_came_whole_is_done_again_with_the_same_code(
    province: Province, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(patience, "N_TRIES", 2)
    seat = BadSeat(province)
    code = province.code(province.institution())
    seat.bad.spoil, expected = FAULTS[fault]
    with pytest.raises(RemoteProblem) as stopped:
        seat.enrol(code)
    assert stopped.value.code == expected
    assert seat.keys.load() is None
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 30)
    seat.bad.spoil = None
    seat.enrol(code)
    nothing_is_lost(seat, entered(seat))
    seat.bad.close()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", [faulty.trickle, faulty.black_hole, faulty.silent], ids=["1 byte/s", "headers and silence", "silence"])
def test_stopping_a_line_that_hangs_takes_no_longer_than_a_second(seat: BadSeat, fault: Spoil, place: str) -> None:
    records = ready(seat, place)
    seat.bad.spoil = fault
    ended: list[BaseException] = []
    stages: list[str] = []

    def work() -> None:
        try:
            seat.sync(progress=lambda stage, _n: stages.append(stage))
        except (RemoteProblem, Cancelled) as error:
            ended.append(error)

    running = threading.Thread(target=work)
    running.start()
    until = time.monotonic() + 20
    while not seat.bad.n_spoiled and time.monotonic() < until:
        running.join(0.01)
    assert running.is_alive(), ended
    assert stages[-1] == STAGES[place]
    assert words.known(f"sync.stage.{stages[-1]}")

    def stop() -> None:
        seat.stopped.set()
        running.join(10)

    faulty.within(1, stop)
    assert isinstance(ended[0], Cancelled)
    seat.stopped.clear()
    nothing_is_lost(seat, records)


def test_asking_only_between_requests_would_not_be_enough(seat: BadSeat) -> None:
    """The broken variant: an exchange nobody watches does not hear the wish to stop."""
    seat.client.wire._cancelled = None
    seat.bad.spoil = faulty.black_hole
    ended = threading.Event()

    def work() -> None:
        with pytest.raises((RemoteProblem, Cancelled)):
            seat.sync(cancelled=seat.stopped.is_set)
        ended.set()

    running = threading.Thread(target=work)
    running.start()
    seat.stopped.set()
    assert not ended.wait(1)
    seat.bad.over.set()  # only the end of the line ends it
    running.join(10)
    assert ended.is_set()


def test_a_slow_line_that_moves_is_left_to_work(seat: BadSeat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole answer takes longer than the patience for silence; no part of it does."""
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.5)

    def slowly(answer: faulty.Answer) -> None:
        answer.head()
        step = -(-len(answer.raw) // 8)
        for at in range(0, len(answer.raw), step):
            answer.wait(0.15)
            answer.handler.wfile.write(answer.raw[at : at + step])
            answer.handler.wfile.flush()

    records = entered(seat)
    seat.bad.spoil, seat.bad.where = slowly, "/v1/batches"
    assert seat.sync().in_sync
    assert seat.bad.n_spoiled == 1
    nothing_is_lost(seat, records)


def test_a_pause_the_service_asked_for_can_be_cut_short(province: Province) -> None:
    stopped = threading.Event()
    bad = Line(province.port)
    bad.spoil = lambda answer: answer.give(b"", 503, content_type="text/plain", content_length="0", content_digest="", retry_after="50")
    client = Client(bad.address, Keys(), lambda: Gate([]), cancelled=stopped.is_set)
    timer = threading.Timer(0.3, stopped.set)
    timer.start()

    def ask() -> None:
        with pytest.raises(Cancelled):
            client.capabilities()

    assert faulty.within(1.3, ask) >= 0.3
    client.close()
    bad.close()


def peak_of_a_bomb(seat: BadSeat) -> int:
    """Most bytes that were held while the bomb was refused, the first of them counted when it is asked for."""
    seat.bad.spoil = faulty.bomb
    tracemalloc.start()
    try:
        with pytest.raises(RemoteProblem, match="sync.not_service"):
            seat.client.capabilities()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bound", [1_000_000, 10_000_000])
def test_a_bomb_costs_no_more_than_its_bound(seat: BadSeat, monkeypatch: pytest.MonkeyPatch, bound: int) -> None:
    monkeypatch.setattr(wire, "MAX_DECODED", bound)
    assert peak_of_a_bomb(seat) < 3 * bound + 3_000_000


def test_without_a_bound_of_its_own_the_cost_of_a_bomb_is_seen(seat: BadSeat) -> None:
    """The broken variant: the bound as it is for any other body, 64 MiB."""
    assert peak_of_a_bomb(seat) > 60 * 1_048_576


# Certificates


class Authority:
    """Who vouches for services in these tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "单位信息中心")])
        self.file = folder / "authority.pem"
        basic = x509.BasicConstraints(ca=True, path_length=0)
        made = self._signed(self.name, self.key.public_key(), (-10, 10), [(basic, True)])
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def _signed(
        self, subject: x509.Name, public: Any, days: tuple[int, int], extensions: list[tuple[x509.ExtensionType, bool]]
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=days[0]))
            .not_valid_after(now + datetime.timedelta(days=days[1]))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def context(self, host: str = "localhost", days: tuple[int, int] = (-5, 5)) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._signed(subject, key.public_key(), days, [(x509.SubjectAlternativeName([x509.DNSName(host)]), False)])
        file = self.folder / f"{host}{days[0]}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(
    ("host", "days", "trusted", "code"),
    [
        ("localhost", (-5, 5), True, ""),
        ("localhost", (-9, -1), True, "sync.tls_date"),
        ("localhost", (1, 9), True, "sync.tls_date"),
        ("other.example", (-5, 5), True, "sync.tls_name"),
        ("localhost", (-5, 5), False, "sync.tls"),
    ],
)
def test_a_certificate_is_checked_and_the_fault_is_named(
    province: Province, authority: Authority, host: str, days: tuple[int, int], trusted: bool, code: str
) -> None:
    bad = Line(province.port)
    bad.server.socket = authority.context(host, days).wrap_socket(bad.server.socket, server_side=True)
    address = bad.address.replace("http://127.0.0.1", "https://localhost")
    made = Client(address, Keys(), lambda: Gate([]), pause=lambda _s: None, authorities=authority.file.read_text() if trusted else "")
    met: Callable[[], object] = made.capabilities
    if code:
        with pytest.raises(RemoteProblem) as stopped:
            met()
        assert (stopped.value.code, stopped.value.action, bad.seen) == (code, "stop", [])
    else:
        met()
        assert len(bad.seen) == 1
    made.close()
    bad.close()
