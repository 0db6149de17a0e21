"""Every test runs away from the person's own home, keyring, screen and language.

What a test may not touch is put out of reach here, before anything of the program is imported; sockets are confined to
loopback by pytest-socket (see pyproject.toml).
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.network.recorder import Recorder

PATIENCE_MS = 30_000
# The files that take longest, though they hold few tests: begun last, one worker would play them while the others have nothing left.
LONGEST = ("tests/recompute/", "tests/simulation/", "tests/e2e/", "tests/ui/pages/test_room.py", "tests/actions/test_large_payouts.py",
           "tests/network/test_drawn.py", "tests/actions/test_canary_walk.py")  # fmt: skip
_AWAY = Path(tempfile.mkdtemp(prefix="yixiang-tests-"))


def _away(name: str) -> str:
    folder = _AWAY / name
    folder.mkdir(mode=0o700)
    return str(folder)


def _isolate() -> None:
    for variable in [name for name in os.environ if name.startswith("YIXIANG_")]:
        del os.environ[variable]
    for variable in ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        os.environ.pop(variable, None)
    os.environ |= {
        "HOME": _away("home"),
        "XDG_CONFIG_HOME": _away("config"),
        "XDG_DATA_HOME": _away("data"),
        "XDG_STATE_HOME": _away("state"),
        "XDG_CACHE_HOME": _away("cache"),
        "XDG_RUNTIME_DIR": _away("runtime"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "QT_QPA_PLATFORM": "offscreen",
        "NO_PROXY": "127.0.0.1,::1,localhost",
        "no_proxy": "127.0.0.1,::1,localhost",
    }


_isolate()

settings.register_profile("desk", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, print_blob=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure() -> None:
    """What a window is waited for comes or does not; a busy machine may take longer than the five seconds of the plugin."""
    from pytestqt.qtbot import QtBot

    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitCallback):
        wait.__kwdefaults__["timeout"] = PATIENCE_MS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In random order, but the longest files first."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_unconfigure() -> None:
    shutil.rmtree(_AWAY, ignore_errors=True)


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A test that chooses a language leaves none behind."""
    yield
    words = sys.modules.get("desktop.words")
    if words is not None:
        words.use("zh")


@pytest.fixture(scope="session", autouse=True)
def _stretched_once() -> Iterator[None]:
    """Stretching a passphrase or a PIN is slow on purpose; what comes of the same one with the same salt is worked out once.

    Ledgers that are made once and copied for each test keep their salts, so that every test would wait for the same again.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashlib, "scrypt", cache(hashlib.scrypt))
        yield


@pytest.fixture(scope="session", autouse=True)
def _overheard() -> Iterator[Recorder]:
    """All that the client sends from the first fixture to the last."""
    from tests.network.recorder import CLIENT, recording

    with recording(CLIENT) as recorder:
        yield recorder
    assert recorder.broken == [], "a fixture sent what is outside the contract after the last test"


@pytest.fixture(autouse=True)
def contract_kept(_overheard: Recorder) -> Iterator[Recorder]:
    """What the client sends in a test, whatever the test is about, and in the fixtures that several share, stays within the network's contract.

    A breach is raised out of the call that sends; it is asked for again before and after, in case a thread kept it to itself. A test that
    breaks the contract on purpose empties ``broken``.
    """
    before = list(_overheard.broken)
    _overheard.broken.clear()
    _overheard.sent.clear()
    assert before == [], "a fixture sent what is outside the contract"
    yield _overheard
    after = list(_overheard.broken)
    _overheard.broken.clear()
    assert after == []


@pytest.fixture(autouse=True)
def _log_as_loud_as_before() -> Iterator[None]:
    """A program of the service that a test plays in this process sets how much is logged; the next test hears what it always hears."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
