"""Rule values as a remote published them: held against those in force like a file's, taken by a person with a reason, taken back by undo."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desktop.actions import history, parameter_published, parameter_sets
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.rules import parameter_published as reading
from desktop.store import library as rows
from network import publishing
from tests.actions.making import sound
from tests.actions.test_parameter_sets import own_values

NEWER = {
    "key": "duty.threshold_fen", "from": "2026-06-01", "value": 600_000_00, "unit": "fen", "source": "鲁科字〔2026〕1号", "clause": "第2条",
    "certainty": "A",
}  # fmt: skip
RATE = {**NEWER, "key": "payout.technician_share_cap", "from": "2026-07-01", "value": "0.85", "unit": "ratio"}


def shipped() -> dict[str, Any]:
    """The book as the service of the province publishes it, read back from JSON."""
    told: dict[str, Any] = json.loads(json.dumps(publishing._books()["parameters"]))
    return told


def keep(ledger: Workspace, content: object, remote: str = "network") -> None:
    with ledger.write("sync", undoable=False) as operation:
        rows.keep_book(operation.connection, remote, "parameters", "7", json.dumps(content), "2026-11-25T00:00:00+00:00")


def test_what_the_program_has_already_brings_nothing(practice: Workspace) -> None:
    with pytest.raises(Refused, match="parameter.not_published"):
        parameter_published.published(practice)
    assert not parameter_published.offered(practice)
    keep(practice, shipped())
    plan = parameter_published.published(practice)
    assert (plan.new, plan.errors) == ((), ())
    assert len(plan.known) > 100
    assert not parameter_published.offered(practice)
    keep(practice, shipped(), "hub")
    with pytest.raises(Refused, match="parameter.not_published"):
        parameter_published.published(practice, "elsewhere")


def test_a_newer_value_is_taken_with_a_reason_and_back_by_undo(practice: Workspace) -> None:
    book = shipped()
    book["duty"]["value"].append(NEWER)
    book["payout"]["value"].append(RATE)
    keep(practice, book)
    assert parameter_published.offered(practice)
    plan = parameter_published.published(practice)
    assert [(one.parameter.key, str(one.parameter.value)) for one in plan.new] == [
        ("duty.threshold_fen", "60000000"), ("payout.technician_share_cap", "0.85"),
    ]  # fmt: skip
    assert own_values(practice) == []
    with pytest.raises(Refused, match="no_reason"):
        parameter_sets.commit(practice, plan, "")
    done = parameter_sets.commit(practice, plan, "省网发布")
    assert own_values(practice) == ["duty.threshold_fen", "payout.technician_share_cap"]
    assert not parameter_published.offered(practice)
    history.undo_one(practice, done.operation)
    assert own_values(practice) == []
    assert parameter_published.offered(practice)
    assert sound(practice)


def test_a_rule_this_program_does_not_know_is_left_out_and_told(practice: Workspace) -> None:
    keep(practice, {"duty": {"value": [NEWER, {**NEWER, "key": "duty.of_next_year"}]}})
    plan = parameter_published.published(practice)
    assert [one.parameter.key for one in plan.new] == ["duty.threshold_fen"]
    (told,) = [one for one in plan.findings if one.code == "parameter.published_unknown"]
    assert (told.severity, dict(told.params)["names"]) == ("note", "duty.of_next_year")
    assert plan.errors == ()


TORN: list[tuple[str, object, str]] = [
    ("not a table", [1], "parameter.book_no_table"),
    ("a subject is not a table", {"duty": 3}, "parameter.unknown_field"),
    ("values that are no tables", {"duty": {"value": [7]}}, "parameter.unknown_field"),
    ("a day that is none", {"duty": {"value": [{**NEWER, "from": "2026-02-30"}]}}, "parameter.wrong_type"),
    ("a ratio that is no number", {"payout": {"value": [{**RATE, "value": "much"}]}}, "parameter.wrong_type"),
    ("a ratio without end", {"payout": {"value": [{**RATE, "value": "NaN"}]}}, "parameter.wrong_type"),
    ("a ratio above one", {"payout": {"value": [{**RATE, "value": "1.01"}]}}, "parameter.wrong_type"),
    ("fen with a point", {"duty": {"value": [{**NEWER, "value": "600000.5"}]}}, "parameter.wrong_type"),
    ("a certainty that is none", {"duty": {"value": [{**NEWER, "certainty": "Z"}]}}, "parameter.unknown_certainty"),
    ("a document that is missing", {"duty": {"value": [{**NEWER, "source": ""}]}}, "parameter.missing_field"),
    ("an old value changed", {"duty": {"value": [{**NEWER, "from": "2024-08-01"}]}}, "parameter.set_differs"),
    ("a value that ends", {"duty": {"value": [{**NEWER, "until": "2027-01-01"}]}}, "parameter.set_until"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), [torn[1:] for torn in TORN], ids=[torn[0] for torn in TORN])
def test_a_book_with_a_fault_is_refused_whole_and_says_so(practice: Workspace, content: object, code: str) -> None:
    keep(practice, content)
    assert parameter_published.offered(practice), "the person is told what is wrong when asking for it"
    plan = parameter_published.published(practice)
    assert code in {one.code for one in plan.errors}
    with pytest.raises(Refused, match="parameter.set_refused"):
        parameter_sets.commit(practice, plan, "省网发布")
    assert own_values(practice) == []


def test_a_reading_that_took_fractions_as_they_come_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    values, faults = reading.read(shipped())
    assert faults == ()
    monkeypatch.setattr(reading, "_POINTED", ())
    broken, told = reading.read(shipped())
    assert told
    assert len(broken) < len(values)
