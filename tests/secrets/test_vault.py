"""The keyring, through a real Secret Service on a session bus of its own; and what happens without one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.ledger.problem import Problem
from desktop.secrets import vault, wrap

INSIDE = """
import sys
from pathlib import Path
from desktop.actions import institution, people, upkeep, workspace
from desktop.secrets import vault

home = Path(sys.argv[1])
opened, recovery = institution.start(home, "keyring", "123700004000000181", "university", "370102")
opened.close()
with workspace.open_ledger(home) as again:          # no passphrase anywhere: the keyring opens it
    people.add(again, "a", "auditor")
    assert upkeep.verify(again).ok
    ledger = again.lock.ledger
assert len(vault.get(ledger)) == 64
vault.forget(ledger)
assert vault.get(ledger) is None
try:
    workspace.open_ledger(home)
except Exception as problem:
    print(problem.code)
with workspace.open_ledger(home, passphrase=recovery) as again:  # the printed key opens it all the same
    print(people.everyone(again)[0].name)
"""


def test_the_keyring_opens_the_ledger_and_the_recovery_key_when_it_is_lost(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHON_KEYRING_BACKEND", "YIXIANG_PASSPHRASE")
    }
    environment |= {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": os.getcwd(),
    }
    script = 'echo -n secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, "sh", sys.executable, "-c", INSIDE, str(tmp_path / "home")],
        capture_output=True, text=True, check=False, timeout=60, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["key.needed", "a"]


def test_looking_for_a_keyring_starts_no_other_program(tmp_path: Path) -> None:
    """Asking the library for whatever there is runs ldconfig and a compiler."""
    tried = "from desktop.secrets import vault; print(vault.get('name'))"
    broken = "import keyring; print(keyring.get_keyring() and None)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"} | {"HOME": str(tmp_path)}
    started = []
    for script in (tried, broken):
        done = subprocess.run(
            ["strace", "-f", "-qq", "-e", "trace=execve", sys.executable, "-c", script],
            capture_output=True, text=True, check=True, timeout=60, env=environment,
        )  # fmt: skip
        assert done.stdout.strip() == "None"
        started.append(done.stderr.count("execve(") - 1)
    assert started[0] == 0
    assert started[1] > 0


def test_without_a_keyring_nothing_is_kept_and_nothing_raised() -> None:
    assert vault.put("name", "secret") is False
    assert vault.get("name") is None
    vault.forget("name")


def test_a_backend_that_is_not_on_the_list_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Plain(KeyringBackend):
        priority = 1  # type: ignore[assignment]  # the base class computes it
        kept: dict[str, str] = {}  # noqa: RUF012 - one per test

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get(username)

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[username]

    before = keyring.get_keyring()
    keyring.set_keyring(Plain())
    try:
        assert vault.put("name", "secret") is False
        assert Plain.kept == {}
    finally:
        keyring.set_keyring(before)


def test_wrapping_gives_the_key_back_and_only_for_the_secret() -> None:
    key = wrap.new_key()
    wrapped = wrap.wrap(key, "口令 pass")
    assert wrap.unwrap(wrapped, "口令 pass") == key
    assert key.hex() not in repr(wrapped)
    with pytest.raises(Problem, match="key.wrong"):
        wrap.unwrap(wrapped, "口令 Pass")


def test_a_recovery_key_is_easy_to_type() -> None:
    text = wrap.recovery_text(bytes(range(20)))
    assert len(text) == 39
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567-")


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[]"])
def test_a_broken_key_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "ledger.key").write_text(content, "utf-8")
    with pytest.raises(Problem, match="key.bad_file"):
        wrap.read(tmp_path / "ledger.key")
    with pytest.raises(Problem, match="key.no_file"):
        wrap.read(tmp_path / "missing.key")
