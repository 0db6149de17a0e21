"""A database is that of a network or of a hub for good: one opened as the other would hand out what the other may not have."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from network import __main__ as network_main
from network import backup, operator, roles, schema
from network.database import Database
from network.kinds import Role
from tests.network.packing import Courier, entries_of
from tests.network.rig import USCC_A, Running, Service, batch, create, instrument

OTHER: dict[Role, Role] = {"hub": "network", "network": "hub"}


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    return new_database()


def started(database: str, role: Role | None) -> Role:
    """The role in which a service is started, and ended again."""
    running = Service(database, role)
    running.stop()
    return running.role


def forgotten(database: str) -> None:
    """The database as a program made it that kept no mark."""
    db = Database(database)
    with db.write() as connection:
        connection.execute(delete(schema.service).where(schema.service.c.name == "role"))
    db.close()


def refusal(database: str, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """What is said when the service does not start."""
    capsys.readouterr()
    assert network_main.main(["--database", database, *words]) == 1
    told: dict[str, str] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return told


@pytest.mark.parametrize("role", ["network", "hub"])
def test_the_first_start_says_what_the_database_is(database: str, role: Role, capsys: pytest.CaptureFixture[str]) -> None:
    assert started(database, role) == role
    # Not named, it is what it was; named otherwise, it does not start, and is what it was.
    assert started(database, None) == role
    told = refusal(database, capsys, "--role", OTHER[role])
    assert told["error"] == "the database belongs to the other kind of service"
    assert f"name {role}" in told["reason"]
    assert started(database, role) == role


def test_a_new_database_of_which_nothing_is_said_becomes_a_network(database: str) -> None:
    assert started(database, None) == "network"
    with pytest.raises(roles.OtherRole):
        started(database, "hub")


def test_the_program_serves_a_hub_as_a_hub_without_being_told(database: str) -> None:
    started(database, "hub")
    with Running(database, "--log-level", "error") as running:
        assert running.role == "hub"


def test_a_database_from_before_the_mark_takes_what_it_is_started_with(database: str) -> None:
    service = Service(database, "network")
    service.seat(service.institution(USCC_A, "齐鲁样本大学")).send(instrument())
    service.stop()
    forgotten(database)
    assert started(database, "hub") == "hub"
    with pytest.raises(roles.OtherRole):
        started(database, "network")


def test_one_from_before_the_mark_that_may_be_either_asks_which_it_is(database: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With devices enrolled in it and nothing that only a hub takes it may be a hub that has reported no people yet."""
    service = Service(database, "hub")
    home = service.institution(USCC_A, "齐鲁样本大学")
    service.seat(home)
    service.stop()
    forgotten(database)
    told = refusal(database, capsys)
    assert told["error"] == "which kind of service the database belongs to must be said once"
    assert "--role hub" in told["reason"]
    capsys.readouterr()
    (tmp_path / "a.gxpk").write_bytes(b"")
    assert operator.main(["--database", database, "take-package", "--file", str(tmp_path / "a.gxpk"), "--answer", str(tmp_path / "b.gxpk")]) == 1
    assert "--role network" in capsys.readouterr().err
    db = Database(database)
    with db.read() as connection:
        assert roles.marked(connection) is None
        assert connection.execute(select(schema.institution.c.id)).scalar_one() == home
    db.close()
    assert started(database, "hub") == started(database, None) == "hub"


def test_one_in_which_only_institutions_were_entered_is_new(database: str) -> None:
    """The operator may enter them before the first start; nothing is held yet that could be handed out."""
    db = Database(database)
    with db.write() as connection:
        operator.create_institution(db, connection, USCC_A, "齐鲁样本大学")
    db.close()
    assert started(database, None) == "network"


