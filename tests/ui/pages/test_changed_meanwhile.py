"""A form that stood open while its row was changed elsewhere: neither side's work is lost, and what both changed is said, not decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import fees, institution, instruments, meanwhile, records, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.fees import CostComponent, FeeLine
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.forms import FindingLabel, Form
from desktop.ui.notices import Notice
from desktop.ui.pages.fees_builder import FeeBuilder
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.records import RecordsPage
from desktop.ui.pages.settings_institution import InstitutionPart
from desktop.ui.pages.sync import SyncPage
from tests.actions import making
from tests.actions.two_seats import elsewhere
from tests.ui.pages.at_records import opened
from tests.ui.pages.driving import dialog, nothing_open
from tests.ui.pages.test_instruments import pick


def said_in(form: Form) -> str:
    return "\n".join(each.words.text() for each in form.findChildren(FindingLabel) if each.isVisible())


# Service records


@pytest.fixture
def records_page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[RecordsPage]:
    making.enter(ledger, "R1")
    with opened(at_desk, qtbot) as page:
        page.right.setCurrentWidget(page.entry)
        page.entry.correct(records.get(ledger, "R1"))
        yield page


def type_reason(page: RecordsPage) -> None:
    page.entry.form.field("long_reason").set_value("长测")
    page.entry.form.submit()


def change_record(ledger: Workspace, **more: object) -> None:
    records.change(ledger, replace(records.get(ledger, "R1"), **more))  # type: ignore[arg-type]  # fields of a record


def over_a_sync(page: RecordsPage, ledger: Workspace, folder: Path, qtbot: QtBot, **more: object) -> Workspace:
    """The entry stays open while the hub brings what the other seat changed, the reason is typed, and both sync; the other seat."""
    with elsewhere(ledger, folder, "hub") as other:
        page.hide()
        sync = SyncPage(page.desk)
        qtbot.addWidget(sync)
        page.desk.changed.connect(sync.hear)
        sync.show()
        change_record(other, **more)
        syncing.sync(other, remote="hub")
        sync.receive_button.click()
        sync.hide()
        page.show()
        type_reason(page)
        done, there = syncing.sync(ledger, remote="hub"), syncing.sync(other, remote="hub")
        assert (done.conflicts, there.conflicts) == (0, 0)
        for seat in (ledger, other):
            found = records.get(seat, "R1")
            assert (found.contract, found.note, found.long_reason) == (more["contract"], more["note"], "长测")
        return other


def test_what_a_sync_brought_to_a_record_that_is_open_stays_at_both_seats(
    records_page: RecordsPage, ledger: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "seat").mkdir()
    over_a_sync(records_page, ledger, tmp_path / "seat", qtbot, contract="HT-9", note="别的电脑写的")


def test_who_writes_the_whole_form_is_noticed(
    records_page: RecordsPage, ledger: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant: the row as the form has it."""
    monkeypatch.setattr(meanwhile, "merged", lambda connection, kind, stored, seen, draft: draft)
    (tmp_path / "seat").mkdir()
    with pytest.raises(AssertionError):
        over_a_sync(records_page, ledger, tmp_path / "seat", qtbot, contract="HT-9", note="别的电脑写的")


def test_the_same_field_of_a_record_is_refused_beside_it_and_the_form_stays(records_page: RecordsPage, ledger: Workspace) -> None:
    change_record(ledger, contract="HT-9")
    entry = records_page.entry
    entry.form.field("contract").set_value("HT-我的")
    entry.form.submit()
    assert records.get(ledger, "R1").contract == "HT-9"
    assert "合同编号" in said_in(entry.form)
    assert "HT-9" in said_in(entry.form)
    assert entry.form.field("contract").value() == "HT-我的"
    assert entry.save.isEnabled()
    entry.form.field("contract").set_value("HT-9")
    entry.form.field("note").set_value("核对过")
    entry.form.submit()
    assert (records.get(ledger, "R1").contract, records.get(ledger, "R1").note) == ("HT-9", "核对过")


def test_two_who_changed_the_time_and_the_quantity_meant_two_bills(records_page: RecordsPage, ledger: Workspace) -> None:
    """As a sync takes them: what is charged is one whole. What is said is seen, also of a field that was hidden."""
    change_record(ledger, second_quantity=Decimal(2))
    entry = records_page.entry
    assert not entry.form.field("second_quantity").isVisible()
    entry.form.field("consumables_fen").set_value(500)
    entry.form.submit()
    assert records.get(ledger, "R1").consumables_fen is None
    assert "第二数量" in said_in(entry.form)
    entry.form.field("second_quantity").set_value(Decimal(2))
    entry.form.submit()
    found = records.get(ledger, "R1")
    assert (found.consumables_fen, found.second_quantity) == (500, Decimal(2))


