"""A random mark in every text of every confidential row; none is seen outside the encrypted ledger, whatever way a seat goes.

The way is gone by command: what is printed, what is logged at the loudest, what passes over the line, the packages, what is left in files and what was
written into them meanwhile is searched, at the seat and at the service.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests

from desktop.__main__ import main
from desktop.actions import instruments, local_network
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.store import reach
from desktop.sync.egress import Gate
from tests.actions import canaries, making
from tests.actions.canaries import UNMARKED, Written, confidential, found, hanging, hearing
from tests.actions.heard_service import CONTROL
from tests.actions.making import USCC
from tests.actions.secretive import UNSEEN, of_every_kind
from tests.actions.test_canary import on_disk, seen
from tests.sync.faulty import Line

MEDIA = {"Content-Type": "application/vnd.yixiang.gxpk"}


def filled(ledger: Workspace, folder: Path) -> dict[str, str]:
    """Confidential rows of each kind beside ordinary ones, one of them used by nothing; their marks."""
    instruments.add(ledger, Instrument("", "A3", "新购的台架", 1_000_000, True, False, date(2024, 1, 1)))
    of_every_kind(ledger, folder)
    with ledger.write("waiting") as operation:
        run = operation.connection.exec_driver_sql
        (secret, person, record) = run(
            "SELECT (SELECT id FROM instrument WHERE asset_number = 'S1'), (SELECT min(id) FROM person), "
            "(SELECT id FROM service_record WHERE number = 'SECRET-2')"
        ).one()
        run(
            "INSERT INTO reclassification (id, instrument_id, to_confidential, reason, prepared_by, prepared_at) VALUES (?, ?, 0, '?', ?, '2026-03-02T00:00')",
            (new_key(confidential=True), secret, person),
        )
        run(
            "INSERT INTO take_back (id, instrument_id, reason, asked_by, asked_at) VALUES (?, ?, '?', ?, '2026-03-02T00:00')",
            (new_key(confidential=True), secret, person),
        )
        customer = run("SELECT customer_id FROM service_record WHERE id = ?", (record,)).scalar_one()
        run("INSERT INTO voucher_mark (id, record_id) VALUES (?, ?)", (new_key(confidential=True), record))
        run(
            "INSERT INTO voucher_paper (id, use_kind, use_id, item, number) VALUES (?, 'service_record', ?, 'contract', '?')",
            (new_key(confidential=True), record),
        )
        claim = new_key()
        run("INSERT INTO voucher_claim (id, number, customer_id, year) VALUES (?, 'C1', ?, 2026)", (claim, customer))
        run(
            "INSERT INTO voucher_claim_line (id, claim_id, position, use_kind, use_id) VALUES (?, ?, 1, 'service_record', ?)",
            (new_key(confidential=True), claim, record),
        )
        run(
            "INSERT INTO transfer (id, number, instrument_id, kind, reason, receiver, figure, prepared_by, prepared_at) "
            "VALUES (?, 'DP-1', ?, 'allocation', '?', '?', '{}', ?, '2026-03-02T00:00')",
            (new_key(confidential=True), secret, person),
        )
        run(
            "INSERT INTO integrity_answer (id, check_name, record_id, state, text, answered_on) VALUES (?, 'late', ?, 'open', '?', '2026-03-02')",
            (new_key(confidential=True), record),
        )
        run(
            "INSERT INTO evaluation_fact (id, instrument_id, year, item, count, ground, noted_on) "
            "VALUES (?, ?, '2025', 'core_papers', 1, '?', '2026-03-02')",
            (new_key(confidential=True), secret),
        )
        run("INSERT INTO university_set (id, instrument_id, number) VALUES (?, ?, '?')", (new_key(confidential=True), secret))
        run(
            "INSERT INTO university_count (id, instrument_id, year, item, amount, ground, noted_on) "
            "VALUES (?, ?, '2024-2025', 'samples', 1, '?', '2026-03-02')",
            (new_key(confidential=True), secret),
        )
        run(
            "INSERT INTO user_rating (id, record_id, word, given_on) VALUES (?, ?, '一般', '2026-03-02')", (new_key(confidential=True), record)
        )
        run(
            "INSERT INTO sensor_session (id, instrument_id, sensor, started_at, ended_at, band) "
            "VALUES (?, ?, '?', '2026-03-02T01:00:00Z', '2026-03-02T02:00:00Z', 'working')",
            (new_key(confidential=True), secret),
        )
        told = (
            "inner_id", "assets_code", "classification_code", "alias", "application_area", "maker_certification", "country_code", "image_url",
            "group_id", "open_calendar", "service_charge", "page_url",
        )  # fmt: skip
        run(
            f"INSERT INTO cers_set (id, instrument_id, {', '.join(told)}) VALUES (?, ?, {', '.join(repr('?') for _ in told)})",
            (new_key(confidential=True), secret),
        )
        told = ("project", "income", "area", "content", "email", "moved_to", "customs_notice", "duty_paid", "handler")
        run(
            f"INSERT INTO national_service (id, record_id, {', '.join(told)}) VALUES (?, ?, {', '.join(repr('?') for _ in told)})",
            (new_key(confidential=True), record),
        )
        run(
            "INSERT INTO national_closed (id, instrument_id, reason, note, noted_on) VALUES (?, ?, 'online', '?', '2026-03-02')",
            (new_key(confidential=True), secret),
        )
        run("INSERT INTO record_problem (id, record_id, code, severity) VALUES (?, ?, 'record.long', 'note')", (new_key(confidential=True), record))
    return canaries.mark(ledger) | {UNSEEN: "the bytes of an attachment"}


@pytest.fixture
def marked(small_home: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    home = Path(shutil.copytree(small_home, tmp_path / "home"))
    with open_ledger(home) as ledger:
        return home, filled(ledger, tmp_path)


@pytest.fixture
def other(empty_home: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Another seat, which entered the same before it enrolled, with marks of its own."""
    home = Path(shutil.copytree(empty_home, tmp_path / "other"))
    with open_ledger(home) as ledger:
        making.fill_small(ledger)
        return home, filled(ledger, tmp_path)


