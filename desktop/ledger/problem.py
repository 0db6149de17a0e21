"""A problem: something the user can understand and act on stopped the work (offline, locked, refused, newer file).

Each carries a code whose words tell what happened, what it means for the data, and what to do next.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.ledger.finding import Finding


class Problem(Exception):
    """Stops an action with words for the user. Nothing of the action has been written when it is raised."""

    def __init__(self, code: str, /, *, findings: tuple[Finding, ...] = (), **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}
        self.findings = findings

    def __str__(self) -> str:
        told = "".join(f" {name}={value}" for name, value in self.params.items())
        return f"{self.code}{told}"


_REASONS = {
    errno.ENOENT: "file.reason.no_folder",
    errno.ENOTDIR: "file.reason.no_folder",
    errno.EACCES: "file.reason.no_right",
    errno.EPERM: "file.reason.no_right",
    errno.EROFS: "file.reason.read_only",
    errno.ENOSPC: "file.reason.disk_full",
    errno.EDQUOT: "file.reason.disk_full",
    errno.EISDIR: "file.reason.is_folder",
    errno.ENAMETOOLONG: "file.reason.name_too_long",
    errno.EIO: "file.reason.disk_fault",
}


def reason_of(error: OSError) -> str:
    """Why the system refused a file, as a code with words: its own sentence is English and for programmers."""
    return _REASONS.get(error.errno or 0, "file.reason.other")


class Refused(Problem):
    """The action is against a rule (same person approves, period closed, posted record): data unchanged."""


class Cancelled(Problem):
    """The person at the desk stopped the work: data unchanged."""

    def __init__(self) -> None:
        super().__init__("work.cancelled")
