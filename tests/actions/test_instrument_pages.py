"""What the pages of instruments and compliance ask of the ledger: the list by duty, entry and correction, the sheet, the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import (
    calendars,
    compliance,
    duties,
    exporting,
    history,
    import_columns,
    importing,
    instrument_entry,
    instrument_list,
    instrument_view,
    instruments,
)
from desktop.actions.progress import Watched
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import parse
from desktop.ledger.problem import Cancelled, Problem, Refused
from desktop.ledger.publication import Publication
from desktop.store import publications
from tests.actions import making
from tests.formats import books

ON = date(2026, 3, 2)
YEAR = parse("2025")


def add(workspace: Workspace, number: str, **more: Any) -> None:
    instruments.add(workspace, Instrument("", number, f"{number} 号", **{"value_fen": 50_000_000, "fiscal": True, "confidential": False} | more))


def numbers(workspace: Workspace, **more: Any) -> list[str]:
    keys = instrument_list.ids(workspace, ON, **more)
    rows = {row["key"]: row["asset_number"] for row in instrument_list.rows(workspace, keys, ON)}
    return [rows[key] for key in keys]


@pytest.fixture
def varied(empty: Workspace) -> Workspace:
    add(empty, "LATE", accepted_on=date(2025, 1, 6))
    add(empty, "SOON", accepted_on=date(2026, 1, 20))
    add(empty, "LATER", accepted_on=date(2026, 2, 25))
    add(empty, "DONE", accepted_on=date(2025, 1, 6), joined_on=date(2025, 1, 20), network_number="N1")
    add(empty, "AFTER", accepted_on=date(2025, 1, 6), joined_on=date(2025, 9, 1), network_number="N2")
    add(empty, "CHEAP", value_fen=100_00, accepted_on=date(2025, 1, 6))
    add(empty, "OPEN", value_fen=None, accepted_on=date(2025, 1, 6))
    add(empty, "SECRET", confidential=True, accepted_on=date(2025, 1, 6))
    add(empty, "GONE", accepted_on=date(2025, 1, 6), retired_on=date(2025, 12, 31))
    return empty


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("overdue", ["LATE"]),
        ("to_join", ["LATER", "SOON"]),
        ("joined", ["AFTER", "DONE"]),
        ("joined_late", ["AFTER"]),
        ("to_file", ["SECRET"]),
        ("unknown", ["OPEN"]),
        ("not_obliged", ["CHEAP"]),
        ("obliged", ["AFTER", "DONE", "LATE", "LATER", "SECRET", "SOON"]),
    ],
)
def test_the_list_is_filtered_by_duty_and_counts_agree(varied: Workspace, state: str, found: list[str]) -> None:
    assert numbers(varied, sort="asset_number", state=state) == found
    assert instrument_list.counts(varied, ON)["state", state] == len(found)


def test_the_most_urgent_stands_first_and_who_is_out_of_service_last(varied: Workspace) -> None:
    assert numbers(varied, sort="state") == ["LATE", "SOON", "LATER", "SECRET", "OPEN", "AFTER", "DONE", "CHEAP", "GONE"]
    assert numbers(varied, sort="days_left")[:3] == ["LATE", "SOON", "LATER"]
    assert numbers(varied, sort="deadline", descending=True)[0] == "LATER"
    rows = {row["asset_number"]: row for row in instrument_list.rows(varied, instrument_list.ids(varied, ON), ON)}
    assert (rows["GONE"]["state"], rows["GONE"]["days_left"]) == ("retired", None)
    assert rows["SOON"]["days_left"] == next(d.days_left for d in duties.every(varied, ON) if d.asset_number == "SOON")


def published(workspace: Workspace, **states: str) -> None:
    """The network says this of sets, by asset number."""
    with workspace.read() as connection:
        ids = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT asset_number, id FROM instrument")}
    with workspace.write("sync", undoable=False) as operation:
        told = [Publication(ids[number], "", state, read_at="2026-03-01T00:00:00+00:00") for number, state in states.items()]
        publications.keep(operation.connection, "network", told)


def seen(workspace: Workspace) -> dict[str, str | None]:
    return {row["asset_number"]: row["published"] for row in instrument_list.rows(workspace, instrument_list.ids(workspace, ON), ON)}


def test_the_list_says_what_the_network_publishes_and_is_filtered_by_it(varied: Workspace) -> None:
    assert set(seen(varied).values()) == {None}, "before the network has said anything nothing is missing there"
    assert not [place for place in instrument_list.counts(varied, ON) if place[0] == "published"]
    published(varied, DONE="listed", AFTER="taken_down", GONE="listed", SECRET="listed")
    assert seen(varied) == {
        "DONE": "listed", "AFTER": "taken_down", "GONE": "listed", "SECRET": None, "CHEAP": "none", "LATE": "none", "LATER": "none", "OPEN": "none",
        "SOON": "none",
    }  # fmt: skip
    for state, found in (("listed", ["DONE", "GONE"]), ("taken_down", ["AFTER"]), ("none", ["CHEAP", "LATE", "LATER", "OPEN", "SOON"]), ("pending", [])):
        assert numbers(varied, sort="asset_number", where={"published": state}) == found
        assert instrument_list.counts(varied, ON).get(("published", state), 0) == len(found)
    assert numbers(varied, sort="published", descending=True)[:1] == ["AFTER"]
    assert numbers(varied, where={"published": "none"}, state="overdue") == ["LATE"]


def test_a_list_that_tells_of_confidential_ones_would_be_seen(varied: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: the state is shown whatever the set is."""
    columns = {**instrument_list.LISTING.columns, "published": "publication.state"}
    monkeypatch.setattr(instrument_list, "LISTING", replace(instrument_list.LISTING, columns=columns))
    published(varied, SECRET="listed")
    assert seen(varied)["SECRET"] == "listed"


