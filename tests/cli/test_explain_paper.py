"""A report that was written by command answers for its figures by its file; the grammar offers every kind that is answered for."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.actions.explaining import KINDS
from desktop.cli.parser import build
from tests.cli.conftest import INIT, Shell


def test_every_kind_that_is_answered_for_is_offered() -> None:
    commands = next(one for one in build()._actions if isinstance(one, argparse._SubParsersAction)).choices
    (kind,) = (one for one in commands["explain"]._actions if one.dest == "kind")
    assert set(kind.choices or ()) == set(KINDS)


def test_a_file_is_the_key_to_its_figures(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    file = tmp_path / "management.pdf"
    shell("report", "management", "--period", "2025", "--out", file)
    told = shell.json("explain", "paper", file)["figure"]
    assert told["inputs"][0] == shell.json("explain", "management", "-", "--on", "2025-12-31")["figure"]
    assert told["label"].startswith("管理制度清单（")
    assert "管理制度清单" in shell("explain", "paper", file)
    file.write_bytes(file.read_bytes()[:-1])
    assert shell.json("explain", "paper", file, status=1)["error"] == "report.not_printed"
