"""What the platform has that is no longer so, from a real ledger and a small platform on loopback: told, seen to, taken back, explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop import words
from desktop.actions import (
    explaining,
    history,
    instruments,
    national_due,
    national_due_figure,
    national_messages,
    national_outgoing,
    national_sending,
    national_taken,
    national_there,
    records,
)
from desktop.actions.progress import Watched
from desktop.actions.record_given import Given
from desktop.actions.workspace import Workspace, today
from desktop.ledger.period import parse
from desktop.ledger.problem import Cancelled, Refused
from tests.actions.test_national import SOUND
from tests.actions.test_national_messages import CUSTOMS, UNIT, service
from tests.sync.soap_peer import Peer

YEAR = parse("2025")


@pytest.fixture
def told(small: Workspace, peer: Peer) -> Workspace:
    """A ledger all of which the platform took: a set with customs data, three services, the effect."""
    instruments.add(small, replace(SOUND, asset_number="N2", released_on=date(2025, 1, 10), **CUSTOMS))
    for number in ("R1", "R2", "R3"):
        service(small, number)
    national_outgoing.set_target(small, peer.address, UNIT)
    send(small)
    return small


def send(ledger: Workspace, *kinds: str) -> int:
    found = national_outgoing.prepare(ledger, YEAR, kinds=kinds or national_outgoing.KINDS)
    assert {one.state for one in national_sending.send(ledger, found)} == {"accepted"}
    return found.n_rows


def states(ledger: Workspace, on: date | None = None) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in national_there.every(ledger, on)]


def test_what_stands_as_it_was_told_is_nothing_to_do(told: Workspace) -> None:
    assert states(told) == []


def test_a_reversed_and_a_replaced_service_are_to_be_taken_off(told: Workspace) -> None:
    records.reverse(told, "R1", "重复登记")
    successor = records.correct(told, "R2", "机时记错", Given(item="扫描电镜测试"))
    assert states(told) == [("R1", "reversed"), ("R2", "corrected")]
    assert states(told, today() - timedelta(days=1)) == [], "asked of the day before, it had not happened"
    first, second = national_there.open_rows(told)
    assert (first.since, first.finding.code, first.finding.severity) == (today(), "national_there.to_do_reversed", "warning")
    assert (second.successor, dict(second.finding.params)["successor"]) == (successor, successor)
    for row in (first, second):
        for language in ("zh", "en"):
            assert "{" not in words.say_in(language, row.finding.code, **dict(row.finding.params))
    with pytest.raises(Refused, match=r"national\.nothing_new"):
        national_outgoing.prepare(told, YEAR, kinds=("6",))
    (span,) = [one for one in national_due.records(told, 2025) if one.n_sound]
    assert (span.n_sound, span.n_taken, span.state) == (1, 1, "told")


def test_that_it_was_seen_to_is_said_once_with_a_ground_and_undone(told: Workspace) -> None:
    for number in ("R1", "R2"):
        records.reverse(told, number, "重复登记")
    for kind, names, reason, code in (
        ("6", ["R1", "R3"], "平台已撤", "national.nothing_to_remove"), ("4", ["R1"], "平台已撤", "national.nothing_to_remove"),
        ("6", [], "平台已撤", "national.nothing_to_remove"), ("6", ["R1"], " ", "national.no_reason"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            national_there.remove(told, kind, names, reason)
        assert refused.value.code == code
    assert len(national_there.open_rows(told)) == 2
    national_there.remove(told, "6", ["R1", "R2", "R1"], "平台服务记录页已撤下")
    assert (national_there.open_rows(told), states(told)) == ([], [("R1", "removed"), ("R2", "removed")])
    with pytest.raises(Refused, match=r"national\.nothing_to_remove"):
        national_there.remove(told, "6", ["R1"], "再来")
    history.undo_last(told)
    assert states(told) == [("R1", "reversed"), ("R2", "reversed")]


def test_a_retired_set_leaves_and_comes_again_as_new(told: Workspace) -> None:
    before = instruments.get(told, "N2")
    instruments.change(told, replace(before, retired_on=today()))
    assert ("N2", "retired") in states(told)
    national_there.remove(told, "4", ["N2"], "平台已办退出")
    instruments.change(told, replace(instruments.get(told, "N2"), retired_on=None))
    line = next(one for one in national_due.sets(told) if one.instrument.asset_number == "N2")
    assert line.report.state not in ("reported", "late")
    assert send(told, "4") == 1
    assert ("N2", "removed") not in states(told)
    instruments.change(told, replace(instruments.get(told, "N2"), retired_on=today()))
    assert ("N2", "retired") in states(told), "taken again, it is there again, whatever was said of the message before"


def test_a_set_that_became_confidential_is_told_with_its_services(told: Workspace) -> None:
    with told.write("as if decided") as operation:
        from tests.actions.canaries import _unprotected

        with _unprotected(operation.connection):
            operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1 WHERE asset_number IN ('N2', 'A1')")
    found = {one.name: one for one in national_there.every(told)}
    assert {name: one.state for name, one in found.items()} == {
        **dict.fromkeys(("N2", "R1", "R2", "R3"), "confidential"), "2025": "changed",
    }  # fmt: skip
    national_there.remove(told, "4", ["N2"], "按保密规定办理")
    assert found["N2"].finding.code == "national_there.to_do_confidential"
    assert "N2" not in {one.name for one in national_there.open_rows(told)}


@pytest.mark.parametrize(("address", "unit"), [("http://127.0.0.1:9/other", None), (None, "b" * 32), ("", "")])
def test_what_is_to_be_taken_off_stays_when_the_address_is_corrected(told: Workspace, peer: Peer, address: str | None, unit: str | None) -> None:
    """The platform has the row whatever is entered here since; where it is, is told."""
    records.reverse(told, "R1", "重复登记")
    assert national_there.open_rows(told)[0].elsewhere == ""
    national_outgoing.set_target(told, address, unit)
    (row,) = national_there.open_rows(told)
    assert (row.name, row.state, row.elsewhere) == ("R1", "reversed", peer.address)
    assert [one.code for one in row.findings] == ["national_there.to_do_reversed", "national_there.elsewhere"]
    assert dict(row.findings[1].params)["address"] == peer.address
    assert explaining.explain(told, "due", "R1").value == "reversed"
    lines = national_due.sets(told)
    assert {one.report.state for one in lines} & {"reported", "late"} == set(), "the other address has taken nothing"
    away = [one for one in lines if one.elsewhere is not None]
    assert away, "that another address has them is told"
    tree = explaining.explain(told, "due", away[0].instrument.asset_number)
    (part,) = [part for part in tree.walk() if part.code == "national_due.taken_elsewhere"]
    assert (part.value, peer.address in part.note) == (True, True)
    national_there.remove(told, "6", ["R1"], "平台已撤")
    assert (national_there.open_rows(told), states(told)) == ([], [("R1", "removed")])


def test_looking_at_the_address_in_use_alone_would_be_seen(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: rows are looked for where messages go now."""
    records.reverse(told, "R1", "重复登记")
    national_outgoing.set_target(told, "http://127.0.0.1:9/other")
    to = national_outgoing.target(told)
    monkeypatch.setattr(national_taken, "anywhere", lambda connection, kind: national_taken.of(connection, to.address, to.unit, kind))
    assert national_there.open_rows(told) == []


