"""What a sync, or the answer to a package, has to say beside its numbers: every finding in words, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.ledger.finding import SEVERITIES, Finding
from desktop.ui import texts

N_SAID = 3
"""So many are said in one notice."""


def beside(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without the refused rows and the new notices, which have their own tabs; each once."""
    told = (one for one in findings if not one.code.startswith("sync.refused.") and one.code != "sync.new_notices")
    return tuple(sorted(dict.fromkeys(told), key=lambda one: SEVERITIES.index(one.severity)))


def is_grave(findings: Iterable[Finding]) -> bool:
    """Whether one of them asks for something; a note does not."""
    return any(one.severity != "note" for one in beside(findings))


def lines(findings: Iterable[Finding]) -> list[str]:
    """Their words, the first ``N_SAID`` of them; that there are more is seen."""
    told = list(dict.fromkeys(texts.finding(one).text for one in beside(findings)))
    return told[:N_SAID] + (["…"] if len(told) > N_SAID else [])
