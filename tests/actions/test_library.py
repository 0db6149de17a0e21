"""What the network publishes: read when it is new, kept for when there is no line, never counted without a person."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop.actions import (
    calendars,
    enrolment,
    explaining,
    history,
    library,
    locator,
    parameter_published,
    parameter_sets,
    parameters,
    syncing,
)
from desktop.actions.duties import calendar_of
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store import sync_rows
from desktop.store.database import quick
from desktop.sync.client import Client
from desktop.sync.outcome import RemoteProblem
from tests.actions.making import USCC, start
from tests.actions.province import Province
from tests.network.recorder import Recorder

N_ELSEWHERE = 1200
TODAY = date(2026, 11, 23)  # of the desk; the service goes by the clock


@pytest.fixture
def ledger(province: Province, empty: Workspace) -> Workspace:
    return province.enrolled(empty)


def test_a_notice_is_read_once_shown_by_its_day_and_marked_by_a_person(
    ledger: Workspace, province: Province, contract_kept: Recorder
) -> None:
    for title, due in (("补报记录", "2026-12-31"), ("补报仪器", "2026-12-01")):
        province.notice(title, due)
    assert [(one.code, dict(one.params)) for one in syncing.sync(ledger).findings] == [("sync.new_notices", {"n": "2"})]
    assert [(one.title, one.due_on, one.read_at) for one in library.notices(ledger)] == [
        ("补报仪器", date(2026, 12, 1), None),
        ("补报记录", date(2026, 12, 31), None),
    ]
    first = library.notices(ledger)[0]
    assert (first.kind, first.text) == ("rectification", "请补报2025年度服务记录。")
    library.mark(ledger, first.id)
    assert [(one.title, one.read_at is not None, one.read_by) for one in library.notices(ledger)] == [
        ("补报记录", False, ""),
        ("补报仪器", True, ledger.who),
    ]
    tree = explaining.explain(ledger, "notice", first.id, date(2026, 11, 30))
    assert (tree.value, {part.code: part.value for part in tree.walk()}["notice.workdays"]) == ("due", 1)
    assert "未答复，没有到期限" in explaining.as_lines(tree)[0]
    assert explaining.explain(ledger, "notice", first.id, date(2026, 12, 2)).value == "overdue"
    with pytest.raises(Refused, match="notice.unknown"):
        explaining.explain(ledger, "notice", "x")
    asked = contract_kept.sent["GET /v1/notices"]
    assert syncing.sync(ledger).findings == ()
    assert contract_kept.sent["GET /v1/notices"] == asked, "nothing new: nothing is asked"
    with pytest.raises(Refused, match="notice.unknown"):
        library.mark(ledger, "x")
    library.mark(ledger, first.id, read=False)
    assert all(one.read_at is None for one in library.notices(ledger))


def test_an_answer_goes_to_whoever_sent_the_notice_and_to_no_other(ledger: Workspace, province: Province, tmp_path: Path) -> None:
    province.notice("补报记录")
    syncing.sync(ledger)
    (notice,) = library.notices(ledger)
    library.answer(ledger, notice.id, " 已于1月18日补报12条。\n其余2条在核对。 ", TODAY)
    (told,) = library.notices(ledger)
    assert [(one.text, one.answered_on, one.answered_by, one.sent) for one in told.answers] == [
        ("已于1月18日补报12条。\n其余2条在核对。", TODAY, ledger.who, False)
    ]
    assert told.read_by == ledger.who
    with ledger.read() as connection:
        assert sync_rows.one(quick(connection), "notice_answer", told.answers[0].id, "hub") == (None, True), "the hub did not ask"
    shown = syncing.preview(ledger)
    assert [(line.kind, line.label) for line in shown.lines] == [("notice_answer", "补报记录 2026-11-23")]
    (body,) = [line.body for line in shown.lines]
    assert body == {
        "id": told.answers[0].id, "notice_id": notice.id, "text": "已于1月18日补报12条。\n其余2条在核对。", "answered_on": "2026-11-23",
    }, "who wrote it stays here"  # fmt: skip
    done = syncing.sync(ledger, approved=shown.digests)
    assert (done.sent, done.parked, done.digest_equal) == (1, 0, True)
    with start(tmp_path / "second") as second:
        enrolment.enrol(second, province.address, str(province.run("enrolment-code", "--uscc", USCC)["code"]))
        assert syncing.sync(second).digest_equal
        (there,) = library.notices(second)
        assert [(one.text[:9], one.answered_by, one.sent) for one in there.answers] == [("已于1月18日补报", "", True)]
    library.answer(ledger, notice.id, "其余2条已补报。", TODAY)
    assert [one.sent for one in library.notices(ledger)[0].answers] == [True, False]
    history.undo_last(ledger)
    assert [one.sent for one in library.notices(ledger)[0].answers] == [True]


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        (" \n ", None, "notice.empty_answer"),
        ("长" * 4001, None, "notice.long_answer"),
        ("好", date(2999, 1, 1), "notice.answer_to_come"),
        ("好", TODAY - timedelta(days=1), "notice.answer_before"),
    ],
)
def test_an_answer_that_says_nothing_or_cannot_be_is_not_kept(
    ledger: Workspace, province: Province, text: str, on: date | None, code: str
) -> None:
    province.notice("补报记录")
    syncing.sync(ledger)
    (notice,) = library.notices(ledger)
    with pytest.raises(Refused, match=code):
        library.answer(ledger, notice.id, text, on)
    with pytest.raises(Refused, match="notice.unknown"):
        library.answer(ledger, "x", "好")
    assert (library.notices(ledger)[0].answers, library.notices(ledger)[0].read_at) == ((), None)


def test_a_run_with_nothing_to_do_asks_three_times_at_most(ledger: Workspace, province: Province, contract_kept: Recorder) -> None:
    province.run("publish")
    province.notice("补报")
    syncing.sync(ledger)
    syncing.sync(ledger)
    before = contract_kept.sent.total()
    syncing.sync(ledger)
    assert contract_kept.sent.total() - before <= 3


def test_what_cannot_be_read_beside_a_sync_does_not_undo_it_and_comes_next_time(
    ledger: Workspace, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> object:
        raise RemoteProblem("sync.offline", "retry")

    province.notice("补报")
    monkeypatch.setattr(Client, "notices", away)
    done = syncing.sync(ledger)
    assert (done.digest_equal, [one.code for one in done.findings]) == (True, ["sync.not_read"])
    monkeypatch.undo()
    assert [one.code for one in syncing.sync(ledger).findings] == ["sync.new_notices"]


def test_new_notices_are_told_also_when_what_is_read_after_them_fails(ledger: Workspace, province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object) -> int:
        raise RemoteProblem("sync.offline", "retry")

    province.notice("补报")
    monkeypatch.setattr(syncing.publications, "read_new", away)
    done = syncing.sync(ledger)
    assert (done.digest_equal, [one.code for one in done.findings]) == (True, ["sync.new_notices", "sync.not_read"])
    monkeypatch.undo()
    assert syncing.sync(ledger).findings == ()


def test_notices_are_read_again_from_a_service_that_came_from_a_backup(ledger: Workspace, province: Province) -> None:
    for title in ("一", "二", "三"):
        province.notice(title)
    syncing.sync(ledger)
    library.mark(ledger, next(one.id for one in library.notices(ledger) if one.title == "一"))
    with ledger.write("as if many had been read") as operation:
        operation.connection.exec_driver_sql("UPDATE remote SET notices_cursor = '99'")
    province.notice("四")
    syncing.sync(ledger)
    assert {(one.title, one.read_at is not None) for one in library.notices(ledger)} == {
        ("一", True), ("二", False), ("三", False), ("四", False),
    }  # fmt: skip


def test_instruments_elsewhere_are_found_without_a_line(ledger: Workspace, province: Province, contract_kept: Recorder) -> None:
    province.run("seed-catalogue", "--n", str(N_ELSEWHERE))
    assert locator.find(ledger, "天平") == (0, [], False, "")
    assert library.refresh_catalogue(ledger) == N_ELSEWHERE
    assert contract_kept.sent["GET /v1/catalogue"] >= 2
    asked = contract_kept.sent.total()
    n_found, found, resembling, read = locator.find(ledger, "电镜 济南")
    assert not resembling
    assert read == "电镜＝电子显微镜"
    assert 0 < n_found == len(found) < N_ELSEWHERE
    assert all(("电镜" in one.name or "电子显微镜" in one.name) and "济南" in one.institution_name + one.place for one in found)
    assert locator.find(ledger, "电镜 %")[0] == 0, "a sign of the database's own counts as itself"
    model = found[0].model
    assert found[0].id in {one.id for one in locator.find(ledger, model.lower())[1]}
    assert locator.find(ledger, "")[0] == N_ELSEWHERE
    assert library.catalogue_read_at(ledger)[0] == N_ELSEWHERE
    assert library.catalogue_read_at(ledger)[1]
    assert contract_kept.sent.total() == asked
    province.run("seed-catalogue", "--n", "10", "--seed", "2")
    assert library.refresh_catalogue(ledger) == 10, "what is no longer there goes"


def test_a_catalogue_that_broke_off_leaves_what_was_known(
    ledger: Workspace, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.run("seed-catalogue", "--n", str(N_ELSEWHERE))
    library.refresh_catalogue(ledger)
    right, turns = Client.catalogue, []

    def breaks(client: Client, cursor: str) -> object:
        turns.append(cursor)
        if len(turns) > 1:
            raise RemoteProblem("sync.offline", "retry")
        return right(client, cursor)

    monkeypatch.setattr(Client, "catalogue", breaks)
    with pytest.raises(RemoteProblem):
        library.refresh_catalogue(ledger)
    assert library.catalogue_read_at(ledger)[0] == N_ELSEWHERE


YEAR_2027 = {
    "year": 2027, "source": "国务院办公厅", "document": "国办发明电〔2026〕9号", "issued_on": "2026-11-04", "certainty": "A", "note": "",
    "weekday_off": {
        "2027-01-01": "元旦", "2027-02-08": "春节", "2027-02-09": "春节", "2027-02-10": "春节", "2027-02-11": "春节", "2027-02-12": "春节",
        "2027-04-05": "清明节", "2027-05-03": "劳动节", "2027-05-04": "劳动节", "2027-05-05": "劳动节", "2027-06-09": "端午节",
        "2027-09-15": "中秋节", "2027-10-01": "国庆节", "2027-10-04": "国庆节", "2027-10-05": "国庆节", "2027-10-06": "国庆节", "2027-10-07": "国庆节",
    },
    "makeup_workday": {"2027-01-30": "春节", "2027-02-20": "春节"}, "weekend_off": {},
}  # fmt: skip


def test_a_calendar_of_the_network_is_checked_as_a_file_and_counts_only_once_taken(
    ledger: Workspace, province: Province, contract_kept: Recorder
) -> None:
    with pytest.raises(Refused, match="workday.not_published"):
        calendars.published(ledger, 2027)
    torn = {name: value for name, value in YEAR_2027.items() if name != "weekday_off"} | {"weekday_off": {"2027-01-01": "元旦"}}
    province.book("calendar", {"2027": torn, "2028": {"year": 2028}})
    syncing.sync(ledger)
    before = calendar_of(ledger)
    plan = calendars.published(ledger, 2027)
    assert plan.errors
    with pytest.raises(Refused, match="workday.file_refused"):
        calendars.commit(ledger, plan)
    with pytest.raises(Refused, match="workday.file_unreadable"):
        calendars.published(ledger, 2028)
    province.book("calendar", {"2027": YEAR_2027})
    syncing.sync(ledger)
    plan = calendars.published(ledger, 2027)
    assert (plan.errors, plan.n_off, len(plan.days), len(plan.changed)) == ((), 17, 19, 0)
    assert calendar_of(ledger) == before, "looking takes nothing"
    calendars.commit(ledger, plan)
    assert {one.day for one in calendar_of(ledger).days} - {one.day for one in before.days} == {one.day for one in plan.days}
    history.undo_last(ledger)
    assert calendar_of(ledger) == before
    assert contract_kept.sent["GET /v1/reference/{codebook}"] == 2, "each version is read once"


def test_books_of_the_network_change_no_rule_of_the_ledger(ledger: Workspace, province: Province) -> None:
    before = parameters.every(ledger)
    province.run("publish")
    years = {
        "2024": {"effective_hours": 1570, "source": "国科办基〔2025〕9号"},
        "2025": {"effective_hours": 1599, "sharing_rate": {"value": "0.21", "source": "评价考核通报"}, "heard": [1]},
    }
    province.book("benchmarks", years)
    syncing.sync(ledger)
    assert {name for _, name, _, _ in library.books(ledger)} >= {"benchmarks", "calendar", "parameters", "regions"}
    assert before == parameters.every(ledger)
    assert [(one.year, one.name, one.value, one.source) for one in library.benchmarks(ledger)] == [
        ("2025", "effective_hours", "1599", ""), ("2025", "sharing_rate", "0.21", "评价考核通报"), ("2024", "effective_hours", "1570", "国科办基〔2025〕9号"),
    ]  # fmt: skip
    enrolment.leave(ledger)
    assert library.books(ledger) == []


def test_rule_values_of_the_network_come_with_a_sync_and_count_only_once_taken(ledger: Workspace, province: Province) -> None:
    newer = {
        "key": "duty.join_days", "from": "2026-06-01", "value": 45, "unit": "workdays", "source": "鲁科字〔2026〕3号", "clause": "第2条", "certainty": "A",
    }  # fmt: skip
    province.book("parameters", {"duty": {"value": [newer]}})
    syncing.sync(ledger)
    before = parameters.every(ledger)
    plan = parameter_published.published(ledger)
    assert [(one.parameter.key, one.parameter.value) for one in plan.new] == [("duty.join_days", 45)]
    assert parameters.every(ledger) == before, "looking takes nothing"
    parameter_sets.commit(ledger, plan, "省网发布")
    assert parameters.every(ledger) != before
    enrolment.leave(ledger)
    with pytest.raises(Refused, match="parameter.not_published"):
        parameter_published.published(ledger)