def places(marks: dict[str, str]) -> set[str]:
    return {place for place in marks.values() if not place.startswith(("operation.", "the bytes"))}


def test_every_text_of_every_confidential_kind_carries_a_mark_or_says_why_not(
    marked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, marks = marked
    assert set(confidential()) == hanging()
    assert places(marks) == canaries.columns() - set(UNMARKED)
    assert set(UNMARKED) <= canaries.columns()
    # The broken variants: a kind, and a column, that nobody marks.
    kinds = confidential()
    monkeypatch.setattr(canaries, "confidential", lambda: {kind: sql for kind, sql in kinds.items() if kind != "cost_row"})
    with open_ledger(home) as ledger:
        assert {"cost_row.id", "cost_row.document"} == canaries.columns() - set(UNMARKED) - places(canaries.mark(ledger))
    known = canaries.columns()
    monkeypatch.setattr(canaries, "columns", lambda: known | {"payout_line.remark"})
    assert places(marks) != canaries.columns() - set(UNMARKED)


class Ears:
    """Everything that can be heard of a walk, by where it is heard."""

    def __init__(self, folder: Path, written: Written, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self.folder, self.written = folder, written
        self._capsys, self._caplog = capsys, caplog
        self.printed = ""
        self.lines: list[Line] = []
        self.packages: list[bytes] = []

    def run(self, home: Path, *arguments: object) -> str:
        """One command; what it printed. Doing what was asked with findings is no failure."""
        self._capsys.readouterr()
        status = main([*map(str, arguments), "--home", str(home)])
        told = "".join(self._capsys.readouterr())
        assert status in (0, 1), told
        self.printed += told
        return told

    def texts(self, *homes: Path) -> dict[str, str]:
        return {
            "sockets": "\n".join(seen(line) for line in self.lines),
            "printed": self.printed,
            "logged": self._caplog.text,
            "written": self.written.read(),
            "left": on_disk(self.folder, *homes),
            "packages": "\n".join(content.decode("utf-8", "replace") for content in self.packages),
        }


@pytest.fixture
def ears(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ears]:
    """The program logs all it can; what it and the service put into temporary files, and what the service logs, lies in one folder."""
    folder = tmp_path / "heard"
    folder.mkdir()
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(subprocess, "Popen", heard_as_well(folder))
    with hearing() as written:
        heard = Ears(folder, written, capsys, caplog)
        yield heard
        for line in heard.lines:
            line.close()


def heard_as_well(folder: Path) -> Callable[..., subprocess.Popen[Any]]:
    """The service logs all it can into a file, and what it writes is heard as well."""
    popen = subprocess.Popen

    def start(command: list[str], **how: Any) -> subprocess.Popen[Any]:
        if command[1:3] != ["-m", "network"]:
            return popen(command, **how)
        given = ["debug" if word == "error" else word for word in command[3:]]
        with (folder / "service.log").open("ab") as told:
            return popen([sys.executable, "-m", "tests.actions.heard_service", str(folder / "service.written"), *given], **{"stderr": told} | how)

    return start


def change(home: Path, phone: str) -> None:
    """Something ordinary, to be sent."""
    with open_ledger(home) as ledger:
        instruments.change(ledger, replace(instruments.get(ledger, "A1"), phone=phone))


def package_by_hand(ears: Ears, home: Path, remote: str, address: str) -> None:
    """Out, over, back, in."""
    path, answer = ears.folder / "out.gxpk", ears.folder / "answer.gxpk"
    ears.run(home, "package", "export", path, "--remote", remote, "--preview")
    ears.run(home, "package", "export", path, "--remote", remote)
    ears.run(home, "package", "show", path)
    reply = requests.post(f"{address}/v1/packages", data=path.read_bytes(), headers=MEDIA, timeout=20)
    assert reply.ok, reply.text
    answer.write_bytes(reply.content)
    ears.packages += [path.read_bytes(), reply.content]
    ears.run(home, "package", "answer", answer)
    ears.run(home, "package", "list", "--remote", remote, "--json")


@pytest.mark.parametrize("remote", reach.REMOTES)
def test_no_mark_is_seen_whatever_way_a_seat_goes(
    marked: tuple[Path, dict[str, str]], other: tuple[Path, dict[str, str]], remote: str, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home, marks), (second, further) = marked, other
    marks |= further
    database = f"sqlite:///{ears.folder / 'network.db'}"
    to = ("--remote", remote)
    with ExitStack() as stack:
        address, code = stack.enter_context(local_network.child_network(database, "齐鲁示范大学", USCC, remote))
        line = Line(int(address.rpartition(":")[2]))
        ears.lines.append(line)
        ears.run(home, "enrol", "--url", line.address, "--code", code, *to)
        ears.run(home, "sync", "--preview", *to)
        ears.run(home, "sync", "--preview", "--json", *to)
        ears.run(home, "sync", *to)
        ears.run(home, "sync", "--json", *to)

        # The service loses what came after its backup: the seat hands back its tail.
        local_network.operator(database, "backup", "--file", str(ears.folder / "service.backup"))
        change(home, "0531-1")
        ears.run(home, "sync", *to)
        local_network.operator(database, "restore", "--file", str(ears.folder / "service.backup"))
        ears.run(home, "sync", *to)

        # The seat's own ledger is brought back from a backup, and runs again.
        ears.run(home, "backup", ears.folder / "ledger.zip")
        change(home, "0531-2")
        ears.run(home, "sync", *to)
        ears.run(home, "restore", ears.folder / "ledger.zip")
        ears.run(home, "sync", *to)
        change(home, "0531-3")
        package_by_hand(ears, home, remote, line.address)

        # The other seat comes, its rows take the keys of the first one's, or wait, or are contested; then the first one hears of it.
        code = str(local_network.operator(database, "enrolment-code", "--uscc", USCC)["code"])
        ears.run(second, "enrol", "--url", line.address, "--code", code, *to)
        for seat in (second, home, second):
            ears.run(seat, "sync", *to)
            ears.run(seat, "parked", *to)
            ears.run(seat, "conflicts", *to)

        with open_ledger(second) as ledger, ledger.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM operation WHERE name = 'sync same'").scalar()

        heard = ears.texts(home, second)
        # Every ear hears what may be heard.
        assert '"asset_number":"A1"' in heard["sockets"]
        assert "POST /v1/recover" in heard["sockets"]
        assert "/v1/batches" in heard["logged"]
        assert "/v1/batches" in (ears.folder / "service.log").read_text("utf-8")
        assert "0531-3" in heard["packages"]
        assert {where: of for where, text in heard.items() if (of := found(marks, text))} == {}
        for where, careless in CARELESS.items():
            with monkeypatch.context() as broken:
                broken.setattr(Gate, "check", careless)
                ears.run(home, "sync", *to)
            heard = ears.texts(home)
            assert "instrument.name" in found(marks, heard[where]), where
            assert found(marks, heard["sockets"], heard["left"]) == []
    assert CONTROL in (told := (ears.folder / "service.written").read_text("utf-8"))
    assert found(marks, told, on_disk(ears.folder)) == []


_CHECK = Gate.check


def _logs(gate: Gate, content: bytes, address: str = "") -> None:
    logging.getLogger("yixiang.sync").debug("looking for %s", [text for text, _ in gate._shown])
    _CHECK(gate, content, address)


def _writes(gate: Gate, content: bytes, address: str = "") -> None:
    with tempfile.TemporaryFile("w", encoding="utf-8") as gone:
        gone.write(repr(gate._shown))
    _CHECK(gate, content, address)


def _prints(gate: Gate, content: bytes, address: str = "") -> None:
    sys.stderr.write(repr(gate._shown))
    _CHECK(gate, content, address)


# The broken variants: somebody looks into what the gate knows, and leaves the line in.
CARELESS = {"logged": _logs, "written": _writes, "printed": _prints}
