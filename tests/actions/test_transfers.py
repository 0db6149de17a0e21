"""Transfers in a real ledger: two people, a day of handing over, what becomes of the set, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop import words
from desktop.actions import (
    explaining,
    history,
    instruments,
    performance,
    reclassifying,
    reporting,
    transfer_form,
    transfers,
    upkeep,
)
from desktop.actions.transfers import Done
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.problem import Problem, Refused
from desktop.reports import plain
from desktop.reports.content import Letterhead
from desktop.rules import figure_json
from desktop.store import performance as uses
from desktop.store import reporting as sums
from tests.actions.making import APPROVER, AUDITOR, FINANCE, LAB, OFFICE, PINS, enter, posted

RECEIVER = {"receiver": "鲁东学院", "receiver_uscc": "１23702004000000266 "}


def moved(workspace: Workspace, asset: str = "A1", **more: str) -> Done:
    given = {"department": "化学系", "keeper": "孙八"} | more
    return transfers.prepare(workspace, asset, "internal", "使用率低", OFFICE, PINS[OFFICE], **given)


def given_free(workspace: Workspace, asset: str = "A2", **more: str) -> Done:
    return transfers.prepare(workspace, asset, "allocation", "本校不再使用", LAB, PINS[LAB], **(RECEIVER | more))


def approved(workspace: Workspace, done: Done, **more: str) -> str:
    number = done.listed.transfer.number
    transfers.approve(workspace, number, APPROVER, PINS[APPROVER], **more)
    return number


def refused(code: str, act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as told:
        act()
    assert told.value.code == code
    return told.value


def test_a_set_is_moved_inside_by_two(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), department="物理系", category="通用"))
    prepared = moved(small)
    one = prepared.listed.transfer
    assert (one.number, one.state, one.from_department, prepared.listed.prepared_by) == (f"DB{today().year}-001", "prepared", "物理系", OFFICE)
    assert instruments.get(small, "A1").department == "物理系", "nothing moves before it is handed over"
    number = approved(small, prepared, note="同意")
    done = transfers.hand_over(small, number, today(), OFFICE, PINS[OFFICE], gave="钱七", took="孙八", parts="钥匙2把")
    after = instruments.get(small, "A1")
    assert (after.department, after.contact, after.retired_on) == ("化学系", "孙八", None)
    assert (done.listed.transfer.state, done.listed.transfer.parts, done.listed.decided_by) == ("handed_over", "钥匙2把", APPROVER)
    assert {"instrument", "transfer"} <= set(done.changes.kinds)
    assert upkeep.verify(small).ok
    assert [one.transfer.state for one in transfers.every(small, asset_number="A1")] == ["handed_over"]


def test_a_year_that_is_over_stays_with_the_department_that_had_the_set(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), department="物理系"))
    instruments.change(small, replace(instruments.get(small, "A2"), department="化学系"))
    posted(small, "R1", "A1", date(2025, 8, 7))
    posted(small, "R2", "A1", date(2026, 8, 7))

    def had(year: str) -> dict[str, list[str]]:
        period = periods.parse(year)
        found = performance.year(small, period, today())
        return {name: [use.asset_number for use, _ in sets] for name, sets in performance.departments(found).items()}

    def users(year: str) -> dict[str, int]:
        with small.read() as connection:
            return uses.n_users_by_department(connection, periods.parse(year))

    def served(quarter: str) -> list[tuple[str, str]]:
        with small.read() as connection:
            return [(one.asset_number, one.department) for one in sums.shared(connection, periods.parse(quarter))]

    before = had("2025"), users("2025"), served("2025Q3")
    number = approved(small, moved(small))
    transfers.hand_over(small, number, today(), OFFICE, PINS[OFFICE])
    assert (had("2025"), users("2025"), served("2025Q3")) == before
    assert before == ({"物理系": ["A1"], "化学系": ["A2"]}, {"物理系": 1}, [("A1", "物理系")])
    # The year in which it moved is that of where it is on its last day.
    assert (had("2026"), users("2026"), served("2026Q3")) == ({"化学系": ["A1", "A2"]}, {"化学系": 1}, [("A1", "物理系")])


def test_what_was_seen_of_the_set_is_kept_with_the_proposal(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用"))
    prepared = moved(small)
    tree = figure_json.from_json(prepared.listed.transfer.figure)
    assert (tree.code, tree.value) == ("transfer.verdict", "candidate")
    assert "transfer.told_no_records" in [one.code for one in prepared.findings]
    assert "transfer.judged_unknown" in [one.code for one in given_free(small).findings], "A2 has no category"


def test_a_transfer_is_explained_by_its_number_as_it_was_seen(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用"))
    one = moved(small).listed.transfer
    told = explaining.explain(small, "transfer", f" {one.number} ")
    assert (told.inputs, told.value) == ((figure_json.from_json(one.figure),), today())
    posted(small, "R1", day=date(today().year - 1, 5, 6), minutes=90)
    assert explaining.explain(small, "transfer", one.number) == told, "what is posted since changes nothing of it"
    assert explaining.explain(small, "transfer", "A1") != told.inputs[0]
    refused("performance.not_in_service", lambda: explaining.explain(small, "transfer", one.number, period="2025"))
    instruments.add(small, replace(instruments.get(small, "A2"), id="", asset_number="A3", accepted_on=today()))
    number = moved(small, "A3").listed.transfer.number
    refused("transfer.not_judged", lambda: explaining.explain(small, "transfer", number))
    instruments.add(small, replace(instruments.get(small, "A2"), id="", asset_number=one.number))
    assert explaining.explain(small, "transfer", one.number).code == "transfer.verdict", "a set of that number is asked for first"


def test_what_is_given_free_needs_a_paper_and_ends_its_service_here(small: Workspace) -> None:
    enter(small, "R1", "A2")
    prepared = given_free(small)
    one = prepared.listed.transfer
    assert (one.receiver_uscc, one.to_department) == ("123702004000000266", "")
    refused("transfer.no_document", lambda: transfers.approve(small, one.number, APPROVER, PINS[APPROVER]))
    number = approved(small, prepared, document="鲁财资〔2026〕3号")
    done = transfers.hand_over(small, number, today(), LAB, PINS[LAB])
    assert instruments.get(small, "A2").retired_on == today()
    assert [one.code for one in done.findings] == ["transfer.drafts"]
    refused("transfer.retired", lambda: moved(small, "A2"))


def test_a_set_given_free_before_its_acceptance_or_its_last_service_is_refused_or_told(small: Workspace) -> None:
    """The step is final: a slip in the year would retire the set for good, before it was there."""
    instruments.change(small, replace(instruments.get(small, "A2"), accepted_on=date(2024, 5, 6)))
    posted(small, "R1", "A2", date(2025, 5, 8))
    number = approved(small, given_free(small), document="鲁财资〔2026〕3号")
    before = transfers.show(small, number)
    refused("transfer.before_acceptance", lambda: transfers.hand_over(small, number, date(2024, 5, 5), LAB, PINS[LAB]))
    assert transfers.show(small, number) == before
    assert instruments.get(small, "A2").retired_on is None
    done = transfers.hand_over(small, number, date(2025, 5, 7), LAB, PINS[LAB])
    assert [one.code for one in done.findings] == ["transfer.before_approval", "instrument_entry.used_after"]
    assert dict(done.findings[1].params)["last"] == "2025-05-08"


def test_one_set_has_one_unfinished_transfer(small: Workspace) -> None:
    first = moved(small).listed.transfer.number
    refused("transfer.waiting_already", lambda: given_free(small, "A1"))
    transfers.withdraw(small, first, OFFICE, PINS[OFFICE])
    second = moved(small).listed.transfer.number
    assert second.endswith("-002"), "a number is never given twice"
    transfers.decline(small, second, APPROVER, PINS[APPROVER], "仍在使用")
    assert [one.transfer.state for one in transfers.every(small)] == ["declined", "withdrawn"]


REFUSED: dict[str, tuple[str, Callable[[Workspace, str], object]]] = {
    "by oneself": ("transfer.same_person", lambda w, n: transfers.approve(w, n, OFFICE, PINS[OFFICE])),
    "a wrong PIN": ("person.pin", lambda w, n: transfers.approve(w, n, APPROVER, "0000")),
    "a role that may not": ("person.not_allowed", lambda w, n: transfers.approve(w, n, FINANCE, PINS[FINANCE])),
    "declined without a reason": ("transfer.no_reason", lambda w, n: transfers.decline(w, n, APPROVER, PINS[APPROVER])),
    "withdrawn by another": ("transfer.not_own", lambda w, n: transfers.withdraw(w, n, LAB, PINS[LAB])),
    "handed over unapproved": ("transfer.wrong_state", lambda w, n: transfers.hand_over(w, n, today(), OFFICE, PINS[OFFICE])),
    "no such number": ("transfer.unknown_number", lambda w, n: transfers.show(w, "DB1999-001")),
    "a confidential set": ("transfer.confidential", lambda w, n: moved(w, "S1")),
    "an unknown set": ("instrument.unknown", lambda w, n: moved(w, "A9")),
    "a kind that is none": ("transfer.kind_unknown", lambda w, n: transfers.prepare(w, "A2", "sale", "卖", OFFICE, PINS[OFFICE])),
    "a receiver of a set that stays inside": (
        "transfer.target_of_other_kind_internal",
        lambda w, n: transfers.prepare(w, "A2", "internal", "因", OFFICE, PINS[OFFICE], department="化学系", receiver="某单位"),
    ),
    "a department of a set that is given away": (
        "transfer.target_of_other_kind_allocation",
        lambda w, n: transfers.prepare(w, "A2", "allocation", "因", OFFICE, PINS[OFFICE], department="化学系", **RECEIVER),
    ),
    "an auditor proposes": ("person.not_allowed", lambda w, n: transfers.prepare(w, "A2", "internal", "因", AUDITOR, PINS[AUDITOR], department="化学系")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_writes_nothing(small: Workspace, name: str) -> None:
    code, act = REFUSED[name]
    number = moved(small).listed.transfer.number
    before = (transfers.every(small), history.latest(small, 1))
    refused(code, lambda: act(small, number))
    assert (transfers.every(small), history.latest(small, 1)) == before


def test_a_day_to_come_is_refused_and_one_before_the_approval_is_told(small: Workspace) -> None:
    number = approved(small, moved(small))
    refused("transfer.in_future", lambda: transfers.hand_over(small, number, today() + timedelta(1), OFFICE, PINS[OFFICE]))
    told = transfers.hand_over(small, number, today() - timedelta(1), OFFICE, PINS[OFFICE]).findings
    assert [one.code for one in told] == ["transfer.before_approval"]


@pytest.mark.parametrize(
    ("field", "limit", "act"),
    [
        ("department", 500, lambda w, n, text: moved(w, "A2", department=text)),
        ("keeper", 500, lambda w, n, text: moved(w, "A2", keeper=text)),
        ("receiver", 500, lambda w, n, text: given_free(w, receiver=text)),
        ("paper", 500, lambda w, n, text: transfers.approve(w, n, APPROVER, PINS[APPROVER], document=text)),
        ("reason", 5_000, lambda w, n, text: transfers.decline(w, n, APPROVER, PINS[APPROVER], text)),
    ],
)
def test_a_text_no_form_can_hold_is_refused(
    small: Workspace, field: str, limit: int, act: Callable[[Workspace, str, str], Done]
) -> None:
    number = moved(small).listed.transfer.number
    before = (transfers.every(small), history.latest(small, 1))
    found = refused("transfer.too_long", lambda: act(small, number, "长" * (limit + 1)))
    assert found.params == {"n": str(limit + 1), "limit": str(limit)}
    assert (transfers.every(small), history.latest(small, 1)) == before
    assert act(small, number, "长" * limit).changes.operation


def test_what_nobody_sees_does_not_become_the_sets_department(small: Workspace) -> None:
    number = approved(small, moved(small, department="化学\u200b\t系\x02 ", keeper="\u202e孙八"))
    transfers.hand_over(small, number, today(), OFFICE, PINS[OFFICE], gave="钱七\x01")
    assert (instruments.get(small, "A1").department, instruments.get(small, "A1").contact) == ("化学 系", "孙八")
    assert transfers.show(small, number).transfer.gave == "钱七"


BACKWARD = {
    "a step back": "UPDATE transfer SET state = 'prepared', decided_by = NULL, decided_at = NULL, handed_on = NULL",
    "another reason": "UPDATE transfer SET reason = '另一理由'",
    "another day": "UPDATE transfer SET handed_on = '2020-01-01'",
    "gone": "DELETE FROM transfer",
}


@pytest.mark.parametrize("name", BACKWARD)
def test_the_database_lets_nothing_finished_change(small: Workspace, name: str) -> None:
    number = approved(small, moved(small))
    transfers.hand_over(small, number, today(), OFFICE, PINS[OFFICE])
    with pytest.raises(Problem) as told, small.write("a slip") as operation:
        operation.connection.exec_driver_sql(BACKWARD[name])
    assert told.value.code == "transfer.forward"
    assert transfers.show(small, number).transfer.state == "handed_over"


def test_the_database_itself_wants_two_people(small: Workspace) -> None:
    moved(small)
    sql = "UPDATE transfer SET state = 'approved', decided_by = prepared_by, decided_at = '2026-01-01T00:00+00:00'"
    with pytest.raises(Problem) as told, small.write("a slip") as operation:
        operation.connection.exec_driver_sql(sql)
    assert told.value.code == "transfer.forward"


def test_the_form_says_what_was_done_and_what_was_seen(small: Workspace, tmp_path: Path) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), department="物理系", category="通用"))
    prepared = moved(small)
    number = prepared.listed.transfer.number
    head = Letterhead("齐鲁示范大学", today(), "0" * 64, "0" * 64)
    early = transfer_form.gather(small, number, head)
    assert early.mark == "草稿"
    assert "未审批" in plain.text(early)
    approved(small, prepared)
    transfers.hand_over(small, number, today(), OFFICE, PINS[OFFICE], gave="钱七", took="孙八", parts="钥匙2把")
    done = transfer_form.gather(small, number, head)
    text = plain.text(done)
    assert done.mark == ""
    for said in ("物理系", "化学系", "伍拾万元整", "钥匙2把", "钱七", "孙八", APPROVER, "调配候选", "使用率低: 符合"):
        assert said in text, said
    instruments.change(small, replace(instruments.get(small, "A1"), category="专用"))
    assert "调配候选" in plain.text(transfer_form.gather(small, number, head)), "what was seen is kept, whatever is entered later"
    words.use("en")
    try:
        told = plain.text(transfer_form.gather(small, number, replace(head, institution="Q")))
    finally:
        words.use("zh")
    for own in ("未", "：", "，", "。", "、", "移交", "接收", "调配"):
        assert own not in told, [line for line in told.splitlines() if own in line]
    with pytest.raises(Refused, match=r"report\.format"):
        reporting.make_handover(small, number, out=tmp_path / "form.doc")
    with pytest.raises(Refused, match=r"transfer\.unknown_number"):
        reporting.make_handover(small, "DB1999-001", out=tmp_path / "form.pdf")


def test_the_list_of_candidates_names_what_is_under_way(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用"))
    number = moved(small).listed.transfer.number
    assert number in plain.text(reporting.content(small, "transfers"))
    transfers.withdraw(small, number, OFFICE, PINS[OFFICE])
    assert number not in plain.text(reporting.content(small, "transfers"))


def test_nothing_is_printed_of_a_set_made_confidential_since(small: Workspace) -> None:
    number = moved(small).listed.transfer.number
    reclassifying.prepare(small, "A1", True, "定密", OFFICE, PINS[OFFICE])
    refused("transfer.confidential", lambda: transfer_form.gather(small, number, Letterhead("Q", today(), "0" * 64, "0" * 64)))


def test_no_step_is_undone_by_the_undo_key(small: Workspace) -> None:
    number = approved(small, moved(small))
    transfers.hand_over(small, number, date(2026, 1, 1), OFFICE, PINS[OFFICE])
    (newest,) = history.latest(small, 1)
    with pytest.raises(Problem) as told:
        history.undo_one(small, newest.seq)
    assert told.value.code.startswith("undo.")
    assert transfers.show(small, number).transfer.state == "handed_over"