def test_an_unknown_state_is_no_filter_that_shows_everything(varied: Workspace) -> None:
    with pytest.raises(KeyError):
        instrument_list.ids(varied, ON, state="urgent")


def test_one_instrument_is_seen_with_its_fees_use_and_history(small: Workspace) -> None:
    making.posted(small, "R1", minutes=100)
    making.enter(small, "R2", day=date(2025, 6, 3))
    (key,) = instrument_list.rowids(small, ["A1"])
    instruments.change(small, replace(instruments.get(small, "A1"), department="材料学院", model="X-1"), "搬迁")
    view = instrument_view.see(small, key, ON, YEAR)
    assert (view.use.n, view.use.minutes, view.use.external_fen, view.use.n_drafts) == (1, 100, 30_000, 1)
    assert [one.number for one in view.records] == ["R2", "R1"]
    assert next(iter(view.prices.values())).count("180") == 1
    newest, oldest = view.steps[0], view.steps[-1]
    assert (newest.name, newest.reason) == ("instrument change", "搬迁")
    assert newest.changed == {"department": ("", "材料学院"), "model": ("", "X-1")}
    assert (oldest.verb, oldest.changed) == ("insert", {})
    with pytest.raises(Refused, match="instrument.gone"):
        instrument_view.see(small, 999, ON, YEAR)


@pytest.mark.parametrize(
    ("draft", "field", "severity"),
    [
        ({"class_code": "01"}, "class_code", "error"),
        ({"accepted_on": date(2026, 3, 3)}, "accepted_on", "error"),
        ({"accepted_on": date(2025, 5, 1), "joined_on": date(2025, 4, 1), "network_number": "N"}, "joined_on", "error"),
        ({"joined_on": date(2025, 4, 1)}, "network_number", "warning"),
        ({"confidential": True, "network_number": "N"}, "confidential", "warning"),
        ({"yearly_hours": Decimal(10), "external_hours": Decimal(11)}, "external_hours", "warning"),
    ],
)
def test_a_draft_is_judged_field_by_field(draft: dict[str, Any], field: str, severity: str) -> None:
    told = instrument_entry.check({"asset_number": "X", "name": "x", **draft}, ON)
    assert [(each.field, each.severity) for each in told] == [(field, severity)]


