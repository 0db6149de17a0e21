"""What was sent by packages alone of a set that became confidential is asked back by package: out, over, back, in, with the real service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import instruments, packages, reclassifying, taking_back
from desktop.actions.sync_pending import n_pending
from desktop.actions.workspace import Workspace
from desktop.store import package_rows
from desktop.store.reclassifications import OWN
from desktop.words import say
from tests.actions.carrying import Courier, Office
from tests.actions.making import refused, sound
from tests.actions.test_taking_back import CANARY, ask, close, filled, open_again
from tests.network.packing import entries_of

__all__ = ["filled"]


@pytest.fixture(params=("network", "hub"))
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office", request.param)
    yield made
    made.service.stop()


@pytest.fixture
def courier(request: pytest.FixtureRequest, filled: Workspace, office: Office, tmp_path: Path) -> Courier:
    return Courier(filled, office, tmp_path / "stick", request.node.callspec.params["office"])


def held(courier: Courier, number: str) -> dict[str, int]:
    """What the service shows of an instrument, by kind."""
    there = courier.office.held()
    found: dict[str, int] = {}
    with courier.ledger.read() as connection:
        for kind, key in {tuple(row) for row in connection.exec_driver_sql(OWN, (instruments.get(courier.ledger, number).id,))}:
            if key in there:
                found[kind] = found.get(kind, 0) + 1
    return found


def texts_in(path: Path) -> bytes:
    return b"".join(entries_of(path.read_bytes()).values())


def said(found: taking_back.Offer) -> str:
    return "\n".join(say(code, **params) for code, params in taking_back.words_of(found))


def test_what_was_carried_there_is_deleted_by_the_next_package_by_key_alone(courier: Courier) -> None:
    ledger, remote = courier.ledger, courier.remote
    courier.begun()
    before = held(courier, "A3")
    assert before["instrument"] == before["fee_schedule"] == before["attachment"] == 1
    close(ledger, "A3")
    assert courier.export().n_changes == 0, "nothing of it leaves, and nothing is deleted unasked"
    assert courier.absorb(courier.office.hand_in(courier.folder / "2.gxpk")).digest_equal
    found = taking_back.offer(ledger, "A3")
    assert [(one.remote, len(one.deletable), one.stay) for one in found.held] == [(remote, sum(before.values()), ())]
    assert found.carried == ()
    assert "随下一个包" in said(found)
    ask(ledger, "A3")
    assert n_pending(ledger, remote) == sum(before.values())
    shown = packages.prepare(ledger, remote)
    assert {line.action for line in shown.preview.lines} == {"delete"}
    out = courier.export(approved=shown.preview.digests)
    assert CANARY.encode() not in texts_in(out.path)
    changes = [change for name, text in entries_of(out.path.read_bytes()).items() if name.startswith("batches/") for change in json.loads(text)["changes"]]
    assert {(change["action"], change["body"]) for change in changes} == {("delete", None)}
    assert changes[-1]["kind"] == "instrument", "the set goes last"
    back = courier.absorb(courier.office.hand_in(out.path))
    assert (back.sent, back.parked, back.pending, back.digest_equal) == (sum(before.values()), 0, 0, True)
    assert held(courier, "A3") == {}
    assert refused(ask, ledger, "A3") == ["take_back.nothing"]
    assert instruments.get(ledger, "A3").name == CANARY
    open_again(ledger, "A3")
    assert courier.round().digest_equal
    assert held(courier, "A3") == before
    assert sound(ledger)


def test_a_package_with_deletions_that_is_lost_is_written_again_and_counts_once(courier: Courier) -> None:
    ledger = courier.ledger
    courier.begun()
    close(ledger, "A3")
    ask(ledger, "A3")
    lost = courier.export()
    again = courier.export()
    assert (again.again, again.path.read_bytes()) == (True, lost.path.read_bytes())
    answer = courier.office.hand_in(lost.path)
    assert courier.office.post(again.path.read_bytes()).ok, "both arrived"
    assert courier.absorb(answer).digest_equal
    assert courier.absorb(answer).again
    assert held(courier, "A3") == {}


def test_what_stays_is_said_and_nothing_of_it_is_asked_for(courier: Courier) -> None:
    ledger = courier.ledger
    courier.begun()
    close(ledger, "A1")
    (one,) = taking_back.offer(ledger, "A1").held
    assert {"instrument", "posting", "service_record"} <= {kind for kind, _ in one.stay}
    before = held(courier, "A1")
    if one.deletable:
        ask(ledger, "A1")
        assert courier.round().parked == 0
    else:
        assert refused(ask, ledger, "A1") == ["take_back.nothing"]
    assert sum(before.values()) - sum(held(courier, "A1").values()) == len(one.deletable)
    assert held(courier, "A1")["posting"] == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_a_package_under_way_when_the_set_became_confidential(courier: Courier, arrived: bool) -> None:
    """Whether it arrived is not known here: that is said, and settled by the next answers; then it is asked back."""
    ledger, remote, office = courier.ledger, courier.remote, courier.office
    first = courier.export(code=office.code())
    meaning = reclassifying.words_of(reclassifying.consequences(ledger, "A3", True))
    codes = [code for code, _ in meaning]
    assert "take_back.means_carried" in codes
    assert "reclassification.means_nothing_sent" not in codes
    close(ledger, "A3")
    answer = office.hand_in(first.path) if arrived else None
    for step in ("waits", "was replaced"):
        found = taking_back.offer(ledger, "A3")
        assert [(one.remote, one.number) for one in found.carried] == [(remote, 1)], step
        assert "第 1 个离线报送包" in said(found)
        assert "没有一行在别处" not in said(found)
        assert refused(ask, ledger, "A3") == ["take_back.carried"]
        if step == "waits":
            second = courier.export()
            assert (second.again, second.number) == (False, 1)
            assert CANARY.encode() not in texts_in(second.path)
    if answer is not None:
        courier.absorb(answer, fingerprint=office.fingerprint())
        assert taking_back.offer(ledger, "A3").carried, "the answer to a package whose rows were taken apart tells nothing"
        courier.round()
    else:
        courier.absorb(office.hand_in(second.path), fingerprint=office.fingerprint())
    found = taking_back.offer(ledger, "A3")
    assert found.carried == ()
    assert sum(len(one.deletable) for one in found.held) == (sum(held(courier, "A3").values()) if arrived else 0)
    if arrived:
        ask(ledger, "A3")
        courier.round()
        assert held(courier, "A3") == {}
    else:
        assert refused(ask, ledger, "A3") == ["take_back.nothing"]
        assert "没有一行在别处" in said(found)
    assert sound(ledger)


def test_a_program_that_forgets_the_packages_under_way_is_noticed(courier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    courier.office.hand_in(courier.export(code=courier.office.code()).path)
    close(courier.ledger, "A3")
    assert taking_back.offer(courier.ledger, "A3").carried
    monkeypatch.setattr(package_rows, "unsettled", lambda connection: [])
    assert "没有一行在别处" in said(taking_back.offer(courier.ledger, "A3")), "which is not so"
    assert held(courier, "A3")["instrument"] == 1
