"""Management documents entered, ended, taken out and brought back; their files; what the database itself refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy.exc

from desktop.actions import evidence, explaining, history, management, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.management import ManagementDocument
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.store.management import DOCUMENTS
from tests.actions.explained import unexplained
from tests.actions.making import sound

PAPER = ManagementDocument(
    "", "sharing", "校发1号", "开放共享管理办法", date(2024, 9, 1), date(2024, 9, 1), date(2026, 12, 31), "设备处"
)
AGREEMENT = replace(PAPER, kind="ip_agreement", number="ZSCQ-1", title="成果归属约定", party="甲公司", issuer="")


def states(workspace: Workspace, on: date | None = None) -> dict[str, str]:
    found = management.checklist(workspace, on)
    assert found.required is not None
    return {one.kind: one.state for one in (*found.required, *found.others, *found.agreements)}


def test_a_paper_is_entered_corrected_ended_and_taken_out(empty: Workspace) -> None:
    assert set(states(empty).values()) == {"missing"}
    management.enter(empty, replace(PAPER, number=" 校发1号 "))
    management.enter(empty, AGREEMENT)
    assert (states(empty)["sharing"], states(empty)["ip_agreement"]) == ("ends_soon", "ends_soon")
    management.change(empty, "校发1号", replace(PAPER, last_on=None, number="校发〔2024〕1号"))
    assert states(empty)["sharing"] == "in_force"
    management.end(empty, "校发〔2024〕1号", date(2026, 11, 22))
    assert states(empty)["sharing"] == "over", "today is the day after"
    management.withdraw(empty, "校发〔2024〕1号", "登错")
    assert states(empty)["sharing"] == "missing"
    history.undo_last(empty)
    assert states(empty)["sharing"] == "over"
    assert [one.number for one in management.every(empty)] == ["ZSCQ-1", "校发〔2024〕1号"]
    assert sound(empty)


def test_what_is_refused_writes_nothing(empty: Workspace) -> None:
    management.enter(empty, PAPER)
    before = management.every(empty)
    for act, code in (
        (lambda: management.enter(empty, PAPER), "management.number_taken"),
        (lambda: management.enter(empty, replace(AGREEMENT, party=" ")), "management.party"),
        (lambda: management.end(empty, "没有", date(2026, 1, 1)), "management.unknown"),
        (lambda: management.end(empty, "校发1号", date(2024, 8, 31)), "management.days"),
        (lambda: management.withdraw(empty, "校发1号", " "), "management.no_reason"),
        (lambda: management.change(empty, "没有", PAPER), "management.unknown"),
        (lambda: management.change(empty, "校发1号", replace(PAPER, issued_on=date(2099, 1, 1))), "management.to_come"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    assert management.every(empty) == before


@pytest.mark.parametrize("wrong", [{"kind": "tax"}, {"number": ""}, {"party": "甲公司"}, {"last_on": date(2024, 8, 31)}])
def test_the_database_refuses_it_too(empty: Workspace, wrong: dict[str, object]) -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError), empty.write("management enter", params={"number": "x"}) as operation:
        DOCUMENTS.insert(operation.connection, [replace(PAPER, id="k", **wrong)])  # type: ignore[arg-type]  # wrong on purpose


def test_files_stay_with_the_paper_and_go_with_it(empty: Workspace, tmp_path: Path) -> None:
    management.enter(empty, PAPER)
    file = tmp_path / "办法.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    key = management.every(empty)[0].id
    evidence.add(empty, "management_document", key, file)
    said = plain.text(reporting.content(empty, "management", "2026"))
    assert "校发1号" in said
    assert "没有执行着的：收费管理办法" in said
    assert len(evidence.listing(empty, "management_document", key).items) == 1
    management.withdraw(empty, "校发1号", "登错")
    history.undo_last(empty)
    assert len(evidence.listing(empty, "management_document", key).items) == 1
    assert sound(empty)


def test_the_checklist_is_explained(empty: Workspace) -> None:
    management.enter(empty, PAPER)
    management.enter(empty, AGREEMENT)
    tree = explaining.explain(empty, "management", "checklist", date(2026, 11, 23))
    assert tree.value == 1
    assert list(unexplained(empty, tree)) == []
    said = "\n".join(explaining.as_lines(tree))
    assert "制度：开放共享管理办法：快到期" in said
    assert "和甲公司的知识产权约定：快到期" in said
