"""A university's yearly tables by command."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_the_schools_code_is_kept_and_forgotten(filled: Shell) -> None:
    assert filled.json("university", "school") == {"school": None}
    assert "没有填写" in filled("university", "school")
    assert filled.json("university", "school", " 10422 ") == {"school": "10422"}
    for wrong in ("1042", "104220", "1042a", "１０４２２"):
        assert filled.json("university", "school", wrong, status=1)["error"] == "university.school_code"
    assert "10422" in filled("university", "school"), "what was refused changed nothing"
    assert filled.json("university", "school", "") == {"school": None}
