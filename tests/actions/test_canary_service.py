"""The walk watches the service too: a mark that is handed to it past every gate is noticed wherever a careless service keeps it.

On the walk no mark reaches the service, so that nothing there could show that its log, its database and what it writes are really looked into.
"""

from __future__ import annotations

import secrets

import pytest
import requests

from desktop.actions import local_network
from tests.actions.canaries import found
from tests.actions.heard_service import CONTROL
from tests.actions.leaky_service import LEAK, LEAKS
from tests.actions.making import USCC
from tests.actions.test_canary import on_disk
from tests.actions.test_canary_walk import Ears, ears

__all__ = ["ears"]  # a fixture


@pytest.mark.parametrize("leak", ["", *LEAKS])
def test_a_service_that_keeps_what_it_is_given_is_noticed(leak: str, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LEAK, leak)
    mark = f"金丝雀{secrets.token_hex(6)}"
    marks = {mark: "handed over"}
    database = ears.folder / "network.db"
    with local_network.child_network(f"sqlite:///{database}", "齐鲁示范大学", USCC) as (address, _):
        # Refused, so that a sound service has no reason to keep any of it: the body, and the address.
        for path, body in (("/v1/devices", {"code": mark, "name": mark}), ("/v1/batches", {"changes": [{"body": {"name": mark}}]})):
            for query in ("", f"?said={mark}"):
                assert 400 <= requests.post(f"{address}{path}{query}", json=body, timeout=20).status_code < 500
    written = (ears.folder / "service.written").read_text("utf-8")
    assert CONTROL in written
    kept = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in ears.folder.glob("network.db*"))
    heard = {"log": (ears.folder / "service.log").read_text("utf-8"), "file": written, "table": kept}
    assert "/v1/batches" in heard["log"], "it logs all it can"
    assert {where for where, text in heard.items() if found(marks, text)} == ({leak} if leak else set())
    # What the walk asks at its end.
    assert found(marks, written, on_disk(ears.folder)) == (["handed over"] if leak else [])