def test_one_from_before_the_mark_that_holds_people_is_a_hubs(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    service = Service(database, "hub")
    assert service.seat(service.institution(USCC_A, "齐鲁样本大学")).send(create("person", name="李审批", role="approver"))
    service.stop()
    forgotten(database)
    assert "belongs to an institution's hub" in refusal(database, capsys, "--role", "network")["reason"]
    assert started(database, None) == "hub"


def test_without_the_mark_a_network_would_hand_out_people(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: the role is what the command line says. What is kept is read without asking whether it may be there."""
    service = Service(database, "hub")
    home = service.institution(USCC_A, "齐鲁样本大学")
    service.seat(home).send(create("person", name="李审批", role="approver"))
    service.stop()
    monkeypatch.setattr(roles, "bind", lambda _db, asked: asked)
    broken = Service(database, "network")
    try:
        assert [item["kind"] for item in broken.seat(home).pages()[0]] == ["person"]
    finally:
        broken.stop()


@pytest.mark.parametrize("role", ["network", "hub"])
def test_a_backup_brings_the_role_with_it(database: str, role: Role, new_database: Callable[[], str], tmp_path: Path) -> None:
    service = Service(database, role)
    backup.write(service.db, tmp_path / "a.backup")
    backup.restore(service.db, tmp_path / "a.backup")
    service.stop()
    fresh = new_database()
    db = Database(fresh)
    backup.restore(db, tmp_path / "a.backup")
    db.close()
    for each in (database, fresh):
        with pytest.raises(roles.OtherRole):
            started(each, OTHER[role])
        assert started(each, None) == role


@pytest.mark.parametrize("is_marked", [True, False], ids=["marked", "from before the mark"])
def test_a_backup_of_a_hub_is_never_put_in_the_place_of_a_network(
    database: str, is_marked: bool, new_database: Callable[[], str], tmp_path: Path
) -> None:
    hub = Service(database, "hub")
    hub.seat(hub.institution(USCC_A, "齐鲁样本大学")).send(create("person", name="李审批", role="approver"))
    if not is_marked:
        forgotten(database)
    backup.write(hub.db, tmp_path / "a.backup")
    hub.stop()
    network = Service(new_database(), "network")
    try:
        server_id = network.db.server_id
        network.seat(network.institution(USCC_A, "齐鲁样本大学")).send(instrument())
        with pytest.raises(backup.Unusable, match="that of a hub and the database that of a network"):
            backup.restore(network.db, tmp_path / "a.backup", replace=True)
        with network.db.read() as connection:
            assert network.db.known_server_id(connection) == server_id
            assert [row.kind for row in connection.execute(select(schema.entity))] == ["instrument"]
            assert roles.marked(connection) == "network"
    finally:
        network.stop()


def test_a_backup_from_before_the_mark_leaves_the_databases_own(database: str, tmp_path: Path) -> None:
    started(database, "hub")
    forgotten(database)
    db = Database(database)
    try:
        backup.write(db, tmp_path / "a.backup")
        assert roles.bind(db, "hub") == "hub"
        backup.restore(db, tmp_path / "a.backup")
        assert roles.agreed(db, None) == "hub"
        with db.read() as connection:
            assert roles.marked(connection) == "hub"
    finally:
        db.close()


def test_the_operator_takes_packages_in_the_role_of_the_database(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(database, "hub")
    service.clock.moment = datetime.now(UTC)  # the operator's command looks at the real clock
    courier = Courier(USCC_A)
    enrolment = {"code": service.code(service.institution(USCC_A, "齐鲁样本大学")), "public_key": courier.public_key}
    service.stop()
    (tmp_path / "1.gxpk").write_bytes(courier.pack(batch(instrument(), create("person", name="李审批", role="approver")), enrolment=enrolment))
    words = ["--database", database, "take-package", "--file", str(tmp_path / "1.gxpk"), "--answer", str(tmp_path / "1-answer.gxpk")]
    capsys.readouterr()
    assert operator.main([*words, "--role", "network"]) == 1
    assert "belongs to an institution's hub" in json.loads(capsys.readouterr().err)["reason"]
    assert not (tmp_path / "1-answer.gxpk").exists()
    assert operator.main(words) == 0
    answers = entries_of((tmp_path / "1-answer.gxpk").read_bytes())
    assert [each["status"] for each in json.loads(answers["receipts/0001.json"])["results"]] == ["applied", "applied"]


def test_a_package_taken_before_the_first_start_says_what_the_database_is(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert operator.main(["--database", database, "create-institution", "--uscc", USCC_A, "--name", "齐鲁样本大学"]) == 0
    db = Database(database)
    # Looking alone binds nothing: the operator's other commands have none to name.
    assert (roles.agreed(db, "hub"), roles.agreed(db, "network")) == ("hub", "network")
    db.close()
    capsys.readouterr()
    operator.main(["--database", database, "enrolment-code", "--uscc", USCC_A])
    courier = Courier(USCC_A)
    enrolment = {"code": json.loads(capsys.readouterr().out)["code"], "public_key": courier.public_key}
    (tmp_path / "1.gxpk").write_bytes(courier.pack(batch(instrument()), enrolment=enrolment))
    words = ["--database", database, "take-package", "--file", str(tmp_path / "1.gxpk"), "--answer", str(tmp_path / "1-answer.gxpk")]
    assert operator.main([*words, "--role", "hub"]) == 0
    with pytest.raises(roles.OtherRole):
        started(database, "network")