def test_a_draft_without_faults_is_saved_and_shown_again_as_it_was(empty: Workspace) -> None:
    draft = {"asset_number": "X1", "name": "新设备", "class_code": "010101", "value_fen": 1_234_500, "fiscal": None, "model": None}
    assert instrument_entry.save(empty, None, draft, ON)
    kept = instruments.get(empty, "X1")
    again = instrument_entry.draft_of(kept)
    assert {name: again[name] for name in draft} == draft
    assert not instrument_entry.save(empty, kept, again, ON)  # nothing changed: nothing is written


def test_faults_and_a_taken_number_are_refused_at_their_fields(small: Workspace) -> None:
    before = making.everything(small)
    with pytest.raises(Refused) as future:
        instrument_entry.save(small, None, {"asset_number": "X", "name": "x", "accepted_on": date(2030, 1, 1)}, ON)
    with pytest.raises(Refused) as taken:
        instrument_entry.save(small, instruments.get(small, "A2"), {"asset_number": "A1"}, ON)
    with pytest.raises(Refused) as opened:
        instrument_entry.save(small, instruments.get(small, "S1"), {"confidential": False}, ON)
    assert [each.value.findings[0].field for each in (future, taken, opened)] == ["accepted_on", "asset_number", "confidential"]
    assert making.everything(small) == before


def test_an_asset_number_that_money_refers_to_stays(small: Workspace) -> None:
    making.posted(small, "R1")
    with pytest.raises(Refused, match="instrument.number_used"):
        instruments.change(small, replace(instruments.get(small, "A1"), asset_number="A9"))
    instruments.change(small, replace(instruments.get(small, "A2"), asset_number="A9"))
    assert instruments.get(small, "A9").name == "质谱仪"


def test_many_are_changed_in_one_operation_that_undo_takes_back(small: Workspace) -> None:
    making.enter(small, "R1")
    meant = making.meaning(small)
    keys = instrument_list.rowids(small, ["A1", "A2"])
    done = instrument_entry.change_many(small, keys, {"department": "分析中心", "fiscal": False}, "清理")
    assert {instruments.get(small, n).department for n in ("A1", "A2")} == {"分析中心"}
    history.undo_one(small, done.operation)
    assert making.meaning(small) == meant


def test_many_not_stated_are_made_confidential_and_undo_does_not_declassify_them(small: Workspace) -> None:
    making.enter(small, "R1")
    with small.write("not stated") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = NULL WHERE asset_number IN ('A1', 'A2')")
    keys = instrument_list.rowids(small, ["A1", "A2"])
    done = instrument_entry.change_many(small, keys, {"confidential": True}, "清理")
    with small.read() as connection:
        assert connection.exec_driver_sql("SELECT confidential FROM service_record WHERE number = 'R1'").scalar() == 1
    before = making.everything(small)
    with pytest.raises(Refused, match="undo.declassifies"):
        history.undo_one(small, done.operation)
    assert making.everything(small) == before


def test_declassifying_one_of_many_changes_none(small: Workspace) -> None:
    before = making.everything(small)
    keys = instrument_list.rowids(small, ["A1", "S1"])
    with pytest.raises(Refused, match="instrument.declassify"):
        instrument_entry.change_many(small, keys, {"confidential": False, "department": "x"})
    assert making.everything(small) == before
    with pytest.raises(ValueError, match="asset_number"):
        instrument_entry.change_many(small, keys, {"asset_number": "Z"})


def test_the_exported_sheet_reads_back_without_a_change_and_without_the_confidential(practice: Workspace, tmp_path: Path) -> None:
    done = exporting.instruments(practice, tmp_path / "表.xlsx")
    assert (done.rows, done.withheld) == (57, 3)
    again = importing.import_file(practice, "instruments", done.path, dry_run=True)
    assert (again.accepted, again.rejected, again.unchanged) == (0, 0, 57)
    text = exporting.instruments(practice, tmp_path / "表.csv", instrument_list.rowids(practice, ["2020170000", "2023170011"]))
    assert (text.rows, text.withheld) == (1, 1)
    assert b"2023170011" not in text.path.read_bytes()


