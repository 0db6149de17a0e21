"""``python -m tests.actions.heard_service FILE …``: the network service with the arguments that follow; what it wrote meanwhile is told in FILE.

It leaks where the environment says (``leaky_service``); by itself it is the service as it is.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from network.__main__ import main
from tests.actions import leaky_service
from tests.actions.canaries import hearing

CONTROL = "this was heard in the service"

if __name__ == "__main__":
    with hearing() as written:
        with tempfile.TemporaryFile("w") as gone:
            gone.write(CONTROL)
        leaky_service.leak(os.environ.get(leaky_service.LEAK, ""))
        status = main(sys.argv[2:])
        told = written.read()
    Path(sys.argv[1]).write_text(told, "utf-8")
    raise SystemExit(status)
