"""The platform's audit in a real ledger, with a small platform on loopback: said, imported, answered, told again, explained, printed, undone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop import words
from desktop.actions import (
    explaining,
    history,
    importing,
    instruments,
    national_audit,
    national_audit_list,
    national_due,
    national_outgoing,
    national_sending,
    national_sent,
    national_there,
    reclassifying,
    records,
    reporting,
)
from desktop.actions.workspace import Workspace, today
from desktop.ledger.national_message import LONGEST_RAW
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.rules.figure import Figure
from tests.actions import making
from tests.actions.test_national import SOUND
from tests.actions.test_national_messages import CUSTOMS, UNIT, service
from tests.sync import soap_peer
from tests.sync.soap_peer import Peer

YEAR = parse("2025")
WHY = "型号与铭牌照片不符"


@pytest.fixture
def told(small: Workspace, peer: Peer) -> Workspace:
    """A ledger whose set and two services the platform took today; a third service was never told."""
    instruments.add(small, replace(SOUND, asset_number="N2", released_on=date(2025, 1, 10), **CUSTOMS))
    for number in ("R1", "R2"):
        service(small, number)
    national_outgoing.set_target(small, peer.address, UNIT)
    send(small)
    service(small, "R3")
    return small


def send(ledger: Workspace, *kinds: str) -> int:
    found = national_outgoing.prepare(ledger, YEAR, kinds=kinds or ("4", "6"))
    assert {one.state for one in national_sending.send(ledger, found)} == {"accepted"}
    return found.n_rows


def states(ledger: Workspace, on: date | None = None) -> dict[str, str | None]:
    return {one.name: one.state for one in national_audit_list.every(ledger, on)}


def n_kept(ledger: Workspace) -> int:
    with ledger.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM national_audit").scalar_one())


def codes(figure: Figure) -> dict[str, object]:
    found = {figure.code: figure.value}
    for one in figure.inputs:
        found |= codes(one)
    return found


def test_what_nobody_looked_at_is_unknown(told: Workspace) -> None:
    assert states(told) == {"N2": None, "R1": None, "R2": None}
    assert national_audit_list.open_rows(told) == []
    assert states(told, today() - timedelta(days=1)) == {}, "the day before, the platform had none of them"


def test_a_refused_set_is_due_again_with_its_reason_until_it_is_taken_anew(told: Workspace) -> None:
    national_audit.say(told, "4", ["N2"], "refused", f" {WHY} ")
    (row,) = national_audit_list.open_rows(told)
    assert (row.name, row.state, row.audit and row.audit.reason, row.finding and row.finding.severity) == ("N2", "refused", WHY, "warning")
    line = next(one for one in national_due.sets(told) if one.instrument.asset_number == "N2")
    assert line.report.state == "refused"
    tree = codes(explaining.explain(told, "due", "N2"))
    assert (tree["national_due.state"], tree["national_audit.state"], tree["national_audit.reason"]) == ("refused", "refused", WHY)
    found = national_outgoing.prepare(told, YEAR, kinds=("4",))
    assert [one.code for one in found.findings if one.code == "national_audit.same_again"] == ["national_audit.same_again"]
    assert dict(next(one for one in found.findings if one.code == "national_audit.same_again").params)["reason"] == WHY
    instruments.change(told, replace(instruments.get(told, "N2"), model="S-4800 II"))
    again = national_outgoing.prepare(told, YEAR, kinds=("4",))
    assert (again.n_rows, again.n_changed) == (1, 1)
    assert "national_audit.same_again" not in {one.code for one in again.findings}
    send(told, "4")
    assert states(told)["N2"] is None, "taken anew, it is to be audited anew"
    assert {one.report.state for one in national_due.sets(told) if one.instrument.asset_number == "N2"} <= {"reported", "late"}


def test_a_refused_service_is_of_its_quarter_again(told: Workspace) -> None:
    (before,) = [one for one in national_due.records(told, 2025) if one.n_sound]
    national_audit.say(told, "6", ["R1"], "refused", WHY)
    (span,) = [one for one in national_due.records(told, 2025) if one.n_sound]
    assert (before.n_taken, span.n_taken, span.n_refused, span.state) == (2, 1, 1, "to_tell")
    tree = explaining.explain(told, "due", span.period.name)
    rows = {one.code: one.rows.keys for one in tree.inputs if one.rows is not None}
    assert (rows["national_span.n_refused"], rows["national_span.n_taken"]) == (("R1",), ("R2",))
    assert codes(explaining.explain(told, "due", "R1"))["national_audit.reason"] == WHY
    found = national_outgoing.prepare(told, YEAR, kinds=("6",)).findings
    assert [dict(one.params)["name"] for one in found if one.code == "national_audit.same_again"] == ["R1"], "a service is called by its record's number"
    assert send(told, "6") == 2, "the refused one, and the one that was never told"


def test_passed_pending_and_not_submitted(told: Workspace) -> None:
    national_audit.say(told, "6", ["R1"], "passed")
    national_audit.say(told, "6", ["R2"], "not_submitted")
    national_audit.say(told, "4", ["N2"], "pending")
    assert states(told) == {"R2": "not_submitted", "N2": "pending", "R1": "passed"}
    (row,) = national_audit_list.open_rows(told)
    assert (row.name, row.finding and row.finding.code) == ("R2", "national_audit.told_not_submitted")
    assert {one.n_refused for one in national_due.records(told, 2025)} == {0}
    for one in national_audit_list.every(told):
        for language in ("zh", "en"):
            assert one.finding is not None
            assert "{" not in words.say_in(language, one.finding.code, **dict(one.finding.params))


def test_what_was_seen_later_counts_and_is_taken_back(told: Workspace) -> None:
    national_audit.say(told, "6", ["R1", "R2", "R1"], "pending")
    national_audit.say(told, "6", ["R1"], "refused", WHY)
    assert (n_kept(told), states(told)["R1"], states(told)["R2"]) == (3, "refused", "pending")
    with pytest.raises(Refused, match=r"national_audit\.nothing_new"):
        national_audit.say(told, "6", ["R1"], "refused", WHY)
    history.undo_last(told)
    assert states(told)["R1"] == "pending"
    history.undo_last(told)
    assert (n_kept(told), states(told)["R1"]) == (0, None)


@pytest.mark.parametrize(
    ("kind", "name", "state", "reason", "after", "code"),
    [
        ("4", "A9", "passed", "", 0, "instrument.unknown"),
        ("6", "R9", "passed", "", 0, "record.unknown"),
        ("4", "A1", "passed", "", 0, "national_audit.never_sent"),
        ("6", "R3", "passed", "", 0, "national_audit.never_sent"),
        ("4", "S1", "passed", "", 0, "national_audit.confidential"),
        ("4", "N2", "refused", " ", 0, "national_audit.no_reason"),
        ("4", "N2", "refused", "无", 0, "national_audit.no_reason"),
        ("4", "N2", "refused", "字" * 501, 0, "national_audit.too_long"),
        ("4", "N2", "passed", "", 1, "national_audit.ahead"),
        ("4", "N2", "passed", "", -1, "national_audit.before"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_whole(told: Workspace, kind: str, name: str, state: str, reason: str, after: int, code: str) -> None:
    other = "N2" if kind == "4" else "R1"
    with pytest.raises(Refused) as refused:
        national_audit.say(told, kind, [other, name], state, reason, today() + timedelta(days=after))  # type: ignore[arg-type]  # data of a case
    assert refused.value.code == code
    assert n_kept(told) == 0


def test_what_no_longer_stands_is_taken_off_and_not_told_again(told: Workspace) -> None:
    national_audit.say(told, "6", ["R1"], "refused", WHY)
    records.reverse(told, "R1", "重复登记")
    row = next(one for one in national_audit_list.every(told) if one.name == "R1")
    assert (row.to_do, row.finding and row.finding.code) == (False, "national_audit.told_no_longer")
    assert [(one.name, one.state) for one in national_there.open_rows(told)] == [("R1", "reversed")]
    national_there.remove(told, "6", ["R1"], "平台已撤下")
    assert "R1" not in states(told)
    with pytest.raises(Refused, match=r"national_audit\.removed"):
        national_audit.say(told, "6", ["R1"], "passed")


def test_nothing_is_told_of_what_became_confidential(told: Workspace) -> None:
    national_audit.say(told, "4", ["N2"], "refused", WHY)
    reclassifying.prepare(told, "N2", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    assert "N2" not in states(told)
    assert national_audit_list.withheld(told) == 1
    printed = plain.text(reporting.content(told, "national_audit"))
    assert WHY not in printed
    assert "N2" not in printed
    national_there.remove(told, "4", ["N2"], "按保密规定办理")
    assert national_audit_list.withheld(told) == 0, "taken off there, nothing is left out"


# From a table


HEAD = "所在单位仪器编号,服务记录编号,审核结果,审核意见,审核日期"


def taken(ledger: Workspace, folder: Path, *rows: str, mapping: dict[str, str] | None = None, head: str = HEAD) -> importing.Outcome:
    file = folder / "audit.csv"
    file.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "national_audits", file, mapping=mapping)


def test_a_table_is_taken_once_and_taken_back(told: Workspace, tmp_path: Path) -> None:
    day = today().isoformat()
    rows = (f"N2,,２,{WHY},{day}", f",R1,审核通过,—,{day}", f"A1,R2,0,无,{day}")
    done = taken(told, tmp_path, *rows)
    assert (done.accepted, done.rejected) == (3, 0)
    assert {one.audit.reason for one in national_audit_list.every(told) if one.audit is not None} == {WHY, ""}, "无 and — say that there is none"
    assert states(told) == {"N2": "refused", "R2": "pending", "R1": "passed"}
    again = taken(told, tmp_path, *rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 3, 0)
    history.undo_last(told)
    assert n_kept(told) == 0


def test_a_table_with_columns_of_its_own(told: Workspace, tmp_path: Path) -> None:
    done = taken(told, tmp_path, f"N2,1,{today():%Y/%m/%d}", head="仪器,结论,哪天", mapping={"asset_number": "仪器", "state": "结论", "seen_on": "哪天"})
    assert (done.accepted, states(told)["N2"]) == (1, "passed")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("N2,,7,,{day}", "national_audit.state_unknown"), (",,1,,{day}", "national_audit.names_nothing"), ("A9,,1,,{day}", "instrument.unknown"),
        (",R9,1,,{day}", "record.unknown"), ("A1,,1,,{day}", "national_audit.never_sent"), ("S1,,1,,{day}", "national_audit.confidential"),
        ("N2,,2,,{day}", "national_audit.no_reason"), ("N2,,1,,2026-02-30", "import.date_impossible"), ("N2,,1,,2020-01-01", "national_audit.before"),
        ("N2,,1,,2079-01-01", "national_audit.ahead"), ("N2,R1,1,,{day}", "national_audit.other_set"), ("N2,,,,{day}", "import.blank"),
        ("N2,,1,,", "import.blank"), ("N2,,2," + "字" * 501 + ",{day}", "national_audit.too_long"), (",R2,0,,{day}", "import.repeated"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_rejected_alone(told: Workspace, tmp_path: Path, row: str, code: str) -> None:
    day = today().isoformat()
    done = taken(told, tmp_path, f",R2,1,,{day}", row.format(day=day))
    assert (done.accepted, done.rejected) == (1, 1)
    assert code in {one.code for one in done.findings}
    assert states(told) == {"N2": None, "R1": None, "R2": "passed"}


# From an answer


def test_an_answer_that_tells_of_its_rows_is_read_and_kept_as_it_came(small: Workspace, peer: Peer) -> None:
    instruments.add(small, replace(SOUND, asset_number="N2", customs_supervised=False))
    national_outgoing.set_target(small, peer.address, UNIT)
    answered = {"innerId": "N2", "auditState": 2, "auditReason": WHY}
    raw = json.dumps({"code": 100, "data": [answered, {"innerId": "N9", "auditState": 1}, {"innerId": "A1", "auditState": 7}]}, ensure_ascii=False)
    peer.behave = soap_peer.saying(raw)
    send(small, "4")
    (row,) = [one for one in national_audit_list.every(small) if one.audit is not None]
    assert row.audit is not None
    assert (row.name, row.state, row.audit.reason, json.loads(row.audit.raw)) == ("N2", "refused", WHY, answered)
    (message,) = national_sent.sent(small)
    assert (message.state, message.newest and message.newest.raw) == ("accepted", raw)
    assert [(one.code, dict(one.params)["name"]) for one in national_audit.unread(small, message)] == [
        ("national_audit.answer_row", "N9"), ("national_audit.answer_code", "A1"),
    ]  # fmt: skip
    assert explaining.explain(small, "due", "N2").inputs[-1].how == "answered"


def test_an_answer_in_a_file_is_kept_whole_or_not(told: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"

    def kept(*rows: dict[str, object]) -> int:
        file.write_bytes(soap_peer.told(json.dumps({"code": 100, "data": rows}, ensure_ascii=False)))
        return national_audit.keep_file(told, file)[1]

    with pytest.raises(Refused, match=r"national_audit\.no_rows"):
        kept()
    with pytest.raises(Refused, match=r"national_audit\.code_unknown"):
        kept({"innerId": "N2", "auditState": 1}, {"innerId": "N2", "auditState": "x"})
    with pytest.raises(Refused, match=r"national_audit\.never_sent"):
        kept({"innerId": "N2", "auditState": 1}, {"innerId": "A1", "auditState": 1})
    assert n_kept(told) == 0
    key = records.get(told, "R1").id
    assert kept({"innerId": "N2", "auditState": 2}, {"recordInnerId": key, "innerId": "A1", "auditState": "1"}) == 2
    assert (states(told)["N2"], states(told)["R1"]) == ("refused", "passed"), "what the platform gives no reason for is kept without one"
    assert codes(explaining.explain(told, "due", "N2"))["national_audit.reason"] is None
    history.undo_last(told)
    assert n_kept(told) == 0


def test_a_service_an_answer_tells_of_is_called_by_its_record(small: Workspace, peer: Peer) -> None:
    service(small, "R1")
    service(small, "R2")
    key = records.get(small, "R1").id
    national_outgoing.set_target(small, peer.address, UNIT)
    peer.behave = soap_peer.saying(json.dumps({"code": 100, "data": [{"recordInnerId": key, "auditState": 9}, {"recordInnerId": "X", "auditState": 9}]}))
    send(small, "6")
    (message,) = national_sent.sent(small)
    assert [dict(one.params) for one in national_audit.unread(small, message)] == [{"name": "R1", "shown": "9"}, {"name": "X", "shown": "9"}]


ODD = "型\u202e号\x1b\x00不符\ud83d"
CLEAN = "型\ufffd号\ufffd\ufffd不符\ufffd"


def odd_answer(**more: str) -> str:
    """An answer about N2 in which half a sign, ESC, NUL and a sign that turns the line round are said as JSON says them."""
    rows = [{"innerId": "N2", "auditState": 2, "auditReason": ODD, "by": ODD}]
    return json.dumps({"code": 100, "data": [*rows, *([more] if more else [])]})


def test_odd_signs_in_an_answer_do_not_lose_it(small: Workspace, peer: Peer) -> None:
    instruments.add(small, replace(SOUND, asset_number="N2", customs_supervised=False))
    national_outgoing.set_target(small, peer.address, UNIT)
    peer.behave = soap_peer.saying(odd_answer(innerId="N9\ud83d", auditState="\udc00"))
    send(small, "4")
    (audit,) = [one.audit for one in national_audit_list.every(small) if one.audit is not None]
    assert (audit.state, audit.reason) == ("refused", CLEAN)
    assert json.loads(audit.raw) == {"innerId": "N2", "auditState": 2, "auditReason": ODD, "by": ODD}
    assert not set("\x00\x1b\u202e\ud83d") & set(audit.raw), "as it came, in signs that a screen holds"
    (message,) = national_sent.sent(small)
    assert message.state == "accepted"
    (odd,) = national_audit.unread(small, message)
    assert (odd.code, dict(odd.params)) == ("national_audit.answer_code", {"name": "N9\ufffd", "shown": "\ufffd"})


def test_odd_signs_in_a_code_do_not_lose_the_answer(small: Workspace, peer: Peer) -> None:
    instruments.add(small, replace(SOUND, asset_number="N2", customs_supervised=False))
    national_outgoing.set_target(small, peer.address, UNIT)
    peer.behave = soap_peer.saying('{"code": "1\\ud83d"}')
    (message,) = national_sending.send(small, national_outgoing.prepare(small, YEAR, kinds=("4",)))
    assert (message.state, message.newest and message.newest.code) == ("unknown", "1\ufffd")


def test_odd_signs_in_an_answer_in_a_file_are_kept_as_in_one_that_came(told: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(soap_peer.told(odd_answer()))
    national_audit.keep_file(told, file)
    (row,) = national_audit_list.open_rows(told)
    assert row.audit is not None
    assert (row.audit.reason, json.loads(row.audit.raw)["by"]) == (CLEAN, ODD)
    file.write_bytes(soap_peer.told(odd_answer(innerId="N9\ud83d", auditState="1")))
    with pytest.raises(Refused, match=r"instrument\.unknown") as refused:
        national_audit.keep_file(told, file)
    assert dict(refused.value.params)["asset_number"] == "N9\ufffd"


def test_a_long_answer_whose_kept_text_is_cut_is_told(small: Workspace, peer: Peer) -> None:
    for name in ("N2", "N3"):
        instruments.add(small, replace(SOUND, asset_number=name, customs_supervised=False))
    national_outgoing.set_target(small, peer.address, UNIT)
    others = [{"innerId": f"X{n:04}", "auditState": 1} for n in range(799)]
    peer.behave = soap_peer.saying(json.dumps({"code": 100, "data": [{"innerId": "N2", "auditState": 7}, *others, {"innerId": "N3", "auditState": 1}]}))
    send(small, "4")
    assert (states(small)["N2"], states(small)["N3"]) == (None, "passed"), "what is published was read before the text was cut"
    (message,) = national_sent.sent(small)
    assert message.newest is not None
    assert len(message.newest.raw) == LONGEST_RAW
    (cut,) = national_audit.unread(small, message)
    assert (cut.code, cut.severity, dict(cut.params)) == ("national_audit.answer_cut", "warning", {"limit": str(LONGEST_RAW)})
    assert "national audit --answer" in words.say_in("zh", cut.code, **dict(cut.params))


@pytest.mark.parametrize("state", [1, 7])
def test_an_answer_that_just_fits_is_read_whole(small: Workspace, peer: Peer, state: int) -> None:
    instruments.add(small, replace(SOUND, asset_number="N2", customs_supervised=False))
    national_outgoing.set_target(small, peer.address, UNIT)
    raw = json.dumps({"code": 100, "data": [{"innerId": "N2", "auditState": state}], "more": ""})
    peer.behave = soap_peer.saying(raw.replace('""', '"' + "x" * (LONGEST_RAW - len(raw)) + '"'))
    send(small, "4")
    (message,) = national_sent.sent(small)
    assert message.newest is not None
    assert len(message.newest.raw) == LONGEST_RAW
    assert [one.code for one in national_audit.unread(small, message)] == ["national_audit.answer_code"] * (state == 7)


# On paper


def test_the_paper_lists_what_is_to_do_first(told: Workspace, tmp_path: Path) -> None:
    national_audit.say(told, "4", ["N2"], "refused", WHY)
    national_audit.say(told, "6", ["R1"], "passed")
    text = plain.text(reporting.content(told, "national_audit"))
    assert WHY in text
    assert "R1" not in text, "what passed is counted alone"
    assert "R2" not in text, "and so is what nobody looked at"
    (services,) = [line for line in text.splitlines() if line.startswith("BW") and "服务记录" in line]
    assert services.split("|")[3:] == [" 2    ", " 0      ", " 0      ", " 0      ", " 1        ", " 1"]
    for suffix in reporting.FORMATS:
        made = reporting.make(told, "national_audit", out=tmp_path / f"audit{suffix}")
        assert made.path.stat().st_size > 1000


def test_an_audit_that_outlives_the_message_it_is_of_would_be_seen(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.store import national_messages as rows

    real = rows.audits
    monkeypatch.setattr(
        rows, "audits",
        lambda connection, kind: {(one.id, key): told for (_, key), told in real(connection, kind).items() for one in rows.MESSAGES.find(connection)},
    )  # fmt: skip
    with pytest.raises(AssertionError):
        test_a_refused_set_is_due_again_with_its_reason_until_it_is_taken_anew(told)
