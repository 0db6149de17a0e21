"""What leaves of pilot bases and sensors, and when: open states after what they may name and before all else, declared fields alone, nothing of what
is confidential or became so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3  # the service's own

from desktop.actions import evidence, fees, instruments, pilot, pilot_view, records, sensors, syncing, taking_back
from desktop.actions.workspace import Workspace
from desktop.ledger.customer import Customer
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotPartner
from desktop.store import reach, reclassifications, sent_rows, sync_rows
from desktop.store.facts import CUSTOMERS
from desktop.sync import seal
from tests.actions.making import enter, fee_version, posted, sound
from tests.actions.test_evidence_sync import Remote, started
from tests.actions.test_taking_back import ask, at_service, close, raw, sent

SECRET = "金丝雀中试雷达"
PILOT = ("pilot_base", "pilot_partner", "pilot_equipment", "pilot_openness", "pilot_service", "sensor_binding", "power_band")


@pytest.fixture(params=("network", "hub"))
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "service", request.param) as made:
        yield made


def fill(ledger: Workspace, asset: str, number: str, name: str) -> None:
    """Equipment of Z1 that is a set, with its state, sensor, limits and file."""
    pilot.add_equipment(ledger, PilotEquipment("", number, name), "Z1", asset)
    pilot.say_open(ledger, number, "open", f"{name}建成投用", date(2021, 1, 1))
    sensors.bind(ledger, asset, f"{name}传感器", date(2025, 1, 1), source=f"{name}安装单")
    sensors.set_band(ledger, asset, date(2025, 1, 1), Decimal(5), Decimal(40))


@pytest.fixture
def filled(small: Workspace, tmp_path: Path) -> Workspace:
    """Z1 with A3 as E3, of which nobody has posted a service; A1 as E1; a partner; the whole base open."""
    instruments.add(small, Instrument("", "A3", SECRET, 50_000_000, True, False, date(2020, 1, 1)))
    pilot.add_base(small, PilotBase("", "Z1", "新材料中试基地", contact="周工", phone="0531-1", market=True, market_how="合资"))
    pilot.add_partner(small, "Z1", PilotPartner("", "", "某公司", "company", "运营", "协议第一号"))
    pilot.say_open(small, "Z1", "open", "建成投用", date(2021, 1, 1))
    fill(small, "A1", "E1", "中试电镜")
    fill(small, "A3", "E3", SECRET)
    enter(small, "R3", "A3")
    pilot.serve(small, ["R3"], "Z1", what=f"{SECRET}放大")
    file = tmp_path / "照片.pdf"
    file.write_text("%PDF- " + SECRET, "utf-8")
    evidence.add(small, "pilot_equipment", evidence.subject(small, "pilot_equipment", "E3"), file, SECRET)
    return small


def test_a_set_of_which_nobody_said_anything_counts_here_and_is_not_called_confidential(filled: Workspace) -> None:
    instruments.add(filled, Instrument("", "A4", "离心机", 60_000_000, True, None, date(2020, 1, 1)))
    pilot.add_equipment(filled, PilotEquipment("", "E4", "中试离心机"), "Z1", "A4")
    fee_version(filled, "A4", date(2025, 1, 1), "测试", "小时", "30", "90")
    posted(filled, "R4", "A4")
    pilot.serve(filled, ["R4"], "Z1", what="离心")
    (seen,) = pilot_view.bases(filled)
    assert seen.n_withheld == 0
    assert [one.equipment.number for one in seen.equipment] == ["E1", "E3", "E4"]
    (served,) = pilot_view.services(filled, 2025)
    assert ([one.line.record_number for one in served.lines], served.n_withheld) == (["R4"], 0)


def bodies(remote: Remote, kind: str) -> list[dict[str, object]]:
    """What stands at the service of a kind."""
    with sqlite3.connect(remote.database.removeprefix("sqlite:///")) as db:
        return [json.loads(body) for (body,) in db.execute("SELECT body FROM entity WHERE kind = ? AND deleted = 0 ORDER BY id", (kind,))]


def test_exactly_the_declared_fields_arrive(filled: Workspace, remote: Remote) -> None:
    remote.enrol(filled)
    done = remote.sync(filled)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    told = {kind: bodies(remote, kind) for kind in PILOT}
    hub = remote.role == "hub"
    assert {kind: len(rows) for kind, rows in told.items()} == {
        "pilot_base": 1, "pilot_partner": 1, "pilot_equipment": 2, "pilot_openness": 3, "sensor_binding": 2,
        "pilot_service": 1 if hub else 0, "power_band": 2 if hub else 0,
    }  # fmt: skip
    for kind, rows in told.items():
        for row in rows:
            assert set(row) == set(reach.columns(kind, remote.role)), kind
    for kept, kind, name in (("协议第一号", "pilot_partner", "document"), ("安装单", "sensor_binding", "source")):
        assert (kept in raw(remote, 0)) is hub
        assert (name in told[kind][0]) is hub
    assert ("said_by" in told["pilot_openness"][0]) is hub
    assert len(bodies(remote, "attachment")) == (1 if hub else 0)


def test_what_hangs_on_a_set_that_became_confidential_is_taken_back(filled: Workspace, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    remote.enrol(filled)
    remote.sync(filled)
    before = at_service(remote, filled, "A3")
    hub = remote.role == "hub"
    expected = {"instrument": 1, "pilot_equipment": 1, "pilot_openness": 1, "sensor_binding": 1}
    assert before == (expected | {"service_record": 1, "pilot_service": 1, "power_band": 1, "attachment": 1} if hub else expected)
    close(filled, "A3")
    pilot.say_open(filled, "Z1", "limited", "停一台设备", date(2026, 1, 1))
    seen = len(remote.line.seen)
    remote.sync(filled)
    assert SECRET not in raw(remote, seen)
    ask(filled, "A3")
    seen = len(remote.line.seen)
    done = remote.sync(filled)
    assert (done.sent, done.parked, done.pending, done.digest_equal) == (sum(before.values()), 0, 0, True)
    changes = sent(remote, seen)
    assert {(change["action"], change["body"]) for change in changes} == {("delete", None)}
    assert SECRET not in raw(remote, seen)
    assert "E3" not in json.dumps(changes)
    assert at_service(remote, filled, "A3") == {}
    assert [row["number"] for row in bodies(remote, "pilot_equipment")] == ["E1"]
    assert sound(filled)
    # The broken variant: what nobody counts among what hangs on a set is not offered, and would stay there.
    with_all = {place for one in [taking_back.offer(filled, "A3")] for held in one.held for place in held.deletable}
    assert with_all == set()
    lines = [part for part in reclassifications.OWN.split("UNION ALL ") if not any(kind in part for kind in PILOT)]
    monkeypatch.setattr(sent_rows, "OWN", "UNION ALL ".join(lines))
    fill(filled, "A2", "E2", "中试质谱")
    remote.sync(filled)
    close(filled, "A2")
    kinds = {kind for held in taking_back.offer(filled, "A2").held for kind, _ in (*held.deletable, *held.stay)}
    assert not kinds & set(PILOT)


def test_a_base_says_nothing_of_its_confidential_equipment(small: Workspace, remote: Remote, tmp_path: Path) -> None:
    """Neither by the set, nor by equipment of its own; and what is printed to be published says nothing but how many."""
    pilot.add_base(small, PilotBase("", "Z1", "新材料中试基地"))
    fill(small, "A1", "E1", "中试电镜")
    fill(small, "S1", "ES-77001", SECRET)
    pilot.add_equipment(small, PilotEquipment("", "ES-77002", SECRET + "二号", confidential=True), "Z1")
    pilot.say_open(small, "ES-77002", "paused", SECRET + "检修", date(2021, 1, 1))
    posted(small, "R1")
    pilot.serve(small, ["R1"], "Z1", "ES-77002", what=SECRET + "放大")
    for number in ("ES-77001", "ES-77002"):
        file = tmp_path / f"{number}.pdf"
        file.write_text("%PDF- " + SECRET + number, "utf-8")
        evidence.add(small, "pilot_equipment", evidence.subject(small, "pilot_equipment", number), file, SECRET)
    remote.enrol(small)
    shown = syncing.preview(small, remote.role)
    assert SECRET not in repr(shown)
    assert "ES-7700" not in repr(shown)
    done = remote.sync(small)
    assert (done.parked, done.digest_equal) == (0, True)
    assert SECRET not in raw(remote, 0)
    assert "ES-7700" not in raw(remote, 0)
    assert [row["number"] for row in bodies(remote, "pilot_equipment")] == ["E1"]
    assert (len(bodies(remote, "pilot_openness")), bodies(remote, "pilot_service"), len(bodies(remote, "sensor_binding"))) == (1, [], 1)
    (base,) = pilot_view.bases(small)
    (served,) = pilot_view.services(small, 2025)
    assert (base.n_withheld, served.n_withheld, served.lines) == (2, 1, ())


def test_open_states_leave_before_all_that_they_do_not_name(filled: Workspace, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the bytes of the batch: of what waits the state goes first; with a new base and equipment it goes right after those."""
    remote.enrol(filled)
    remote.sync(filled)
    with filled.write("customers for tests") as operation:
        CUSTOMERS.insert(operation.connection, [Customer(new_key(), "新来的公司", False)])
    posted(filled, "R9", customer_name="新来的公司")
    records.receive(filled, "R9", date(2025, 6, 1), 10_00, "FP-1")
    fee_version(filled, "A1", date(2026, 6, 1), "测试", "小时", "70", "200")
    assert fees.versions(filled, "A1")
    pilot.add_partner(filled, "Z1", PilotPartner("", "", "某园区", "park"))
    sensors.bind(filled, "A2", "CG-9", date(2025, 1, 1))
    pilot.say_open(filled, "Z1", "paused", "检修", date(2026, 3, 1))
    shown = syncing.preview(filled, remote.role)
    assert (shown.groups[0].kind, shown.lines[0].kind, shown.lines[0].label) == ("pilot_openness", "pilot_openness", "Z1 新材料中试基地 2026-03-01")
    seen = len(remote.line.seen)
    done = remote.sync(filled)
    assert (done.parked, done.digest_equal) == (0, True)
    kinds = [change["kind"] for change in sent(remote, seen)]
    assert kinds[0] == "pilot_openness"
    assert {"customer", "posting", "service_record", "fee_schedule", "pilot_partner", "sensor_binding"} <= set(kinds)
    pilot.add_base(filled, PilotBase("", "Z2", "生物中试基地"))
    instruments.add(filled, Instrument("", "A7", "发酵罐", 50_000_000, True, False, date(2020, 1, 1)))
    pilot.add_equipment(filled, PilotEquipment("", "E7", "发酵罐"), "Z2", "A7")
    pilot.say_open(filled, "E7", "open", "建成", date(2026, 3, 1))
    enter(filled, "R10", "A7")
    fee_version(filled, "A7", date(2025, 1, 1), "测试", "小时", "70", "200")
    seen = len(remote.line.seen)
    remote.sync(filled)
    assert [change["kind"] for change in sent(remote, seen)][:4] == ["pilot_base", "instrument", "pilot_equipment", "pilot_openness"]
    # The broken variant: states in no place of their own leave with what nobody knows.
    monkeypatch.setattr(seal, "KIND_ORDER", tuple(kind for kind in seal.KIND_ORDER if kind != "pilot_openness"))
    pilot.say_open(filled, "Z1", "open", "修好了", date(2026, 4, 1))
    sensors.bind(filled, "A2", "CG-10", date(2025, 1, 1))
    assert [line.kind for line in syncing.preview(filled, remote.role).lines] == ["sensor_binding", "pilot_openness"]


