"""Every column that can hold words is searched for what must not leave; what only looks alike is not."""

from __future__ import annotations

from desktop.actions import cers, instruments, pilot
from desktop.actions.sync_marks import Marks
from desktop.actions.workspace import Workspace
from desktop.ledger.pilot import PilotBase, PilotEquipment
from desktop.store import secret_rows
from tests.actions.making import enter, some_work
from tests.actions.test_taking_back import close


def test_each_text_of_a_confidential_row_is_a_mark(small: Workspace) -> None:
    some_work(small)
    key = instruments.get(small, "S1").id
    for place, name in enumerate(secret_rows.telling("instrument")):
        with small.write("mark") as operation:
            operation.connection.exec_driver_sql(f"UPDATE instrument SET {name} = ? WHERE id = ?", (f"记号{place:04d}-{name}", key))
    with small.read() as connection:
        found = {mark.text for mark in Marks().of(connection)}
    wanted = {f"记号{place:04d}-{name}" for place, name in enumerate(secret_rows.telling("instrument"))}
    assert wanted <= found
    assert {"name", "manufacturer", "contact", "declaration_number"} <= set(secret_rows.telling("instrument"))


def test_a_text_that_an_ordinary_row_has_too_is_no_mark(small: Workspace) -> None:
    ordinary, secret = instruments.get(small, "A1"), instruments.get(small, "S1")
    with small.write("mark") as operation:
        for one in (ordinary, secret):
            operation.connection.exec_driver_sql("UPDATE instrument SET manufacturer = '同一家制造商' WHERE id = ?", (one.id,))
        operation.connection.exec_driver_sql("UPDATE instrument SET model = '只此一台的型号' WHERE id = ?", (secret.id,))
    with small.read() as connection:
        assert "同一家制造商" in secret_rows.texts(connection)
        found = secret_rows.texts_of_no_other(connection)
    assert "只此一台的型号" in found
    assert "同一家制造商" not in found


def test_marks_follow_every_change_also_an_open_one(small: Workspace) -> None:
    marks = Marks()
    with small.read() as connection:
        before = marks.of(connection)
        assert marks.of(connection) is before
    key = instruments.get(small, "S1").id
    with small.write("mark") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET model = '刚写进去的型号' WHERE id = ?", (key,))
        assert any(mark.text == "刚写进去的型号" for mark in marks.of(operation.connection))
    with small.read() as connection:
        assert any(mark.text == "刚写进去的型号" for mark in marks.of(connection))


def test_a_number_that_an_ordinary_row_has_too_is_no_mark(small: Workspace) -> None:
    """Of what people number as they like: pilot equipment, and the set's own number in the CERS file."""
    pilot.add_base(small, PilotBase("", "Z1", "新材料中试基地"))
    for number in ("A1", "E-SECRET"):
        pilot.add_equipment(small, PilotEquipment("", number, "中试雷达", confidential=True), "Z1")
    enter(small, "CERS-1")
    cers.state(small, "A2", {"inner_id": "CERS-1"})
    close(small, "A2")
    for inner in ("CERS-1", "CERS-2"):
        with small.write("mark") as operation:
            operation.connection.exec_driver_sql("UPDATE cers_set SET inner_id = ?", (inner,))
        with small.read() as connection:
            whole = {mark.text for mark in Marks().of(connection) if mark.whole}
            strict = {mark.text for mark in Marks(strict=True).of(connection)}
        assert whole & {"A1", "E-SECRET", "CERS-1", "CERS-2"} == {"E-SECRET", inner} - {"CERS-1"}
        assert {"A1", "E-SECRET", inner} <= strict
