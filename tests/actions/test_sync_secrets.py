"""The token towards a remote: whichever copy was written last counts, in the keyring or in the ledger."""

from __future__ import annotations

import dataclasses

import pytest

from desktop.actions.sync_secrets import REFRESH, Secret
from desktop.actions.workspace import Workspace
from desktop.secrets import vault


class Keyring:
    """A keyring that can be locked for writing."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.takes = True

    def put(self, name: str, secret: str) -> bool:
        if self.takes:
            self.kept[name] = secret
        return self.takes

    def forget(self, name: str) -> None:
        if self.takes:
            self.kept.pop(name, None)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    made = Keyring()
    monkeypatch.setattr(vault, "get", made.kept.get)
    monkeypatch.setattr(vault, "put", made.put)
    monkeypatch.setattr(vault, "forget", made.forget)
    return made


@pytest.fixture
def secret(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> Secret:
    """Of a ledger that is in use: the one of practice never touches the keyring."""
    monkeypatch.setattr(empty, "lock", dataclasses.replace(empty.lock, practice=False))
    return Secret(empty, "network", REFRESH)


def in_ledger(secret: Secret) -> str:
    return secret._workspace.setting(secret._setting)


def test_a_keyring_that_refuses_one_write_does_not_bring_the_old_token_back(secret: Secret, keyring: Keyring) -> None:
    secret.save("first")
    assert not in_ledger(secret)
    keyring.takes = False
    secret.save("second")
    assert secret.load() == "second"
    keyring.takes = True
    secret.save("third")
    assert secret.load() == "third"
    assert not in_ledger(secret), "a copy that is no longer needed stays in the ledger"


def test_a_ledger_brought_back_from_a_backup_does_not_hide_the_newer_token_of_the_keyring(secret: Secret, keyring: Keyring) -> None:
    keyring.takes = False
    secret.save("old")
    backup = in_ledger(secret)
    keyring.takes = True
    secret.save("new")
    secret._workspace.keep(secret._setting, backup)
    assert secret.load() == "new"
    secret.save("newest")
    assert secret.load() == "newest"


def test_what_was_forgotten_stays_forgotten_when_the_keyring_keeps_it(secret: Secret, keyring: Keyring) -> None:
    secret.save("token")
    keyring.takes = False
    secret.save("")
    assert secret.load() is None
    keyring.takes = True
    secret.save("")
    assert (secret.load(), in_ledger(secret), keyring.kept) == (None, "", {})


@pytest.mark.parametrize("where", ["keyring", "ledger"])
def test_a_token_kept_before_copies_were_numbered_is_still_read(secret: Secret, keyring: Keyring, where: str) -> None:
    if where == "keyring":
        keyring.kept[secret._name] = "token-of-old"
    else:
        secret._workspace.keep(secret._setting, "token-of-old")
    assert secret.load() == "token-of-old"
    secret.save("token-of-now")
    assert secret.load() == "token-of-now"