def test_whether_one_row_is_withheld_is_asked_of_that_row_alone(filled: Workspace) -> None:
    """Two hundred thousand records stand behind these questions: none is answered by reading them all."""
    with filled.read() as connection:
        for kind in PILOT:
            for remote in reach.REMOTES:
                if kind not in reach.kinds(remote):
                    continue
                plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sync_rows._withheld(kind, remote), ("x",))]
                assert plan
                told = [step for step in plan if "ix_service_record_secret" in step or step in ("SCAN service_record", "SCAN s", "SCAN r", "SCAN p")]
                assert not told, (kind, plan)
        # The broken variant: the set of all that is confidential.
        whole = f"EXPLAIN QUERY PLAN SELECT {reach.secret('pilot_service')} FROM pilot_service WHERE id = ?"
        plan = [row[3] for row in connection.exec_driver_sql(whole, ("x",))]
        assert [step for step in plan if "ix_service_record_secret" in step], plan


def test_of_one_row_the_same_is_said_as_of_all(filled: Workspace) -> None:
    fill(filled, "S1", "ES-1", SECRET + "三号")
    pilot.serve(filled, ["R3"], "Z1", "E3")
    enter(filled, "R4")
    pilot.add_equipment(filled, PilotEquipment("", "ES-2", SECRET, confidential=True), "Z1")
    pilot.serve(filled, ["R4"], "Z1", "ES-2")
    with filled.read() as connection:
        for kind in ("pilot_equipment", "pilot_openness", "pilot_service"):
            all_, one = ({row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {sql(kind)}")} for sql in (reach.secret, reach.secret_one))
            assert all_ == one
            assert 0 < len(one) < connection.exec_driver_sql(f"SELECT count(*) FROM {kind}").scalar_one()