def test_a_stopped_export_leaves_no_file(practice: Workspace, tmp_path: Path) -> None:
    stopped = Watched()
    stopped.stop()
    with pytest.raises(Cancelled):
        exporting.instruments(practice, tmp_path / "表.xlsx", progress=stopped)
    assert not list(tmp_path.glob("*表*"))


def test_record_problems_are_gathered_by_kind(practice: Workspace) -> None:
    groups = compliance.problem_groups(practice)
    by_code = {group.code: group for group in groups}
    long_ones = by_code["record.too_long"]
    assert (long_ones.n_records, long_ones.example_number, long_ones.severity) == (1, "BAD3", "error")
    order = [("error", "warning", "note").index(group.severity) for group in groups]
    assert order == sorted(order)


def test_calendars_say_what_is_provisional_until_the_year_is_imported(varied: Workspace, tmp_path: Path) -> None:
    add(varied, "NEXT", accepted_on=date(2026, 2, 27))
    before = compliance.calendars(varied, ON)
    assert (before.next_year, before.n_provisional) == (2027, 0)
    on = date(2026, 12, 15)
    instruments.change(varied, replace(instruments.get(varied, "NEXT"), accepted_on=date(2026, 12, 1)))
    assert compliance.calendars(varied, on).n_provisional == 1
    assert any(part.code == "duty.figure.provisional" and part.value for part in compliance.deadline_figure(varied, date(2026, 12, 1)).inputs)
    example = tmp_path / "2027.csv"
    calendars.save_example(example)
    example.write_text(example.read_text("utf-8-sig").replace("2026-", "2027-"), "utf-8")
    calendars.import_file(varied, example)
    after = compliance.calendars(varied, on)
    assert (after.n_provisional, after.years[0].year, after.years[0].imported) == (0, 2027, True)
    history.undo_last(varied)
    assert compliance.calendars(varied, on).n_provisional == 1


def test_the_columns_of_a_file_are_looked_at_before_it_is_read() -> None:
    book = books.workbook([["资产编号", "名称", "原值", "原值", "备注"], ["X1", "一", 3, 4, "甲"], ["X2", "二", 5, 6, ""]])
    seen = import_columns.look("instruments", book)
    assert not seen.complete
    assert {"class_code", "value_fen"}.isdisjoint(seen.matched)
    assert [(one.letters, one.header, one.sample) for one in seen.columns][:2] == [("A", "资产编号", "X1 · X2"), ("B", "名称", "一 · 二")]
    # Two columns have one header: only the letters can tell which is meant, and a choice that does not fit is left away.
    chosen = import_columns.look("instruments", book, {"value_fen": "D", "class_code": "E", "city": "没有这一列"})
    assert chosen.complete
    assert import_columns.headers_of(chosen, {"value_fen": "D", "name": "B"}) == {"value_fen": "D", "name": "名称"}
    assert "city" not in chosen.matched
    assert chosen.by_name == seen.matched


@pytest.mark.parametrize("kind", importing.KINDS)
def test_the_columns_of_every_kind_are_looked_at_as_its_import_reads_them(kind: str) -> None:
    book = books.workbook([["不是表头"], ["1"]])
    with pytest.raises(Problem, match=r"file\.no_header") as looked:
        import_columns.look(kind, book)
    with pytest.raises(Problem, match=r"file\.no_header") as read:
        importing._adapter(kind).read_rows(book)
    assert looked.value.params["wanted"] == read.value.params["wanted"]


def test_what_was_taken_back_is_forgotten_and_what_the_file_lacks_is_kept() -> None:
    book = books.workbook([["资产编号", "名称", "分类编码", "花费"], ["X1", "一", "010101", 3]])
    seen = import_columns.look("instruments", book, {"value_fen": "D"})
    before = {"value_fen": "花费", "city": "别的文件的列"}
    assert import_columns.remembered(seen, before, {}) == {"city": "别的文件的列"}
    assert import_columns.remembered(seen, before, {"value_fen": "D"}) == before
