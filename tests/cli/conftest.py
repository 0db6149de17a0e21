"""The command line as a clerk or a script uses it: real ledgers, real files, no keyring."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.__main__ import main

PASSPHRASE = "correct horse battery"
FILES = {
    "instruments": "instruments.xlsx",
    "fees": "price-list.xlsx",
    "technicians": "technicians.xlsx",
    "customers": "customers.csv",
    "records": "service-records.xlsx",
}


class Shell:
    """Runs commands in one home and keeps what was printed."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys
        self.out = ""
        self.err = ""

    def __call__(self, *arguments: object, status: int = 0) -> str:
        """Run one command; its exit status must be ``status``. Returns what it printed."""
        self._capsys.readouterr()
        try:
            got: object = main([*map(str, arguments), "--home", str(self.home)])
        except SystemExit as stopped:
            if status != 2:
                raise
            got = stopped.code
        self.out, self.err = self._capsys.readouterr()
        assert got == status, f"{arguments}: exit {got}\n{self.out}\n{self.err}"
        return self.out

    def json(self, *arguments: object, status: int = 0) -> Any:
        """Run with ``--json``: exactly one object on standard output."""
        return json.loads(self(*arguments, "--json", status=status))

    def help(self, *arguments: str) -> str:
        """What ``--help`` of a command prints."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([*arguments, "--help"])
        assert not stopped.value.code
        return self._capsys.readouterr().out


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("YIXIANG_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("YIXIANG_TODAY", "2026-11-23")
    return Shell(tmp_path / "home", capsys)


@pytest.fixture
def practice() -> Callable[[str], Path]:
    from desktop import resource

    return lambda name: resource.path("practice", name)


INIT = ("init", "--name", "齐鲁大学", "--uscc", "123700004000000181", "--kind", "university", "--region", "370102")


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the five practice files imported by command; made once, copied for each test."""
    from desktop import resource

    home = tmp_path_factory.mktemp("filled") / "home"
    patch = pytest.MonkeyPatch()
    patch.setenv("YIXIANG_PASSPHRASE", PASSPHRASE)
    patch.setenv("YIXIANG_TODAY", "2026-11-23")
    assert main([*INIT, "--home", str(home)]) == 0
    for kind, name in FILES.items():
        assert main(["import", kind, str(resource.path("practice", name)), "--home", str(home)]) == 1
    patch.undo()
    return home


@pytest.fixture
def filled(shell: Shell, filled_home: Path) -> Shell:
    """A ledger with the five practice files imported."""
    shutil.copytree(filled_home, shell.home)
    return shell
