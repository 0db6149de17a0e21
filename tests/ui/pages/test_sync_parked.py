"""同步 · 未被接受 in the window: what is shown after a fetch of the files that are waited for has broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.actions import evidence, evidence_fetch, instruments, syncing
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.sync.client import Client
from desktop.sync.outcome import RemoteProblem
from desktop.ui.pages.sync import SyncPage
from tests.ui.pages.driving import texts_of
from tests.ui.pages.test_sync import enrolled, network, page

__all__ = ["network", "page"]


def test_a_fetch_that_breaks_shows_the_files_that_came_until_then(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(page, network)
    for name in "ab":
        paper = tmp_path / f"{name}.pdf"
        paper.write_bytes(b"%PDF-1.4\n" + name.encode() + b"\n%%EOF\n")
        evidence.add(ledger, "instrument", instruments.get(ledger, "A1").id, paper)
    syncing.sync(ledger)
    with ledger.write("another computer's files") as operation:
        run = operation.connection.exec_driver_sql
        run("UPDATE attachment SET kept = 0")
        run("DELETE FROM evidence_part")
        run("INSERT INTO sync_parked (remote, kind, key, code, field) SELECT ?, 'attachment', id, 'blob.elsewhere', '' FROM attachment", (NETWORK,))
    page.refresh()
    page.arrive({"tab": "parked"})
    assert len(texts_of(page.parked_tab.table, 2)) == 2
    second = evidence_fetch.awaited(ledger)[1].sha256
    part = Client.part

    def broken(client: Client, sha256: str, number: int) -> bytes:
        if sha256 == second:
            raise RemoteProblem("sync.stalled", "retry")
        return part(client, sha256, number)

    monkeypatch.setattr(Client, "part", broken)
    announced: list[frozenset[str]] = []
    page.desk.changed.connect(lambda changes: announced.append(changes.kinds))
    page.parked_tab.fetch_button.click()
    assert announced == [{"attachment"}], "pages that show attachments read again"
    assert len(texts_of(page.parked_tab.table, 2)) == 1
    assert page.parked_tab.fetch_button.isEnabled()
