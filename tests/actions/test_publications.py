"""The network's word on the institution's own instruments: read when it is new, beside the ledger, nothing of a confidential one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.__main__ import main
from desktop.actions import enrolment, explaining, instruments, people, publications, reclassifying, reporting, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.ledger.publication import NetworkEvaluation
from desktop.store.facts import INSTRUMENTS
from desktop.sync.client import Client
from desktop.words import say
from tests.actions.making import APPROVER, OFFICE, PINS, ROLES
from tests.actions.province import Province
from tests.network.recorder import Recorder
from tests.reports import paper

ASKED = "GET /v1/publications"
ON = date(2026, 6, 1)


@pytest.fixture
def ledger(province: Province, empty: Workspace) -> Workspace:
    """Three sets that the network knows, and a confidential one."""
    for number, secret in (("A1", False), ("A2", False), ("A3", False), ("S1", True)):
        instruments.add(empty, Instrument("", number, f"扫描电镜{number}", 50_000_000, True, secret, date(2025, 12, 1)))
    return province.enrolled(empty)


def line(workspace: Workspace, asset: str) -> publications.Line:
    return next(one for one in publications.overview(workspace, ON).lines if one.instrument.asset_number == asset)


def codes(workspace: Workspace) -> list[tuple[str, str]]:
    return [(one.code, dict(one.params).get("asset_number", "")) for one in publications.overview(workspace, ON).findings]


def test_it_is_read_when_it_is_new_and_shown_beside_what_is_entered(ledger: Workspace, province: Province, contract_kept: Recorder) -> None:
    assert not publications.overview(ledger, ON).known
    assert contract_kept.sent[ASKED] == 0, "nothing was said: nothing is asked"
    instruments.join(ledger, "A1", date(2026, 1, 10), "N-1")
    syncing.sync(ledger)
    province.say("A1", "listed", "--number", "N-1")
    province.grade("A1", 2024, "合格")
    province.grade("A1", 2025, "优秀", "--score", "92.5")
    province.say("A2", "pending", "--reason", "请补充收费标准")
    assert [(one.code, dict(one.params)) for one in syncing.sync(ledger).findings] == [("sync.publications", {"n": "2"})]
    told = line(ledger, "A1").told
    assert told is not None
    assert (told.network_number, told.state, told.since_on, told.reason) == ("N-1", "listed", date(2026, 1, 12), "")
    evaluated = date(2026, 3, 20)
    assert told.evaluations == (NetworkEvaluation(2024, "合格", None, evaluated), NetworkEvaluation(2025, "优秀", Decimal("92.5"), evaluated))
    assert publications.grade_words(told) == "2025 年 优秀（92.5 分）"
    assert codes(ledger) == [("publication.no_number", "A2"), ("publication.not_there", "A3")]
    assert publications.overview(ledger, ON).counts == {"pending": 1, "listed": 1, "": 1}


def test_a_run_with_nothing_new_asks_nothing_and_a_change_comes_again(ledger: Workspace, province: Province, contract_kept: Recorder) -> None:
    province.say("A1", "listed", "--number", "N-1")
    syncing.sync(ledger)
    asked, before = contract_kept.sent[ASKED], contract_kept.sent.total()
    assert syncing.sync(ledger).findings == ()
    assert contract_kept.sent[ASKED] == asked
    assert contract_kept.sent.total() - before <= 4, "who it is, a token, what changed, the witness of the head"
    province.say("A1", "taken_down", "--reason", "数据长期未更新", on="2026-02-01")
    syncing.sync(ledger)
    told = line(ledger, "A1").told
    assert told is not None
    assert (told.network_number, told.state, told.reason) == ("N-1", "taken_down", "数据长期未更新")
    assert ("publication.taken_down", "A1") in codes(ledger)


def test_numbers_that_differ_are_told_and_neither_is_changed(ledger: Workspace, province: Province) -> None:
    instruments.join(ledger, "A1", date(2026, 1, 10), "N-2")
    syncing.sync(ledger)
    province.say("A1", "listed", "--number", "N-1")
    syncing.sync(ledger)
    assert ("publication.number_differs", "A1") in codes(ledger)
    assert line(ledger, "A1").instrument.network_number == "N-2"
    tree = explaining.explain(ledger, "publication", "A1", ON)
    said = explaining.as_lines(tree)
    assert said[0].startswith("与网络对照：编号不一致")
    assert any("网络的编号：N-1" in one for one in said)
    assert any("公布状态：已公布" in one for one in said)
    assert any("入网义务：已入网" in one for one in said)
    instruments.join(ledger, "A1", date(2026, 1, 10), "N-1", correcting="抄错")
    assert line(ledger, "A1").standing == "agrees"


def test_what_is_not_here_and_what_became_confidential_is_told_without_a_name(ledger: Workspace, province: Province) -> None:
    for asset in ("A1", "A2", "A3"):
        province.say(asset, "listed", "--number", f"N-{asset}")
    syncing.sync(ledger)
    for name in (OFFICE, APPROVER):
        people.add(ledger, name, ROLES[name], PINS[name])
    reclassifying.prepare(ledger, "A2", True, "受托涉密项目", OFFICE, PINS[OFFICE])
    reclassifying.approve(ledger, "A2", APPROVER, PINS[APPROVER])
    with ledger.write("test") as operation:
        operation.connection.exec_driver_sql("DELETE FROM instrument WHERE asset_number = 'A3'")
    province.say("A1", "taken_down", "--reason", "数据长期未更新")
    heard = [one.code for one in syncing.sync(ledger).findings]
    assert {"sync.publications", "publication.not_here", "publication.confidential_there"} <= set(heard), "said in the window too"
    found = publications.overview(ledger, ON)
    assert [one.network_number for one in found.elsewhere] == ["N-A3"]
    assert found.n_confidential == 1
    assert {one.instrument.asset_number for one in found.lines} == {"A1"}
    said = " ".join(say(one.code, **dict(one.params)) for one in found.findings)
    assert "N-A3" in said
    assert "A2" not in said
    for asset in ("A2", "S1"):
        with pytest.raises(Refused, match="publication.not_told"):
            publications.explain(ledger, asset, ON)
    with pytest.raises(Refused, match="publication.unknown"):
        publications.explain(ledger, "A9", ON)


def test_a_service_that_was_restored_is_read_from_the_beginning(ledger: Workspace, province: Province, tmp_path: Path) -> None:
    province.say("A1", "listed", "--number", "N-1")
    file = str(tmp_path / "network.backup")
    province.run("backup", "--file", file)
    province.say("A2", "listed", "--number", "N-2")
    syncing.sync(ledger)
    assert line(ledger, "A2").told is not None
    province.run("restore", "--file", file)
    # The cursor stands where the ledger had read to, and what it stands for is another instrument.
    province.say("A3", "listed", "--number", "N-3")
    syncing.sync(ledger)
    assert {asset: line(ledger, asset).told is not None for asset in ("A1", "A2", "A3")} == {"A1": True, "A2": False, "A3": True}


def test_leaving_the_network_forgets_its_word(ledger: Workspace, province: Province) -> None:
    province.say("A1", "listed", "--number", "N-1")
    syncing.sync(ledger)
    enrolment.leave(ledger)
    assert not publications.overview(ledger, ON).known


def test_pages_are_read_to_their_end(ledger: Workspace, province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    for asset in ("A1", "A2", "A3"):
        province.say(asset, "listed", "--number", f"N-{asset}")
    whole = Client.publications

    def one_at_a_time(client: Client, after: str = "") -> object:
        page = whole(client, after)
        shown = page.items[:1]
        return type(page)(shown, str(int(after or 0) + len(shown)), len(page.items) > 1)

    monkeypatch.setattr(Client, "publications", one_at_a_time)
    assert [dict(one.params) for one in syncing.sync(ledger).findings] == [{"n": "3"}]
    assert {line(ledger, asset).standing for asset in ("A1", "A2", "A3")} == {"number_not_entered"}


def test_a_reading_that_forgets_the_epoch_would_be_seen(
    ledger: Workspace, province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deliberately broken variant: the cursor is compared whatever history it is of."""
    monkeypatch.setattr(Client, "epoch", property(lambda client: "1"))
    with pytest.raises(AssertionError):
        test_a_service_that_was_restored_is_read_from_the_beginning(ledger, province, tmp_path)


