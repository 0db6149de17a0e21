"""One window per home: a second start raises the first window and ends.

The first instance listens on a local socket (a named pipe on Windows) whose name comes from the home's path; it lies in the
home when the path is short enough for the operating system. Only the same user may connect, and all that is sent is "raise".
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal

_WORD = b"raise\n"
_LONGEST = 100  # a Unix socket's path has at most 107 bytes
_WAIT_MS = 500


def socket_name(home: Path) -> str:
    """Where the instance of this home listens."""
    whole = home.resolve()
    if sys.platform != "win32" and len(os.fsencode(whole / "window.sock")) <= _LONGEST:
        return str(whole / "window.sock")
    import hashlib
    import tempfile

    name = "yixiang-" + hashlib.sha256(str(whole).encode()).hexdigest()[:16]
    return name if sys.platform == "win32" else str(Path(tempfile.gettempdir()) / name)


def raise_other(home: Path) -> bool:
    """Ask the window that runs on this home to come forward. False when there is none."""
    name = socket_name(home)
    if sys.platform != "win32" and not Path(name).exists():
        return False  # spares the import of QtNetwork at nearly every start
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(_WORD)
    heard = socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return heard


class OneWindow(QObject):
    """Listens until the program ends; ``raised`` when somebody started it again. Made after ``raise_other`` said False, so
    a socket that is still there was left by a crash."""

    raised = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)
        name = socket_name(home)
        home.mkdir(parents=True, exist_ok=True)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def is_listening(self) -> bool:
        """Whether a second start would find this one."""
        return self._server.isListening()

    def close(self) -> None:
        """Stop listening and leave nothing behind."""
        self._server.close()

    def _called(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raised.emit()
