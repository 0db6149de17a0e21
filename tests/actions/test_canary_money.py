"""Keys, numbers and texts of what is confidential about money are never seen outside the encrypted ledger, in what the program logs neither."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import enrolment, local_network, syncing
from desktop.actions.workspace import Workspace
from desktop.store import reach, sync_rows
from desktop.sync.egress import Gate
from tests.actions.canaries import found
from tests.actions.making import USCC
from tests.actions.secretive import EVIDENCE, INVOICE, VOUCHER, of_every_kind
from tests.actions.test_canary import on_disk, seen
from tests.sync.faulty import Line

# The key of the run itself goes to the hub in the marks of what it settled.
_KEYS = ("posting", "receipt", "cost_row", "cost_component", "payout_mark", "payout_line", "payout_share", "payout_cost")

# A run waits for all its marks; that the gate knows its rows by themselves is shown in test_secret_kinds.
_SENT_FIRST = ("posting", "receipt", "cost_row", "cost_component", "payout_mark")


def marks_of(ledger: Workspace) -> dict[str, str]:
    marks = {INVOICE: "receipt.invoice_number", VOUCHER: "cost_row.document", EVIDENCE: "cost_component.evidence"}
    with ledger.read() as connection:
        for kind in _KEYS:
            marks |= {row[0]: f"{kind}.id" for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {reach.secret(kind)}")}
    return marks


def talkative(log: Path) -> Any:
    """The service logs all it can, into a file that is read afterwards."""
    popen = subprocess.Popen

    def start(command: list[str], **how: Any) -> subprocess.Popen[Any]:
        with log.open("ab") as told:
            return popen(["debug" if word == "error" else word for word in command], **({"stderr": told} | how))

    return start


def forget_statements() -> None:
    sync_rows._one.cache_clear()
    sync_rows._differs.cache_clear()


@pytest.fixture(autouse=True)
def _sound_statements() -> Iterator[None]:
    yield
    forget_statements()


@pytest.mark.parametrize("remote", reach.REMOTES)
def test_nothing_confidential_about_money_is_seen(
    small: Workspace, remote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    of_every_kind(small, tmp_path)
    marks = marks_of(small)
    assert {place.split(".")[0] for place in marks.values()} == set(_KEYS)
    folder = tmp_path / "service"
    folder.mkdir()
    log = folder / "service.log"
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(local_network.subprocess, "Popen", talkative(log))
    with local_network.child_network(f"sqlite:///{folder / 'network.db'}", "齐鲁示范大学", USCC, remote) as (address, code):
        line = Line(int(address.rpartition(":")[2]))
        try:
            enrolment.enrol(small, line.address, code, remote)
            assert syncing.sync(small, remote=remote).sent > 0
            assert '"number":"R6"' in seen(line)  # the line does hear what leaves
            assert "/v1/batches" in caplog.text  # and both logs are heard
            assert "/v1/batches" in log.read_text("utf-8")
            assert syncing.parked(small, remote) == ()
            assert found(marks, seen(line), caplog.text, on_disk(folder, small.home)) == []
            # A storage that knows nothing of confidentiality: the gate alone holds it back.
            monkeypatch.setattr(sync_rows, "secret", lambda kind: "0")
            forget_statements()
            syncing.sync(small, remote=remote)
            assert found(marks, seen(line), caplog.text) == []
            assert {row.code for row in syncing.parked(small, remote)} >= {"here.confidential"}
            # The broken variant: without the gate too, this test would notice.
            monkeypatch.setattr(Gate, "check", lambda self, content, address="": None)
            monkeypatch.setattr(Gate, "check_file", lambda self, content, address="": None)
            syncing.sync(small, remote=remote)
            kinds = set(_SENT_FIRST) & set(reach.kinds(remote))
            assert {f"{kind}.id" for kind in kinds} <= set(found(marks, seen(line)))
        finally:
            line.close()