def test_who_takes_over_the_time_and_the_customer_that_came_can_save(records_page: RecordsPage, ledger: Workspace) -> None:
    """Also what nobody types agrees then: the minutes, and whose customer it is."""
    old = records.get(ledger, "R1")
    end, customer = old.ended_at + timedelta(minutes=30), making.INSIDE
    change_record(ledger, ended_at=end, customer_name=customer)
    entry = records_page.entry
    entry.form.field("consumables_fen").set_value(500)
    entry.form.submit()
    assert records.get(ledger, "R1").consumables_fen is None
    assert f"{end:%Y-%m-%d %H:%M}" in said_in(entry.form)
    assert customer in said_in(entry.form)
    assert "机时" not in said_in(entry.form)
    entry.form.set_draft(entry.form.draft() | {"ended_at": end, "customer_name": customer})
    entry.form.submit()
    found = records.get(ledger, "R1")
    assert (found.consumables_fen, found.ended_at, found.customer_name, found.minutes) == (500, end, customer, old.minutes + 30)


# Instruments


@pytest.fixture
def editing(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[FormDialog]:
    page = InstrumentsPage(at_desk)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    pick(page, "A1")
    page.detail.edit.click()
    yield dialog(FormDialog)
    page.leave()


def change_instrument(ledger: Workspace, **more: object) -> None:
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), **more))  # type: ignore[arg-type]  # fields of an instrument


def facts(one: Instrument) -> tuple[str, str]:
    return one.phone, one.street


def test_an_instrument_keeps_the_phone_another_gave_it(editing: FormDialog, ledger: Workspace) -> None:
    change_instrument(ledger, phone="0531-2")
    editing.form.field("street").set_value("新楼")
    editing.do.click()
    assert nothing_open()
    assert facts(instruments.get(ledger, "A1")) == ("0531-2", "新楼")


def test_the_same_phone_of_an_instrument_is_refused_and_the_dialog_stays(editing: FormDialog, ledger: Workspace) -> None:
    change_instrument(ledger, phone="0531-2")
    editing.form.set_draft(editing.form.draft() | {"phone": "0531-3", "street": "新楼"})
    editing.do.click()
    assert dialog(FormDialog) is editing
    assert "0531-2" in said_in(editing.form)
    assert facts(instruments.get(ledger, "A1")) == ("0531-2", "")
    editing.reject()


