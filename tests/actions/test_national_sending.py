"""Sending to a small platform on loopback from a real ledger: shown, kept, sent once, and every end of it told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.actions import instruments, national_outgoing, national_sending, national_sent, records
from desktop.actions.national_outgoing import Prepared
from desktop.actions.progress import Watched
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.national_message import LONGEST_RAW
from desktop.ledger.period import parse
from desktop.ledger.problem import Problem, Refused
from desktop.store import national_messages as rows
from desktop.sync import soap
from tests.actions import making
from tests.actions.test_national import SOUND
from tests.actions.test_national_messages import CUSTOMS, UNIT, service
from tests.sync import soap_peer
from tests.sync.soap_peer import Peer

YEAR = parse("2025")


@pytest.fixture
def ready(small: Workspace, peer: Peer) -> Workspace:
    """A ledger that knows the address, with a set, its customs data and a service."""
    instruments.add(small, replace(SOUND, asset_number="N2", released_on=date(2025, 1, 10), **CUSTOMS))
    service(small, "R1")
    national_outgoing.set_target(small, peer.address, UNIT)
    return small


def prepared(ledger: Workspace, *kinds: str, **more: Any) -> Prepared:
    return national_outgoing.prepare(ledger, YEAR, kinds=kinds or national_outgoing.KINDS, **more)


def send(ledger: Workspace, *kinds: str, **more: Any) -> list[tuple[str, str]]:
    """Kind and state of each message of a run."""
    return [(one.message.kind, one.state) for one in national_sending.send(ledger, prepared(ledger, *kinds, **more))]


def stopped_at(ledger: Workspace, *kinds: str) -> national_sent.Told:
    return national_sending.send(ledger, prepared(ledger, *kinds))[0]


def test_what_was_shown_is_what_arrives_in_the_order_the_platform_needs(ready: Workspace, peer: Peer) -> None:
    shown = prepared(ready)
    assert peer.asked == []
    assert national_sent.sent(ready) == []
    done = national_sending.send(ready, shown)
    assert [(one.message.kind, one.state, one.message.number) for one in done] == [
        ("4", "accepted", "BW2026-001"), ("5", "accepted", "BW2026-002"), ("6", "accepted", "BW2026-003"), ("7", "accepted", "BW2026-004"),
    ]  # fmt: skip
    assert [one.raw for one in peer.arrived] == [one.content for one in shown.drafts]
    assert [one.number for one in peer.arrived] == [one.message.number for one in done]
    assert [one.rows for one in peer.arrived] == [list(one.rows) for one in shown.drafts]
    assert not [name for one in peer.arrived for name in one.rows[0] if not words.known(f"national_field.{name}")]
    told, kept = national_sent.show(ready, "BW2026-003")
    assert kept == peer.arrived[2].rows
    assert [(event.step, event.code, event.status) for event in told.events] == [("sent", "", None), ("accepted", "100", 200)]
    assert told.finding is not None
    assert told.finding.code == "national_answer.c100"


def test_what_is_kept_is_handed_in_as_a_file_and_settled_by_what_a_person_saw(ready: Workspace, peer: Peer, tmp_path: Path) -> None:
    shown = prepared(ready, "4")
    (one,) = national_sending.keep(ready, shown)
    number = one.message.number
    assert (one.state, peer.asked) == ("written", [])
    national_sending.save(ready, number, tmp_path / "送交.xml")
    assert (tmp_path / "送交.xml").read_bytes() == shown.drafts[0].content
    assert national_sending.settle(ready, number, "accepted", "现场送交，平台已显示").state == "accepted"
    assert peer.asked == []
    with pytest.raises(Refused, match=r"national\.nothing_new"):
        prepared(ready, "4")
    with pytest.raises(Refused, match=r"national\.not_now"):
        national_sending.save(ready, number, tmp_path / "再来.xml")
    assert not (tmp_path / "再来.xml").exists()


def test_a_file_to_be_handed_in_passes_the_gate_too(ready: Workspace, tmp_path: Path) -> None:
    (one,) = national_sending.keep(ready, prepared(ready, "4"))
    with ready.write("as if decided") as operation:
        from tests.actions.canaries import _unprotected

        with _unprotected(operation.connection):
            operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1 WHERE asset_number = 'N2'")
    with pytest.raises(Refused, match=r"national_line\.withheld") as stopped:
        national_sending.save(ready, one.message.number, tmp_path / "送交.xml")
    assert "N2" in stopped.value.params["text"]
    assert not (tmp_path / "送交.xml").exists()


def test_nothing_confidential_is_shown_or_sent(ready: Workspace, peer: Peer) -> None:
    service(ready, "R2", "S1", contact="秘密联系人")
    shown = prepared(ready, personal=True)
    assert shown.withheld == 3
    national_sending.send(ready, shown)
    for word in ("特种雷达", "S1", "秘密联系人"):
        assert not [one for one in peer.arrived if word.encode() in one.raw]


def test_a_set_that_became_confidential_after_it_was_shown_stays_here(ready: Workspace, peer: Peer) -> None:
    """The gate reads the bytes that leave, not what the ledger was when they were made."""
    shown = prepared(ready, "4")
    with ready.write("as if decided") as operation:
        from tests.actions.canaries import _unprotected

        with _unprotected(operation.connection):
            operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1 WHERE asset_number = 'N2'")
    (one,) = national_sending.send(ready, shown)
    assert peer.asked == []
    assert (one.state, one.events[-1].step, one.events[-1].problem) == ("written", "not_sent", "national_line.withheld")
    assert one.finding is not None
    assert "N2" in dict(one.finding.params)["text"]
    assert national_sending.settle(ready, one.message.number, "dropped", "已改密级").state == "dropped"
    with pytest.raises(Refused, match=r"national\.nothing_sound"):
        prepared(ready, "4")


def test_what_the_platform_has_as_it_is_is_not_sent_again(ready: Workspace, peer: Peer) -> None:
    send(ready)
    with pytest.raises(Refused, match=r"national\.nothing_new") as refused:
        prepared(ready, "4", "5", "6")
    assert refused.value.params["n"] == "3"
    service(ready, "R2")
    changed = instruments.get(ready, "N2")
    instruments.change(ready, replace(changed, contact="新联系人"))
    found = prepared(ready, "4", "5", "6")
    assert [(one.kind, [row.get("innerId") for row in one.rows]) for one in found.drafts] == [("4", ["N2"]), ("6", ["A1"])]
    assert (found.n_same, found.n_changed) == (2, 1)
    assert prepared(ready, "4", "5", "6", everything=True).n_rows == 4
    # Another address has nothing of it.
    national_outgoing.set_target(ready, peer.address.replace("instru", "other"))
    assert prepared(ready, "6").n_rows == 2


def test_a_row_that_came_back_to_what_it_was_is_a_change_too(ready: Workspace, peer: Peer) -> None:
    before = instruments.get(ready, "N2")
    for contact in (before.contact, "新联系人", before.contact):
        instruments.change(ready, replace(instruments.get(ready, "N2"), contact=contact))
        assert send(ready, "4") == [("4", "accepted")]
    assert len(peer.arrived) == 3


ENDS: dict[str, tuple[soap_peer.Behave, str, str, str]] = {
    "refused": (soap_peer.saying("203 校验未通过"), "refused", "203", "national_answer.c203"),
    "its database": (soap_peer.saying("301"), "refused", "301", "national_answer.c301"),
    "fault": (soap_peer.with_body(soap_peer.FAULT, 500), "refused", "", "national_answer.fault"),
    "no such address": (soap_peer.with_body(b"<h1>404</h1>", 404, "text/html"), "refused", "", "national_line.not_taken"),
    "a code nobody published": (soap_peer.saying("999"), "unknown", "999", "national_answer.unknown"),
    "login page": (soap_peer.with_body(b"<html><return>100</return></html>", 200, "text/html"), "unknown", "", "national_line.not_platform"),
    "redirect": (soap_peer.with_body(b"", 302, "text/html", Location="/login"), "unknown", "", "national_line.not_platform"),
    "a code without a message": (soap_peer.with_body(b'{"code":202}', 200, "application/json"), "unknown", "", "national_line.not_platform_code"),
    "a code said to be a message": (soap_peer.with_body(b'{"code":"100"}'), "unknown", "", "national_answer.loose"),
    "a code with what is wrong": (soap_peer.with_body(b'{"code":200}', 400, "application/json"), "refused", "", "national_line.not_taken_code"),
    "a code of its own": (soap_peer.with_body(b'{"code":0}', 200, "application/json"), "unknown", "", "national_line.not_platform"),
    "wrong XML": (soap_peer.with_body(b"<a><return>100</b>"), "unknown", "", "national_answer.unknown"),
    "another XML": (soap_peer.with_body(b"<ok/>"), "unknown", "", "national_answer.unknown"),
    "entities": (soap_peer.with_body(soap_peer.BOMB), "unknown", "", "national_answer.unknown"),
    "gateway": (soap_peer.with_body(b"bad gateway", 502, "text/html"), "unknown", "", "national_line.not_platform"),
    "huge": (soap_peer.with_body(b" " * (soap.MAX_ANSWER + 1)), "unknown", "", "national_line.too_much"),
    "silence": (soap_peer.silent, "unknown", "", "national_line.stalled"),
    "cut": (soap_peer.cut, "unknown", "", "national_line.damaged"),
}


@pytest.mark.parametrize("end", ENDS)
def test_each_end_is_kept_with_its_code_and_words_and_the_rest_waits(
    ready: Workspace, peer: Peer, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soap, "SILENCE_SECONDS", 0.3)
    peer.behave, state, code, words_code = ENDS[end]
    done = national_sending.send(ready, prepared(ready))
    assert [one.state for one in done] == [state, "written", "written", "written"]
    event, meaning = done[0].events[-1], done[0].finding
    assert meaning is not None
    assert (event.code, meaning.code, len(peer.arrived)) == (code, words_code, 1)
    assert words.known(meaning.code)
    said = {language: words.say_in(language, meaning.code, **dict(meaning.params)) for language in ("zh", "en")}  # type: ignore[arg-type]
    assert "{" not in (said["zh"] + said["en"]).replace(event.raw or "—", "")
    with pytest.raises(Refused, match=r"national\.open_messages"):
        prepared(ready, "6")


def test_what_is_not_known_is_never_sent_again_by_itself(ready: Workspace, peer: Peer) -> None:
    peer.behave = soap_peer.cut
    one = stopped_at(ready, "6")
    peer.behave = soap_peer.saying("100")
    for refused, again in (
        (r"national\.none_written", lambda: national_sending.send_written(ready)),
        (r"national\.open_messages", lambda: prepared(ready, "6")),
        (r"national\.no_reason", lambda: national_sending.send_again(ready, one.message.number, " ")),
        (r"national\.not_now", lambda: national_sending.settle(ready, one.message.number, "dropped", "不要了")),
    ):
        with pytest.raises(Refused, match=refused):
            again()
    assert len(peer.arrived) == 1
    assert national_sending.send_again(ready, one.message.number, "平台上没有查到").state == "accepted"
    first, second = peer.arrived
    assert (first.number, first.raw) == (second.number, second.raw)
    told, _ = national_sent.show(ready, one.message.number)
    assert [event.step for event in told.events] == ["sent", "unknown", "sent", "accepted"]
    assert told.events[2].reason == "平台上没有查到"
    with pytest.raises(Refused, match=r"national\.not_now"):
        national_sending.send_again(ready, one.message.number, "再来")


@pytest.mark.parametrize(("seen", "new"), [("accepted", 0), ("refused", 1)])
def test_a_person_says_what_the_platform_shows(ready: Workspace, peer: Peer, seen: str, new: int) -> None:
    peer.behave = soap_peer.slammed
    one = stopped_at(ready, "6")
    assert national_sending.settle(ready, one.message.number, seen, "平台已查").state == seen
    if new:
        assert prepared(ready, "6").n_rows == 1
    else:
        with pytest.raises(Refused, match=r"national\.nothing_new"):
            prepared(ready, "6")


def test_where_nobody_listens_everything_waits_and_goes_on_later(ready: Workspace, peer: Peer) -> None:
    shown = prepared(ready)
    peer.close()
    done = national_sending.send(ready, shown)
    assert [one.state for one in done] == ["written"] * 4
    assert (done[0].events[-1].step, done[0].events[-1].problem) == ("not_sent", "national_line.offline")
    there = Peer()
    with ready.write("as if it were the same address") as operation:
        from tests.actions.canaries import _unprotected

        with _unprotected(operation.connection):
            operation.connection.exec_driver_sql("UPDATE national_message SET address = ?", (there.address,))
    assert [one.state for one in national_sending.send_written(ready)] == ["accepted"] * 4
    assert [one.raw for one in there.arrived] == [one.content for one in shown.drafts]
    there.close()


def test_a_stop_before_it_left_leaves_it_waiting_and_one_after_is_not_known(ready: Workspace, peer: Peer) -> None:
    watched = Watched()
    watched.stop()
    done = national_sending.send(ready, prepared(ready), watched)
    assert ([one.state for one in done], peer.asked) == (["written"] * 4, [])
    watched = Watched()

    def stop(at: Peer, handler: Any, arrived: Any) -> None:
        watched.stop()
        soap_peer.silent(at, handler, arrived)

    peer.behave = stop
    done = national_sending.send_written(ready, watched)
    assert [one.state for one in done] == ["unknown", "written", "written", "written"]
    assert done[0].events[-1].problem == "national_line.cancelled"


def test_a_program_that_dies_on_the_way_forgets_nothing(ready: Workspace, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(*_: object) -> None:
        raise Killed

    real = soap.post
    monkeypatch.setattr(soap, "post", lambda *given: (real(*given), die())[0])
    shown = prepared(ready, "6")
    with pytest.raises(Killed):
        national_sending.send(ready, shown)
    home = ready.home
    ready.close()
    with open_ledger(home) as again:
        (one,) = national_sent.sent(again)
        assert (one.state, len(peer.arrived)) == ("sent", 1)
        assert one.finding is not None
        assert one.finding.code == "national_message.said_sent"
        with pytest.raises(Refused, match=r"national\.none_written"):
            national_sending.send_written(again)
        with pytest.raises(Refused, match=r"national\.open_messages"):
            prepared(again, "6")
    ready.reopen()


def test_a_sender_that_writes_it_down_only_afterwards_would_be_seen(
    ready: Workspace, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = rows.EVENTS.insert

    def late(connection: Any, facts: Any) -> None:
        insert(connection, [one for one in facts if one.step != "sent"])

    monkeypatch.setattr(national_sending.EVENTS, "insert", late)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        test_a_program_that_dies_on_the_way_forgets_nothing(ready, peer, monkeypatch)


def test_two_at_once_do_not_send(ready: Workspace, peer: Peer) -> None:
    told: list[str] = []

    def meanwhile(_peer: Peer, handler: Any, _arrived: Any) -> None:
        for step in (
            lambda: national_sending.send_written(ready),
            lambda: national_sending.send_again(ready, "BW2026-001", "再来"),
            lambda: national_sending.settle(ready, "BW2026-001", "accepted", "看到了"),
        ):
            try:
                step()
            except Refused as refused:
                told.append(refused.code)
        soap_peer.give(handler, soap_peer.told("100"))

    peer.behave = meanwhile
    assert [one.state for one in national_sending.send(ready, prepared(ready, "4", "5"))] == ["accepted", "accepted"]
    busy, nothing = "national.sending_already", "national.none_written"
    assert told == [busy, busy, busy, nothing, busy, busy]
    assert len(peer.arrived) == 2


def test_an_answer_with_signs_no_ledger_or_screen_holds_is_kept(ready: Workspace, peer: Peer) -> None:
    peer.behave = soap_peer.with_body(b"<html>\x00\x1b[31m 101\xff" + b"x" * 50_000, 200, "text/html")
    event = stopped_at(ready, "6").events[-1]
    assert event.raw.startswith("<html>")
    assert len(event.raw) <= LONGEST_RAW
    assert not set("\x00\x1b") & set(event.raw)


def test_the_address_is_checked_and_forgotten(small: Workspace) -> None:
    with pytest.raises(Problem, match=r"sync\.bad_address"):
        national_outgoing.set_target(small, "http://platform.example/ws")
    with pytest.raises(Refused, match=r"national\.no_address"):
        prepared(small)
    found = national_outgoing.set_target(small, " https://platform.example/ws ", f" {UNIT} ")
    assert found == national_outgoing.Target("https://platform.example/ws", UNIT)
    assert national_outgoing.set_target(small, unit="０１２３ａｂ").unit == "0123ab", "wide signs are the plain ones"
    national_outgoing.set_target(small, unit=UNIT)
    assert national_outgoing.set_target(small, "").address == ""
    assert national_outgoing.target(small).unit == UNIT
    with pytest.raises(Refused, match=r"national\.message_unknown"):
        national_sent.show(small, "BW2026-009")


def test_bytes_that_are_not_those_of_the_digest_are_not_sent(ready: Workspace, peer: Peer) -> None:
    peer.behave = soap_peer.slammed
    one = stopped_at(ready, "6")
    with ready.write("damage") as operation:
        operation.connection.exec_driver_sql("UPDATE national_content SET content = zeroblob(20)")
    with pytest.raises(Problem, match=r"store\.damaged"):
        national_sending.send_again(ready, one.message.number, "再来")
    assert len(peer.arrived) == 1


def test_a_reversed_service_is_no_row_any_more_and_a_draft_none_yet(ready: Workspace, peer: Peer) -> None:
    send(ready, "6")
    records.reverse(ready, "R1", "登错")
    making.enter(ready, "R3")
    with pytest.raises(Refused, match=r"national\.nothing_sound"):
        prepared(ready, "6")
    assert json.loads(soap.read_back(peer.arrived[0].raw))["items"][0]["innerId"] == "A1"


