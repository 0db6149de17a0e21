"""``python -m tests.actions.heard_service FILE …``: the network service with the arguments that follow; what it wrote meanwhile is told in FILE."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from network.__main__ import main
from tests.actions.canaries import hearing

CONTROL = "this was heard in the service"

if __name__ == "__main__":
    with hearing() as written:
        with tempfile.TemporaryFile("w") as gone:
            gone.write(CONTROL)
        status = main(sys.argv[2:])
        told = written.read()
    Path(sys.argv[1]).write_text(told, "utf-8")
    raise SystemExit(status)
