"""Every column that can hold words is searched for what must not leave; what only looks alike is not."""

from __future__ import annotations

from desktop.actions import instruments
from desktop.actions.sync_marks import Marks
from desktop.actions.workspace import Workspace
from desktop.store import secret_rows
from tests.actions.making import some_work


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