def test_taken_again_at_the_corrected_address_it_is_told_once(told: Workspace, peer: Peer) -> None:
    national_outgoing.set_target(told, peer.address.replace("instru", "other"))
    send(told, "6")
    records.reverse(told, "R1", "重复登记")
    (row,) = national_there.open_rows(told)
    assert (row.name, row.elsewhere) == ("R1", "")


def test_counting_what_is_due_tells_how_far_it_is_and_can_be_stopped(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever leaves the page of a large year does not wait for its end."""

    class Impatient(Watched):
        n_asked = 0

        def check(self) -> None:
            self.n_asked += 1
            if self.n_asked == 2:
                raise Cancelled

    assert len(national_due.spans(told, date(2025, 12, 31), watched := Watched())) == 4
    assert (watched.done, watched.total, watched.note_code) == (3, 4, "work.judging_services")
    monkeypatch.setattr(national_messages, "_CHECKED_EACH", 1)
    with pytest.raises(Cancelled):
        national_due.records(told, 2025, date(2025, 12, 31), impatient := Impatient())
    assert impatient.done < 4, "within a span"


def test_of_an_earlier_day_what_came_later_was_not_there(told: Workspace) -> None:
    before = today() - timedelta(days=1)
    n_taken = [sum(one.n_taken for one in national_due.records(told, 2025, day)) for day in (today(), before)]
    assert n_taken == [3, 0]
    quarter = next(one.period.name for one in national_due.records(told, 2025) if one.n_sound)
    shown = [{part.code: part.value for part in national_due_figure.explain(told, quarter, day).inputs} for day in (today(), before)]
    assert [one["national_span.n_taken"] for one in shown] == [3, 0]


def test_money_that_came_later_makes_another_effect(told: Workspace) -> None:
    records.receive(told, "R3", date(2025, 12, 30), 100_00, "FP-9")
    assert states(told) == [("2025", "changed")]
    with pytest.raises(Refused, match=r"national\.nothing_to_remove"):
        national_there.remove(told, "7", ["2025"], "平台已撤")
    assert send(told, "7") == 1
    assert states(told) == []


def test_each_is_explained(told: Workspace) -> None:
    records.reverse(told, "R1", "重复登记")
    national_there.remove(told, "6", ["R1"], "平台已撤下")
    service(told, "R4")
    tree = explaining.explain(told, "due", "R1")
    assert tree.value == "removed"
    assert any(part.note == "平台已撤下" for part in tree.walk())
    whole = explaining.explain(told, "due", "N2")
    assert {"national.report_days", "national.threshold_fen"} <= {part.code.removeprefix("parameter.") for part in whole.walk()}
    instruments.change(told, replace(instruments.get(told, "N2"), retired_on=today()))
    assert [part.value for part in explaining.explain(told, "due", "N2").walk() if part.code == "national_there.state"] == ["retired"]
    quarter = next(one.period.name for one in national_due.records(told, 2025) if one.n_sound)
    span = explaining.explain(told, "due", quarter)
    assert (span.value, [part.value for part in span.inputs if part.code.startswith("national_span.n_")]) == ("to_tell", [1, 2, 0])
    for one in (tree, whole, span):
        assert not [line for line in explaining.as_lines(one) if "national_" in line]
    for key, code in (("R4", "national.due_not_taken"), ("去年", "national.due_unknown"), ("2025", "national.due_unknown")):
        with pytest.raises(Refused) as refused:
            explaining.explain(told, "due", key)
        assert refused.value.code == code


def test_one_that_forgets_what_was_taken_off_would_be_seen(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national_there.rules, "assess", lambda facts, on, real=national_there.rules.assess: real(replace(facts, removed_on=None), on))
    with pytest.raises(AssertionError):
        test_that_it_was_seen_to_is_said_once_with_a_ground_and_undone(told)