def test_the_paper_and_the_command_tell_it_and_name_nothing_confidential(
    ledger: Workspace, province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    province.say("A1", "listed", "--number", "N-1")
    province.grade("A1", 2025, "优秀", "--score", "92.5")
    syncing.sync(ledger)
    made = reporting.make(ledger, "joining", period="2026", out=tmp_path / "joining.pdf", printed_on=ON)
    printed = paper.running("".join(paper.pages(made.path.read_bytes())))
    assert "网络公布与评价" in printed
    assert "2025年优秀（92.5分）" in printed
    assert "S1" not in printed
    ledger.close()
    capsys.readouterr()
    assert main(["published", "instruments", "--json", "--home", str(ledger.home)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["counts"] == {"listed": 1, "": 2}
    (told,) = [one for one in answer["instruments"] if one["told"]]
    assert (told["asset_number"], told["standing"]) == ("A1", "number_not_entered")
    assert told["told"]["evaluations"] == [{"year": 2025, "grade": "优秀", "score": "92.5", "evaluated_on": "2026-03-20"}]
    assert {one["code"] for one in answer["findings"]} == {"publication.number_not_entered", "publication.not_there"}
    assert "S1" not in json.dumps(answer)


def test_nothing_of_it_leaves_with_an_instrument(ledger: Workspace, province: Province) -> None:
    province.say("A1", "listed", "--number", "N-1")
    syncing.sync(ledger)
    assert syncing.preview(ledger).lines == ()
    with ledger.read() as connection:
        one = INSTRUMENTS.one(connection, "asset_number = 'A1'", ())
    assert one is not None
    assert one.network_number == "", "what the network says is never written over what is entered"
