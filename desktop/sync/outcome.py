"""What can stop a run: problems with a code whose words stand in resources/i18n/codes/sync.toml, and the action they call
for."""

from __future__ import annotations

from typing import Literal

from desktop.ledger.problem import Problem

Action = Literal["retry", "rebase", "park", "reauth", "upgrade", "resync", "stop"]

# The words follow the action; a few codes have words of their own because a person does something else about them.
_OWN_WORDS = {
    "enrolment.refused": "sync.enrolment_refused",
    "institution.frozen": "sync.frozen",
    "auth.revoked": "sync.revoked",
    "token.reused": "sync.revoked",
}
_WORDS: dict[str, str] = {
    "retry": "sync.busy",
    "rebase": "sync.refused_request",
    "park": "sync.refused_request",
    "reauth": "sync.reauth",
    "upgrade": "sync.upgrade",
    "resync": "sync.restored",
    "stop": "sync.refused_request",
}


class RemoteProblem(Problem):
    """The remote could not be asked, or refused the request. ``remote_code`` is "" when no problem document was given."""

    def __init__(
        self, code: str, action: Action, *, remote_code: str = "", retry_after: int | None = None, **params: object
    ) -> None:
        super().__init__(code)
        shown = {"remote_code": remote_code} if remote_code else {}
        self.params |= {name: str(value) for name, value in (shown | params).items()}
        self.action: Action = action
        self.remote_code = remote_code
        self.retry_after = retry_after


def refused(remote_code: str, action: Action, retry_after: int | None = None) -> RemoteProblem:
    """The problem for a document of the service. Its prose is not shown."""
    words = _OWN_WORDS.get(remote_code, _WORDS[action])
    return RemoteProblem(words, action, remote_code=remote_code, retry_after=retry_after)


class Withheld(Problem):
    """The egress gate found something confidential in what was about to leave. Nothing was sent."""