def test_who_writes_the_whole_dialog_is_noticed(editing: FormDialog, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(meanwhile, "merged", lambda connection, kind, stored, seen, draft: draft)
    with pytest.raises(AssertionError):
        test_an_instrument_keeps_the_phone_another_gave_it(editing, ledger)


# The institution


def test_the_institution_keeps_what_came_and_refuses_what_both_changed(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> None:
    part = InstitutionPart(at_desk)
    qtbot.addWidget(part)
    part.show()
    part.refresh()
    own = institution.get(ledger)
    at_desk.changed.connect(lambda changes: part.refresh())

    def elsewhere_named(name: str, kind: str) -> None:
        at_desk.announce(institution.change(ledger, name=name, code=own.uscc, kind=kind, region=own.region))

    part.form.field("name").set_value("岱宗示范大学")
    elsewhere_named(own.name, "hospital")
    part.save()
    assert (institution.get(ledger).name, institution.get(ledger).kind) == ("岱宗示范大学", "hospital")
    assert part.form.draft()["kind"] == "hospital"
    part.form.field("name").set_value("我改的大学")
    elsewhere_named("别处改的大学", "hospital")
    part.save()
    assert institution.get(ledger).name == "别处改的大学"
    assert "别处改的大学" in said_in(part.form)
    assert part.form.field("name").value() == "我改的大学"


# Fees


@pytest.fixture
def builder(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> FeeBuilder:
    """A draft of two lines and two costs, open."""
    present = fees.versions(ledger, "A1")[0]
    key = fees.add_version(
        ledger, "A1", date(2026, 4, 1), person=making.OFFICE, pin=making.PINS[making.OFFICE], copy_of=present.schedule.id,
        parts=[CostComponent("", "", "energy", 500), CostComponent("", "", "staff", 700)],
    )  # fmt: skip
    fees.set_lines(ledger, key, [*fees.version(ledger, key).lines, line("过夜", 0)])
    made = FeeBuilder(at_desk)
    qtbot.addWidget(made)
    made.show()
    made.edit(fees.version(ledger, key))
    return made


def line(item: str, n: int) -> FeeLine:
    told = fees.read_line("小时", f"{30 + n}", "90")
    return FeeLine("", "", 0, item, told.terms, told.source_text)


def key_of(builder: FeeBuilder) -> str:
    assert builder.version is not None
    return builder.version.schedule.id


def stand(ledger: Workspace, key: str) -> tuple[list[str], dict[str, int | None]]:
    found = fees.version(ledger, key)
    return [one.item for one in found.lines], {part.kind: part.amount_fen for part in found.components}


def add_elsewhere(ledger: Workspace, key: str) -> None:
    """Another adds a line, and corrects one cost."""
    now = fees.version(ledger, key)
    fees.set_lines(ledger, key, [*now.lines, line("制样", 0)])
    fees.set_components(ledger, key, [replace(part, amount_fen=900) if part.kind == "staff" else part for part in now.components])


def test_the_builder_keeps_the_lines_and_costs_that_came(builder: FeeBuilder, ledger: Workspace) -> None:
    key = key_of(builder)
    add_elsewhere(ledger, key)
    builder.lines.model.setData(builder.lines.model.index(1, 0), "夜间")
    builder.costs.amounts["energy"].set_value(600)
    builder._edited()
    builder.save.click()
    assert stand(ledger, key) == (["测试", "夜间", "制样"], {"energy": 600, "staff": 900})


def test_who_writes_the_whole_version_is_noticed(builder: FeeBuilder, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: lines and costs as the builder has them."""
    monkeypatch.setattr(meanwhile, "merged_parts", lambda stored, seen, draft, named: dict(draft))
    with pytest.raises(AssertionError):
        test_the_builder_keeps_the_lines_and_costs_that_came(builder, ledger)


Change = Callable[[Workspace, str], object]


def other_price(ledger: Workspace, key: str) -> None:
    first, second = fees.version(ledger, key).lines
    fees.set_lines(ledger, key, [first, replace(line("过夜", 9), id=second.id)])


def gone(ledger: Workspace, key: str) -> None:
    fees.set_lines(ledger, key, list(fees.version(ledger, key).lines[:1]))


def other_cost(ledger: Workspace, key: str) -> None:
    fees.set_components(ledger, key, [CostComponent("", "", "energy", 999), CostComponent("", "", "staff", 700)])


def approved(ledger: Workspace, key: str) -> None:
    fees.approve(ledger, key, making.FINANCE, making.PINS[making.FINANCE])


@pytest.mark.parametrize(("change", "words"), [(other_price, "过夜"), (gone, "过夜"), (other_cost, "水电能源"), (approved, "已批准")])
def test_what_both_changed_in_a_version_is_refused_with_nothing_of_it_written(
    builder: FeeBuilder, ledger: Workspace, at_desk: Desk, change: Change, words: str
) -> None:
    told: list[Notice] = []
    at_desk.told.connect(told.append)
    key = key_of(builder)
    builder.lines.model.setData(builder.lines.model.index(1, 0), "夜间")
    builder.costs.amounts["energy"].set_value(600)
    builder._edited()
    change(ledger, key)
    before = fees.version(ledger, key)
    builder.save.click()
    assert fees.version(ledger, key) == before
    assert told[-1].level == "error"
    assert words in told[-1].text
    assert builder.unsaved()


def test_a_line_whose_published_text_is_another_by_now_is_not_settled(ledger: Workspace, builder: FeeBuilder) -> None:
    key = key_of(builder)
    unread = FeeLine("", "", 0, "另议", None, "另议", to_confirm=True)
    fees.set_lines(ledger, key, [*fees.version(ledger, key).lines, unread])
    seen = fees.version(ledger, key).lines[-1]
    fees.set_lines(ledger, key, [*fees.version(ledger, key).lines[:-1], replace(seen, source_text="面议")])
    terms = fees.read_line("小时", "30", "90").terms
    assert terms is not None
    with pytest.raises(Refused) as refused:
        fees.confirm_line(ledger, seen.id, terms, seen=seen)
    assert refused.value.code == meanwhile.CODE
    assert fees.version(ledger, key).lines[-1].to_confirm
